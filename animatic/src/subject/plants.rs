//! A tree and a flower.

use super::Ink::{Accent, Deep, Glow, Leaf, Own, Wood};
use super::Shade::{Flat, Side};
use super::{Figure, Habit, faint, figure, line_part as l, oval_part as o, path_part as p};

pub static TREE: Figure = figure(
    &[
        p(
            "M45 100 C47 84 46 72 44 62 L36 50 L39 48 L47 58 L48 44 L52 44 L53 58 L62 46 L65 48 L56 62 C54 74 54 86 58 100 Z",
            Wood,
            Side,
        ),
        o(30.0, 42.0, (22.0, 19.0), Leaf, Side),
        o(70.0, 42.0, (22.0, 19.0), Leaf, Side),
        o(50.0, 24.0, (28.0, 24.0), Leaf, Side),
        o(50.0, 46.0, (26.0, 16.0), Own(0x3f7d47), Side),
        faint(0.35, o(58.0, 16.0, (15.0, 11.0), Glow, Flat)),
        faint(0.25, o(76.0, 36.0, (12.0, 9.0), Glow, Flat)),
        o(36.0, 34.0, (2.4, 2.4), Accent, Flat),
        o(62.0, 40.0, (2.4, 2.4), Accent, Flat),
        o(48.0, 18.0, (2.4, 2.4), Accent, Flat),
    ],
    Habit::Ground,
    0.42,
);

pub static FLOWER: Figure = figure(
    &[
        l("M50 98 C52 80 48 66 50 42", 2.6, Leaf),
        p(
            "M50 84 C36 84 26 74 24 62 C38 62 48 70 50 84 Z M51 74 C62 72 72 64 74 52 C62 52 53 60 51 74 Z",
            Leaf,
            Side,
        ),
        p(
            "M50 34 C32 30 24 14 30 4 C40 2 50 14 50 34 Z M50 34 C68 30 76 14 70 4 C60 2 50 14 50 34 Z",
            Deep,
            Side,
        ),
        p(
            "M50 36 C30 44 14 36 12 24 C24 16 42 22 50 36 Z M50 36 C70 44 86 36 88 24 C76 16 58 22 50 36 Z",
            Accent,
            Side,
        ),
        p(
            "M50 36 C36 50 24 52 18 46 C22 36 38 32 50 36 Z M50 36 C64 50 76 52 82 46 C78 36 62 32 50 36 Z",
            Deep,
            Side,
        ),
        p("M50 38 C40 26 40 8 50 -2 C60 8 60 26 50 38 Z", Accent, Side),
        o(50.0, 34.0, (8.0, 7.0), Own(0xf2c23e), Side),
        o(50.0, 33.0, (4.0, 3.4), Own(0xa8661e), Flat),
    ],
    Habit::Table,
    0.42,
);
