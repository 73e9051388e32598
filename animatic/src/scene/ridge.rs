//! A line of hills or mountains.

use super::stage::Stage;
use crate::lexicon::Style;
use crate::paint::num::{smooth, unit};
use crate::paint::{Canvas, Rgb, WHITE, fbm, hex, noise};

/// Snow on a ridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snow {
    None,
    /// A cover along the line.
    Thin,
    /// Down to the middle, in the gullies farther.
    Deep,
}

/// The line and its colours. Lengths are pixels.
pub struct Ridge {
    pub base: f32,
    pub height: f32,
    /// Features per short edge.
    pub scale: f32,
    pub seed: u32,
    pub octaves: u32,
    /// 0 is round, 1 is rock with lit and shaded faces.
    pub crags: f32,
    pub top: Rgb,
    pub foot: Rgb,
    /// Depth over which the colour goes from `top` to `foot`.
    pub span: f32,
    pub snow: Snow,
}

impl Ridge {
    /// Height of the line at x, in frame coordinates.
    pub fn line(&self, stage: &Stage<'_>, x: f32) -> f32 {
        let q = x / stage.u * self.scale;
        let v = fbm(q + 13.7, 0.5, self.seed, self.octaves);
        let v = if self.crags > 0.0 {
            let fold =
                1.0 - (2.0 * fbm(q * 1.3 + 3.1, 9.5, self.seed + 5, self.octaves) - 1.0).abs();
            v * 0.45 + fold * 0.55
        } else {
            v
        };
        self.base - self.height * (v - 0.28) * 1.7
    }

    pub fn draw(&self, stage: &Stage<'_>, canvas: &mut Canvas) {
        let area = canvas.area;
        let tops: Vec<f32> =
            (area.left..area.right).map(|x| self.line(stage, x as f32 + 0.5)).collect();
        let at =
            |x: f32| tops[((x.floor() as i32 - area.left).max(0) as usize).min(tops.len() - 1)];
        let ink = stage.look.style == Style::Ink;
        if ink {
            self.brushed(stage, canvas, at);
            return;
        }
        let u = stage.u;
        let step = (u * 0.03).max(4.0);
        let lit_from = -stage.side;
        canvas.land(at, |x, _, depth| {
            let t = unit(depth / self.span);
            let mut c = self.top.mix(self.foot, t);
            if self.crags > 0.0 {
                let shift = depth * 0.42 * lit_from
                    + (noise(x / u * 30.0, depth / u * 22.0, self.seed) - 0.5) * u / 30.0;
                let slope = (at(x + shift + step) - at(x + shift - step)) * lit_from / step;
                let light = (slope * 0.55).clamp(-1.0, 1.0) * self.crags * (1.0 - t * 0.75);
                c = if light > 0.0 {
                    c.mix(stage.pal.sun, light * 0.30)
                } else {
                    c.scale(1.0 + light * 0.32)
                };
                if self.snow == Snow::Deep {
                    c = self.snowed(stage, c, (x, depth, slope), t);
                }
            }
            if self.snow == Snow::Thin {
                let cover = smooth(u * 0.10, u * 0.012, depth) * 0.8;
                c = c.mix(hex(0xe9f0fa).mix(stage.pal.mid, 0.3), cover);
            }
            if stage.look.style == Style::Neon {
                let edge = unit(1.0 - depth / (u * 0.012));
                c = c.plus(stage.pal.accent, edge * edge * 0.9);
            }
            c
        });
    }

    fn snowed(&self, stage: &Stage<'_>, c: Rgb, (x, depth, slope): (f32, f32, f32), t: f32) -> Rgb {
        let u = stage.u;
        let limit =
            self.height * (0.42 + 0.5 * noise(x / u * 16.0, depth / u * 5.0, self.seed + 3));
        let cover = smooth(limit * 1.25, limit * 0.7, depth) * 0.9 * (1.0 - t * 0.4);
        let p = &stage.pal;
        let shaded = p.mid.mix(hex(0xebf2ff), 0.55);
        let lit = WHITE.mix(p.sun, 0.25);
        let snow = shaded.mix(lit, smooth(-0.35, 0.35, slope));
        c.mix(snow, cover * if p.night { 0.72 } else { 0.95 })
    }

    /// Ink: dark along the line, running out into the paper below.
    fn brushed(&self, stage: &Stage<'_>, canvas: &mut Canvas, at: impl Fn(f32) -> f32) {
        let (u, p) = (stage.u, stage.pal);
        let area = canvas.area;
        canvas.shade(area, |x, y| {
            let depth = y + 0.5 - at(x);
            if depth <= 0.0 {
                return (p.near, 0.0);
            }
            let edge = unit(1.0 - depth / (u * 0.10));
            let dry = 0.55 + 0.6 * noise(x / u * 24.0, depth / u * 30.0, self.seed);
            let c = p.low.mix(self.top, 0.35).mix(self.top.scale(0.72), (edge * dry).min(1.0));
            let streak = 0.75 + 0.5 * noise(x / u * 9.0, depth / u * 3.0, self.seed + 2);
            (c, unit(depth) * unit(1.0 - depth / (self.span * streak)))
        });
    }
}
