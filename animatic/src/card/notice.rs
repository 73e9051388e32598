//! The notice that a video was generated, for videos that were made elsewhere.

use super::layout;
use crate::paint::{Canvas, WHITE, hex};
use crate::text::write::{Align, Hand, lines, width};
use crate::text::{Fonts, Pen};

/// A picture to be laid over every frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Pixels; even.
    pub width: u32,
    /// Pixels; even.
    pub height: u32,
    /// Distance from the upper and right edge of the frame, pixels; even.
    pub margin: u32,
    /// Rows from the top, four bytes a pixel: red, green, blue, alpha; not premultiplied.
    pub rgba: Vec<u8>,
}

impl Notice {
    /// A line of white text on a dark plate, for frames whose shorter side has so many pixels.
    /// Characters the fonts lack are left out.
    #[must_use]
    pub fn draw(text: &str, short_side: u32, fonts: &Fonts) -> Self {
        let side = short_side as f32;
        let px = small_px(side);
        let mut pen = Pen::new(fonts);
        let hand =
            Hand { px, leading: 1.2, tracking: 0.05, ink: WHITE, halo: None, align: Align::Left };
        let text = crate::text::clean(text, fonts);
        let wide = width(&pen, &text, px, hand.tracking);
        let written = lines(&mut pen, &[text], &hand, (0.0, 0.0));
        let canvas = on_plate(&written, (0.0, 0.0, wide), px);
        Self {
            width: canvas.w as u32,
            height: canvas.h as u32,
            margin: (side * 0.03) as u32 & !1,
            rgba: canvas.px.iter().flat_map(straight).collect(),
        }
    }
}

/// Size of small text in a frame whose shorter side is `side`.
pub fn small_px(side: f32) -> f32 {
    (side * 0.036).max(12.0)
}

/// Written text on a dark plate; where the text begins, and how wide it is.
pub fn on_plate(written: &Canvas, (left, top, wide): (f32, f32, f32), px: f32) -> Canvas {
    let around = (left - px * 0.5, top - px * 0.24, left + wide + px * 0.4, top + px * 1.28);
    let plate = layout::plate(around, px * 0.4);
    let mut canvas = Canvas::new(plate.area);
    canvas.fill(&plate.shape, crate::paint::Fit::FRAME, |_, _| hex(0x000005), 0.34);
    layout::stamp(&mut canvas, written);
    canvas
}

fn straight(px: &[f32; 4]) -> [u8; 4] {
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let part = |value: f32| if px[3] > 0.0 { byte(value / px[3]) } else { 0 };
    [part(px[0]), part(px[1]), part(px[2]), byte(px[3])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_text_on_a_plate() {
        let fonts =
            Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
        let notice = Notice::draw("AI 生成 · Reelmill", 720, &fonts);
        let (w, h) = (notice.width as usize, notice.height as usize);
        assert_eq!(notice.rgba.len(), w * h * 4);
        assert!(w % 2 == 0 && h % 2 == 0 && (150..400).contains(&w), "{w} × {h}");
        let pixels = || notice.rgba.chunks_exact(4);
        let white = pixels().filter(|px| px[0] > 200 && px[3] > 200).count();
        let dark = pixels().filter(|px| px[0] < 40 && (60..120).contains(&px[3])).count();
        assert!(white > 300 && dark > white, "{white} white, {dark} dark");
        assert_eq!(notice, Notice::draw("AI 生成 · Reelmill", 720, &fonts));
        let other = Notice::draw("AI 生成 · Reelmil", 720, &fonts);
        assert!(other.width < notice.width);
    }
}
