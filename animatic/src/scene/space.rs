//! Space: nebula, a ringed planet, rocks; the ground of a moon for who stands.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::ridge::{Ridge, Snow};
use super::sky;
use super::stage::{Stage, Sway};
use crate::lexicon::Style;
use crate::paint::num::{TAU, cos, pow, sin, unit};
use crate::paint::{Canvas, Disc, Field, Fit, fbm, hex, lattice, polygon};

pub fn space(stage: &mut Stage<'_>) {
    nebula(stage);
    sky::stars(stage, 40.0);
    planet(stage);
    let h = stage.h;
    let stands = !stage.spec.cast.is_empty() && !stage.airborne(false);
    let spots = Spots {
        ground: Spot { across: 0.19, y: h * 0.90, scale: 1.12, depth: 0.72 },
        water: None,
        air: Spot { across: 0.17, y: h * 0.50, scale: 1.15, depth: 0.6 },
    };
    if stands {
        moon_ground(stage);
        stage.play(&spots);
    } else {
        stage.play(&spots);
        rocks(stage);
    }
}

fn nebula(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(sky::DEPTH, 0.0);
    let (u, p, seed, area) = (stage.u, stage.pal, stage.seed, canvas.area);
    let gas = Field::new(area, 4, |x, y| {
        let warp = fbm(x / u * 2.0, y / u * 2.0, seed, 2);
        fbm(x / u * 1.5 + warp, y / u * 1.5, seed + 31, 4)
    });
    let ink = stage.look.style == Style::Ink;
    canvas.shade(area, |x, y| {
        let v = gas.at(x, y);
        if ink {
            return (p.low.mix(p.near, 0.25 + 0.5 * v), 1.0);
        }
        let c = p.top.mix(p.mid, v).plus(p.far, unit(v - 0.45) * 2.2);
        (c.plus(p.accent, unit(v - 0.62) * 1.6).clamped(), 1.0)
    });
    for i in 0..200 {
        let x = area.left as f32 + lattice(i, 1, seed) * canvas.w as f32;
        let y = area.top as f32 + lattice(i, 2, seed) * canvas.h as f32;
        let q = lattice(i, 3, seed);
        let star = Disc { x, y, r: u * (0.0008 + 0.002 * q * q * q), soft: 0.6 };
        canvas.disc(star, |_, _| hex(0xfff7ea), 0.25 + 0.7 * q);
    }
    stage.push(canvas, sky::DEPTH, Role::Sky);
}

fn planet(stage: &mut Stage<'_>) {
    let (u, p, seed, side) = (stage.u, stage.pal, stage.seed, stage.side);
    let r = u * [0.24, 0.32, 0.44, 0.27][stage.slot.shot % 4] * stage.look.sun.sqrt();
    let (x, y) = (stage.sun.x, stage.h * 0.36);
    let mut canvas = stage.sheet(0.14, 0.0);
    canvas.disc(Disc { x, y, r: r * 1.16, soft: r * 0.3 }, |_, _| p.accent, 0.16);
    ring(&mut canvas, stage, (x, y, r), false);
    let light = 0.55 * side;
    canvas.disc(
        Disc { x, y, r, soft: 0.0 },
        |a, b| {
            let z = (1.0 - a * a - b * b).max(0.0).sqrt();
            let lit = unit(a * light - b * 0.45 + z * 0.7 + 0.08);
            let swirl = fbm(a * 2.0, b * 3.0, seed, 2) * 1.6;
            let band = fbm(a * 1.2 + 3.0, b * 5.0 + swirl, seed + 5, 4);
            let c =
                p.far.mix(p.accent, unit(band * 1.6 - 0.35)).mix(p.sun, unit(band - 0.55) * 2.0);
            c.scale(lit * 1.15 + 0.03)
                .plus(p.accent, 0.35 * pow(1.0 - z, 3.0) * unit(lit + 0.25))
                .clamped()
        },
        1.0,
    );
    ring(&mut canvas, stage, (x, y, r), true);
    let rate = 0.05;
    stage.push(canvas, 0.14, Role::Cast).sway =
        Sway { x: u * 0.004, y: u * 0.004, rate, phase: 0.0 };
}

/// Half of the rings: behind the planet or in front of it.
fn ring(canvas: &mut Canvas, stage: &Stage<'_>, (x, y, r): (f32, f32, f32), front: bool) {
    let (p, seed, side) = (stage.pal, stage.seed, stage.side);
    let c = p.sun.mix(p.accent, 0.35);
    let area = crate::paint::Area::around(x - r * 2.1, y - r, x + r * 2.1, y + r);
    canvas.shade(area, |px, py| {
        let (dx, dy) = ((px - x) / r, (py - y) / r);
        let tilted = (dy - dx * 0.22 * side) / 0.26;
        let d = (dx * dx + tilted * tilted).sqrt();
        if !(1.28..1.95).contains(&d) || (tilted > 0.0) != front {
            return (c, 0.0);
        }
        let bands = fbm(d * 22.0, 3.0, seed, 2);
        (c, unit(bands * 1.5 - 0.25) * 0.75 * unit((1.95 - d) * 12.0) * unit((d - 1.28) * 20.0))
    });
}

fn moon_ground(stage: &mut Stage<'_>) {
    let (u, h) = (stage.u, stage.h);
    for i in 0..2u32 {
        let t = i as f32;
        let mut canvas = stage.lower_sheet(0.4 + 0.3 * t, h * 0.5, 0.0);
        let c = stage.pal.far.mix(stage.pal.near, 0.45 + 0.25 * t).mix(hex(0x8d8f9c), 0.35);
        let ridge = Ridge {
            base: h * (0.80 + 0.08 * t),
            height: u * (0.14 - 0.03 * t),
            scale: 1.1,
            seed: stage.seed + 99 + i,
            octaves: 4,
            crags: 0.7 - 0.4 * t,
            top: c,
            foot: c.scale(0.5),
            span: u * 0.26,
            snow: Snow::None,
        };
        ridge.draw(stage, &mut canvas);
        for j in 0..6 {
            let x = stage.w * lattice(j, 71, stage.seed + i);
            let y = ridge.line(stage, x) + u * (0.05 + 0.10 * lattice(j, 72, stage.seed + i));
            let r = u * (0.02 + 0.04 * lattice(j, 73, stage.seed + i));
            let hole = crate::paint::oval(0.0, 0.0, r, r * 0.3);
            canvas.fill(
                &hole,
                Fit::at(x, y),
                |_, dy| c.scale(if dy < 0.0 { 0.45 } else { 0.72 }),
                0.9,
            );
        }
        stage.push(canvas, 0.4 + 0.3 * t, Role::Ground);
    }
}

fn rocks(stage: &mut Stage<'_>) {
    let (u, h, p, seed, side) = (stage.u, stage.h, stage.pal, stage.seed + 5, stage.side);
    let mut canvas = stage.sheet(0.9, u * 0.05);
    for j in 0..9 {
        let x = canvas.area.left as f32 + lattice(j, 1, seed) * canvas.w as f32;
        let y = h * (0.66 + 0.36 * lattice(j, 2, seed));
        let r = u * (0.02 + 0.09 * lattice(j, 3, seed) * lattice(j, 4, seed));
        let points: Vec<(f32, f32)> = (0..9)
            .map(|k| {
                let a = TAU * k as f32 / 9.0;
                let m = r * (0.75 + 0.4 * lattice(k, j, seed));
                (cos(a) * m, sin(a) * m)
            })
            .collect();
        canvas.fill(
            &polygon(&points),
            Fit::at(x, y),
            |a, b| p.near.mix(p.far, unit((a * side - b) / r * 0.6 + 0.1)),
            1.0,
        );
    }
    let drift = -side * u * 0.02 * stage.spec.pace;
    let placed = stage.push(canvas, 0.9, Role::Ground);
    placed.drift = (drift, 0.0);
    placed.sway = Sway { x: 0.0, y: u * 0.004, rate: 0.1, phase: 0.0 };
}
