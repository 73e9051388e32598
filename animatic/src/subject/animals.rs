//! Animals.

use super::Ink::{Accent, Dark, Deep, Glow, Own, Pale, White};
use super::Shade::{Fall, Flat, Side};
use super::{Figure, Habit, faint, figure, line_part as l, oval_part as o, path_part as p};

const FOX_RED: super::Ink = Own(0xe0702a);
const FOX_DARK: super::Ink = Own(0x3a2018);

pub static FOX: Figure = figure(
    &[
        p("M62 97 C92 102 108 78 101 50 C99 42 91 42 89 50 C90 64 82 74 62 80 Z", FOX_RED, Side),
        p("M101 50 C99 40 90 40 89 50 C91 57 97 59 102 57 C102 55 102 53 101 50 Z", Pale, Flat),
        p("M33 100 C27 80 33 62 43 52 L61 52 C71 62 77 82 71 100 Z", FOX_RED, Side),
        p("M45 56 C41 70 45 86 52 92 C59 86 63 70 59 56 Z", Pale, Side),
        p("M40 100 L42 80 L49 78 L49 100 Z M55 100 L55 78 L62 80 L64 100 Z", FOX_DARK, Flat),
        p(
            "M27 6 L42 27 Q52 24 62 27 L77 6 C82 24 80 38 71 46 L56 62 Q52 66 48 62 L33 46 C24 38 22 24 27 6 Z",
            FOX_RED,
            Side,
        ),
        p("M33 46 L48 62 Q52 66 56 62 L71 46 C64 45 57 48 52 56 C47 48 40 45 33 46 Z", Pale, Flat),
        p("M30 13 L39 27 L31 32 Z M74 13 L65 27 L73 32 Z", FOX_DARK, Flat),
        o(43.5, 41.0, (2.5, 3.2), FOX_DARK, Flat),
        o(60.5, 41.0, (2.5, 3.2), FOX_DARK, Flat),
        o(44.3, 39.8, (0.9, 1.0), White, Flat),
        o(61.3, 39.8, (0.9, 1.0), White, Flat),
        o(52.0, 62.0, (3.2, 2.4), FOX_DARK, Flat),
    ],
    Habit::Ground,
    0.30,
);

const CAT_GREY: super::Ink = Own(0x3b3a48);

pub static CAT: Figure = figure(
    &[
        l("M68 96 C92 98 100 76 92 56", 7.0, CAT_GREY),
        p("M34 100 C28 76 36 54 45 44 L59 44 C70 54 78 78 71 100 Z", CAT_GREY, Side),
        p(
            "M33 9 L44 20 Q52 18 60 20 L71 9 C76 22 76 34 69 42 C62 49 42 49 35 42 C28 34 28 22 33 9 Z",
            CAT_GREY,
            Side,
        ),
        p("M36 15 L42 21 L36 26 Z M68 15 L62 21 L68 26 Z", Own(0xd98f8f), Flat),
        p("M47 58 C45 68 47 76 52 80 C57 76 59 68 57 58 Z", Pale, Flat),
        o(43.5, 32.0, (3.4, 4.0), Glow, Flat),
        o(60.5, 32.0, (3.4, 4.0), Glow, Flat),
        o(43.8, 32.0, (1.0, 3.4), Own(0x101014), Flat),
        o(60.2, 32.0, (1.0, 3.4), Own(0x101014), Flat),
        p("M50 38.5 L54 38.5 L52 41 Z", Own(0xd98f8f), Flat),
        l("M38 40 L24 38 M38 42 L25 44 M66 40 L80 38 M66 42 L79 44", 0.7, Pale),
        p("M41 100 Q44 92 48 100 Z M56 100 Q60 92 63 100 Z", Own(0x57566a), Flat),
    ],
    Habit::Ground,
    0.27,
);

const DOG_TAN: super::Ink = Own(0xc98b4e);

pub static DOG: Figure = figure(
    &[
        l("M70 86 C84 84 92 74 88 60", 7.0, DOG_TAN),
        p("M32 100 C28 78 36 58 44 48 L60 48 C70 58 76 80 72 100 Z", DOG_TAN, Side),
        p("M45 54 C42 70 46 84 52 90 C58 84 62 70 59 54 Z", Pale, Side),
        p("M41 100 L42 82 L49 80 L49 100 Z M55 100 L55 80 L62 82 L63 100 Z", DOG_TAN, Fall),
        o(52.0, 30.0, (20.0, 20.0), DOG_TAN, Side),
        p("M36 16 C26 12 20 24 24 42 C28 48 34 42 35 32 Z", Own(0x7a4a26), Flat),
        p("M68 16 C78 12 84 24 80 42 C76 48 70 42 69 32 Z", Own(0x7a4a26), Flat),
        o(52.0, 40.0, (11.0, 9.0), Pale, Flat),
        o(44.0, 28.0, (2.4, 3.0), Own(0x1c1410), Flat),
        o(60.0, 28.0, (2.4, 3.0), Own(0x1c1410), Flat),
        o(52.0, 35.5, (4.0, 2.8), Own(0x1c1410), Flat),
        p("M48 43 Q52 45 56 43 L55.5 50 Q52 54 48.5 50 Z", Own(0xe5707a), Flat),
        p("M38 50 Q52 58 66 50 L66 54 Q52 62 38 54 Z", Accent, Flat),
    ],
    Habit::Ground,
    0.28,
);

const DEER_BROWN: super::Ink = Own(0xa8683a);

pub static DEER: Figure = figure(
    &[
        l(
            "M75 17 C72 8 68 4 61 0 M70 5 C70 0 70 -4 67 -9 M79 17 C82 8 87 4 94 0 M84.5 5 C85 0 86 -4 89 -9",
            2.0,
            Own(0x5b3a22),
        ),
        p(
            "M24 58 L31 60 L29 78 L31 100 L27 100 L23 79 Z M36 60 L41 62 L38 80 L39 100 L35 100 L33 80 Z",
            Own(0x7d4a28),
            Flat,
        ),
        p(
            "M58 60 L65 62 L63 80 L65 100 L61 100 L57 80 Z M66 58 L73 55 L70 80 L72 100 L68 100 L65 80 Z",
            Own(0x8a5430),
            Flat,
        ),
        p(
            "M19 60 C16 50 28 45 44 46 C55 46 61 45 65 39 L70 22 C72 15 80 14 84 19 L94 26 Q96 30 91 31 L81 32 C79 44 77 55 71 60 C60 67 30 67 19 60 Z",
            DEER_BROWN,
            Side,
        ),
        p("M24 62 C36 67 58 67 70 60 C60 58 36 58 24 62 Z", Pale, Flat),
        p("M19 51 C12 49 12 58 19 62 Z", Pale, Flat),
        p("M72 20 L62 14 Q64 20 71 25 Z", DEER_BROWN, Flat),
        o(81.0, 22.5, (1.5, 1.7), Own(0x160e08), Flat),
        o(93.0, 28.5, (1.8, 1.5), Own(0x160e08), Flat),
        o(36.0, 52.0, (1.8, 1.3), Pale, Flat),
        o(44.0, 51.0, (1.8, 1.3), Pale, Flat),
        o(52.0, 53.0, (1.8, 1.3), Pale, Flat),
    ],
    Habit::Ground,
    0.36,
);

const RABBIT_WHITE: super::Ink = Own(0xf1ece6);

pub static RABBIT: Figure = figure(
    &[
        o(72.0, 88.0, (8.0, 8.0), White, Side),
        p(
            "M40 34 C32 14 34 -4 42 -4 C50 -4 50 16 48 32 Z M56 32 C54 16 56 -4 64 -4 C72 -4 72 16 64 34 Z",
            RABBIT_WHITE,
            Side,
        ),
        p(
            "M41 28 C37 14 38 2 42 2 C46 2 46 16 45 28 Z M59 28 C58 16 59 2 63 2 C67 2 67 14 63 28 Z",
            Own(0xf0a8ac),
            Flat,
        ),
        p("M30 100 C26 76 36 58 52 58 C68 58 78 76 74 100 Z", RABBIT_WHITE, Side),
        o(52.0, 42.0, (19.0, 17.0), RABBIT_WHITE, Side),
        o(44.0, 40.0, (2.2, 3.2), Own(0x2a1a1e), Flat),
        o(60.0, 40.0, (2.2, 3.2), Own(0x2a1a1e), Flat),
        p("M49.5 46 L54.5 46 L52 49 Z", Own(0xe58790), Flat),
        o(40.0, 47.0, (3.6, 2.2), Own(0xf6c3c3), Flat),
        o(64.0, 47.0, (3.6, 2.2), Own(0xf6c3c3), Flat),
        o(42.0, 96.0, (8.0, 4.5), RABBIT_WHITE, Fall),
        o(62.0, 96.0, (8.0, 4.5), RABBIT_WHITE, Fall),
    ],
    Habit::Ground,
    0.25,
);

const HORSE_BAY: super::Ink = Own(0x7c4527);
const HORSE_DARK: super::Ink = Own(0x2b1710);

pub static HORSE: Figure = figure(
    &[
        p("M14 50 C2 54 2 78 8 90 C10 78 14 68 20 60 Z", HORSE_DARK, Flat),
        p(
            "M20 60 L30 62 L27 80 L29 100 L23 100 L19 80 Z M60 62 L67 62 L66 80 L67 100 L61 100 L59 80 Z",
            Own(0x5a3019),
            Flat,
        ),
        p(
            "M32 62 L40 62 L34 82 L37 100 L31 100 L28 82 Z M66 58 L74 54 L76 74 L84 84 L80 88 L70 78 Z",
            HORSE_BAY,
            Flat,
        ),
        p(
            "M13 58 C11 46 24 42 42 44 C52 45 58 42 62 36 C66 26 70 16 78 10 L81 4 L85 11 L96 27 Q97 33 91 34 L82 30 C80 42 78 54 70 61 C56 68 24 68 13 58 Z",
            HORSE_BAY,
            Side,
        ),
        p("M79 8 C68 12 60 24 57 40 C63 38 66 34 70 28 C74 20 78 16 83 12 Z", HORSE_DARK, Flat),
        o(85.0, 19.0, (1.6, 1.8), Own(0x120a06), Flat),
        o(93.5, 29.5, (1.2, 1.4), Own(0x120a06), Flat),
        p("M82 14 L85 12 L94 28 L91 30 Z", Pale, Flat),
    ],
    Habit::Ground,
    0.36,
);

pub static BIRDS: Figure = figure(
    &[
        p("M48 44 C36 22 16 14 -6 20 C12 26 28 38 40 54 Z", Pale, Side),
        p("M52 44 C62 18 84 6 108 10 C90 20 74 34 62 54 Z", Pale, Side),
        p(
            "M-6 20 C6 20 14 22 22 26 C14 24 4 24 -2 26 Z M108 10 C96 12 88 16 80 22 C88 18 98 16 104 17 Z",
            Dark,
            Flat,
        ),
        p(
            "M34 56 C40 46 56 42 68 46 C76 40 84 38 90 42 L100 45 L90 48 C86 56 70 66 52 64 L20 72 L30 62 L14 60 Z",
            White,
            Fall,
        ),
        p("M92 43 L102 45.5 L91 47.5 Z", Accent, Flat),
        o(86.5, 43.5, (1.2, 1.2), Own(0x14141a), Flat),
    ],
    Habit::Air,
    0.24,
);

pub static BUTTERFLY: Figure = Figure {
    reach: 16.0,
    ..figure(
        &[
            p(
                "M49 48 C36 8 -4 0 -6 24 C-8 46 24 56 49 54 Z M51 48 C64 8 104 0 106 24 C108 46 76 56 51 54 Z",
                Accent,
                Side,
            ),
            p(
                "M49 54 C26 56 8 66 14 82 C22 98 44 84 50 60 Z M51 54 C74 56 92 66 86 82 C78 98 56 84 50 60 Z",
                Deep,
                Side,
            ),
            p(
                "M46 46 C34 16 6 8 4 24 C4 38 26 48 46 50 Z M54 46 C66 16 94 8 96 24 C96 38 74 48 54 50 Z",
                Glow,
                Flat,
            ),
            o(10.0, 22.0, (4.0, 4.0), Dark, Flat),
            o(90.0, 22.0, (4.0, 4.0), Dark, Flat),
            o(24.0, 78.0, (4.0, 4.0), Glow, Flat),
            o(76.0, 78.0, (4.0, 4.0), Glow, Flat),
            l("M50 40 C46 28 42 22 36 18 M50 40 C54 28 58 22 64 18", 1.2, Dark),
            o(50.0, 58.0, (2.6, 20.0), Dark, Flat),
        ],
        Habit::Air,
        0.22,
    )
};

const BEAR_BLACK: super::Ink = Own(0x25252c);
const BEAR_WHITE: super::Ink = Own(0xf4f2ec);

pub static PANDA: Figure = figure(
    &[
        o(32.0, 13.0, (9.0, 9.0), BEAR_BLACK, Flat),
        o(72.0, 13.0, (9.0, 9.0), BEAR_BLACK, Flat),
        p("M22 100 C16 74 30 54 52 54 C74 54 88 74 82 100 Z", BEAR_WHITE, Side),
        p(
            "M26 60 C36 50 68 50 78 60 C84 70 84 80 80 84 C74 76 66 72 52 72 C38 72 30 76 24 84 C20 80 20 70 26 60 Z",
            BEAR_BLACK,
            Side,
        ),
        o(52.0, 34.0, (28.0, 24.0), BEAR_WHITE, Side),
        p(
            "M32 34 C34 26 44 26 46 32 C46 40 36 44 32 40 Z M72 34 C70 26 60 26 58 32 C58 40 68 44 72 40 Z",
            BEAR_BLACK,
            Flat,
        ),
        o(41.0, 33.0, (2.2, 2.6), White, Flat),
        o(63.0, 33.0, (2.2, 2.6), White, Flat),
        o(52.0, 43.0, (4.4, 3.0), BEAR_BLACK, Flat),
        l("M52 46 L52 49 M46 51 Q52 55 58 51", 1.2, BEAR_BLACK),
        o(32.0, 95.0, (13.0, 8.0), BEAR_BLACK, Side),
        o(72.0, 95.0, (13.0, 8.0), BEAR_BLACK, Side),
        l("M70 88 C80 76 86 62 92 46", 2.4, super::Ink::Leaf),
        p(
            "M92 46 C88 40 90 34 98 32 C98 40 96 44 92 46 Z M88 56 C94 50 100 50 104 54 C98 58 92 58 88 56 Z",
            super::Ink::Leaf,
            Flat,
        ),
    ],
    Habit::Ground,
    0.30,
);

const WHALE_BLUE: super::Ink = Own(0x2f5f86);

pub static WHALE: Figure = Figure {
    reach: 26.0,
    ..figure(
        &[
            p(
                "M-8 46 C8 14 56 10 80 38 C88 47 96 46 102 34 C96 24 100 14 110 12 C112 20 112 24 114 28 C118 24 122 22 126 24 C126 36 116 42 110 42 C106 56 98 62 90 64 C72 92 22 96 0 72 C-8 64 -12 56 -8 46 Z",
                WHALE_BLUE,
                Fall,
            ),
            p(
                "M-9 58 C14 66 40 66 64 72 C76 70 84 68 90 64 C72 92 22 96 0 72 C-5 67 -8 62 -9 58 Z",
                Pale,
                Fall,
            ),
            l("M4 68 Q30 78 60 76 M8 74 Q32 84 54 82 M16 80 Q34 88 48 87", 0.9, Own(0x9fb4c4)),
            p("M34 68 C36 84 48 96 62 96 C54 88 52 80 52 70 Z", Own(0x244c6e), Side),
            o(12.0, 52.0, (2.2, 2.2), White, Flat),
            o(12.4, 52.2, (1.2, 1.3), Own(0x0a1420), Flat),
            faint(
                0.7,
                l("M40 16 C38 4 30 -4 22 -6 M42 16 C44 4 52 -6 60 -8 M41 16 L41 -8", 2.2, White),
            ),
        ],
        Habit::Swim,
        0.34,
    )
};

pub static FISH: Figure = figure(
    &[
        p("M18 52 C8 40 0 34 -8 34 C-2 46 -2 58 -8 72 C2 70 12 64 18 54 Z", Deep, Side),
        p(
            "M40 30 C48 16 62 14 74 24 L70 36 L44 38 Z M48 72 C52 82 60 86 68 84 L66 70 Z",
            Deep,
            Side,
        ),
        p("M14 52 C30 28 70 22 96 46 Q102 52 96 58 C72 80 32 76 14 52 Z", Accent, Fall),
        p(
            "M34 40 C40 32 52 30 60 36 C56 46 42 50 34 40 Z M60 62 C66 56 78 58 80 64 C74 72 64 70 60 62 Z",
            Pale,
            Flat,
        ),
        l("M76 36 C70 46 70 58 76 68", 1.2, Deep),
        o(85.0, 47.0, (3.4, 3.6), White, Flat),
        o(86.0, 47.2, (1.8, 2.0), Own(0x101018), Flat),
    ],
    Habit::Swim,
    0.22,
);
