//! The stage of one shot: what a scene needs to know to draw, and what it leaves behind.

use super::camera::{Path, path_of};
use super::finish::{Role, finish};
use crate::paint::{Area, Canvas, Rgb, Rng};
use crate::planar::{Ink, Layer, Sprite};
use crate::spec::{Look, Palette, Spec};

/// Where in the clip and in the frame a shot is.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub w: usize,
    pub h: usize,
    /// From 0.
    pub shot: usize,
    /// Seconds it is seen, the overlap with the next one included.
    pub seconds: f32,
}

/// A layer and how it moves by itself.
pub struct Placed {
    pub layer: Layer,
    /// 0 stays with the frame, 1 moves with the camera.
    pub depth: f32,
    pub sway: Sway,
    /// Pixels per second.
    pub drift: (f32, f32),
    /// 256, or less for what comes and goes.
    pub pulse: Option<Pulse>,
}

/// Swinging around its place: pixels, and swings per second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sway {
    pub x: f32,
    pub y: f32,
    pub rate: f32,
    pub phase: f32,
}

/// Seen only now and then: lightning.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    pub period: f32,
    pub phase: f32,
}

/// Something small that moves by itself.
pub struct Fleck {
    /// Index of its first sprite.
    pub sprite: usize,
    /// How many sprites it shows in turn: 1, or a bird's wing beat.
    pub poses: usize,
    pub ink: Ink,
    pub at: (f32, f32),
    /// Pixels per second.
    pub speed: (f32, f32),
    pub sway: Sway,
    pub opacity: f32,
    /// Part of the opacity that comes and goes.
    pub twinkle: f32,
    pub depth: f32,
    /// Comes back on the other side of the frame.
    pub wraps: bool,
    /// Drawn after the layer of this index.
    pub after: usize,
}

/// A shot, ready to be played.
pub struct Shot {
    pub layers: Vec<Placed>,
    pub sprites: Vec<Sprite>,
    pub flecks: Vec<Fleck>,
    pub path: Path,
    pub slot: Slot,
}

/// Sun or moon.
#[derive(Clone, Copy, Debug)]
pub struct Sun {
    pub x: f32,
    pub y: f32,
    pub r: f32,
}

/// Everything a scene draws with. Lengths are pixels; `u` is the short edge.
pub struct Stage<'a> {
    pub spec: &'a Spec,
    pub look: Look,
    pub pal: Palette,
    pub slot: Slot,
    pub w: f32,
    pub h: f32,
    pub u: f32,
    /// How close the camera is: 1 is wide.
    pub zoom: f32,
    /// -1 or 1: the side of the subject; the sun stands on the other one.
    pub side: f32,
    pub horizon: f32,
    pub sun: Sun,
    /// For textures.
    pub seed: u32,
    pub rng: Rng,
    pub layers: Vec<Placed>,
    pub sprites: Vec<Sprite>,
    pub flecks: Vec<Fleck>,
}

/// How far a camera may go from the middle, in frame widths and heights.
pub const REACH: (f32, f32) = (0.080, 0.060);

const ZOOMS: [f32; 4] = [1.0, 1.35, 1.7, 1.15];

impl<'a> Stage<'a> {
    /// `horizon` is the place's own, in frame heights.
    pub fn new(spec: &'a Spec, slot: Slot, horizon: f32) -> Self {
        let (w, h) = (slot.w as f32, slot.h as f32);
        let u = w.min(h);
        let look = spec.look;
        let mut rng =
            Rng::new(spec.seed ^ (slot.shot as u64 + 1).wrapping_mul(0xA24B_AED4_963E_E407));
        let zoom = ZOOMS[slot.shot % 4];
        // The first title stands on the left, so the subject begins on the right.
        let side = if slot.shot.is_multiple_of(2) { 1.0 } else { -1.0 };
        let mut pal = spec.palette;
        // Light goes on from shot to shot.
        let later = slot.shot as f32 * 0.09;
        pal.top = pal.top.mix(pal.mid, later);
        pal.mid = pal.mid.mix(pal.low, later * 0.8);
        let level = horizon + look.horizon + [0.0, -0.05, 0.05, -0.02][slot.shot % 4];
        let horizon = h * (level + rng.range(-0.015, 0.015)).clamp(0.3, 0.86);
        // Narrow frames carry their title above: the sun goes below it.
        let heights = if w > h { [0.44, 0.52, 0.62, 0.38] } else { [0.74, 0.58, 0.64, 0.5] };
        let height = heights[slot.shot % 4] * if pal.night { 0.75 } else { 1.0 };
        let aside = rng.range(0.15, 0.27) * if h > w { 0.7 } else { 1.0 };
        let size = if pal.night { 0.055 } else { 0.072 };
        let sun = Sun {
            x: w * (0.5 - side * aside),
            y: horizon * height,
            r: u * size * zoom.sqrt() * look.sun,
        };
        let seed = (spec.seed >> 7) as u32 ^ (slot.shot as u32).wrapping_mul(7919);
        Self {
            spec,
            look,
            pal,
            slot,
            w,
            h,
            u,
            zoom,
            side,
            horizon,
            sun,
            seed,
            rng,
            layers: Vec::new(),
            sprites: Vec::new(),
            flecks: Vec::new(),
        }
    }

    /// Portrait frames.
    pub fn tall(&self) -> bool {
        self.h > self.w * 1.2
    }

    /// A distance from the middle towards the subject's side, in frame widths.
    pub fn across(&self, k: f32) -> f32 {
        self.w * (0.5 + self.side * k * if self.tall() { 0.55 } else { 1.0 })
    }

    /// The colour of air far away.
    pub fn haze(&self) -> Rgb {
        self.pal.low.mix(self.pal.mid, 0.25)
    }

    /// An empty canvas as large as a layer of that depth needs, plus `more` pixels at the sides.
    pub fn sheet(&self, depth: f32, more: f32) -> Canvas {
        let x = (REACH.0 * self.w * depth).ceil() + 6.0 + self.look.motion.weave * self.u + more;
        let y = (REACH.1 * self.h * depth).ceil() + 6.0 + self.look.motion.weave * self.u;
        Canvas::new(Area::around(-x, -y, self.w + x, self.h + y))
    }

    /// The part of a sheet from a height downwards.
    pub fn lower_sheet(&self, depth: f32, from: f32, more: f32) -> Canvas {
        let whole = self.sheet(depth, more).area;
        Canvas::new(Area { top: whole.top.max(from.floor() as i32), ..whole })
    }

    /// Finishes a canvas in the style and puts it in front of all others.
    pub fn push(&mut self, canvas: Canvas, depth: f32, role: Role) -> &mut Placed {
        let canvas = finish(canvas, &self.look.finish, role, self.u, self.seed, &self.pal);
        let grade = self.spec.grade;
        let layer = Layer::new(&canvas, |c| grade.apply(c));
        self.layers.push(Placed {
            layer,
            depth,
            sway: Sway::default(),
            drift: (0.0, 0.0),
            pulse: None,
        });
        let last = self.layers.len() - 1;
        &mut self.layers[last]
    }

    /// A colour for a fleck, graded like everything else.
    pub fn ink(&self, c: Rgb, light: bool) -> Ink {
        let ycc = self.spec.grade.apply(c).ycc();
        Ink { ycc: ycc.map(|v| (v + 0.5).clamp(0.0, 255.0) as u8), light }
    }

    /// Adds a sprite; its index.
    pub fn sprite(&mut self, w: f32, h: f32, cover: impl Fn(f32, f32) -> f32) -> usize {
        self.sprites.push(Sprite::new(w, h, cover));
        self.sprites.len() - 1
    }

    /// The finished shot.
    pub fn done(self) -> Shot {
        let path = path_of(self.spec, &self.slot, self.side);
        Shot {
            layers: self.layers,
            sprites: self.sprites,
            flecks: self.flecks,
            path,
            slot: self.slot,
        }
    }
}
