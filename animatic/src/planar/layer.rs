//! A picture drawn once and then moved: premultiplied planar YUVA 4:2:0, placed to 1/64 pixel.

use super::{Frame, kernel};
use crate::paint::{Canvas, Rgb, lattice};

/// What a block of a row holds. Most of a picture is clear or solid, and both are cheap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Clear,
    Mixed,
    Solid,
}

/// Width of a block, in luma pixels.
const BLOCK: usize = 32;
/// Alpha up to which a pixel counts as clear: it changes nothing that can be seen.
const CLEAR_MAX: u8 = 1;

/// One layer, cut to what it shows. `left` and `top` say where it was drawn in the frame.
pub struct Layer {
    pub left: f32,
    pub top: f32,
    luma: Plane,
    cb: Vec<u8>,
    cr: Vec<u8>,
    chroma_alpha: Vec<u8>,
}

struct Plane {
    w: usize,
    h: usize,
    value: Vec<u8>,
    alpha: Vec<u8>,
    /// Kind of each block of each row; a block looks one column beyond its end, because a
    /// shifted pixel reads two columns.
    kinds: Vec<Kind>,
    blocks: usize,
    solid_rows: Vec<bool>,
}

/// Buffers for one row, and for each frame row the uppermost layer that hides all below it.
#[derive(Default)]
pub struct Scratch {
    value: Vec<u8>,
    alpha: Vec<u8>,
    hidden_below: Vec<u16>,
}

impl Scratch {
    /// Notes which rows of the frame each layer hides completely; `offsets` are their positions.
    pub fn find_hidden(&mut self, frame: (usize, usize), layers: &[(&Layer, f32, f32)]) {
        self.hidden_below.clear();
        self.hidden_below.resize(frame.1, 0);
        for (index, (layer, x, y)) in layers.iter().enumerate() {
            for (row, top) in self.hidden_below.iter_mut().enumerate() {
                if layer.hides(frame.0, row, *x, *y) {
                    *top = index as u16;
                }
            }
        }
    }
}

/// Position in whole pixels and 1/256 parts, in steps of 1/64.
#[derive(Clone, Copy)]
struct Shift {
    x: i32,
    fx: u16,
    y: i32,
    fy: u16,
}

impl Shift {
    /// Which layer pixel lies under frame pixel 0 when the layer's origin is at (x, y).
    fn of(x: f32, y: f32) -> Self {
        let (x, y) = ((-x * 64.0).round() as i32, (-y * 64.0).round() as i32);
        Self {
            x: x.div_euclid(64),
            fx: (x.rem_euclid(64) * 4) as u16,
            y: y.div_euclid(64),
            fy: (y.rem_euclid(64) * 4) as u16,
        }
    }
}

impl Layer {
    /// Converts a canvas, with every colour passed through `grade`; dithered against banding.
    pub fn new(canvas: &Canvas, grade: impl Fn(Rgb) -> Rgb) -> Self {
        let (x0, y0, w, h) = shown(canvas);
        let mut value = vec![0; w * h];
        let mut alpha = vec![0; w * h];
        let quarter = w * h / 4;
        let mut chroma = vec![[0.0f32; 3]; quarter];
        for y in 0..h {
            for x in 0..w {
                let p = canvas.px[(y0 + y) * canvas.w + x0 + x];
                let a = p[3].clamp(0.0, 1.0);
                if a <= 0.002 {
                    continue;
                }
                let ycc = grade(Rgb { r: p[0] / a, g: p[1] / a, b: p[2] / a }).clamped().ycc();
                let dither = (lattice(x as i32, y as i32, 77) - 0.5) * 1.1;
                value[y * w + x] = (ycc[0] * a + 0.5 + dither * a) as u8;
                alpha[y * w + x] = (a * 255.0 + 0.5) as u8;
                let sum = &mut chroma[(y / 2) * (w / 2) + x / 2];
                *sum = [sum[0] + ycc[1] * a, sum[1] + ycc[2] * a, sum[2] + a];
            }
        }
        let (mut cb, mut cr) = (Vec::with_capacity(quarter), Vec::with_capacity(quarter));
        for (i, sum) in chroma.iter().enumerate() {
            let dither = (lattice(i as i32, 3, 99) - 0.5) * 0.8 * sum[2] * 0.25;
            cb.push((sum[0] * 0.25 + 0.5 + dither) as u8);
            cr.push((sum[1] * 0.25 + 0.5 - dither) as u8);
        }
        let chroma_alpha = chroma.iter().map(|sum| (sum[2] * 63.75 + 0.5) as u8).collect();
        let (left, top) = (canvas.area.left + x0 as i32, canvas.area.top + y0 as i32);
        let luma = Plane::new(w, h, value, alpha);
        Self { left: left as f32, top: top as f32, luma, cb, cr, chroma_alpha }
    }

    fn hides(&self, frame_w: usize, row: usize, x: f32, y: f32) -> bool {
        let shift = Shift::of(x, y);
        let plane = &self.luma;
        let r = row as i32 + shift.y;
        if shift.x < 0 || shift.x + frame_w as i32 + 1 > plane.w as i32 || r < 0 {
            return false;
        }
        let next = r as usize + usize::from(shift.fy > 0);
        next < plane.h && plane.solid_rows[r as usize] && plane.solid_rows[next]
    }

    /// Draws it with its origin at (x, y); opacity is 0 to 256. As layer `index`, it skips the
    /// rows that a later layer hides; without, it draws all.
    pub fn draw(
        &self,
        frame: &mut Frame,
        at: (f32, f32),
        (opacity, index): (u16, Option<u16>),
        scratch: &mut Scratch,
    ) {
        if opacity == 0 {
            return;
        }
        let (fw, fh) = (frame.w, frame.h);
        let Scratch { value, alpha, hidden_below } = scratch;
        value.resize(self.luma.w + 2, 0);
        alpha.resize(self.luma.w + 2, 0);
        let hidden = |row: usize| {
            index.is_some_and(|index| hidden_below.get(row).is_some_and(|top| *top > index))
        };
        let (luma, cb, cr) = frame.planes();
        let mut pass = Pass { opacity, value, alpha };
        let shift = Shift::of(at.0, at.1);
        for row in (0..fh).filter(|row| !hidden(*row)) {
            let from = (&self.luma.value[..], &self.luma.alpha[..]);
            self.luma.runs(shift, row, (fw, 1), |run| {
                pass.blend(&mut luma[row * fw..], run, shift, from);
            });
        }
        let shift = Shift::of(at.0 * 0.5, at.1 * 0.5);
        for row in (0..fh / 2).filter(|row| !hidden(row * 2) || !hidden(row * 2 + 1)) {
            let from = row * (fw / 2);
            self.luma.runs(shift, row, (fw / 2, 2), |run| {
                pass.blend(&mut cb[from..], run, shift, (&self.cb, &self.chroma_alpha));
                pass.blend(&mut cr[from..], run, shift, (&self.cr, &self.chroma_alpha));
            });
        }
    }
}

/// A part of one frame row that a layer touches, all of one kind.
struct Run {
    /// Offsets of the two source rows, at the first touched column.
    rows: (usize, usize),
    first: usize,
    length: usize,
    solid: bool,
}

impl Plane {
    fn new(w: usize, h: usize, value: Vec<u8>, alpha: Vec<u8>) -> Self {
        let blocks = w.div_ceil(BLOCK);
        let mut kinds = Vec::with_capacity(h * blocks);
        for row in alpha.chunks_exact(w) {
            for block in 0..blocks {
                let seen = &row[block * BLOCK..((block + 1) * BLOCK + 1).min(w)];
                kinds.push(if seen.iter().all(|a| *a <= CLEAR_MAX) {
                    Kind::Clear
                } else if seen.iter().all(|a| *a == 255) {
                    Kind::Solid
                } else {
                    Kind::Mixed
                });
            }
        }
        let solid_rows =
            kinds.chunks_exact(blocks).map(|row| row.iter().all(|k| *k == Kind::Solid)).collect();
        Self { w, h, value, alpha, kinds, blocks, solid_rows }
    }

    /// Calls `paint` with every run of a frame row that is not clear. `scale` is 1 for luma and 2
    /// for chroma, whose rows stand for two luma rows each.
    fn runs(
        &self,
        shift: Shift,
        row: usize,
        (frame_w, scale): (usize, usize),
        mut paint: impl FnMut(&Run),
    ) {
        let (w, h) = ((self.w / scale) as i32, (self.h / scale) as i32);
        let r = row as i32 + shift.y;
        if r < -1 || r >= h {
            return;
        }
        let a = r.max(0) as usize;
        let b = if shift.fy > 0 { ((r + 1) as usize).min(h as usize - 1) } else { a };
        let kind = |block: usize| {
            let mut kinds = (a * scale..(a + 1) * scale)
                .chain(b * scale..(b + 1) * scale)
                .map(|source| self.kinds[source * self.blocks + block]);
            let first = kinds.next().unwrap_or(Kind::Clear);
            if kinds.all(|kind| kind == first) { first } else { Kind::Mixed }
        };
        let width = (BLOCK / scale) as i32;
        let visible = (shift.x.max(0), (shift.x + frame_w as i32).min(w - 1));
        let mut block = (visible.0 / width) as usize;
        while block < self.blocks && (block as i32) * width < visible.1 {
            let (begin, now) = (block, kind(block));
            while block < self.blocks && kind(block) == now {
                block += 1;
            }
            let first = (begin as i32 * width).max(visible.0);
            let last = (block as i32 * width).min(visible.1);
            if now != Kind::Clear && last > first {
                paint(&Run {
                    rows: (a * w as usize + first as usize, b * w as usize + first as usize),
                    first: (first - shift.x) as usize,
                    length: (last - first) as usize,
                    solid: now == Kind::Solid,
                });
            }
        }
    }
}

struct Pass<'a> {
    opacity: u16,
    value: &'a mut Vec<u8>,
    alpha: &'a mut Vec<u8>,
}

impl Pass<'_> {
    fn blend(&mut self, row: &mut [u8], cut: &Run, shift: Shift, from: (&[u8], &[u8])) {
        let to = &mut row[cut.first..cut.first + cut.length];
        let n = cut.length + 1;
        let (a, b) = cut.rows;
        let solid = cut.solid && self.opacity >= 256;
        let (value, alpha) = if shift.fy == 0 || a == b {
            (&from.0[a..a + n], &from.1[a..a + n])
        } else {
            kernel::mix(&mut self.value[..n], &from.0[a..a + n], &from.0[b..b + n], shift.fy);
            if !solid {
                kernel::mix(&mut self.alpha[..n], &from.1[a..a + n], &from.1[b..b + n], shift.fy);
            }
            (&self.value[..n], &self.alpha[..n])
        };
        if solid {
            kernel::copy(to, value, shift.fx);
        } else if self.opacity >= 256 && shift.fx == 0 {
            kernel::over(to, value, alpha);
        } else if self.opacity >= 256 {
            kernel::blend(to, value, alpha, shift.fx);
        } else {
            kernel::fade(to, value, alpha, (shift.fx, self.opacity));
        }
    }
}

/// The even rectangle of a canvas that shows anything, with a clear column at the right if there
/// is room for one: x, y, width, height.
fn shown(canvas: &Canvas) -> (usize, usize, usize, usize) {
    let (mut left, mut right, mut top, mut bottom) = (canvas.w, 0, canvas.h, 0);
    for (y, row) in canvas.px.chunks_exact(canvas.w).enumerate() {
        let Some(first) = row.iter().position(|p| p[3] > 0.002) else { continue };
        let last = row.iter().rposition(|p| p[3] > 0.002).unwrap_or(first);
        left = left.min(first);
        right = right.max(last + 1);
        top = top.min(y);
        bottom = y + 1;
    }
    if right == 0 {
        return (0, 0, 2, 2);
    }
    let (left, top) = (left.saturating_sub(2) & !1, top.saturating_sub(2) & !1);
    let right = ((right + 3) & !1).min(canvas.w);
    let bottom = ((bottom + 3) & !1).min(canvas.h);
    (left, top, right - left, bottom - top)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::{Area, Block, WHITE};

    fn square() -> Layer {
        let mut canvas = Canvas::new(Area { left: 0, top: 0, right: 40, bottom: 40 });
        canvas.block(Block { left: 10.0, top: 10.0, right: 20.0, bottom: 20.0 }, WHITE, 1.0);
        Layer::new(&canvas, |c| c)
    }

    fn draw(layer: &Layer, x: f32, y: f32, opacity: u16) -> Frame {
        let mut frame = Frame::new(40, 40);
        layer.draw(
            &mut frame,
            (layer.left + x, layer.top + y),
            (opacity, None),
            &mut Scratch::default(),
        );
        frame
    }

    #[test]
    fn lands_where_it_was_drawn() {
        let frame = draw(&square(), 0.0, 0.0, 256);
        assert!(frame.luma()[10 * 40 + 10] > 230 && frame.luma()[19 * 40 + 19] > 230);
        assert!(frame.luma()[9 * 40 + 10] == 0 && frame.luma()[20 * 40 + 20] == 0);
    }

    #[test]
    fn moves_by_parts_of_a_pixel() {
        let half = draw(&square(), 0.5, 0.0, 256);
        let edge = half.luma()[15 * 40 + 10];
        assert!((100..140).contains(&edge), "{edge}");
        assert!((100..140).contains(&half.luma()[15 * 40 + 20]));
        let dim = draw(&square(), 0.0, 0.0, 128);
        assert!((100..140).contains(&dim.luma()[15 * 40 + 15]));
    }

    #[test]
    fn may_lie_anywhere() {
        for at in [-300.0, -25.25, -5.0, 33.5, 300.0] {
            draw(&square(), at, 3.0, 256);
            draw(&square(), 3.0, at, 200);
        }
    }

    #[test]
    fn hidden_rows_are_not_drawn() {
        let mut canvas = Canvas::new(Area { left: -4, top: 0, right: 44, bottom: 40 });
        canvas.block(Block { left: -4.0, top: 0.0, right: 44.0, bottom: 20.0 }, WHITE, 1.0);
        let (below, above) = (square(), Layer::new(&canvas, |c| c));
        let mut scratch = Scratch::default();
        let place = |layer: &Layer| (layer.left, layer.top);
        let layers = [(&below, below.left, below.top), (&above, above.left, above.top)];
        scratch.find_hidden((40, 40), &layers);
        let mut frame = Frame::new(40, 40);
        below.draw(&mut frame, place(&below), (256, Some(0)), &mut scratch);
        assert_eq!(frame.luma()[12 * 40 + 12], 0, "hidden by the layer above");
        above.draw(&mut frame, place(&above), (256, Some(1)), &mut scratch);
        assert!(frame.luma()[12 * 40 + 12] > 230);
    }
}
