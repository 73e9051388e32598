//! Pure shapes: what is drawn when nothing is named.

use super::finish::Role;
use super::stage::{Stage, Sway};
use crate::lexicon::Style;
use crate::paint::num::{pow, sin, unit};
use crate::paint::{Area, Block, Canvas, Disc, Fit, Rgb, hex, lattice, path};

pub fn shapes(stage: &mut Stage<'_>) {
    let pick = lattice(7, 7, stage.spec.seed as u32);
    if stage.look.style == Style::Poster {
        tiles(stage);
    } else if pick < 0.5 || stage.look.style == Style::Ink {
        folds(stage);
    } else {
        discs(stage);
    }
    if !stage.spec.cast.is_empty() {
        let spots = super::land::spots(stage, stage.h * 0.92);
        stage.play(&spots);
    }
}

fn colours(stage: &Stage<'_>) -> [Rgb; 6] {
    let p = stage.pal;
    [
        p.accent,
        p.low.mix(p.sun, 0.5),
        p.mid.mix(p.far, 0.5),
        p.near,
        p.accent.mix(p.near, 0.45),
        p.top,
    ]
}

/// A wall of geometric tiles.
fn tiles(stage: &mut Stage<'_>) {
    let colours = colours(stage);
    let (u, seed) = (stage.u, stage.seed);
    let mut canvas = stage.sheet(0.5, 0.0);
    let size = u * 0.25 * stage.zoom.sqrt();
    let (left, top) = (canvas.area.left as f32, canvas.area.top as f32);
    let (columns, rows) =
        ((canvas.w as f32 / size) as i32 + 1, (canvas.h as f32 / size) as i32 + 1);
    for row in 0..rows {
        for column in 0..columns {
            let first = (lattice(column, row, seed) * 5.99) as usize;
            let second = (first + 1 + (lattice(column, row, seed + 1) * 4.9) as usize) % 6;
            let kind = (lattice(column, row, seed + 2) * 6.0) as i32;
            let at = (left + column as f32 * size, top + row as f32 * size);
            tile(&mut canvas, at, size, (colours[first], colours[second], kind));
        }
    }
    stage.push(canvas, 0.5, Role::Sky);
}

fn tile(canvas: &mut Canvas, (x, y): (f32, f32), g: f32, (ground, figure, kind): (Rgb, Rgb, i32)) {
    canvas.block(Block { left: x, top: y, right: x + g, bottom: y + g }, ground, 1.0);
    let disc =
        |dx: f32, dy: f32, r: f32| Disc { x: x + dx * g, y: y + dy * g, r: r * g, soft: 0.0 };
    let corner = |data: &str| path(data);
    let fit = Fit { x, y, sx: g / 100.0, sy: g / 100.0 };
    match kind {
        0 => canvas.disc(disc(0.5, 0.5, 0.36), |_, _| figure, 1.0),
        1 => canvas.fill(&corner("M0 0 L100 0 Q100 100 0 100 Z"), fit, |_, _| figure, 1.0),
        2 => canvas.fill(&corner("M0 100 L100 100 L100 0 Z"), fit, |_, _| figure, 1.0),
        3 => {
            for i in 0..4 {
                let top = y + g * (i as f32 * 0.25 + 0.06);
                canvas.block(
                    Block { left: x, top, right: x + g, bottom: top + g * 0.11 },
                    figure,
                    1.0,
                );
            }
        }
        4 => {
            canvas.fill(&corner("M100 0 L100 100 Q0 100 100 0 Z"), fit, |_, _| figure, 1.0);
            canvas.disc(disc(0.3, 0.3, 0.16), |_, _| figure, 1.0);
        }
        _ => {
            for i in (0..3).rev() {
                let c = if i % 2 == 0 { figure } else { ground };
                canvas.disc(disc(0.5, 0.5, 0.16 + 0.15 * i as f32), |_, _| c, 1.0);
            }
        }
    }
}

/// Waves of cloth, one in front of the other.
fn folds(stage: &mut Stage<'_>) {
    let (u, h, p, seed, zoom) = (stage.u, stage.h, stage.pal, stage.seed, stage.zoom);
    for i in 0..6 {
        let t = i as f32 / 5.0;
        let depth = 0.15 + 0.7 * t;
        let mut canvas = stage.sheet(depth, u * 0.02);
        let c = p.low.mix(p.mid, t).mix(p.near, pow(t, 1.6));
        let phase = lattice(i, 3, seed) * 6.0;
        let line = |x: f32| {
            let q = x / u / zoom;
            h * (0.26 + 0.14 * i as f32)
                + u * (0.10 * sin(q * 2.2 + i as f32 * 1.3 + phase)
                    + 0.05 * sin(q * 4.7 + i as f32))
        };
        canvas.land(line, |_, _, d| {
            c.mix(p.accent, 0.5 * unit(1.0 - d / (u * 0.10))).mix(c.scale(0.8), unit(d / (u * 0.4)))
        });
        let rate = 0.18 * stage.spec.pace;
        stage.push(canvas, depth, Role::Ground).sway =
            Sway { x: 0.0, y: u * 0.018, rate, phase: i as f32 };
    }
}

/// Discs of falling size, lit from above.
fn discs(stage: &mut Stage<'_>) {
    let colours = colours(stage);
    let (u, p, h, side) = (stage.u, stage.pal, stage.h, stage.side);
    for i in 0..7 {
        let t = i as f32 / 6.0;
        let r = u * (0.62 - 0.085 * i as f32) * stage.zoom.sqrt();
        let (x, y) = (stage.sun.x + u * 0.03 * i as f32 * side, h * 0.5);
        let room = r * 1.2;
        let mut canvas = Canvas::new(Area::around(x - room, y - room, x + room, y + room));
        let c = colours[(i + (stage.seed % 6) as usize) % 6];
        canvas.disc(
            Disc { x: x + u * 0.01, y: y + u * 0.02, r, soft: u * 0.05 },
            |_, _| hex(0x000000),
            0.28,
        );
        canvas.disc(
            Disc { x, y, r, soft: 0.0 },
            |a, b| c.mix(c.mix(p.sun, 0.5), unit(0.4 - a * 0.3 - b * 0.4)),
            1.0,
        );
        let (sway, rate) = (u * 0.012 * t, 0.22 * stage.spec.pace);
        stage.push(canvas, 0.15 + 0.9 * t, Role::Cast).sway =
            Sway { x: sway, y: sway, rate, phase: i as f32 * 0.7 };
    }
}
