//! Writing lines of text onto a canvas.

use super::clean::MARK;
use super::fonts::Pen;
use crate::paint::{Area, Canvas, Rgb};

/// How a block of lines is written. Lengths are in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    pub px: f32,
    /// Distance of baselines, in sizes.
    pub leading: f32,
    /// Added between characters, in sizes.
    pub tracking: f32,
    pub ink: Rgb,
    pub halo: Option<Halo>,
    pub align: Align,
}

/// A soft shadow or a soft light behind the letters.
#[derive(Clone, Copy, Debug)]
pub struct Halo {
    pub colour: Rgb,
    pub strength: f32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Centre,
    Right,
}

/// Width of one line.
pub fn width(pen: &Pen<'_>, text: &str, px: f32, tracking: f32) -> f32 {
    text.chars().map(|c| advance(pen, c, px) + tracking * px).sum()
}

fn advance(pen: &Pen<'_>, c: char, px: f32) -> f32 {
    pen.fonts().advance(c, px).unwrap_or(px)
}

/// Lines in a canvas of their own, with room for the halo; `left`, `top` is where the text
/// begins in the frame.
pub fn lines(pen: &mut Pen<'_>, text: &[String], hand: &Hand, at: (f32, f32)) -> Canvas {
    let px = hand.px;
    let widths: Vec<f32> = text.iter().map(|line| width(pen, line, px, hand.tracking)).collect();
    let widest = widths.iter().copied().fold(0.0, f32::max);
    let height = text.len() as f32 * px * hand.leading;
    let room = (px * 0.5).ceil();
    let area = Area::around(at.0 - room, at.1 - room, at.0 + widest + room, at.1 + height + room);
    let mut ink = Mask::new(Canvas::new(area));
    for (i, (line, width)) in text.iter().zip(&widths).enumerate() {
        let x = match hand.align {
            Align::Left => at.0,
            Align::Centre => at.0 + (widest - width) * 0.5,
            Align::Right => at.0 + widest - width,
        };
        let baseline = at.1 + px * 0.88 + i as f32 * px * hand.leading;
        ink.line(pen, line, hand, (x, baseline.round()));
    }
    ink.coloured(hand)
}

/// One column of characters from top to bottom, each centred on the column.
pub fn column(pen: &mut Pen<'_>, text: &str, hand: &Hand, centre: f32, top: f32) -> Canvas {
    let step = hand.px * hand.leading;
    let count = text.chars().count() as f32;
    let room = (hand.px * 0.8).ceil();
    let area = Area::around(centre - room, top - room, centre + room, top + count * step + room);
    let mut ink = Mask::new(Canvas::new(area));
    for (i, c) in text.chars().enumerate() {
        let x = centre - advance(pen, c, hand.px) * 0.5;
        let baseline = top + i as f32 * step + hand.px * 0.88;
        ink.line(pen, &c.to_string(), hand, (x, baseline.round()));
    }
    ink.coloured(hand)
}

struct Mask {
    canvas: Canvas,
    cover: Vec<f32>,
}

impl Mask {
    fn new(canvas: Canvas) -> Self {
        let cover = vec![0.0; canvas.w * canvas.h];
        Self { canvas, cover }
    }

    fn line(&mut self, pen: &mut Pen<'_>, text: &str, hand: &Hand, at: (f32, f32)) {
        let mut x = at.0;
        for c in text.chars() {
            if c == MARK {
                self.mark(x, at.1, hand.px);
            } else if let Some(glyph) = pen.glyph(c, hand.px, x - x.floor()) {
                let left = x.floor() as i32 + glyph.left;
                for (row, line) in glyph.mask.chunks_exact(glyph.w).enumerate() {
                    let y = at.1 as i32 + glyph.top + row as i32;
                    for (column, cover) in line.iter().enumerate() {
                        self.add(left + column as i32, y, f32::from(*cover) / 255.0);
                    }
                }
            }
            x += advance(pen, c, hand.px) + hand.tracking * hand.px;
        }
    }

    /// A ring with a dot: something stands here that cannot be written.
    fn mark(&mut self, x: f32, baseline: f32, px: f32) {
        let (cx, cy, r) = (x + px * 0.5, baseline - px * 0.34, px * 0.34);
        let thick = (px * 0.07).max(1.0);
        let around = Area::around(cx - r - 2.0, cy - r - 2.0, cx + r + 2.0, cy + r + 2.0);
        for y in around.top..around.bottom {
            for x in around.left..around.right {
                let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
                let d = (dx * dx + dy * dy).sqrt();
                let ring = (thick * 0.5 + 0.5 - (d - r).abs()).clamp(0.0, 1.0);
                let dot = (r * 0.32 + 0.5 - d).clamp(0.0, 1.0);
                self.add(x, y, ring.max(dot));
            }
        }
    }

    fn add(&mut self, x: i32, y: i32, cover: f32) {
        let (x, y) = (x - self.canvas.area.left, y - self.canvas.area.top);
        if x >= 0 && y >= 0 && (x as usize) < self.canvas.w && (y as usize) < self.canvas.h {
            let v = &mut self.cover[y as usize * self.canvas.w + x as usize];
            *v = (*v + cover).min(1.0);
        }
    }

    fn coloured(self, hand: &Hand) -> Canvas {
        let Self { mut canvas, cover } = self;
        if let Some(halo) = hand.halo {
            let reach = ((hand.px * 0.10) as usize).max(1);
            let soft = blurred(&cover, canvas.w, canvas.h, reach);
            for (i, v) in soft.iter().enumerate() {
                canvas.over(i, halo.colour, (v * 1.6).min(1.0) * halo.strength);
            }
        }
        for (i, v) in cover.iter().enumerate() {
            canvas.over(i, hand.ink, *v);
        }
        canvas
    }
}

/// A mask blurred twice by a box of `2 r + 1`.
pub fn blurred(mask: &[f32], w: usize, h: usize, r: usize) -> Vec<f32> {
    let mut out = mask.to_vec();
    let mut line = Vec::new();
    for _ in 0..2 {
        for y in 0..h {
            line.clear();
            line.extend_from_slice(&out[y * w..(y + 1) * w]);
            running(&line, r, |x, v| out[y * w + x] = v);
        }
        for x in 0..w {
            line.clear();
            line.extend((0..h).map(|y| out[y * w + x]));
            running(&line, r, |y, v| out[y * w + x] = v);
        }
    }
    out
}

/// The running mean over `2 r + 1` values; what lies outside counts as 0.
fn running(values: &[f32], r: usize, mut out: impl FnMut(usize, f32)) {
    let n = values.len();
    let share = 1.0 / (2 * r + 1) as f32;
    let mut sum: f32 = values.iter().take(r).sum();
    for i in 0..n {
        if i + r < n {
            sum += values[i + r];
        }
        if i > r {
            sum -= values[i - r - 1];
        }
        out(i, sum * share);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::WHITE;
    use crate::text::Fonts;

    const HAND: Hand =
        Hand { px: 30.0, leading: 1.2, tracking: 0.0, ink: WHITE, halo: None, align: Align::Left };

    #[test]
    fn every_character_leaves_ink_where_it_belongs() {
        let fonts =
            Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
        let mut pen = Pen::new(&fonts);
        for c in ['龜', 'A', '%', '\\', '海', MARK] {
            let text = [c.to_string()];
            let canvas = lines(&mut pen, &text, &HAND, (50.0, 50.0));
            let ink: f32 = canvas.px.iter().map(|p| p[3]).sum();
            assert!(ink > 20.0, "{c} leaves {ink}");
            let column = column(&mut pen, &text[0], &HAND, 50.0, 50.0);
            assert!(column.px.iter().map(|p| p[3]).sum::<f32>() > 20.0, "{c} in a column");
        }
    }

    #[test]
    fn a_blur_keeps_the_sum() {
        let mut mask = vec![0.0; 400];
        mask[10 * 20 + 10] = 1.0;
        let sum: f32 = blurred(&mask, 20, 20, 2).iter().sum();
        assert!((sum - 1.0).abs() < 1e-4);
    }
}
