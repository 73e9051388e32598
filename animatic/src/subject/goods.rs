//! Goods with hard surfaces.

use super::Ink::{Accent, Brass, Dark, Deep, Glass, Glow, Metal, Own, Pale, White};
use super::Shade::{Fall, Flat, Gloss, Side};
use super::{
    Figure, Habit, faint, figure, line_part as l, oval_part as o, path_part as p, ring_part as r,
};

pub static CUP: Figure = figure(
    &[
        o(50.0, 95.0, (46.0, 6.5), Pale, Side),
        o(50.0, 93.8, (36.0, 4.2), Own(0xd8d2c8), Flat),
        p("M74 46 C102 41 102 84 67 81 L69.5 74 C90 75 90 51 75 54 Z", Accent, Side),
        p("M19 38 L81 38 C82 70 75 90 62 95 L38 95 C25 90 18 70 19 38 Z", Accent, Gloss),
        o(50.0, 38.0, (31.0, 6.4), Pale, Flat),
        o(50.0, 38.7, (28.0, 5.0), Own(0x5a321b), Side),
        p(
            "M36 38.5 Q44 34.5 50 38 Q56 34.5 64 38.5 Q56 43 50 41.5 Q44 43 36 38.5 Z",
            Own(0xd9b48a),
            Flat,
        ),
        faint(
            0.30,
            l(
                "M40 30 C30 20 50 14 40 2 M50 28 C40 18 60 12 50 0 M60 30 C50 20 70 14 60 4",
                2.6,
                White,
            ),
        ),
    ],
    Habit::Table,
    0.42,
);

pub static TEAPOT: Figure = figure(
    &[
        p("M74 52 C90 50 92 40 104 34 L108 40 C100 48 98 64 76 72 Z", Accent, Gloss),
        l("M26 48 C-2 40 -2 82 26 78", 5.0, Deep),
        p(
            "M18 62 C18 42 34 34 50 34 C66 34 82 42 82 62 C82 80 70 94 60 96 L40 96 C30 94 18 80 18 62 Z",
            Accent,
            Gloss,
        ),
        p("M34 38 C38 32 62 32 66 38 Q50 42 34 38 Z", Deep, Side),
        o(50.0, 30.0, (5.0, 4.4), Brass, Side),
        p("M22 60 Q50 68 78 60 L79 65 Q50 73 21 65 Z", Pale, Flat),
        p(
            "M40 76 C42 70 50 70 50 78 C50 70 58 70 60 76 C58 84 52 84 50 80 C48 84 42 84 40 76 Z",
            Pale,
            Flat,
        ),
        p("M38 95 L62 95 L64 100 L36 100 Z", Deep, Side),
        faint(0.28, l("M106 32 C98 22 114 16 106 4", 2.6, White)),
    ],
    Habit::Table,
    0.36,
);

pub static BOTTLE: Figure = figure(
    &[
        p("M38 20 L38 2 Q38 0 40 0 L60 0 Q62 0 62 2 L62 20 Z", Own(0x2a2420), Gloss),
        p("M42 33 L42 20 L58 20 L58 33 Z", Brass, Gloss),
        p(
            "M23 43 Q23 32 34 32 L66 32 Q77 32 77 43 L77 91 Q77 100 68 100 L32 100 Q23 100 23 91 Z",
            Pale,
            Gloss,
        ),
        p(
            "M26.5 54 Q50 50 73.5 54 L73.5 91 Q73.5 96.5 67 96.5 L33 96.5 Q26.5 96.5 26.5 91 Z",
            Accent,
            Gloss,
        ),
        p("M35 60 L65 60 L65 85 L35 85 Z", Own(0xfaf7f0), Flat),
        l("M41 68 L59 68 M45 73 L55 73", 1.3, Dark),
        o(50.0, 79.0, (2.2, 2.2), Brass, Flat),
        faint(0.35, p("M29 40 Q30 36 34 36 L37 36 L37 94 L31 94 Q29 93 29 90 Z", White, Flat)),
    ],
    Habit::Table,
    0.52,
);

pub static JAR: Figure = figure(
    &[
        p(
            "M14 54 L86 54 Q92 56 92 62 L92 90 Q92 100 82 100 L18 100 Q8 100 8 90 L8 62 Q8 56 14 54 Z",
            Pale,
            Gloss,
        ),
        p("M14 66 L86 66 L86 90 Q86 95 80 95 L20 95 Q14 95 14 90 Z", Accent, Gloss),
        p("M12 34 Q12 29 17 29 L83 29 Q88 29 88 34 L88 53 L12 53 Z", Brass, Gloss),
        o(50.0, 31.0, (37.5, 5.6), Own(0xf0dcae), Side),
        p("M32 72 L68 72 L68 89 L32 89 Z", Own(0xfaf7f0), Flat),
        l("M39 78 L61 78 M44 83 L56 83", 1.4, Dark),
        faint(0.4, p("M12 60 L17 58 L17 96 Q12 95 12 90 Z", White, Flat)),
    ],
    Habit::Table,
    0.36,
);

pub static WATCH: Figure = figure(
    &[
        p("M35 34 L38 -2 L62 -2 L65 34 Z M35 66 L38 102 L62 102 L65 66 Z", Own(0x4a3022), Gloss),
        l(
            "M38.5 4 L61.5 4 M38 10 L62 10 M37.5 16 L62.5 16 M62 84 L38 84 M61.6 90 L38.4 90 M61.2 96 L38.8 96",
            0.8,
            Own(0x2c1a12),
        ),
        p("M79 46 L86 46 L86 54 L79 54 Z", Brass, Side),
        o(50.0, 50.0, (32.0, 32.0), Brass, Gloss),
        o(50.0, 50.0, (28.0, 28.0), Own(0x9a7a3c), Side),
        o(50.0, 50.0, (26.0, 26.0), Own(0x171a22), Side),
        l("M50 26.5 L50 32 M50 68 L50 73.5 M26.5 50 L32 50 M68 50 L73.5 50", 1.8, Own(0xf4e6c4)),
        l(
            "M61.7 29.7 L60.4 32 M70.3 38.3 L68 39.6 M70.3 61.7 L68 60.4 M61.7 70.3 L60.4 68 M38.3 70.3 L39.6 68 M29.7 61.7 L32 60.4 M29.7 38.3 L32 39.6 M38.3 29.7 L39.6 32",
            1.1,
            Own(0xf4e6c4),
        ),
        l("M50 50 L39.5 43.5", 2.2, Own(0xf4e6c4)),
        l("M50 50 L64 37", 1.5, Own(0xf4e6c4)),
        l("M50 50 L48 68", 0.7, Accent),
        o(50.0, 50.0, (2.0, 2.0), Accent, Flat),
        faint(0.13, p("M32 34 Q46 24 62 29 Q44 36 30 58 Q26 44 32 34 Z", White, Flat)),
    ],
    Habit::Table,
    0.56,
);

pub static PHONE: Figure = figure(
    &[
        p(
            "M28 8 Q28 0 36 0 L64 0 Q72 0 72 8 L72 92 Q72 100 64 100 L36 100 Q28 100 28 92 Z",
            Metal,
            Gloss,
        ),
        p(
            "M30 9 Q30 2.5 36.5 2.5 L63.5 2.5 Q70 2.5 70 9 L70 91 Q70 97.5 63.5 97.5 L36.5 97.5 Q30 97.5 30 91 Z",
            Own(0x10131a),
            Flat,
        ),
        p(
            "M31.5 9.5 Q31.5 4 37 4 L63 4 Q68.5 4 68.5 9.5 L68.5 90.5 Q68.5 96 63 96 L37 96 Q31.5 96 31.5 90.5 Z",
            Glass,
            Fall,
        ),
        p(
            "M31.5 70 Q44 54 52 66 Q60 76 68.5 60 L68.5 90.5 Q68.5 96 63 96 L37 96 Q31.5 96 31.5 90.5 Z",
            Deep,
            Fall,
        ),
        o(58.0, 34.0, (8.0, 8.0), Accent, Flat),
        l("M45 8 L55 8", 2.4, Own(0x10131a)),
        l("M37 18 L52 18", 2.6, White),
        l("M37 24 L46 24 M44 92.5 L56 92.5", 1.2, White),
        faint(0.14, p("M31.5 9.5 Q31.5 4 37 4 L54 4 L31.5 66 Z", White, Flat)),
    ],
    Habit::Table,
    0.54,
);

pub static LAPTOP: Figure = Figure {
    reach: 20.0,
    ..figure(
        &[
            p("M4 30 Q4 26 8 26 L92 26 Q96 26 96 30 L96 86 L4 86 Z", Own(0x2a2e36), Flat),
            p("M7 29 L93 29 L93 84 L7 84 Z", Glass, Fall),
            p("M7 66 Q28 46 46 62 Q66 78 93 52 L93 84 L7 84 Z", Accent, Fall),
            o(70.0, 44.0, (7.0, 7.0), Glow, Flat),
            l("M14 37 L38 37", 2.6, White),
            l("M14 43 L28 43", 1.4, White),
            p("M-12 95 L2 86 L98 86 L112 95 Z", Metal, Side),
            p("M8 88 L92 88 L96 92 L4 92 Z", Own(0x4a505a), Flat),
            p("M-12 95 L112 95 Q112 100 106 100 L-6 100 Q-12 100 -12 95 Z", Own(0x8d949e), Side),
        ],
        Habit::Table,
        0.46,
    )
};

pub static CAMERA: Figure = figure(
    &[
        p("M32 36 L38 24 L62 24 L68 36 Z", Own(0x34373d), Side),
        p("M12 28 L26 28 L26 36 L12 36 Z M74 30 L86 30 L86 36 L74 36 Z", Metal, Side),
        p(
            "M2 42 Q2 36 8 36 L92 36 Q98 36 98 42 L98 92 Q98 98 92 98 L8 98 Q2 98 2 92 Z",
            Own(0x2a2c31),
            Gloss,
        ),
        p("M2 50 L98 50 L98 86 L2 86 Z", Own(0x6b3f2a), Side),
        o(50.0, 68.0, (27.0, 27.0), Metal, Gloss),
        o(50.0, 68.0, (23.0, 23.0), Own(0x17181c), Flat),
        o(50.0, 68.0, (17.0, 17.0), Own(0x2b3550), Side),
        o(50.0, 68.0, (11.0, 11.0), Own(0x101524), Flat),
        o(44.0, 61.0, (5.0, 4.4), Glass, Flat),
        o(56.0, 74.0, (2.6, 2.4), Accent, Flat),
        o(86.0, 43.5, (3.0, 3.0), Accent, Flat),
        p("M42 28 L58 28 L60 34 L40 34 Z", Glass, Flat),
    ],
    Habit::Table,
    0.40,
);

pub static HEADPHONES: Figure = figure(
    &[
        l("M16 66 C10 -8 90 -8 84 66", 8.0, Own(0x2b2d33)),
        l("M19 60 C15 2 85 2 81 60", 2.2, Accent),
        p(
            "M6 58 Q6 50 14 50 L24 50 Q30 50 30 58 L30 92 Q30 100 24 100 L14 100 Q6 100 6 92 Z",
            Accent,
            Gloss,
        ),
        p(
            "M70 58 Q70 50 76 50 L86 50 Q94 50 94 58 L94 92 Q94 100 86 100 L76 100 Q70 100 70 92 Z",
            Accent,
            Gloss,
        ),
        p(
            "M26 54 Q36 54 36 62 L36 88 Q36 96 26 96 Z M74 54 Q64 54 64 62 L64 88 Q64 96 74 96 Z",
            Own(0x1d1f24),
            Side,
        ),
        r(17.0, 75.0, 7.0, 1.2, Pale),
        r(83.0, 75.0, 7.0, 1.2, Pale),
    ],
    Habit::Table,
    0.44,
);

pub static LAMP: Figure = Figure {
    lamp: Some((50.0, 40.0)),
    ..figure(
        &[
            faint(0.28, p("M20 40 L80 40 L106 98 L-6 98 Z", Glow, Flat)),
            o(50.0, 96.0, (22.0, 4.6), Own(0x2b2d33), Gloss),
            p("M48 96 L48 38 L52 38 L52 96 Z", Brass, Side),
            p("M37 6 L63 6 L80 42 L20 42 Z", Accent, Side),
            p("M20 42 L80 42 L79 45.5 L21 45.5 Z", Glow, Flat),
            o(50.0, 46.0, (7.0, 3.6), Own(0xfff3c4), Flat),
            l("M63 44 L63 58", 0.7, Brass),
            o(63.0, 59.5, (1.5, 1.5), Brass, Flat),
        ],
        Habit::Table,
        0.52,
    )
};
