//! Buildings.

use super::Ink::{Accent, Dark, Deep, Glow, Metal, Own, Pale, Wood};
use super::Shade::{Fall, Flat, Side};
use super::{Figure, Habit, figure, line_part as l, oval_part as o, path_part as p};

pub static LIGHTHOUSE: Figure = Figure {
    reach: 74.0,
    lamp: Some((50.0, 20.0)),
    ..figure(
        &[
            p(
                "M-68 108 Q-46 104 -26 98 Q-8 91 6 94 Q18 82 36 84 Q60 79 84 87 Q102 88 114 96 Q128 94 140 101 Q156 104 170 108 Z",
                Dark,
                Side,
            ),
            p("M68 90 L68 76 L88 76 L88 90 Z", Pale, Side),
            p("M65 77 L78 67 L91 77 Z", Deep, Side),
            p("M75 90 L75 82 L80 82 L80 90 Z", Glow, Flat),
            p("M38.5 92 L43.2 31 L56.8 31 L61.5 92 Z", Own(0xf4f1ea), Side),
            p(
                "M42.3 43 L57.7 43 L58.8 56 L41.2 56 Z M40.2 69 L59.8 69 L60.8 82 L39.2 82 Z",
                Own(0xc83a2c),
                Side,
            ),
            p("M48 60 L52 60 L52 66 L48 66 Z M48 34 L52 34 L52 40 L48 40 Z", Own(0x2a3038), Flat),
            p("M46 92 L46 82 Q50 78 54 82 L54 92 Z", Own(0x3a2a22), Flat),
            p("M38 32 L62 32 L62 27 L38 27 Z", Own(0x30343c), Side),
            p("M44.5 27 L55.5 27 L55.5 14 L44.5 14 Z", Own(0xfff1b8), Flat),
            l("M48 27 L48 14 M52 27 L52 14", 0.6, Own(0x30343c)),
            p("M41.5 14.5 L58.5 14.5 L50 3 Z", Own(0xc83a2c), Side),
            l("M50 4 L50 -4", 0.9, Own(0x30343c)),
        ],
        Habit::Ground,
        0.54,
    )
};

pub static HOUSE: Figure = Figure {
    lamp: Some((50.0, 78.0)),
    ..figure(
        &[
            p("M67 40 L67 16 L76 16 L76 48 Z", Own(0x5a4438), Side),
            p("M17 100 L17 54 L83 54 L83 100 Z", Wood, Side),
            l("M17 63 L83 63 M17 72 L83 72 M17 81 L83 81 M17 90 L83 90", 0.8, Own(0x5a3722)),
            p("M6 60 L50 16 L94 60 L86 62 L50 27 L14 62 Z", Deep, Side),
            p("M14 60 L50 24 L86 60 Z", Own(0x6b4128), Side),
            o(50.0, 47.0, (5.0, 5.0), Glow, Flat),
            p("M26 68 L40 68 L40 82 L26 82 Z M60 68 L74 68 L74 82 L60 82 Z", Own(0xffd98a), Flat),
            l("M33 68 L33 82 M26 75 L40 75 M67 68 L67 82 M60 75 L74 75", 1.2, Own(0x4a2d1c)),
            p("M45 100 L45 76 Q50 71 55 76 L55 100 Z", Own(0x4a2d1c), Flat),
            o(53.0, 88.0, (1.0, 1.0), Glow, Flat),
        ],
        Habit::Ground,
        0.30,
    )
};

pub static CASTLE: Figure = Figure {
    reach: 24.0,
    ..figure(
        &[
            p(
                "M-14 100 L-14 40 L8 40 L8 100 Z M92 100 L92 40 L114 40 L114 100 Z",
                Own(0xb9b1aa),
                Side,
            ),
            p("M-20 42 L-3 10 L14 42 Z M86 42 L103 10 L120 42 Z", Accent, Side),
            p("M2 100 L2 60 L98 60 L98 100 Z", Own(0xcfc7be), Side),
            p(
                "M2 60 L2 54 L10 54 L10 60 L18 60 L18 54 L26 54 L26 60 L74 60 L74 54 L82 54 L82 60 L90 60 L90 54 L98 54 L98 60 Z",
                Own(0xcfc7be),
                Side,
            ),
            p("M32 100 L32 30 L68 30 L68 100 Z", Own(0xded6cc), Side),
            p("M26 32 L50 -12 L74 32 Z", Accent, Side),
            p("M40 100 L40 78 Q50 64 60 78 L60 100 Z", Own(0x4a3424), Flat),
            p(
                "M46 54 L46 44 Q50 38 54 44 L54 54 Z M-6 62 L-6 54 Q-3 50 0 54 L0 62 Z M100 62 L100 54 Q103 50 106 54 L106 62 Z M14 78 L14 70 Q18 66 22 70 L22 78 Z M78 78 L78 70 Q82 66 86 70 L86 78 Z",
                Glow,
                Flat,
            ),
            l("M50 -12 L50 -19 M-3 10 L-3 3 M103 10 L103 3", 1.0, Dark),
            p(
                "M50 -19 L60 -16 L50 -13 Z M-3 3 L5 5.5 L-3 8 Z M103 3 L111 5.5 L103 8 Z",
                Own(0xd9a63a),
                Flat,
            ),
        ],
        Habit::Ground,
        0.44,
    )
};

pub static WINDMILL: Figure = Figure {
    reach: 16.0,
    ..figure(
        &[
            p("M34 100 L41 44 L59 44 L66 100 Z", Own(0xf1ece2), Side),
            p("M38 46 Q50 22 62 46 Z", Accent, Side),
            p(
                "M45 100 L45 86 Q50 80 55 86 L55 100 Z M47 66 L53 66 L53 74 L47 74 Z",
                Own(0x4a3424),
                Flat,
            ),
            l("M50 38 L92 4 M50 38 L84 80 M50 38 L8 72 M50 38 L16 -4", 1.8, Wood),
            p(
                "M58 31.5 L93 3 L99 10 L63 39 Z M56.5 46 L85 81 L78 87 L50 52 Z M42 44.5 L7 73 L1 66 L37 37 Z M43.5 30 L15 -5 L22 -11 L50 24 Z",
                Pale,
                Side,
            ),
            l("M66 25 L71 32 M75 17.5 L80.5 25 M84 10.5 L89 17", 0.7, Wood),
            o(50.0, 38.0, (4.0, 4.0), Metal, Side),
        ],
        Habit::Ground,
        0.42,
    )
};

pub static PAGODA: Figure = Figure {
    reach: 8.0,
    lamp: Some((50.0, 84.0)),
    ..figure(
        &[
            p("M20 100 L80 100 L82 104 L18 104 Z", Own(0x8b8680), Flat),
            p(
                "M28 100 L28 80 L72 80 L72 100 Z M32 74 L32 58 L68 58 L68 74 Z M36 52 L36 38 L64 38 L64 52 Z M40 32 L40 20 L60 20 L60 32 Z",
                Own(0xa8382c),
                Side,
            ),
            p(
                "M45 100 L45 86 L55 86 L55 100 Z M46 72 L46 63 L54 63 L54 72 Z M47 51 L47 43 L53 43 L53 51 Z M48 31 L48 25 L52 25 L52 31 Z",
                Own(0xffd98a),
                Flat,
            ),
            p(
                "M8 84 Q22 80 28 73 L72 73 Q78 80 92 84 L90 79 Q84 76 78 70 L22 70 Q16 76 10 79 Z M12 80 Q26 77 30 71 L70 71 Q74 77 88 80 L92 84 L8 84 Z",
                Own(0x2f4a48),
                Fall,
            ),
            p(
                "M16 61 Q28 57 34 51 L66 51 Q72 57 84 61 L80 56 Q74 53 70 48 L30 48 Q26 53 20 56 Z M16 61 L84 61 L70 51 L30 51 Z",
                Own(0x2f4a48),
                Fall,
            ),
            p(
                "M22 41 Q32 38 38 32 L62 32 Q68 38 78 41 L74 36 Q68 34 65 29 L35 29 Q32 34 26 36 Z M22 41 L78 41 L65 32 L35 32 Z",
                Own(0x2f4a48),
                Fall,
            ),
            p("M28 23 Q38 20 44 12 L56 12 Q62 20 72 23 Z", Own(0x2f4a48), Fall),
            l("M50 12 L50 -8", 1.6, Own(0xd9a63a)),
            o(50.0, 4.0, (2.6, 2.6), Own(0xd9a63a), Flat),
        ],
        Habit::Ground,
        0.50,
    )
};
