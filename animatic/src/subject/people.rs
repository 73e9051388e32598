//! People and what resembles them.

use super::Ink::{Accent, Dark, Deep, Glow, Metal, Own, Pale, Skin, White};
use super::Shade::{Fall, Flat, Gloss, Side};
use super::{Figure, Habit, figure, line_part as l, oval_part as o, path_part as p};

/// A traveller seen from behind, with a pack.
pub static PERSON: Figure = figure(
    &[
        p("M41 62 L49 62 L48 98 L38 98 Z M51 62 L59 62 L62 98 L52 98 Z", Own(0x2b3242), Side),
        p(
            "M37 96 L48.5 96 L48.5 100 L34 100 Z M51.5 96 L63 96 L66 100 L51.5 100 Z",
            Own(0x3a2a20),
            Flat,
        ),
        p(
            "M34 64 L36 34 C38 27 44 25 50 25 C56 25 62 27 64 34 L66 64 Q50 70 34 64 Z",
            Own(0x48566a),
            Side,
        ),
        p(
            "M36 34 C30 40 28 50 28 62 L33 62 C34 54 35 48 38 44 Z M64 34 C70 40 72 50 72 62 L67 62 C66 54 65 48 62 44 Z",
            Own(0x48566a),
            Side,
        ),
        p("M39 32 Q50 27 61 32 L62 56 Q50 61 38 56 Z", Accent, Side),
        p("M41 46 L59 46 L59 54 Q50 57 41 54 Z", Deep, Flat),
        p("M38 28 L62 28 L61 32.5 L39 32.5 Z", Own(0xd6c4a0), Side),
        o(50.0, 15.0, (8.0, 9.5), Own(0x2a1c18), Flat),
        p("M41 12 C41 3 59 3 59 12 L60 14.5 L40 14.5 Z", Own(0x8d3b2e), Side),
    ],
    Habit::Ground,
    0.32,
);

pub static WOMAN: Figure = figure(
    &[
        p("M45 84 L49 84 L48.5 98 L44 98 Z M52 84 L56 84 L57 98 L52.5 98 Z", Skin, Flat),
        p("M42 97 L49 97 L49 100 L41 100 Z M52 97 L58 97 L60 100 L52 100 Z", Own(0x3a2a20), Flat),
        p(
            "M40 20 C38 38 36 44 34 50 L44 48 L56 48 L66 50 C64 44 62 38 60 20 Z",
            Own(0x2a1a16),
            Flat,
        ),
        p(
            "M43 29 C36 32 34 42 31 54 L35 55 L42 42 Z M57 29 C64 32 66 42 72 52 L68 54.5 L58 42 Z",
            Skin,
            Side,
        ),
        p(
            "M43 28 Q50 32 57 28 L60 46 C66 60 74 76 76 86 Q50 94 24 86 C26 76 34 60 40 46 Z",
            Accent,
            Side,
        ),
        p("M40 46 Q50 50 60 46 L60.5 49.5 Q50 54 39.5 49.5 Z", Pale, Flat),
        p("M47 22 L53 22 L54 29 Q50 32 46 29 Z", Skin, Flat),
        o(50.0, 15.0, (7.4, 9.0), Skin, Side),
        p("M41 20 C38 2 62 2 59 20 C58 12 54 9 50 9 C46 9 42 12 41 20 Z", Own(0x2a1a16), Flat),
        o(47.0, 15.5, (0.9, 1.2), Own(0x1a1010), Flat),
        o(53.0, 15.5, (0.9, 1.2), Own(0x1a1010), Flat),
        l("M48.4 19.6 Q50 20.6 51.6 19.6", 0.7, Own(0xb8493c)),
    ],
    Habit::Ground,
    0.33,
);

pub static DETECTIVE: Figure = figure(
    &[
        p("M42 80 L49 80 L48.5 98 L41 98 Z M51 80 L58 80 L59 98 L51.5 98 Z", Own(0x1b1b22), Flat),
        p("M39 97 L49 97 L49 100 L37 100 Z M51 97 L61 97 L63 100 L51 100 Z", Own(0x0f0f12), Flat),
        p(
            "M33 33 C38 27 44 26 50 26 C56 26 62 27 67 33 C70 46 70 66 73 86 L54 88 L50 60 L46 88 L27 86 C30 66 30 46 33 33 Z",
            Own(0x6d6252),
            Side,
        ),
        p(
            "M34 34 C28 42 27 54 28 68 L34 68 L38 46 Z M66 34 C72 42 73 54 72 68 L66 68 L62 46 Z",
            Own(0x5f5546),
            Side,
        ),
        p(
            "M50 60 L46 88 L44 88 L47 44 L40 30 L46 27 L50 40 L54 27 L60 30 L53 44 L56 88 L54 88 Z",
            Own(0x4b4337),
            Flat,
        ),
        p("M47 28 L53 28 L51.5 44 L50 47 L48.5 44 Z", Accent, Flat),
        p("M32 57 L68 57 L68.5 61 L31.5 61 Z", Own(0x3c352b), Flat),
        o(50.0, 18.0, (7.4, 8.6), Skin, Side),
        p("M41 15 C41 17 59 17 59 15 L59 19 Q50 21.5 41 19 Z", Own(0x14110f), Flat),
        p("M32 13.5 Q50 20 68 13.5 L62 10.5 L60 0 Q50 -4 40 0 L38 10.5 Z", Own(0x2f2a25), Side),
        p("M38.4 8.6 Q50 12.4 61.6 8.6 L62 11.4 Q50 15 38 11.4 Z", Dark, Flat),
        l("M54 22.5 L61 24", 1.0, White),
    ],
    Habit::Ground,
    0.36,
);

pub static ASTRONAUT: Figure = figure(
    &[
        p("M30 34 L70 34 L70 66 L30 66 Z", Own(0x8f97a3), Side),
        p("M36 64 L49 64 L48 92 L36 92 Z M51 64 L64 64 L64 92 L52 92 Z", Own(0xe9ebee), Side),
        p(
            "M34 90 L48.5 90 L48.5 100 L32 100 Z M51.5 90 L66 90 L68 100 L51.5 100 Z",
            Own(0x6c7480),
            Side,
        ),
        p(
            "M34 36 C24 40 20 52 20 64 L30 66 C31 56 34 50 38 48 Z M66 36 C76 40 80 52 80 64 L70 66 C69 56 66 50 62 48 Z",
            Own(0xe9ebee),
            Side,
        ),
        o(25.0, 68.0, (6.0, 5.4), Accent, Side),
        o(75.0, 68.0, (6.0, 5.4), Accent, Side),
        p("M34 36 Q50 30 66 36 L66 66 Q50 72 34 66 Z", Own(0xf4f5f6), Side),
        p("M42 48 L58 48 L58 60 L42 60 Z", Own(0x4a5260), Flat),
        p("M44 51 L48 51 L48 54 L44 54 Z", Accent, Flat),
        o(53.5, 52.5, (1.8, 1.8), Own(0x6fe0a0), Flat),
        o(50.0, 20.0, (18.0, 18.0), Own(0xf4f5f6), Side),
        p("M36 20 C36 8 64 8 64 20 C64 30 58 33 50 33 C42 33 36 30 36 20 Z", Own(0x22314a), Gloss),
        p("M40 17 C42 11 50 10 54 12 C48 14 43 17 41 22 Z", Pale, Flat),
        l("M36 34 Q50 40 64 34", 2.0, Accent),
    ],
    Habit::Ground,
    0.36,
);

pub static ROBOT: Figure = Figure {
    lamp: Some((50.0, 50.0)),
    ..figure(
        &[
            l("M50 2 L50 -10", 1.6, Metal),
            o(50.0, -12.0, (3.2, 3.2), Accent, Flat),
            p("M38 72 L47 72 L47 94 L38 94 Z M53 72 L62 72 L62 94 L53 94 Z", Own(0x7b828d), Gloss),
            p(
                "M34 93 L48 93 L48 100 L31 100 Z M52 93 L66 93 L69 100 L52 100 Z",
                Own(0x4c525c),
                Side,
            ),
            p(
                "M28 38 L20 42 L18 64 L25 65 L29 50 Z M72 38 L80 42 L82 64 L75 65 L71 50 Z",
                Own(0x8f97a3),
                Side,
            ),
            o(21.5, 68.0, (5.0, 5.0), Own(0x4c525c), Side),
            o(78.5, 68.0, (5.0, 5.0), Own(0x4c525c), Side),
            p(
                "M28 40 Q28 35 34 35 L66 35 Q72 35 72 40 L70 70 Q70 74 65 74 L35 74 Q30 74 30 70 Z",
                Own(0xb9c0ca),
                Gloss,
            ),
            p("M38 43 L62 43 L61 62 L39 62 Z", Own(0x2b323c), Flat),
            o(50.0, 52.0, (6.0, 6.0), Glow, Flat),
            p(
                "M28 8 Q28 2 34 2 L66 2 Q72 2 72 8 L72 26 Q72 32 66 32 L34 32 Q28 32 28 26 Z",
                Own(0xc9cfd8),
                Gloss,
            ),
            p("M33 9 L67 9 L67 22 Q67 25 64 25 L36 25 Q33 25 33 22 Z", Own(0x1c222c), Fall),
            o(42.5, 17.0, (4.0, 4.4), Accent, Flat),
            o(57.5, 17.0, (4.0, 4.4), Accent, Flat),
            o(43.6, 15.8, (1.2, 1.3), White, Flat),
            o(58.6, 15.8, (1.2, 1.3), White, Flat),
        ],
        Habit::Ground,
        0.34,
    )
};
