//! What a style does, as data: how colours change (palette), how a layer is finished
//! (treatment), where things stand (composition), how they move (motion).

use super::palette::{GALLERY, NEON, PAPER, Palette};
use crate::lexicon::{Move, Style};
use crate::paint::{Grade, Rgb, WHITE, hex};

/// Everything that follows from the style.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    pub style: Style,
    pub grade: Grade,
    pub sky: Sky,
    pub finish: Finish,
    pub frame: Border,
    pub card: Card,
    pub motion: Motion,
    /// Height of the horizon, added to the place's own, in frame heights.
    pub horizon: f32,
    /// Size of the subject against the ordinary one.
    pub cast: f32,
    /// Size of sun and moon against the ordinary ones.
    pub sun: f32,
    /// Whether text is dark on a light ground.
    pub light_ground: bool,
}

/// How the sky is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sky {
    /// Gradient, glow and clouds.
    Air,
    /// Wet paper.
    Wash,
    /// Rings around the sun, each one flat colour.
    Rings,
    /// Rays from the sun.
    Rays,
    /// Scalloped sheets of paper.
    Sheets,
    /// One flat tone with a gradient so weak that it is hardly seen.
    Flat,
}

/// What is done to every layer after it was drawn. Lengths are parts of the short edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finish {
    /// How far outlines wander.
    pub wander: f32,
    /// Uneven pigment.
    pub pigment: f32,
    /// Darker rim, as where paint dries.
    pub rim: f32,
    /// Width of a soft shadow that a layer throws on what lies behind.
    pub shadow: f32,
    /// Width of a dark outline.
    pub outline: f32,
    /// Number of tones left; 0 keeps all.
    pub tones: u8,
    /// Size of a halftone cell.
    pub dots: f32,
    /// Size of a picture element.
    pub pixel: f32,
    /// Grain that stands still with the layer.
    pub grain: f32,
}

impl Finish {
    const NONE: Self = Self {
        wander: 0.0,
        pigment: 0.0,
        rim: 0.0,
        shadow: 0.0,
        outline: 0.0,
        tones: 0,
        dots: 0.0,
        pixel: 0.0,
        grain: 0.0,
    };
}

/// What surrounds the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Darker corners.
    Vignette,
    /// Black bars above and below.
    Letterbox,
    /// Torn white paper.
    Deckle,
    /// A flat frame of one colour.
    Mat,
    /// Round corners of an old projector.
    Gate,
    /// A panel of a comic page.
    Panel,
    None,
}

/// Where the title card stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Lower left, over a dark gradient.
    Corner,
    /// In the middle, between two rules.
    Centre,
    /// Written from top to bottom at the right, with a seal; sideways for Latin text.
    Scroll,
    /// In a slanted box.
    Box,
    /// On a band of paper across the bottom.
    Band,
}

/// How the picture moves and how shots meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Against the ordinary speed of the camera and of what moves.
    pub pace: f32,
    /// Frames for which a picture stands; 1 is smooth, 3 is stop motion.
    pub hold: u32,
    /// Unsteadiness, in parts of the short edge.
    pub weave: f32,
    /// Change of brightness from frame to frame, 0 to 1.
    pub flicker: f32,
    pub cut: Cut,
    /// Moves of the first four shots when none is named.
    pub moves: [Move; 4],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Dissolve,
    Hard,
    ThroughBlack,
}

const SMOOTH: Motion = Motion {
    pace: 1.0,
    hold: 1,
    weave: 0.0,
    flicker: 0.0,
    cut: Cut::Dissolve,
    moves: [Move::PanLeft, Move::TiltUp, Move::PanRight, Move::PushIn],
};

const PLAIN: Look = Look {
    style: Style::Plain,
    grade: Grade::NONE,
    sky: Sky::Air,
    finish: Finish::NONE,
    frame: Border::Vignette,
    card: Card::Corner,
    motion: SMOOTH,
    horizon: 0.0,
    cast: 1.0,
    sun: 1.0,
    light_ground: false,
};

/// The look of a style.
pub fn look(style: Style) -> Look {
    match style {
        Style::Plain => PLAIN,
        Style::Cinematic => Look {
            style,
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
        },
        Style::Noir => Look {
            style,
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
        },
        Style::Watercolor => Look {
            style,
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
        },
        Style::Ink => Look {
            style,
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
        },
        _ => more(style),
    }
}

fn more(style: Style) -> Look {
    match style {
        Style::Neon => Look {
            style,
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
        },
        Style::Papercut => Look {
            style,
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
        },
        Style::Vintage => Look {
            style,
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
        },
        Style::Poster => Look {
            style,
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
        },
        Style::Product => Look {
            style,
            grade: Grade { contrast: 1.08, ..Grade::NONE },
            motion: Motion {
                pace: 0.7,
                moves: [Move::Orbit, Move::PushIn, Move::Orbit, Move::PullOut],
                ..SMOOTH
            },
            cast: 1.1,
            ..PLAIN
        },
        Style::Storybook => Look {
            style,
            grade: Grade { saturation: 1.2, contrast: 0.97, lift: 0.03, ..Grade::NONE },
            sky: Sky::Rays,
            finish: Finish {
                wander: 0.005,
                pigment: 0.10,
                outline: 0.006,
                tones: 9,
                ..Finish::NONE
            },
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
        },
        Style::Pixel => Look {
            style,
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
        },
        Style::Comic => Look {
            style,
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
        },
        _ => Look {
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
        },
    }
}

/// What a style does to the colours that hour and place chose.
pub fn repaint(style: Style, p: Palette) -> Palette {
    match style {
        Style::Noir => {
            p.towards(Palette { ..p }.map(|c| c.scale(0.62)), if p.night { 0.0 } else { 0.8 })
        }
        Style::Watercolor => p.map(|c| c.mix(WHITE, 0.34)).keep(p, |new, old| Palette {
            near: old.near.mix(old.far, 0.28),
            accent: old.accent,
            ..new
        }),
        Style::Ink => PAPER.keep(p, |paper, old| {
            let dark = if old.night { 0.26 } else { 0.0 };
            let tint = |c: Rgb| c.mix(old.mid, 0.07).scale(1.0 - dark);
            Palette { top: tint(paper.top), mid: tint(paper.mid), low: tint(paper.low), ..paper }
        }),
        Style::Neon => NEON.towards(p, 0.10).keep(NEON, |new, _| Palette { night: true, ..new }),
        Style::Papercut => p.map(|c| c.turned(8.0).mix(WHITE, 0.08)),
        Style::Vintage => p.map(|c| c.mix(hex(0xd9b98a), 0.18)),
        Style::Poster => p.map(|c| {
            let y = c.luma();
            c.mix(if y > 0.5 { hex(0xfff0d2) } else { hex(0x14213d) }, 0.26)
        }),
        Style::Product => p.towards(GALLERY, 0.12),
        Style::Comic => p.map(|c| Grade { saturation: 1.3, ..Grade::NONE }.apply(c)),
        Style::Minimal => p.map(|c| c.mix(hex(0xf2efe9), 0.62)).keep(p, |new, old| Palette {
            near: old.near.mix(WHITE, 0.30),
            accent: old.accent.mix(hex(0xf2efe9), 0.15),
            ..new
        }),
        _ => p,
    }
}

impl Palette {
    fn keep(self, old: Self, f: impl Fn(Self, Self) -> Self) -> Self {
        f(self, old)
    }
}
