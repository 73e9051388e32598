//! A float picture that drawing code works on once per shot. It knows where it lies in the
//! frame, so everything is drawn in frame coordinates, margins included.

use tiny_skia::{FillRule, Mask, Transform};

use super::num::unit;
use super::{Rgb, Shape};

/// A rectangle of whole pixels in frame coordinates; `right` and `bottom` lie outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Area {
    /// The smallest area around a rectangle of floats.
    pub fn around(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self {
            left: left.floor() as i32,
            top: top.floor() as i32,
            right: right.ceil() as i32,
            bottom: bottom.ceil() as i32,
        }
    }

    pub fn width(self) -> usize {
        (self.right - self.left).max(0) as usize
    }

    pub fn height(self) -> usize {
        (self.bottom - self.top).max(0) as usize
    }

    pub fn common(self, other: Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }
}

/// Where and how large a path in its own units is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    pub x: f32,
    pub y: f32,
    pub sx: f32,
    pub sy: f32,
}

impl Fit {
    pub const FRAME: Self = Self { x: 0.0, y: 0.0, sx: 1.0, sy: 1.0 };

    pub fn at(x: f32, y: f32) -> Self {
        Self { x, y, ..Self::FRAME }
    }
}

/// A circle with a soft edge of `soft` pixels.
#[derive(Clone, Copy, Debug)]
pub struct Disc {
    pub x: f32,
    pub y: f32,
    pub r: f32,
    pub soft: f32,
}

/// An upright rectangle with antialiased edges.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

/// Premultiplied RGBA floats. Width and height are even, for the chroma planes to come.
#[derive(Clone)]
pub struct Canvas {
    pub area: Area,
    pub w: usize,
    pub h: usize,
    pub px: Vec<[f32; 4]>,
}

impl Canvas {
    /// Empty; grown to even size at the right and at the bottom.
    pub fn new(area: Area) -> Self {
        let (w, h) = ((area.width().max(2) + 1) & !1, (area.height().max(2) + 1) & !1);
        let area = Area { right: area.left + w as i32, bottom: area.top + h as i32, ..area };
        Self { area, w, h, px: vec![[0.0; 4]; w * h] }
    }

    /// Lays a colour over pixel `i`.
    #[inline]
    pub fn over(&mut self, i: usize, c: Rgb, alpha: f32) {
        if alpha > 0.0 {
            let d = &mut self.px[i];
            let keep = 1.0 - alpha;
            d[0] = c.r * alpha + d[0] * keep;
            d[1] = c.g * alpha + d[1] * keep;
            d[2] = c.b * alpha + d[2] * keep;
            d[3] = alpha + d[3] * keep;
        }
    }

    /// Calls `paint` with the centre of every pixel of an area: colour and alpha.
    pub fn shade(&mut self, area: Area, paint: impl Fn(f32, f32) -> (Rgb, f32)) {
        let part = area.common(self.area);
        for y in part.top..part.bottom {
            let row = (y - self.area.top) as usize * self.w;
            for x in part.left..part.right {
                let (c, alpha) = paint(x as f32 + 0.5, y as f32 + 0.5);
                self.over(row + (x - self.area.left) as usize, c, alpha);
            }
        }
    }

    /// Fills everything below the line `top(x)`; `paint` gets x, y and the depth under the line.
    pub fn land(&mut self, top: impl Fn(f32) -> f32, paint: impl Fn(f32, f32, f32) -> Rgb) {
        let tops: Vec<f32> =
            (self.area.left..self.area.right).map(|x| top(x as f32 + 0.5)).collect();
        let highest = tops.iter().copied().fold(f32::INFINITY, f32::min);
        let first = (highest.floor() as i32).max(self.area.top);
        for y in first..self.area.bottom {
            let row = (y - self.area.top) as usize * self.w;
            for (column, top) in tops.iter().enumerate() {
                let depth = y as f32 + 1.0 - top;
                if depth > 0.0 {
                    let x = self.area.left as f32 + column as f32 + 0.5;
                    let c = paint(x, y as f32 + 0.5, depth);
                    self.over(row + column, c, unit(depth));
                }
            }
        }
    }

    pub fn block(&mut self, block: Block, c: Rgb, alpha: f32) {
        let Block { left, top, right, bottom } = block;
        let part = Area::around(left, top, right, bottom).common(self.area);
        for y in part.top..part.bottom {
            let rows = unit((y as f32 + 1.0).min(bottom) - (y as f32).max(top));
            let row = (y - self.area.top) as usize * self.w;
            for x in part.left..part.right {
                let columns = unit((x as f32 + 1.0).min(right) - (x as f32).max(left));
                self.over(row + (x - self.area.left) as usize, c, rows * columns * alpha);
            }
        }
    }

    /// A disc; `paint` gets the position in radii from the centre.
    pub fn disc(&mut self, disc: Disc, paint: impl Fn(f32, f32) -> Rgb, alpha: f32) {
        let Disc { x, y, r, soft } = disc;
        let reach = r + soft + 1.0;
        let around = Area::around(x - reach, y - reach, x + reach, y + reach);
        self.shade(around, |px, py| {
            let (dx, dy) = (px - x, py - y);
            let distance = (dx * dx + dy * dy).sqrt();
            let cover = unit((r + soft * 0.5 + 0.5 - distance) / (soft + 1.0));
            if cover <= 0.0 {
                return (super::WHITE, 0.0);
            }
            (paint(dx / r, dy / r), cover * alpha)
        });
    }

    /// A filled path; `paint` gets the position in the path's own units.
    pub fn fill(&mut self, shape: &Shape, fit: Fit, paint: impl Fn(f32, f32) -> Rgb, alpha: f32) {
        let Some(path) = &shape.0 else { return };
        let b = path.bounds();
        let (xa, xb) = (b.left() * fit.sx + fit.x, b.right() * fit.sx + fit.x);
        let (ya, yb) = (b.top() * fit.sy + fit.y, b.bottom() * fit.sy + fit.y);
        let around =
            Area::around(xa.min(xb) - 1.0, ya.min(yb) - 1.0, xa.max(xb) + 1.0, ya.max(yb) + 1.0);
        let part = around.common(self.area);
        let (w, h) = (part.width(), part.height());
        let Some(mut mask) = Mask::new(w as u32, h as u32) else { return };
        let place = Transform::from_row(
            fit.sx,
            0.0,
            0.0,
            fit.sy,
            fit.x - part.left as f32,
            fit.y - part.top as f32,
        );
        mask.fill_path(path, FillRule::Winding, true, place);
        for (row, covers) in mask.data().chunks_exact(w).enumerate() {
            let y = part.top as f32 + row as f32 + 0.5;
            let from = (part.top - self.area.top) as usize + row;
            let from = from * self.w + (part.left - self.area.left) as usize;
            for (column, cover) in covers.iter().enumerate().filter(|(_, cover)| **cover > 0) {
                let x = part.left as f32 + column as f32 + 0.5;
                let c = paint((x - fit.x) / fit.sx, (y - fit.y) / fit.sy);
                self.over(from + column, c, f32::from(*cover) / 255.0 * alpha);
            }
        }
    }

    /// The same pixels with every colour changed (straight, not premultiplied).
    pub fn recolour(&mut self, f: impl Fn(Rgb) -> Rgb) {
        for p in self.px.iter_mut().filter(|p| p[3] > 0.002) {
            let a = p[3];
            let c = f(Rgb { r: p[0] / a, g: p[1] / a, b: p[2] / a });
            *p = [c.r * a, c.g * a, c.b * a, a];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::WHITE;
    use super::super::colour::BLACK;
    use super::*;

    #[test]
    fn drawing_uses_frame_coordinates() {
        let mut canvas = Canvas::new(Area { left: -10, top: -6, right: 11, bottom: 7 });
        assert_eq!((canvas.w, canvas.h), (22, 14));
        canvas.block(Block { left: 0.0, top: 0.0, right: 2.0, bottom: 1.0 }, WHITE, 1.0);
        let lit: Vec<usize> = (0..canvas.px.len()).filter(|i| canvas.px[*i][3] > 0.5).collect();
        assert_eq!(lit, [6 * 22 + 10, 6 * 22 + 11]);
    }

    #[test]
    fn land_covers_all_below_its_line_and_nothing_above() {
        let mut canvas = Canvas::new(Area { left: 0, top: 0, right: 8, bottom: 8 });
        canvas.land(|_| 3.5, |_, _, _| BLACK);
        let alpha: Vec<f32> = (0..8).map(|y| canvas.px[y * 8 + 4][3]).collect();
        assert_eq!(alpha, [0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let mut canvas = Canvas::new(Area { left: 0, top: 0, right: 4, bottom: 4 });
        canvas.disc(Disc { x: -9.0, y: 2.0, r: 3.0, soft: 1.0 }, |_, _| WHITE, 1.0);
        let path = super::super::path("M-20 -20 L40 -20 L40 40 L-20 40 Z");
        assert!(canvas.px.iter().all(|p| p[3] == 0.0));
        canvas.fill(&path, Fit::at(-100.0, 0.0), |_, _| WHITE, 1.0);
        assert!(canvas.px.iter().all(|p| p[3] == 0.0));
        canvas.fill(&path, Fit::FRAME, |_, _| WHITE, 1.0);
        assert!(canvas.px.iter().all(|p| p[3] > 0.99));
    }
}
