//! A street between towers, its lights mirrored in the road.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::land::mist;
use super::stage::Stage;
use super::water;
use crate::lexicon::Style;
use crate::paint::num::{smooth, unit};
use crate::paint::{Block, Canvas, Rgb, Rng, WHITE, hex, lattice, noise};
use crate::subject::{Habit, figure_of};

/// One tower.
struct Tower {
    left: f32,
    right: f32,
    top: f32,
    foot: f32,
    body: Rgb,
    number: i32,
}

pub fn city(stage: &mut Stage<'_>) {
    let (h, u, road) = (stage.h, stage.u, stage.horizon);
    let air = stage.airborne(false);
    let mut lights = Vec::new();
    for row in 0..3u32 {
        let t = row as f32 / 2.0;
        let depth = 0.18 + 0.34 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        towers(stage, &mut canvas, row);
        if row == 2 {
            lights = above_road(&canvas, road, u);
        }
        stage.push(canvas, depth, Role::Ground);
        mist(stage, road - u * (0.22 - 0.1 * t), depth);
        if row == 0 && air {
            let spots = spots(stage);
            stage.play(&spots);
        }
    }
    pavement(stage, &lights);
    if stage.look.style != Style::Ink {
        let c = stage.pal.sun.mix(stage.pal.accent, 0.35);
        water::streaks(stage, road + h * 0.03, 0.55, (c, 0.30), 0.02, 5);
    }
    if !air {
        let spots = spots(stage);
        let drives =
            stage.spec.cast.first().is_some_and(|thing| figure_of(*thing).habit == Habit::Road);
        if stage.pal.night && !drives && !stage.spec.cast.is_empty() {
            street_lamp(stage, &spots.ground);
        }
        stage.play(&spots);
    }
}

fn spots(stage: &Stage<'_>) -> Spots {
    let (h, u) = (stage.h, stage.u);
    let drives =
        stage.spec.cast.first().is_some_and(|thing| figure_of(*thing).habit == Habit::Road);
    let ground = if drives {
        Spot { across: 0.20, y: h * 0.90, scale: 1.18, depth: 0.7 }
    } else {
        Spot { across: 0.20, y: h * 0.935, scale: 1.22, depth: 0.8 }
    };
    let air = Spot { across: 0.20, y: h * 0.30 + u * 0.02, scale: 1.0, depth: 0.3 };
    Spots { ground, water: None, air }
}

fn towers(stage: &Stage<'_>, canvas: &mut Canvas, row: u32) {
    let (u, zoom) = (stage.u, stage.zoom);
    let t = row as f32 / 2.0;
    let c = stage.pal.far.mix(stage.haze(), 0.35).mix(stage.pal.near, 0.15 + 0.8 * t);
    let foot = stage.horizon + stage.h * 0.02 * t;
    let mut rng = Rng::new(stage.spec.seed ^ (u64::from(row) * 77 + stage.slot.shot as u64 * 5));
    let tall = if stage.tall() { 1.35 } else { 1.0 };
    let mut x = canvas.area.left as f32 - u * 0.1;
    let mut number = 0;
    while x < canvas.area.right as f32 {
        let width = u * rng.range(0.07, 0.17) * zoom * (0.8 + 0.4 * t);
        let extra = if rng.chance(0.16) { 0.24 } else { 0.0 };
        let height = u * (rng.range(0.16, 0.46) * (1.2 - 0.3 * t) + extra) * zoom.sqrt() * tall;
        let body = c.scale(rng.range(0.9, 1.12));
        let tower = Tower { left: x, right: x + width, top: foot - height, foot, body, number };
        facade(stage, canvas, &tower, t);
        roof(stage, canvas, &tower, &mut rng);
        windows(stage, canvas, &tower, (t, rng.unit()));
        if row == 2 && stage.pal.night && rng.chance(0.5) {
            sign(stage, canvas, &tower, &mut rng);
        }
        x += width + u * rng.range(0.0, 0.02);
        number += 1;
    }
}

fn facade(stage: &Stage<'_>, canvas: &mut Canvas, tower: &Tower, t: f32) {
    let (u, p, haze) = (stage.u, stage.pal, stage.haze());
    let lit_right = stage.side < 0.0;
    let neon = stage.look.style == Style::Neon;
    let around =
        crate::paint::Area::around(tower.left, tower.top, tower.right, canvas.area.bottom as f32);
    canvas.shade(around, |x, y| {
        let down = (y - tower.top) / ((tower.foot - tower.top) * 1.3);
        let mut c = tower.body.mix(haze, unit(down) * 0.5 * (1.0 - t * 0.7));
        let inside = if lit_right { tower.right - x } else { x - tower.left };
        let edge = unit(1.0 - inside / (u * 0.018));
        c = c.mix(p.sun, edge * 0.28 * (1.0 - t * 0.4));
        if neon {
            let rim = unit(1.0 - (y - tower.top) / (u * 0.006));
            c = c.plus(p.accent, 0.55 * rim + 0.35 * edge * edge);
        }
        let cover =
            unit(tower.right - x + 0.5) * unit(x - tower.left + 0.5) * unit(y - tower.top + 0.5);
        (c, cover)
    });
}

fn roof(stage: &Stage<'_>, canvas: &mut Canvas, tower: &Tower, rng: &mut Rng) {
    let u = stage.u;
    let width = tower.right - tower.left;
    let block = |left: f32, right: f32, rise: f32| Block {
        left: tower.left + width * left,
        top: tower.top - rise,
        right: tower.left + width * right,
        bottom: tower.top,
    };
    let pick = rng.unit();
    if pick < 0.30 {
        let mast = Block {
            right: tower.left + width * 0.46 + u * 0.005,
            ..block(0.46, 0.5, u * 0.06 * stage.zoom)
        };
        canvas.block(mast, tower.body, 1.0);
        if stage.pal.night {
            let tip = Block {
                left: mast.left - u * 0.002,
                right: mast.right + u * 0.002,
                bottom: mast.top + u * 0.008,
                ..mast
            };
            canvas.block(tip, hex(0xff4a3a), 1.0);
        }
    } else if pick < 0.55 {
        canvas.block(block(0.2, 0.7, u * 0.025), tower.body, 1.0);
    } else if pick < 0.70 {
        for (i, inset) in [0.14, 0.28].into_iter().enumerate() {
            canvas.block(
                block(inset, 1.0 - inset, u * 0.03 * (i + 1) as f32),
                tower.body.scale(1.04),
                1.0,
            );
        }
    }
}

fn windows(stage: &Stage<'_>, canvas: &mut Canvas, tower: &Tower, (t, warm): (f32, f32)) {
    let (u, p, seed) = (stage.u, stage.pal, stage.seed);
    let size = u * (0.010 + 0.004 * t) * stage.zoom.sqrt();
    let (step_x, step_y) = (size * 1.9, size * 2.3);
    let share = if p.night { 0.46 } else { 0.22 };
    let (mut y, mut row) = (tower.top + step_y, 0);
    while y < tower.foot - step_y {
        let (mut x, mut column) = (tower.left + step_x * 0.6, 0);
        while x + size < tower.right - step_x * 0.3 {
            let busy = 0.6 + 0.8 * lattice(tower.number, row / 3, seed);
            if lattice(column + tower.number * 37, row, seed + (t * 2.0) as u32) < share * busy {
                let k = lattice(column, row + tower.number, seed + 9);
                let c = if stage.look.style == Style::Neon {
                    [p.accent, p.low, p.sun][(k * 2.99) as usize]
                } else if warm < 0.75 {
                    hex(0xffd17a).mix(hex(0xffedbf), k)
                } else {
                    hex(0xb3e0ff).mix(hex(0xe6f2ff), k)
                };
                let dim = if p.night { 1.0 } else { 0.7 };
                let pane = Block { left: x, top: y, right: x + size, bottom: y + size * 1.35 };
                canvas.block(pane, c, (0.35 + 0.6 * t) * (0.45 + 0.55 * k) * dim);
            }
            x += step_x;
            column += 1;
        }
        y += step_y;
        row += 1;
    }
}

/// A glowing sign with strokes that look like writing.
fn sign(stage: &Stage<'_>, canvas: &mut Canvas, tower: &Tower, rng: &mut Rng) {
    let (u, p, zoom) = (stage.u, stage.pal, stage.zoom);
    let c = [p.accent, p.low, p.accent.mix(p.sun, 0.6)][rng.below(3)];
    let (width, height) = (u * 0.022 * zoom, u * rng.range(0.09, 0.17) * zoom);
    let left = tower.left + (tower.right - tower.left) * rng.range(0.1, 0.6);
    let top = tower.foot - (tower.foot - tower.top) * rng.range(0.45, 0.8);
    let grown = |by: f32| Block {
        left: left - by,
        top: top - by,
        right: left + width + by,
        bottom: top + height + by,
    };
    for (by, alpha) in [(u * 0.03, 0.10), (u * 0.012, 0.22), (0.0, 0.9)] {
        canvas.block(grown(by), c, alpha);
    }
    for i in 0..4 {
        let y = top + height * (0.08 + 0.23 * i as f32);
        let bar = Block {
            left: left + width * 0.22,
            top: y,
            right: left + width * 0.78,
            bottom: y + height * 0.05,
        };
        let stem = Block {
            left: left + width * 0.42,
            right: left + width * 0.58,
            bottom: y + height * 0.15,
            ..bar
        };
        canvas.block(bar, WHITE, 0.9);
        canvas.block(stem, WHITE, 0.9);
    }
}

/// For each column the mean light of what stands just above the road.
fn above_road(canvas: &Canvas, road: f32, u: f32) -> Vec<Rgb> {
    let foot = (road as i32 - canvas.area.top).max(0) as usize;
    (0..canvas.w)
        .map(|x| {
            let (mut sum, mut total) = (Rgb { r: 0.0, g: 0.0, b: 0.0 }, 0.0);
            for k in (2..(u * 0.30) as usize).step_by(3) {
                let p = canvas.px[foot.saturating_sub(k).min(canvas.h - 1) * canvas.w + x];
                let c = Rgb { r: p[0], g: p[1], b: p[2] };
                let weight = 1.0 + 6.0 * c.luma() * c.luma();
                sum = sum.plus(c, weight);
                total += weight;
            }
            sum.scale(1.0 / total)
        })
        .collect()
}

/// The road; where it is wet or night, what stands above it is seen in it.
fn pavement(stage: &mut Stage<'_>, lights: &[Rgb]) {
    let (u, h, p, seed, sun) = (stage.u, stage.h, stage.pal, stage.seed, stage.sun);
    let mut canvas = stage.sheet(0.52, 0.0);
    let (first, area, haze) = (stage.horizon + h * 0.02, canvas.area, stage.haze());
    let base = p.near.mix(p.top, 0.3);
    let ink = stage.look.style == Style::Ink;
    let shine = if ink { 0.25 } else { 1.25 };
    canvas.shade(area, |x, y| {
        let below = y - first;
        if below < -1.0 {
            return (base, 0.0);
        }
        let t = unit(below / (h - stage.horizon));
        let n = noise(x / u * 3.0 / (0.15 + t), t * 60.0 / (0.3 + t), seed + 7);
        let column = x as i32 - area.left + ((n - 0.5) * u * 0.03 * (0.3 + t)) as i32;
        let light = lights[column.clamp(0, lights.len() as i32 - 1) as usize];
        let f = (x - sun.x) / u;
        let glow = 1.0 / (1.0 + f * f * 30.0);
        let dark = if ink { p.low.mix(p.far, 0.4) } else { base };
        let mut c =
            haze.mix(dark, smooth(0.0, 0.16, t)).mix(dark.scale(if ink { 0.95 } else { 0.55 }), t);
        c = c.plus(light, (1.0 - t) * (0.55 + 0.45 * n) * shine * if ink { 0.0 } else { 1.0 });
        (c.plus(p.sun, glow * 0.14 * (1.0 - t) * smooth(0.35, 0.8, n)).clamped(), unit(below + 0.5))
    });
    stage.push(canvas, 0.52, Role::Veil);
}

/// A cone of light over whoever stands there.
fn street_lamp(stage: &mut Stage<'_>, spot: &Spot) {
    let (u, p) = (stage.u, stage.pal);
    let size = u * 0.46 * stage.zoom.min(1.5);
    let (x0, top) = (stage.across(spot.across), spot.y - size * 1.25);
    let mut canvas = stage.sheet(spot.depth, 0.0);
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let down = (y - top) / (size * 1.3);
        if down < 0.0 {
            return (p.sun, 0.0);
        }
        let half = u * (0.02 + 0.24 * down.min(1.0));
        let across = ((x - x0) / half).abs();
        let fall = if down > 1.0 { unit(1.0 - (down - 1.0) * 5.0) } else { 1.0 };
        (p.sun.mix(p.low, 0.25), smooth(1.0, 0.15, across) * fall * (0.50 - 0.12 * down.min(1.0)))
    });
    stage.push(canvas, spot.depth, Role::Veil);
}
