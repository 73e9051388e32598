//! The forest, and the sky above the clouds.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::growth;
use super::land::{mist, spots};
use super::ridge::{Ridge, Snow};
use super::stage::{Stage, Sway};
use super::water::shafts;
use crate::lexicon::Style;
use crate::paint::num::{pow, smooth, unit};
use crate::paint::{Canvas, Fit, Rgb, WHITE, fbm, lattice, polygon};

pub fn forest(stage: &mut Stage<'_>) {
    let (h, u) = (stage.h, stage.u);
    let air = stage.airborne(false);
    for i in 0..4u32 {
        let t = i as f32 / 3.0;
        let depth = 0.15 + 0.75 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        let ground = stage.horizon + h * (0.02 + 0.24 * t);
        let light = stage.haze().mix(stage.pal.sun, 0.25);
        let c =
            stage.pal.far.mix(light, 0.80 * (1.0 - t)).mix(stage.pal.near.scale(0.9), pow(t, 0.85));
        trees(stage, &mut canvas, (i, t), ground, c);
        floor(stage, &mut canvas, i, ground, c);
        if i == 3 {
            growth::blades(stage, &mut canvas, h * 0.99);
        }
        stage.push(canvas, depth, Role::Ground);
        if i == 1 && !matches!(stage.look.style, Style::Watercolor | Style::Ink | Style::Minimal) {
            let from = (stage.sun.x, stage.sun.y - u * 0.5);
            shafts(stage, 0.08, from, 0.55);
        }
        mist(stage, ground - u * 0.05, depth);
        if (i == 1 && air) || (i == 2 && !air) {
            let mut spots = spots(stage, ground + u * 0.03);
            spots.ground =
                Spot { across: 0.17, y: ground + u * 0.035, scale: 1.0, depth: depth + 0.05 };
            spots.air.y = h * 0.42;
            stage.play(&spots);
        }
    }
}

fn trees(stage: &Stage<'_>, canvas: &mut Canvas, (i, t): (u32, f32), ground: f32, c: Rgb) {
    let (u, w, seed) = (stage.u, stage.w, stage.seed);
    let haze = stage.haze();
    let count = ([17.0, 13.0, 8.0, 3.2][i as usize] * (w / u) / stage.zoom.sqrt()) as i32 + 1;
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    // The subject's place stays open in the nearest row.
    let open = stage.across(0.17);
    for j in 0..count {
        let x = left - u * 0.1
            + (j as f32 + lattice(j, 1, seed + i)) / count as f32 * (width + u * 0.2);
        let height = u * (0.26 + 0.30 * lattice(j, 2, seed + i) + 0.34 * t) * stage.zoom.sqrt();
        let kind = lattice(j, 4, seed);
        if t < 0.6 || (t < 0.9 && kind < 0.75) {
            let foot = (x, ground + u * 0.03 * lattice(j, 3, seed));
            growth::pine(canvas, foot, height * (0.75 + 0.2 * t), j as u32 + seed + i, |y| {
                c.mix(haze, unit(y / 130.0 - 0.12) * 0.62 * (1.0 - t * 0.8))
            });
        } else if t < 0.9 || (x - open).abs() > u * 0.22 {
            trunk(stage, canvas, (x, ground), u * (0.012 + 0.05 * t) * (0.7 + 0.6 * kind), (c, j));
        }
    }
}

fn trunk(
    stage: &Stage<'_>,
    canvas: &mut Canvas,
    (x, ground): (f32, f32),
    width: f32,
    (c, j): (Rgb, i32),
) {
    let (u, p, side) = (stage.u, stage.pal, stage.side);
    let lean = (lattice(j, 9, stage.seed) - 0.5) * u * 0.08;
    let top = canvas.area.top as f32;
    let shape = polygon(&[
        (x - width * 0.5 + lean, top),
        (x + width * 0.4 + lean, top),
        (x + width * 0.85, ground + u * 0.1),
        (x - width * 0.85, ground + u * 0.1),
    ]);
    canvas.fill(
        &shape,
        Fit::FRAME,
        |px, py| {
            let inside = if side > 0.0 { px - (x - width * 0.6) } else { (x + width * 0.6) - px };
            let bark = fbm(px / u * 26.0, py / u * 5.0, stage.seed + 40, 2) - 0.5;
            c.scale(1.0 + 0.24 * bark).mix(p.sun, unit(1.0 - inside / (width * 0.4)) * 0.22)
        },
        1.0,
    );
}

fn floor(stage: &Stage<'_>, canvas: &mut Canvas, i: u32, ground: f32, c: Rgb) {
    let u = stage.u;
    let t = i as f32 / 3.0;
    let haze = stage.haze();
    let below = if t < 0.9 { haze } else { stage.pal.near.scale(0.4) };
    Ridge {
        base: ground,
        height: u * 0.05,
        scale: 1.5,
        seed: stage.seed + i * 31,
        octaves: 3,
        crags: 0.0,
        top: c.mix(haze, 0.12 * (1.0 - t)),
        foot: c.mix(below, 0.5),
        span: u * 0.25,
        snow: if stage.spec.snowy { Snow::Thin } else { Snow::None },
    }
    .draw(stage, canvas);
}

pub fn clouds(stage: &mut Stage<'_>) {
    let (h, u) = (stage.h, stage.u);
    let middle = Spots {
        ground: Spot { across: 0.19, y: h * 0.78, scale: 1.0, depth: 0.6 },
        water: None,
        air: Spot { across: 0.17, y: h * 0.40, scale: 1.1, depth: 0.45 },
    };
    for i in 0..5u32 {
        let t = i as f32 / 4.0;
        let depth = 0.12 + 0.75 * t;
        bank(stage, i, t, depth);
        let air = stage.airborne(false);
        if (i == 1 && air) || (i == 3 && !air) {
            stage.play(&middle);
        }
    }
    if stage.spec.cast.is_empty() {
        let at = crate::subject::Standing {
            x: stage.across(0.16),
            y: h * 0.38,
            size: u * 0.2,
            facing: 1.0,
        };
        stage.flock(at, 0.4);
    }
}

/// A bank of cloud with a lit, billowing upper edge.
fn bank(stage: &mut Stage<'_>, i: u32, t: f32, depth: f32) {
    let (u, h, p, seed, side) = (stage.u, stage.h, stage.pal, stage.seed + i * 17, stage.side);
    let drift = u * (0.006 + 0.022 * t) * side * stage.spec.pace;
    let more = (drift.abs() * stage.slot.seconds).ceil() + 4.0;
    let mut canvas = stage.sheet(depth, more);
    let level = stage.horizon + h * (t * 0.30 - 0.06);
    let size = u * (0.07 + 0.09 * t) * stage.zoom.sqrt();
    let line = |x: f32| {
        let q = x / size;
        let billow = |rate: f32, salt: i32| {
            let v = q * rate + 30.0;
            let cell = v.floor();
            let place = v - cell - 0.5 + 0.3 * (lattice(cell as i32, salt + 1, seed) - 0.5);
            let round = (0.25 - place * place).max(0.0).sqrt();
            round * (0.5 + 0.9 * lattice(cell as i32, salt, seed)) / rate
        };
        let round = billow(0.85, 3).max(billow(0.5, 5) * 0.8).max(billow(1.4, 7));
        level - size * (round * 0.8 + 1.9 * (fbm(q * 0.16 + 9.0, 1.0, seed, 3) - 0.4))
    };
    let dark = p.mid.mix(p.far, 0.5).mix(p.near, 0.30 * t);
    let light = p.low.mix(WHITE, if p.night { 0.06 } else { 0.42 }).mix(p.sun, 0.22);
    let ink = stage.look.style == Style::Ink;
    let (dark, light) = if ink { (p.low.scale(0.88), p.low) } else { (dark, light) };
    canvas.land(line, |x, y, depth| {
        let puff = fbm(x / size * 0.55, y / size * 0.75, seed + 5, 3) - 0.5;
        let k = smooth(0.0, 1.0, unit(depth / (size * 2.6) + puff * 0.55));
        let rim = unit(1.0 - depth / (u * 0.012)) * 0.4;
        light.mix(dark, k).mix(p.sun, rim)
    });
    let placed = stage.push(canvas, depth, Role::Ground);
    placed.drift = (drift, 0.0);
    placed.sway = Sway { x: 0.0, y: u * 0.003, rate: 0.12, phase: i as f32 };
}
