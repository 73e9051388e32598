//! One look per style.

use super::look::{Border, Card, Cut, Finish, Look, Motion, PLAIN, SMOOTH, Sky};
use crate::lexicon::{Move, Style};
use crate::paint::{Grade, hex};

/// The look of a style.
pub fn look(style: Style) -> Look {
    match style {
        Style::Plain => PLAIN,
        Style::Cinematic => CINEMATIC,
        Style::Noir => NOIR,
        Style::Watercolor => WATERCOLOR,
        Style::Ink => INK,
        Style::Neon => NEON,
        Style::Papercut => PAPERCUT,
        Style::Vintage => VINTAGE,
        Style::Poster => POSTER,
        Style::Product => PRODUCT,
        Style::Storybook => STORYBOOK,
        Style::Pixel => PIXEL,
        Style::Comic => COMIC,
        Style::Minimal => MINIMAL,
    }
}

const CINEMATIC: Look = Look {
    style: Style::Cinematic,
    grade: Grade { saturation: 1.08, contrast: 1.16, lift: -0.01, ..Grade::NONE },
    frame: Border::Letterbox,
    motion: Motion {
        pace: 0.8,
        moves: [Move::PushIn, Move::Track, Move::TiltUp, Move::PullOut],
        ..SMOOTH
    },
    horizon: 0.05,
    cast: 1.16,
    sun: 1.5,
    ..PLAIN
};

const NOIR: Look = Look {
    style: Style::Noir,
    grade: Grade {
        saturation: 0.0,
        contrast: 1.5,
        lift: -0.02,
        tint: hex(0xf0f4ff),
        tint_amount: 1.0,
    },
    frame: Border::Letterbox,
    finish: Finish { grain: 0.05, ..Finish::NONE },
    motion: Motion {
        pace: 0.7,
        cut: Cut::ThroughBlack,
        moves: [Move::TiltUp, Move::PushIn, Move::Static, Move::PanLeft],
        ..SMOOTH
    },
    horizon: -0.03,
    cast: 1.2,
    sun: 1.3,
    ..PLAIN
};

const WATERCOLOR: Look = Look {
    style: Style::Watercolor,
    sky: Sky::Wash,
    finish: Finish { wander: 0.015, pigment: 0.30, rim: 0.28, ..Finish::NONE },
    frame: Border::Deckle,
    motion: Motion {
        pace: 0.75,
        moves: [Move::PanLeft, Move::PanRight, Move::TiltUp, Move::PanLeft],
        ..SMOOTH
    },
    light_ground: true,
    ..PLAIN
};

const INK: Look = Look {
    style: Style::Ink,
    sky: Sky::Wash,
    finish: Finish { wander: 0.012, pigment: 0.26, rim: 0.34, ..Finish::NONE },
    frame: Border::Deckle,
    card: Card::Scroll,
    motion: Motion {
        pace: 0.55,
        moves: [Move::PanRight, Move::TiltUp, Move::PanRight, Move::Static],
        ..SMOOTH
    },
    horizon: 0.04,
    cast: 0.9,
    sun: 0.9,
    light_ground: true,
    ..PLAIN
};

const NEON: Look = Look {
    style: Style::Neon,
    grade: Grade { saturation: 1.15, contrast: 1.12, ..Grade::NONE },
    motion: Motion {
        pace: 1.5,
        moves: [Move::Track, Move::PushIn, Move::Track, Move::TiltUp],
        ..SMOOTH
    },
    horizon: -0.04,
    cast: 1.08,
    sun: 2.4,
    ..PLAIN
};

const PAPERCUT: Look = Look {
    style: Style::Papercut,
    sky: Sky::Sheets,
    finish: Finish { shadow: 0.022, tones: 7, grain: 0.06, ..Finish::NONE },
    frame: Border::Mat,
    motion: Motion {
        hold: 3,
        cut: Cut::Hard,
        moves: [Move::Track, Move::PanRight, Move::TiltUp, Move::PanLeft],
        ..SMOOTH
    },
    cast: 1.12,
    sun: 1.5,
    light_ground: false,
    ..PLAIN
};

const VINTAGE: Look = Look {
    style: Style::Vintage,
    grade: Grade {
        saturation: 0.45,
        contrast: 0.92,
        lift: 0.05,
        tint: hex(0xffdca8),
        tint_amount: 0.48,
    },
    finish: Finish { grain: 0.10, ..Finish::NONE },
    frame: Border::Gate,
    card: Card::Centre,
    motion: Motion {
        pace: 0.8,
        hold: 2,
        weave: 0.0045,
        flicker: 0.10,
        cut: Cut::ThroughBlack,
        moves: [Move::Static, Move::PanLeft, Move::PushIn, Move::PanRight],
    },
    sun: 1.2,
    ..PLAIN
};

const POSTER: Look = Look {
    style: Style::Poster,
    grade: Grade { saturation: 1.1, contrast: 1.06, ..Grade::NONE },
    sky: Sky::Rings,
    finish: Finish { tones: 4, ..Finish::NONE },
    frame: Border::Mat,
    card: Card::Centre,
    motion: Motion {
        pace: 1.1,
        cut: Cut::Hard,
        moves: [Move::PullOut, Move::PanLeft, Move::TiltUp, Move::PushIn],
        ..SMOOTH
    },
    horizon: 0.06,
    cast: 1.25,
    sun: 2.1,
    ..PLAIN
};

const PRODUCT: Look = Look {
    style: Style::Product,
    grade: Grade { contrast: 1.08, ..Grade::NONE },
    motion: Motion {
        pace: 0.7,
        moves: [Move::Orbit, Move::PushIn, Move::Orbit, Move::PullOut],
        ..SMOOTH
    },
    cast: 1.1,
    ..PLAIN
};

const STORYBOOK: Look = Look {
    style: Style::Storybook,
    grade: Grade { saturation: 1.2, contrast: 0.97, lift: 0.03, ..Grade::NONE },
    sky: Sky::Rays,
    finish: Finish { wander: 0.005, pigment: 0.10, outline: 0.006, tones: 9, ..Finish::NONE },
    frame: Border::Deckle,
    card: Card::Band,
    motion: Motion {
        hold: 2,
        moves: [Move::PanLeft, Move::PushIn, Move::PanRight, Move::TiltUp],
        ..SMOOTH
    },
    horizon: -0.04,
    cast: 1.22,
    sun: 1.7,
    light_ground: true,
};

const PIXEL: Look = Look {
    style: Style::Pixel,
    grade: Grade { saturation: 1.25, contrast: 1.1, ..Grade::NONE },
    finish: Finish { tones: 7, pixel: 0.0125, ..Finish::NONE },
    frame: Border::None,
    card: Card::Box,
    motion: Motion {
        pace: 1.3,
        hold: 3,
        cut: Cut::Hard,
        moves: [Move::Track, Move::PanLeft, Move::Track, Move::TiltUp],
        ..SMOOTH
    },
    cast: 1.1,
    sun: 1.6,
    ..PLAIN
};

const COMIC: Look = Look {
    style: Style::Comic,
    grade: Grade { saturation: 1.35, contrast: 1.15, ..Grade::NONE },
    sky: Sky::Rays,
    finish: Finish { outline: 0.011, tones: 5, dots: 0.019, ..Finish::NONE },
    frame: Border::Panel,
    card: Card::Box,
    motion: Motion {
        pace: 1.4,
        hold: 2,
        cut: Cut::Hard,
        moves: [Move::PushIn, Move::Track, Move::PullOut, Move::TiltUp],
        ..SMOOTH
    },
    cast: 1.34,
    sun: 1.5,
    ..PLAIN
};

const MINIMAL: Look = Look {
    style: Style::Minimal,
    grade: Grade { saturation: 0.62, contrast: 0.86, lift: 0.07, ..Grade::NONE },
    sky: Sky::Flat,
    finish: Finish { tones: 6, ..Finish::NONE },
    frame: Border::Mat,
    card: Card::Centre,
    motion: Motion {
        pace: 0.45,
        moves: [Move::Static, Move::PushIn, Move::Static, Move::PanLeft],
        ..SMOOTH
    },
    horizon: 0.10,
    cast: 0.72,
    sun: 1.4,
    light_ground: true,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Palette;
    use crate::spec::look::repaint;
    use crate::spec::palette::base;

    const ALL: [Look; 13] = [
        CINEMATIC, NOIR, WATERCOLOR, INK, NEON, PAPERCUT, VINTAGE, POSTER, PRODUCT, STORYBOOK,
        PIXEL, COMIC, MINIMAL,
    ];

    /// How many styles can be named of which any two are apart.
    fn apart(apart: impl Fn(&Look, &Look) -> bool) -> usize {
        let mut chosen: Vec<&Look> = Vec::new();
        for look in &ALL {
            if chosen.iter().all(|other| apart(look, other)) {
                chosen.push(look);
            }
        }
        chosen.len()
    }

    #[test]
    fn compositions_are_apart() {
        let count = apart(|a, b| {
            a.card != b.card
                || (a.horizon - b.horizon).abs() >= 0.04
                || (a.cast - b.cast).abs() >= 0.15
        });
        assert!(count >= 8, "{count}");
    }

    #[test]
    fn motions_are_apart() {
        // A clip of two shots shows the first two moves.
        let count = apart(|a, b| {
            a.motion.hold != b.motion.hold
                || (a.motion.pace - b.motion.pace).abs() >= 0.25
                || a.motion.moves[..2] != b.motion.moves[..2]
        });
        assert!(count >= 8, "{count}");
    }

    #[test]
    fn palettes_are_apart() {
        use crate::lexicon::{Hour, Place};
        for hour in [Hour::Day, Hour::Dusk, Hour::Night] {
            let own = base(Place::Meadow, Some(hour), 0);
            let seen = |look: &Look| {
                let p = repaint(look.style, own).map(|c| look.grade.apply(c).clamped());
                let Palette { top, mid, low, sun, far, near, accent, .. } = p;
                [top, mid, low, sun, far, near, accent]
            };
            // A step of an eighteenth in a channel of each colour, on the mean.
            let count = apart(|a, b| {
                let pairs = seen(a).into_iter().zip(seen(b));
                let most = |(a, b): (crate::paint::Rgb, crate::paint::Rgb)| {
                    (a.r - b.r).abs().max((a.g - b.g).abs()).max((a.b - b.b).abs())
                };
                pairs.map(most).sum::<f32>() / 7.0 >= 1.0 / 18.0
            });
            assert!(count >= 8, "{hour:?}: {count}");
        }
    }
}
