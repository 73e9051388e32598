//! Goods of cloth, wood, paper and sugar.

use super::Ink::{Accent, Brass, Deep, Glow, Own, Pale, White, Wood};
use super::Shade::{Fall, Flat, Gloss, Side};
use super::{Figure, Habit, faint, figure, line_part as l, oval_part as o, path_part as p};

pub static SHOE: Figure = Figure {
    reach: 22.0,
    ..figure(
        &[
            p(
                "M-10 44 C-4 40 6 40 14 44 L30 50 C40 40 50 38 56 44 C70 62 90 68 106 72 C116 76 118 84 116 90 L-12 90 C-16 74 -14 56 -10 44 Z",
                Accent,
                Side,
            ),
            p(
                "M-10 44 C-4 40 6 40 14 44 L20 48 C14 60 10 74 12 90 L-12 90 C-16 74 -14 56 -10 44 Z",
                Deep,
                Side,
            ),
            p("M96 70 C112 73 118 80 116 90 L84 90 C84 80 88 73 96 70 Z", Pale, Side),
            p("M20 74 C40 84 62 80 80 64 L84 68 C66 88 40 94 16 82 Z", White, Flat),
            l("M40 48 L50 56 M47 46 L58 58 M52 54 L44 62 M60 60 L52 68 M66 66 L58 73", 2.2, White),
            p(
                "M-14 88 L118 88 C120 96 114 100 108 100 L-6 100 C-14 100 -16 94 -14 88 Z",
                Own(0xf6f3ee),
                Fall,
            ),
            l("M-10 94 L112 94", 1.2, Accent),
            l("M-8 52 L-8 38", 2.4, Pale),
        ],
        Habit::Table,
        0.40,
    )
};

pub static BAG: Figure = figure(
    &[
        l("M36 22 C36 2 64 2 64 22", 5.0, Own(0x3a2a22)),
        p("M6 50 L18 46 L20 92 L8 90 Z M94 50 L82 46 L80 92 L92 90 Z", Deep, Side),
        p(
            "M18 40 Q18 18 40 16 L60 16 Q82 18 82 40 L84 92 Q84 100 76 100 L24 100 Q16 100 16 92 Z",
            Accent,
            Side,
        ),
        p("M18 40 Q18 18 40 16 L60 16 Q82 18 82 40 L80 50 Q50 58 20 50 Z", Deep, Side),
        p(
            "M26 62 Q26 58 30 58 L70 58 Q74 58 74 62 L75 90 Q75 94 70 94 L30 94 Q25 94 25 90 Z",
            Accent,
            Fall,
        ),
        l("M26 68 L74 68", 1.4, Own(0x3a2a22)),
        p("M44 50 L56 50 L56 64 L44 64 Z", Own(0x3a2a22), Flat),
        p("M46.5 55 L53.5 55 L53.5 61 L46.5 61 Z", Brass, Side),
    ],
    Habit::Table,
    0.46,
);

pub static CHAIR: Figure = figure(
    &[
        l("M22 82 L16 100 M78 82 L84 100 M32 82 L30 98 M68 82 L70 98", 3.4, Wood),
        p("M18 20 Q20 6 36 6 L64 6 Q80 6 82 20 L84 66 L16 66 Z", Accent, Side),
        l("M36 12 L35 58 M50 10 L50 58 M64 12 L65 58", 1.0, Deep),
        p("M14 62 Q50 54 86 62 L88 80 Q50 86 12 80 Z", Accent, Fall),
        p(
            "M4 44 Q4 38 10 38 Q18 38 19 46 L21 80 L8 82 Z M96 44 Q96 38 90 38 Q82 38 81 46 L79 80 L92 82 Z",
            Deep,
            Side,
        ),
        p("M36 36 L64 34 L66 58 L38 60 Z", Pale, Side),
    ],
    Habit::Table,
    0.44,
);

pub static BOOK: Figure = Figure {
    reach: 14.0,
    ..figure(
        &[
            p("M-8 92 L108 92 L108 98 L54 98 Q50 100 46 98 L-8 98 Z", Deep, Side),
            p("M50 92 C36 80 12 80 -4 86 L-4 34 C12 28 36 28 50 40 Z", Own(0xfaf5e8), Side),
            p("M50 92 C64 80 88 80 104 86 L104 34 C88 28 64 28 50 40 Z", Own(0xf1ead8), Side),
            l(
                "M6 44 C20 40 32 42 42 48 M6 54 C20 50 32 52 42 58 M6 64 C20 60 32 62 42 68 M58 58 C68 52 80 50 94 54 M58 68 C68 62 80 60 94 64",
                1.4,
                Own(0xb8ac96),
            ),
            p("M60 52 C70 44 84 42 94 44 L94 50 C84 48 70 50 60 56 Z", Accent, Flat),
            p("M48 40 L52 40 L52 92 L48 92 Z", Own(0xd8cdb4), Flat),
            p("M72 34 L78 33 L78 60 L75 56 L72 60 Z", Accent, Flat),
            faint(0.8, o(50.0, 20.0, (2.4, 2.4), Glow, Flat)),
            faint(0.6, o(38.0, 12.0, (1.6, 1.6), Glow, Flat)),
            faint(0.6, o(63.0, 8.0, (1.8, 1.8), Glow, Flat)),
        ],
        Habit::Table,
        0.38,
    )
};

pub static CAKE: Figure = figure(
    &[
        o(50.0, 97.0, (50.0, 6.0), Pale, Side),
        p("M8 62 L92 62 L92 92 Q50 104 8 92 Z", Own(0xf3d9b0), Side),
        p("M8 74 Q50 86 92 74 L92 80 Q50 92 8 80 Z", Accent, Side),
        p(
            "M8 58 Q50 46 92 58 L92 66 Q86 76 80 68 Q74 64 70 72 Q64 82 58 72 Q52 64 46 74 Q40 82 34 72 Q28 64 22 72 Q14 78 8 66 Z",
            Own(0xfff6ee),
            Side,
        ),
        p("M24 40 L76 40 L76 56 Q50 64 24 56 Z", Own(0xf3d9b0), Side),
        p(
            "M24 36 Q50 28 76 36 L76 44 Q70 52 64 44 Q58 40 52 48 Q46 52 40 44 Q34 40 30 48 Q26 50 24 44 Z",
            Own(0xfff6ee),
            Side,
        ),
        o(34.0, 34.0, (5.0, 5.0), Accent, Gloss),
        o(66.0, 34.0, (5.0, 5.0), Accent, Gloss),
        l("M50 33 L50 14", 3.0, Own(0x7fc4e0)),
        p("M50 12 C45 6 48 2 50 -4 C52 2 55 6 50 12 Z", Own(0xffb43a), Flat),
    ],
    Habit::Table,
    0.42,
);

pub static GUITAR: Figure = figure(
    &[
        p("M46.5 -12 L53.5 -12 L53.5 52 L46.5 52 Z", Own(0x4a2d1c), Side),
        p("M44 -18 L56 -18 L55 -4 L45 -4 Z", Own(0x2c1a12), Flat),
        p(
            "M50 40 C64 36 74 44 70 56 C68 62 70 64 76 70 C86 84 74 102 50 102 C26 102 14 84 24 70 C30 64 32 62 30 56 C26 44 36 36 50 40 Z",
            Own(0xc9803f),
            Side,
        ),
        p(
            "M50 44 C61 41 69 47 66 57 C64 63 67 66 72 72 C79 83 70 98 50 98 C30 98 21 83 28 72 C33 66 36 63 34 57 C31 47 39 41 50 44 Z",
            Own(0xe3a35c),
            Side,
        ),
        o(50.0, 64.0, (9.5, 9.5), Own(0x2c1a12), Flat),
        p("M40 83 L60 83 L60 87 L40 87 Z", Own(0x2c1a12), Flat),
        l("M48 -10 L48 85 M50 -10 L50 85 M52 -10 L52 85", 0.4, Own(0xf2ead8)),
        l("M46.5 2 L53.5 2 M46.5 12 L53.5 12 M46.5 22 L53.5 22 M46.5 32 L53.5 32", 0.7, Brass),
        p("M62 68 C68 74 70 82 66 88 C62 84 60 76 62 68 Z", Accent, Flat),
    ],
    Habit::Table,
    0.58,
);

pub static LANTERN: Figure = Figure {
    lamp: Some((50.0, 46.0)),
    ..figure(
        &[
            l("M50 12 L50 -8", 1.4, Brass),
            p("M34 16 L66 16 L66 10 L34 10 Z M34 82 L66 82 L66 76 L34 76 Z", Brass, Side),
            o(50.0, 46.0, (40.0, 32.0), Own(0xd8362a), Side),
            faint(0.55, o(50.0, 48.0, (20.0, 22.0), Own(0xffc25a), Flat)),
            l(
                "M50 14 L50 78 M34 16 C18 34 18 60 34 77 M66 16 C82 34 82 60 66 77 M42 15 C34 34 34 60 42 78 M58 15 C66 34 66 60 58 78",
                0.9,
                Own(0xf2b13e),
            ),
            l("M50 82 L50 88 M46 90 L46 104 M50 90 L50 106 M54 90 L54 104", 1.2, Own(0xd8362a)),
            o(50.0, 88.0, (4.0, 2.6), Brass, Flat),
        ],
        Habit::Air,
        0.30,
    )
};

pub static UMBRELLA: Figure = figure(
    &[
        l("M50 14 L50 88 C50 100 62 100 62 90", 2.4, Wood),
        p(
            "M0 52 C2 18 28 6 50 6 C72 6 98 18 100 52 Q92 44 83 52 Q75 44 67 52 Q58 44 50 52 Q42 44 33 52 Q25 44 17 52 Q8 44 0 52 Z",
            Accent,
            Side,
        ),
        p("M50 6 C40 18 34 34 33 52 Q42 44 50 52 Q58 44 67 52 C66 34 60 18 50 6 Z", Deep, Side),
        l("M50 6 C30 12 20 30 17 51 M50 6 C70 12 80 30 83 51", 0.7, Pale),
        l("M50 6 L50 -2", 1.8, Wood),
        faint(0.3, p("M10 38 C16 22 28 14 40 10 C28 20 20 30 16 42 Z", White, Flat)),
    ],
    Habit::Table,
    0.44,
);
