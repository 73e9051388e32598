//! Camera moves: a path through a plane wider than the frame, and an enlargement.

use super::stage::{REACH, Slot};
use crate::lexicon::Move;
use crate::paint::num::{TAU, lerp, sin, smooth, unit};
use crate::spec::Spec;

/// Where a camera begins and ends, in frame sizes; a zoom of 1 shows the whole frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    pub movement: Move,
    from: (f32, f32, f32),
    to: (f32, f32, f32),
    shake: f32,
}

/// Where the camera is, in frame sizes, and how much it enlarges.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    pub x: f32,
    pub y: f32,
    pub zoom: f32,
}

/// The path of a shot: the move the prompt names, else one the style likes.
pub fn path_of(spec: &Spec, slot: &Slot, side: f32) -> Path {
    let movement = spec.camera.unwrap_or(spec.look.motion.moves[slot.shot % 4]);
    // A slow style covers less of the way in the same time.
    let k = (spec.pace * slot.seconds / 2.6).clamp(0.3, 1.0);
    let (x, y) = (REACH.0 * 0.85 * k, REACH.1 * 0.85 * k);
    let flat = |from: (f32, f32), to: (f32, f32)| ((from.0, from.1, 1.0), (to.0, to.1, 1.0));
    let (from, to) = match movement {
        Move::PanLeft => flat((x, y * 0.2), (-x, -y * 0.2)),
        Move::PanRight => flat((-x, y * 0.2), (x, -y * 0.2)),
        Move::TiltUp => flat((x * 0.4 * side, y), (-x * 0.4 * side, -y)),
        Move::TiltDown => flat((0.0, -y), (x * 0.2, y)),
        Move::PushIn => ((0.0, 0.0, 1.0), (x * 0.2 * side, y * 0.2, 1.0 + 0.16 * k)),
        Move::PullOut => ((x * 0.2 * side, y * 0.2, 1.0 + 0.16 * k), (0.0, 0.0, 1.0)),
        Move::Track => flat((-x * 1.15 * side, 0.0), (x * 1.15 * side, 0.0)),
        Move::Orbit => ((-x * side, -y * 0.3, 1.03), (x * side, -y * 0.3, 1.03)),
        Move::Handheld => flat((-x * 0.3, 0.0), (x * 0.3, 0.0)),
        Move::Aerial => ((0.0, -y * 1.1, 1.0 + 0.12 * k), (x * 0.3, y * 1.1, 1.0)),
        Move::Static => flat((0.0, 0.0), (0.0, 0.0)),
    };
    let shake = if movement == Move::Handheld { 0.010 } else { 0.0 };
    Path { movement, from, to, shake }
}

impl Path {
    /// The view at a part of the shot, 0 to 1, `t` seconds into it.
    pub fn at(&self, part: f32, t: f32) -> View {
        let part = unit(part);
        let eased = part * 0.7 + 0.3 * smooth(0.0, 1.0, part);
        let shake = |rate: f32, phase: f32| self.shake * sin(TAU * rate * t + phase);
        View {
            x: lerp(self.from.0, self.to.0, eased) + shake(1.1, 0.0) + shake(2.7, 1.0) * 0.5,
            y: lerp(self.from.1, self.to.1, eased) + shake(1.4, 2.0) + shake(3.1, 0.5) * 0.4,
            zoom: lerp(self.from.2, self.to.2, eased),
        }
    }
}

/// The label of a move, in English or Chinese.
pub fn label(movement: Move, zh: bool) -> &'static str {
    let (en, other) = match movement {
        Move::PanLeft => ("PAN LEFT ←", "左摇 ←"),
        Move::PanRight => ("PAN RIGHT →", "右摇 →"),
        Move::TiltUp => ("CRANE UP ↑", "升镜 ↑"),
        Move::TiltDown => ("CRANE DOWN ↓", "降镜 ↓"),
        Move::PushIn => ("PUSH IN", "推近"),
        Move::PullOut => ("PULL OUT", "拉远"),
        Move::Track => ("TRACKING →", "跟移 →"),
        Move::Orbit => ("ORBIT", "环绕"),
        Move::Handheld => ("HANDHELD", "手持"),
        Move::Aerial => ("AERIAL", "航拍"),
        Move::Static => ("STATIC", "定镜"),
    };
    if zh { other } else { en }
}

/// The label of a shot size.
pub fn size_label(shot: usize, zh: bool) -> &'static str {
    let (en, other) =
        [("WIDE", "全景"), ("MEDIUM", "中景"), ("CLOSE", "近景"), ("WIDE", "远景")][shot % 4];
    if zh { other } else { en }
}
