//! Chips: small rounded plates with the values of the variables, or with the words that were
//! understood when there are no variables.

use super::layout::{plate, stamp};
use super::{Caption, Writer};
use crate::paint::{Canvas, Fit, Rgb, WHITE, hex};
use crate::text::clean;
use crate::text::write::{Align, Hand, lines, width};

/// Chips shown on one card.
const SHOWN_MAX: usize = 6;

/// One row of chips.
pub struct Row {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    /// Around the middle of `left` and `right` instead of from the left.
    pub centred: bool,
    pub px: f32,
}

impl Row {
    pub fn height(px: f32) -> f32 {
        (px * 1.72).ceil()
    }
}

/// The texts of the chips.
pub fn texts(writer: &Writer<'_>) -> Vec<String> {
    let fonts = writer.pen.fonts();
    let values = writer.request.values.iter().map(|(name, value)| {
        let (name, value) = (clean(name, fonts), clean(value, fonts));
        if name.is_empty() { value } else { format!("{name} · {value}") }
    });
    let mut shown: Vec<String> = values.filter(|text| !text.is_empty()).collect();
    if shown.is_empty() {
        shown = writer.words.iter().take(4).cloned().collect();
    }
    shown.truncate(SHOWN_MAX);
    shown
}

/// Draws the chips that fit, each a little later than the one before.
pub fn draw(writer: &mut Writer<'_>, row: &Row, times: [f32; 4]) -> Vec<Caption> {
    let px = row.px;
    let room = row.right - row.left;
    let pad = px * 0.62;
    let mut chips: Vec<(String, f32)> = Vec::new();
    let mut total = 0.0;
    for text in texts(writer) {
        let text = shortened(writer, text, px, room - 2.0 * pad);
        let wide = width(&writer.pen, &text, px, 0.02) + 2.0 * pad;
        if total + wide > room {
            break;
        }
        total += wide + px * 0.5;
        chips.push((text, wide));
    }
    let mut x = row.left + if row.centred { (room - total + px * 0.5) * 0.5 } else { 0.0 };
    let mut out = Vec::new();
    for (i, (text, wide)) in chips.into_iter().enumerate() {
        let canvas = chip(writer, &text, (x.round(), row.top.round(), wide, px));
        let later = 0.06 * i as f32;
        let times = [times[0] + later, times[1] + later, times[2], times[3]];
        out.push(writer.caption(canvas, times, true, true));
        x += wide + px * 0.5;
    }
    out
}

fn chip(writer: &mut Writer<'_>, text: &str, (x, y, wide, px): (f32, f32, f32, f32)) -> Canvas {
    let height = Row::height(px);
    let plate = plate((x, y, x + wide, y + height), height * 0.5);
    let mut canvas = Canvas::new(plate.area);
    let accent = writer.accent();
    let (ground, alpha, ink): (Rgb, f32, Rgb) = if writer.light() {
        let ink = if accent.luma() > 0.6 { hex(0x1c1820) } else { WHITE };
        (accent, 0.92, ink)
    } else {
        (WHITE, 0.22, WHITE)
    };
    if !writer.light() {
        canvas.fill(&plate.shape, Fit::FRAME, |_, _| hex(0x000000), 0.28);
    }
    canvas.fill(&plate.shape, Fit::FRAME, |_, _| ground, alpha);
    let hand = Hand { px, leading: 1.0, tracking: 0.02, ink, halo: None, align: Align::Left };
    let top = y + height * 0.5 - px * 0.53;
    let written = lines(&mut writer.pen, &[text.to_owned()], &hand, (x + px * 0.62, top));
    stamp(&mut canvas, &written);
    canvas
}

/// Cut with an ellipsis where one chip alone is too wide.
fn shortened(writer: &Writer<'_>, text: String, px: f32, room: f32) -> String {
    if width(&writer.pen, &text, px, 0.02) <= room {
        return text;
    }
    let mut kept = text;
    while !kept.is_empty() && width(&writer.pen, &format!("{kept}…"), px, 0.02) > room {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}
