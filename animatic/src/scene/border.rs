//! What surrounds a picture, laid over everything but the text.

use super::stage::Stage;
use crate::lexicon::Style;
use crate::paint::num::{smooth, unit};
use crate::paint::{Area, Block, Canvas, Field, Rgb, fbm, hex, lattice};
use crate::planar::Layer;
use crate::spec::Border;

/// Height of the black bars, in frame heights.
pub const BAR: f32 = 0.085;

/// The layer that frames every shot.
pub fn draw(stage: &Stage<'_>) -> Option<Layer> {
    let mut canvas = Canvas::new(Area {
        left: -2,
        top: -2,
        right: stage.slot.w as i32 + 2,
        bottom: stage.slot.h as i32 + 2,
    });
    match stage.look.frame {
        Border::None => return None,
        Border::Vignette => vignette(stage, &mut canvas, 0.36),
        Border::Letterbox => {
            vignette(stage, &mut canvas, if stage.look.style == Style::Noir { 0.66 } else { 0.42 });
            bars(stage, &mut canvas);
        }
        Border::Deckle => deckle(stage, &mut canvas),
        Border::Mat => mat(stage, &mut canvas),
        Border::Gate => gate(stage, &mut canvas),
        Border::Panel => panel(stage, &mut canvas),
    }
    Some(Layer::new(&canvas, |c| c))
}

fn vignette(stage: &Stage<'_>, canvas: &mut Canvas, strength: f32) {
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let (a, b) = ((x / stage.w - 0.5) * 2.0, (y / stage.h - 0.5) * 2.0);
        (hex(0x030005), smooth(0.35, 1.15, a * a * 0.55 + b * b * 0.45) * strength)
    });
}

fn bars(stage: &Stage<'_>, canvas: &mut Canvas) {
    // Portrait and square frames keep their height: a bar there would be a band.
    let bar = if stage.w > stage.h { stage.h * BAR } else { stage.h * 0.03 };
    let area = canvas.area;
    let (left, right) = (area.left as f32, area.right as f32);
    canvas.block(Block { left, top: area.top as f32, right, bottom: bar }, hex(0x000000), 1.0);
    canvas.block(
        Block { left, top: stage.h - bar, right, bottom: area.bottom as f32 },
        hex(0x000000),
        1.0,
    );
}

fn paper(stage: &Stage<'_>) -> Rgb {
    match stage.look.style {
        Style::Ink => hex(0xf1ece0),
        Style::Storybook => hex(0xfbf3df),
        Style::Papercut => hex(0xf6efe4),
        Style::Poster => hex(0xf7ecd5),
        Style::Minimal => hex(0xf7f5f1),
        _ => hex(0xfbf9f3),
    }
}

/// Distance to the nearest edge of the frame.
fn inset(stage: &Stage<'_>, x: f32, y: f32) -> f32 {
    x.min(stage.w - x).min(y).min(stage.h - y)
}

fn deckle(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (u, seed) = (stage.u, stage.spec.seed as u32);
    let rough = Field::new(canvas.area, 3, |x, y| fbm(x / u * 9.0, y / u * 9.0, seed, 4));
    let (width, c, area) = (u * 0.055, paper(stage), canvas.area);
    canvas.shade(area, |x, y| {
        let k = inset(stage, x, y) - width * (0.25 + 1.1 * rough.at(x, y));
        let speck = lattice(x as i32 / 2, y as i32 / 2, 3) * 0.03;
        (c.scale(1.0 - speck), 1.0 - smooth(-u * 0.006, u * 0.010, k))
    });
}

fn mat(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (u, c, area) = (stage.u, paper(stage), canvas.area);
    let width = u * if stage.look.style == Style::Minimal { 0.06 } else { 0.042 };
    let thick = stage.look.style == Style::Papercut;
    canvas.shade(area, |x, y| {
        let d = inset(stage, x, y);
        let speck = if thick { lattice(x as i32 / 2, y as i32 / 2, 3) * 0.05 } else { 0.0 };
        if thick && d > width {
            // The frame is thick paper too: it throws a shadow inwards.
            return (stage.pal.near.scale(0.3), 0.45 * unit(1.0 - (d - width) / (u * 0.03)));
        }
        (c.scale(1.0 - speck), unit(width - d + 0.5))
    });
}

/// The frame of an old projector: dark, with round corners.
fn gate(stage: &Stage<'_>, canvas: &mut Canvas) {
    vignette(stage, canvas, 0.6);
    let (u, w, h) = (stage.u, stage.w, stage.h);
    let (inner, r) = (u * 0.022, u * 0.10);
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let dx = (x - w * 0.5).abs() - (w * 0.5 - inner - r);
        let dy = (y - h * 0.5).abs() - (h * 0.5 - inner - r);
        let outside = (dx.max(0.0) * dx.max(0.0) + dy.max(0.0) * dy.max(0.0)).sqrt()
            + dx.max(dy).min(0.0)
            - r;
        (hex(0x120c08), smooth(-u * 0.006, u * 0.006, outside))
    });
}

fn panel(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (u, area) = (stage.u, canvas.area);
    let width = u * 0.034;
    canvas.shade(area, |x, y| {
        let d = inset(stage, x, y);
        let line = unit(d - width + 0.5) * unit(width + u * 0.013 - d + 0.5);
        if d < width { (hex(0xfffdf6), unit(width - d + 0.5)) } else { (hex(0x0d0b10), line) }
    });
}
