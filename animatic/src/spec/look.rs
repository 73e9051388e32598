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
    /// Nothing is done.
    pub const NONE: Self = Self {
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

pub const SMOOTH: Motion = Motion {
    pace: 1.0,
    hold: 1,
    weave: 0.0,
    flicker: 0.0,
    cut: Cut::Dissolve,
    moves: [Move::PanLeft, Move::TiltUp, Move::PanRight, Move::PushIn],
};

pub const PLAIN: Look = Look {
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

/// What a style does to the colours that hour and place chose.
pub fn repaint(style: Style, p: Palette) -> Palette {
    match style {
        Style::Noir => {
            p.towards(Palette { ..p }.map(|c| c.scale(0.74)), if p.night { 0.0 } else { 0.8 })
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
        Style::Minimal => p.map(|c| c.mix(hex(0xf2efe9), 0.50)).keep(p, |new, old| Palette {
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
