//! One frame: three planes, 4:2:0, BT.709 limited range.

use super::kernel;
use crate::paint::from_ycc;

/// The bytes that go to the encoder: Y, then Cb, then Cr.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub(crate) w: usize,
    pub(crate) h: usize,
    pub(crate) bytes: Vec<u8>,
}

impl Frame {
    pub(crate) fn new(w: usize, h: usize) -> Self {
        Self { w, h, bytes: vec![0; w * h * 3 / 2] }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.w, self.h)
    }

    /// All three planes in a row, as `yuv420p`.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The luma plane.
    pub fn luma(&self) -> &[u8] {
        &self.bytes[..self.w * self.h]
    }

    /// 8-bit RGB, three bytes a pixel, row by row.
    pub fn rgb(&self) -> Vec<u8> {
        let (luma, chroma) = self.bytes.split_at(self.w * self.h);
        let (cb, cr) = chroma.split_at(chroma.len() / 2);
        let mut out = Vec::with_capacity(self.w * self.h * 3);
        for y in 0..self.h {
            for x in 0..self.w {
                let c = (y / 2) * (self.w / 2) + x / 2;
                let rgb = from_ycc([luma[y * self.w + x], cb[c], cr[c]]);
                out.extend([rgb.r, rgb.g, rgb.b].map(|v| (v * 255.0 + 0.5) as u8));
            }
        }
        out
    }

    pub(crate) fn planes(&mut self) -> (&mut [u8], &mut [u8], &mut [u8]) {
        let (luma, chroma) = self.bytes.split_at_mut(self.w * self.h);
        let half = chroma.len() / 2;
        let (cb, cr) = chroma.split_at_mut(half);
        (luma, cb, cr)
    }

    /// Moves this frame towards another one; 256 is all of it.
    pub(crate) fn dissolve(&mut self, other: &Self, part: u16) {
        let own = self.bytes.clone();
        kernel::mix(&mut self.bytes, &own, &other.bytes, part);
    }

    /// Moves this frame towards black; 256 keeps it.
    pub(crate) fn darken(&mut self, keep: u16) {
        let (luma, cb, cr) = self.planes();
        kernel::dim(luma, keep, 16);
        kernel::dim(cb, keep, 128);
        kernel::dim(cr, keep, 128);
    }

    /// Makes all luma a little darker.
    pub(crate) fn dim(&mut self, keep: u16) {
        let n = self.w * self.h;
        kernel::dim(&mut self.bytes[..n], keep, 16);
    }

    /// A light vertical line, two pixels wide.
    pub(crate) fn scratch(&mut self, x: usize, rows: usize, light: u8) {
        for y in 0..rows.min(self.h) {
            for v in &mut self.bytes[y * self.w + x..][..2] {
                *v = v.saturating_add(light).min(235);
            }
        }
    }

    /// A dark speck.
    pub(crate) fn speck(&mut self, x: usize, y: usize, size: usize) {
        for row in y..(y + size).min(self.h) {
            let end = (x + size).min(self.w);
            self.bytes[row * self.w + x..row * self.w + end].fill(30);
        }
    }

    /// Squares of one colour, `cell` pixels wide.
    pub(crate) fn blocks(&mut self, cell: usize) {
        let (w, h) = (self.w, self.h);
        let (luma, cb, cr) = self.planes();
        flatten(luma, (w, h), cell);
        flatten(cb, (w / 2, h / 2), (cell / 2).max(1));
        flatten(cr, (w / 2, h / 2), (cell / 2).max(1));
    }

    /// Fills a rectangle of even pixels.
    pub(crate) fn bar(
        &mut self,
        left: usize,
        top: usize,
        right: usize,
        bottom: usize,
        ycc: [u8; 3],
    ) {
        let (w, half) = (self.w, self.w / 2);
        let (luma, cb, cr) = self.planes();
        for y in top..bottom {
            luma[y * w + left..y * w + right].fill(ycc[0]);
        }
        for y in top / 2..bottom / 2 {
            cb[y * half + left / 2..y * half + right / 2].fill(ycc[1]);
            cr[y * half + left / 2..y * half + right / 2].fill(ycc[2]);
        }
    }

    /// Enlarges the picture around a point (0..1 of the size) by `zoom` ≥ 1, in place.
    pub(crate) fn zoom(&mut self, zoom: f32, at: (f32, f32), spare: &mut Vec<u8>) {
        spare.clear();
        spare.extend_from_slice(&self.bytes);
        let (w, h) = (self.w, self.h);
        let (luma, cb, cr) = self.planes();
        let (from, chroma) = spare.split_at(w * h);
        let (from_cb, from_cr) = chroma.split_at(chroma.len() / 2);
        enlarge(luma, from, (w, h), zoom, at);
        enlarge(cb, from_cb, (w / 2, h / 2), zoom, at);
        enlarge(cr, from_cr, (w / 2, h / 2), zoom, at);
    }
}

/// Every cell takes the value in its middle.
fn flatten(plane: &mut [u8], (w, h): (usize, usize), cell: usize) {
    for y in (0..h).step_by(cell) {
        let from = (y + cell / 2).min(h - 1) * w;
        let line: Vec<u8> =
            (0..w).map(|x| plane[from + (x / cell * cell + cell / 2).min(w - 1)]).collect();
        for row in y..(y + cell).min(h) {
            plane[row * w..(row + 1) * w].copy_from_slice(&line);
        }
    }
}

fn enlarge(to: &mut [u8], from: &[u8], size: (usize, usize), zoom: f32, at: (f32, f32)) {
    let (w, h) = size;
    let columns = taps(w, zoom, at.0);
    let mut line = vec![0; w];
    for (row, (first, part)) in taps(h, zoom, at.1).into_iter().enumerate() {
        let (a, b) = (first * w, (first + 1) * w);
        kernel::mix(&mut line, &from[a..a + w], &from[b..b + w], part);
        for (v, (first, part)) in to[row * w..][..w].iter_mut().zip(&columns) {
            let pair = u16::from(line[*first]) * (256 - part) + u16::from(line[first + 1]) * part;
            *v = (pair >> 8) as u8;
        }
    }
}

/// For each output position the first of two input positions and the share of the second.
fn taps(n: usize, zoom: f32, at: f32) -> Vec<(usize, u16)> {
    let centre = at * n as f32;
    (0..n)
        .map(|i| {
            let x = (centre + (i as f32 + 0.5 - centre) / zoom - 0.5).clamp(0.0, n as f32 - 1.01);
            let first = (x as usize).min(n - 2);
            (first, ((x - first as f32) * 256.0) as u16)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zoom_of_one_changes_nothing_and_two_doubles() {
        let mut frame = Frame::new(8, 8);
        for (i, v) in frame.bytes.iter_mut().enumerate() {
            *v = i as u8;
        }
        let before = frame.clone();
        frame.zoom(1.0, (0.5, 0.5), &mut Vec::new());
        // The last row and column read between two pixels, a hundredth of the way.
        assert!(frame.bytes.iter().zip(&before.bytes).all(|(a, b)| a.abs_diff(*b) <= 1));
        let mut frame = Frame::new(8, 8);
        frame.bar(4, 4, 8, 8, [200, 90, 160]);
        frame.zoom(2.0, (1.0, 1.0), &mut Vec::new());
        assert!(frame.luma().iter().filter(|v| **v == 200).count() >= 49);
    }

    #[test]
    fn darkness_is_black() {
        let mut frame = Frame::new(4, 4);
        frame.bar(0, 0, 4, 4, [200, 90, 160]);
        frame.darken(0);
        assert_eq!(frame.rgb(), vec![0; 48]);
    }
}
