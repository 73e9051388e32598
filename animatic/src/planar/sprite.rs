//! Small things that move freely: a mask at several sub-pixel positions, drawn in one colour.

use super::{Frame, kernel};

/// Masks above this many pixels keep one position only: they are soft and slow.
const PHASED_PIXELS_MAX: usize = 1600;

/// A mask that can be drawn at any place in any colour.
pub struct Sprite {
    w: usize,
    h: usize,
    phases: usize,
    luma: Vec<Vec<u8>>,
    chroma: Vec<Vec<u8>>,
}

/// The colour of one drawing of a sprite, and how it meets what is there.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    pub ycc: [u8; 3],
    /// Adds light instead of covering.
    pub light: bool,
}

impl Sprite {
    /// A mask of `w` × `h` pixels; `cover` gets the distance from the centre in pixels.
    pub fn new(w: f32, h: f32, cover: impl Fn(f32, f32) -> f32) -> Self {
        // One pixel on each side is kept free for the sub-pixel positions.
        let (w, h) = ((w.ceil() as usize + 4) & !1, (h.ceil() as usize + 4) & !1);
        let phases = if w * h > PHASED_PIXELS_MAX { 1 } else { 4 };
        let mut luma = Vec::new();
        for phase in 0..phases * phases {
            let dx = (phase % phases) as f32 / phases as f32;
            let dy = (phase / phases) as f32 / phases as f32;
            let mut mask = Vec::with_capacity(w * h);
            for y in 0..h {
                for x in 0..w {
                    let px = x as f32 + 0.5 - w as f32 * 0.5 - dx;
                    let py = y as f32 + 0.5 - h as f32 * 0.5 - dy;
                    mask.push((cover(px, py).clamp(0.0, 1.0) * 255.0) as u8);
                }
            }
            luma.push(mask);
        }
        let chroma = vec![halved(&luma[0], w)];
        Self { w, h, phases, luma, chroma }
    }

    /// Draws it around a centre; opacity is 0 to 1.
    pub fn draw(&self, frame: &mut Frame, at: (f32, f32), ink: Ink, opacity: f32) {
        let opacity = (opacity.clamp(0.0, 1.0) * 256.0) as u16;
        let (x, y) = (at.0 - self.w as f32 * 0.5, at.1 - self.h as f32 * 0.5);
        if opacity == 0 || !x.is_finite() || !y.is_finite() {
            return;
        }
        let (xi, yi) = (x.floor(), y.floor());
        let phase = |part: f32| (part * self.phases as f32) as usize;
        let mask = &self.luma[phase(y - yi) * self.phases + phase(x - xi)];
        let (fw, fh) = (frame.w, frame.h);
        let (luma, cb, cr) = frame.planes();
        let stamp = |mask, w| Stamp { mask, w, left: xi as i32, top: yi as i32 };
        stamp(mask.as_slice(), self.w).rows(fw, fh, |at, cover| {
            let to = &mut luma[at..at + cover.len()];
            if ink.light {
                kernel::glow(to, cover, ink.ycc[0].saturating_sub(16), opacity);
            } else {
                kernel::tint(to, cover, ink.ycc[0], opacity);
            }
        });
        let half = Stamp {
            mask: &self.chroma[0],
            w: self.w / 2,
            left: (x * 0.5 + 0.5).floor() as i32,
            top: (y * 0.5 + 0.5).floor() as i32,
        };
        half.rows(fw / 2, fh / 2, |at, cover| {
            kernel::tint(&mut cb[at..at + cover.len()], cover, ink.ycc[1], opacity);
            kernel::tint(&mut cr[at..at + cover.len()], cover, ink.ycc[2], opacity);
        });
    }
}

struct Stamp<'a> {
    mask: &'a [u8],
    w: usize,
    left: i32,
    top: i32,
}

impl Stamp<'_> {
    /// Calls `paint` with the offset into a plane and the mask, for each row inside the plane.
    fn rows(&self, plane_w: usize, plane_h: usize, mut paint: impl FnMut(usize, &[u8])) {
        let from = (-self.left).max(0) as usize;
        let to = (plane_w as i32 - self.left).clamp(0, self.w as i32) as usize;
        if from >= to {
            return;
        }
        for (row, cover) in self.mask.chunks_exact(self.w).enumerate() {
            let y = self.top + row as i32;
            if (0..plane_h as i32).contains(&y) {
                let at = y as usize * plane_w + (self.left + from as i32) as usize;
                paint(at, &cover[from..to]);
            }
        }
    }
}

fn halved(mask: &[u8], w: usize) -> Vec<u8> {
    let h = mask.len() / w;
    let at = |x: usize, y: usize| u32::from(mask[y * w + x]);
    (0..h / 2)
        .flat_map(|y| (0..w / 2).map(move |x| (x * 2, y * 2)))
        .map(|(x, y)| ((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) / 4) as u8)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_cut_at_every_edge() {
        let sprite = Sprite::new(6.0, 6.0, |_, _| 1.0);
        let ink = Ink { ycc: [200, 128, 128], light: false };
        for at in
            [(-2.0, 5.0), (17.5, 5.0), (8.0, -1.5), (8.0, 17.0), (-90.0, 4.0), (f32::NAN, 1.0)]
        {
            let mut frame = Frame::new(16, 16);
            sprite.draw(&mut frame, at, ink, 1.0);
        }
        let mut frame = Frame::new(16, 16);
        sprite.draw(&mut frame, (8.0, 8.0), ink, 1.0);
        assert!(frame.luma()[8 * 16 + 8] > 190);
        assert_eq!(frame.luma()[0], 0);
    }
}
