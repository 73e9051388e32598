//! What rides, sails and flies.

use super::Ink::{Accent, Brass, Dark, Deep, Glass, Glow, Metal, Own, Pale, White, Wood};
use super::Shade::{Fall, Flat, Gloss, Side};
use super::{
    Figure, Habit, faint, figure, line_part as l, oval_part as o, path_part as p, ring_part as r,
};

pub static BOAT: Figure = figure(
    &[
        p("M49 2 L51 2 L51 84 L49 84 Z", Wood, Flat),
        p("M48 8 L48 76 L10 76 Q36 48 48 8 Z", Pale, Side),
        p("M53 14 Q84 46 88 76 L53 76 Z", Accent, Side),
        l("M48 30 L36 32 M48 50 L25 53", 0.6, Own(0xa9a196)),
        p("M5 80 L95 80 Q87 100 72 100 L28 100 Q14 98 5 80 Z", Wood, Fall),
        p("M5 80 L95 80 L93 84.5 L7 84.5 Z", Pale, Flat),
        p("M49 2 L49 8 L62 5 Z", Accent, Flat),
    ],
    Habit::Water,
    0.26,
);

pub static CAR: Figure = figure(
    &[
        p(
            "M3 80 C3 68 10 63 24 61 L35 46 C38 42 42 41 48 41 L64 41 C71 41 76 45 83 59 C93 61 97 66 97 80 L97 88 L3 88 Z",
            Accent,
            Gloss,
        ),
        p("M3 78 L97 78 L97 88 L3 88 Z", Deep, Fall),
        p("M38 48 L52 46 L52 59 L31 60 Z M55 46 L65 46 Q70 47 75 58 L55 59 Z", Glass, Side),
        l("M53.5 61 L53.5 82 M57 66 L62 66", 0.8, Deep),
        o(23.0, 88.0, (10.5, 10.5), Own(0x17171b), Flat),
        o(77.0, 88.0, (10.5, 10.5), Own(0x17171b), Flat),
        o(23.0, 88.0, (5.2, 5.2), Metal, Side),
        o(77.0, 88.0, (5.2, 5.2), Metal, Side),
        o(95.2, 71.0, (2.4, 3.2), Own(0xfff3c4), Flat),
        o(4.6, 71.0, (2.0, 3.0), Own(0xff3a2a), Flat),
        l("M84 78 L98 78", 1.6, Metal),
    ],
    Habit::Road,
    0.30,
);

pub static SPORTS_CAR: Figure = Figure {
    reach: 34.0,
    ..figure(
        &[
            p("M-28 70 L-30 60 L-12 60 L-10 68 Z", Dark, Flat),
            p(
                "M-30 86 C-31 76 -24 71 -6 68 C8 58 24 51 44 51 C60 51 74 58 86 67 C106 69 124 75 130 83 L131 90 L-29 90 Z",
                Accent,
                Gloss,
            ),
            p(
                "M4 66 C16 58 28 54.5 43 54.5 L46 66 Z M50 54.6 C62 55 72 60 80 67 L52 66.5 Z",
                Own(0x1a222c),
                Side,
            ),
            p("M8 65 C18 58.5 27 56 38 55.6 L30 65.5 Z", Glass, Flat),
            p("M-29 84 L131 84 L131 91 L-29 91 Z", Own(0x1b1b20), Flat),
            p("M92 73 C104 74 114 77 120 81 L98 79 Z", Own(0xfff3c4), Flat),
            p("M-30 76 L-18 74 L-18 78 L-30 80 Z", Own(0xff3a2a), Flat),
            p("M30 74 L72 74 L78 84 L26 84 Z", Deep, Side),
            l("M47 67 L49 84 M-8 70 C20 66 70 66 98 74", 0.9, Deep),
            p("M56 76 L68 76 L72 82 L60 82 Z", Own(0x1b1b20), Flat),
            o(2.0, 88.0, (13.5, 13.5), Own(0x121216), Flat),
            o(100.0, 88.0, (13.5, 13.5), Own(0x121216), Flat),
            r(2.0, 88.0, 8.6, 2.0, Metal),
            r(100.0, 88.0, 8.6, 2.0, Metal),
            l(
                "M2 80 L2 96 M-6 88 L10 88 M-3.5 82.5 L7.5 93.5 M-3.5 93.5 L7.5 82.5 M100 80 L100 96 M92 88 L108 88 M94.5 82.5 L105.5 93.5 M94.5 93.5 L105.5 82.5",
                1.3,
                Metal,
            ),
            faint(0.5, l("M-6 66 C10 57 26 52.5 44 52.5 C58 52.5 70 57 82 65", 0.8, White)),
        ],
        Habit::Road,
        0.34,
    )
};

pub static TRAIN: Figure = Figure {
    reach: 170.0,
    ..figure(
        &[
            p("M-146 58 Q-146 54 -142 54 L-52 54 Q-48 54 -48 58 L-48 92 L-146 92 Z", Accent, Fall),
            p("M-44 58 Q-44 54 -40 54 L50 54 Q54 54 54 58 L54 92 L-44 92 Z", Accent, Fall),
            p(
                "M58 58 Q58 54 62 54 L112 54 C136 55 152 70 156 84 Q157 92 150 92 L58 92 Z",
                Accent,
                Fall,
            ),
            p(
                "M-146 74 L-48 74 L-48 79 L-146 79 Z M-44 74 L54 74 L54 79 L-44 79 Z M58 74 L151 74 L154 79 L58 79 Z",
                Pale,
                Flat,
            ),
            p(
                "M-140 60 L-120 60 L-120 70 L-140 70 Z M-116 60 L-96 60 L-96 70 L-116 70 Z M-92 60 L-72 60 L-72 70 L-92 70 Z",
                Glow,
                Flat,
            ),
            p(
                "M-38 60 L-18 60 L-18 70 L-38 70 Z M-14 60 L6 60 L6 70 L-14 70 Z M10 60 L30 60 L30 70 L10 70 Z",
                Glow,
                Flat,
            ),
            p("M64 60 L82 60 L82 70 L64 70 Z M86 60 L104 60 L104 70 L86 70 Z", Glow, Flat),
            p("M112 59 C124 60 134 65 141 72 L112 72 Z", Own(0x1c2733), Side),
            p("M-66 58 L-54 58 L-54 88 L-66 88 Z M36 58 L48 58 L48 88 L36 88 Z", Deep, Flat),
            p("M-148 92 L156 92 L152 97 L-148 97 Z", Own(0x1d1d22), Flat),
            p("M-160 98 L166 98 L166 100 L-160 100 Z", Metal, Flat),
            o(-132.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(-62.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(-30.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(40.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(74.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(128.0, 96.0, (5.0, 5.0), Own(0x2b2b31), Flat),
            o(151.0, 82.0, (2.6, 2.2), Own(0xfff6d0), Flat),
            l("M-120 54 L-112 46 L-104 54 M-10 54 L-2 46 L6 54", 1.2, Own(0x2b2b31)),
        ],
        Habit::Road,
        0.38,
    )
};

pub static BICYCLE: Figure = figure(
    &[
        r(18.0, 76.0, 22.0, 2.6, Own(0x22222a)),
        r(84.0, 76.0, 22.0, 2.6, Own(0x22222a)),
        l(
            "M18 54 L18 98 M-4 76 L40 76 M2.5 60.5 L33.5 91.5 M2.5 91.5 L33.5 60.5 M84 54 L84 98 M62 76 L106 76 M68.5 60.5 L99.5 91.5 M68.5 91.5 L99.5 60.5",
            0.5,
            Metal,
        ),
        l("M18 76 L46 76 L36 44 Z M36 44 L72 40 L46 76 M72 40 L84 76", 3.2, Accent),
        l("M33 34 L36 44 M72 40 L69 28 L80 25", 2.4, Metal),
        p("M24 34 L44 32 L42 36.5 L30 38 Z", Own(0x2a1c16), Flat),
        o(46.0, 76.0, (5.0, 5.0), Metal, Side),
        p("M66 40 L92 38 L90 52 L69 53 Z", Wood, Side),
        l("M67 44 L91 42.5 M68 48.5 L90.5 47", 0.7, Own(0x5a3a24)),
    ],
    Habit::Ground,
    0.30,
);

pub static PLANE: Figure = Figure {
    reach: 30.0,
    ..figure(
        &[
            p("M-12 30 L-24 8 L-12 8 L10 36 Z", Accent, Side),
            p("M42 44 L70 12 L80 12 L68 46 Z", Own(0xb7c0cc), Side),
            p(
                "M-16 40 C20 30 80 32 112 42 C124 46 128 50 124 54 C114 62 60 64 10 56 C-4 52 -14 48 -16 40 Z",
                Own(0xf2f4f7),
                Fall,
            ),
            p(
                "M-14 46 C30 54 90 56 126 51 C126 53 125 53.6 124 54 C114 62 60 64 10 56 C0 53 -8 50 -14 46 Z",
                Accent,
                Fall,
            ),
            p("M38 54 L8 88 L20 88 L66 57 Z", Own(0xd5dbe3), Side),
            p("M34 70 L46 68 L50 74 L36 77 Z", Dark, Flat),
            p("M106 43 L116 46.5 L112 48 L104 47 Z", Own(0x1d2733), Flat),
            l("M6 44 L98 44", 2.4, Own(0x39485a)),
            l(
                "M12 44 L14 44 M22 44 L24 44 M32 44 L34 44 M42 44 L44 44 M52 44 L54 44 M62 44 L64 44 M72 44 L74 44 M82 44 L84 44 M92 44 L94 44",
                2.6,
                Own(0xf2f4f7),
            ),
        ],
        Habit::Air,
        0.28,
    )
};

pub static ROCKET: Figure = figure(
    &[
        faint(0.55, p("M40 84 Q50 134 60 84 Z", Own(0xff7a2a), Flat)),
        p("M43.5 84 Q50 118 56.5 84 Z", Own(0xffe9a8), Flat),
        p("M38 58 L18 88 L20 96 L40 82 Z M62 58 L82 88 L80 96 L60 82 Z", Accent, Side),
        p("M50 -6 C68 14 70 46 61 84 L39 84 C30 46 32 14 50 -6 Z", Own(0xf2f1ec), Gloss),
        p("M50 -6 C57 2 61 10 63.5 19 L36.5 19 C39 10 43 2 50 -6 Z", Accent, Gloss),
        p("M38 74 L62 74 L61 84 L39 84 Z", Own(0x5a5f6a), Gloss),
        o(50.0, 38.0, (9.0, 9.0), Own(0x5a5f6a), Side),
        o(50.0, 38.0, (6.6, 6.6), Own(0x6cc8ee), Flat),
        o(47.5, 35.5, (2.2, 2.0), White, Flat),
        p("M48.5 56 L51.5 56 L51.5 92 L48.5 92 Z", Accent, Flat),
    ],
    Habit::Air,
    0.44,
);

pub static BALLOON: Figure = figure(
    &[
        p(
            "M50 0 C82 0 92 26 85 44 C78 58 64 68 58 76 L42 76 C36 68 22 58 15 44 C8 26 18 0 50 0 Z",
            Accent,
            Side,
        ),
        p(
            "M50 0 C60 0 66 26 62 44 C59 58 55 68 53.5 76 L46.5 76 C45 68 41 58 38 44 C34 26 40 0 50 0 Z",
            Pale,
            Side,
        ),
        p(
            "M24 8 C12 20 12 34 16 44 C22 58 36 68 42 76 L44 76 C38 66 28 54 26 44 C22 30 26 16 34 4 Z",
            Glow,
            Side,
        ),
        p(
            "M76 8 C88 20 88 34 84 44 C78 58 64 68 58 76 L56 76 C62 66 72 54 74 44 C78 30 74 16 66 4 Z",
            Glow,
            Side,
        ),
        l("M43 76 L44.6 87 M57 76 L55.4 87 M50 76 L50 87", 0.7, Dark),
        p("M43 86 L57 86 L55.5 98 L44.5 98 Z", Wood, Side),
        p("M42.5 86 L57.5 86 L57.2 88.6 L42.8 88.6 Z", Brass, Flat),
        o(50.0, 81.0, (1.8, 3.0), Own(0xffc25a), Flat),
    ],
    Habit::Air,
    0.36,
);
