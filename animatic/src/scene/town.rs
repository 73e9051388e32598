//! An old town: tiled roofs with rising eaves, lit windows, strings of lanterns, a stone street.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::land::mist;
use super::ridge::{Ridge, Snow};
use super::stage::{Stage, Sway};
use crate::lexicon::Style;
use crate::paint::num::{sin, smooth, unit};
use crate::paint::{Block, Canvas, Disc, Fit, Rgb, Rng, hex, lattice, noise, oval, path, stroked};

pub fn town(stage: &mut Stage<'_>) {
    let (h, u) = (stage.h, stage.u);
    let air = stage.airborne(false);
    hills(stage);
    for row in 0..3u32 {
        let t = row as f32 / 2.0;
        let depth = 0.2 + 0.36 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        houses(stage, &mut canvas, row);
        stage.push(canvas, depth, Role::Ground);
        mist(stage, stage.horizon - u * (0.14 - 0.08 * t), depth);
        if row == 0 && air {
            let spots = spots(stage);
            stage.play(&spots);
        }
    }
    street(stage);
    if !air {
        let spots = spots(stage);
        stage.play(&spots);
    }
    lanterns(stage, h * 0.16);
}

fn spots(stage: &Stage<'_>) -> Spots {
    Spots {
        ground: Spot { across: 0.20, y: stage.h * 0.925, scale: 1.12, depth: 0.75 },
        water: None,
        air: Spot { across: 0.20, y: stage.h * 0.30, scale: 0.95, depth: 0.3 },
    }
}

fn hills(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(0.12, 0.0);
    let (u, haze) = (stage.u, stage.haze());
    let c = stage.pal.far.mix(haze, 0.5);
    Ridge {
        base: stage.horizon - u * 0.10,
        height: u * 0.24,
        scale: 1.2,
        seed: stage.seed + 4,
        octaves: 4,
        crags: 0.5,
        top: c,
        foot: c.mix(haze, 0.5),
        span: u * 0.3,
        snow: if stage.spec.snowy { Snow::Deep } else { Snow::None },
    }
    .draw(stage, &mut canvas);
    stage.push(canvas, 0.12, Role::Ground);
}

fn houses(stage: &Stage<'_>, canvas: &mut Canvas, row: u32) {
    let (u, p, zoom) = (stage.u, stage.pal, stage.zoom.sqrt());
    let t = row as f32 / 2.0;
    let foot = stage.horizon + stage.h * (0.01 + 0.03 * t);
    let mut rng = Rng::new(stage.spec.seed ^ (u64::from(row) * 91 + stage.slot.shot as u64 * 7));
    let wall = hex(0xe9dcc6)
        .mix(p.mid, if p.night { 0.72 } else { 0.32 })
        .mix(stage.haze(), 0.5 * (1.0 - t))
        .scale(if p.night { 0.62 } else { 0.94 });
    let roof = hex(0x3a4450).mix(p.near, 0.45).mix(stage.haze(), 0.55 * (1.0 - t));
    let ink = stage.look.style == Style::Ink;
    let (wall, roof) = if ink {
        (p.low.mix(p.far, 0.1), p.near.mix(p.far, 0.6 * (1.0 - t)))
    } else {
        (wall, roof)
    };
    let mut x = canvas.area.left as f32 - u * 0.05;
    while x < canvas.area.right as f32 {
        let width = u * rng.range(0.16, 0.30) * zoom * (0.75 + 0.4 * t);
        let height = u * rng.range(0.09, 0.17) * zoom * (1.1 - 0.1 * t);
        let storeys = if rng.chance(0.28) { 2 } else { 1 };
        let mut top = foot - height;
        house(
            stage,
            canvas,
            (x, top, x + width, canvas.area.bottom as f32),
            (wall, roof),
            &mut rng,
        );
        if storeys == 2 {
            let inset = width * 0.16;
            top -= height * 0.95;
            house(
                stage,
                canvas,
                (x + inset, top, x + width - inset, top + height * 0.62),
                (wall, roof),
                &mut rng,
            );
        }
        x += width + u * rng.range(0.015, 0.05);
    }
}

/// One storey with its roof; left, top of the wall, right, bottom.
fn house(
    stage: &Stage<'_>,
    canvas: &mut Canvas,
    (l, t, r, b): (f32, f32, f32, f32),
    (wall, roof): (Rgb, Rgb),
    rng: &mut Rng,
) {
    let (u, p) = (stage.u, stage.pal);
    let wide = r - l;
    let side = stage.side;
    let area = crate::paint::Area::around(l, t, r, b);
    canvas.shade(area, |x, y| {
        let across = (x - l) / wide;
        let lit = wall.mix(p.sun, 0.14 * unit(0.5 - (across - 0.5) * side));
        (
            lit.mix(wall.scale(0.7), unit((y - t) / (u * 0.2)) * 0.5),
            unit(x - l + 0.5) * unit(r - x + 0.5),
        )
    });
    let count = (wide / (u * 0.06)).max(1.0) as i32;
    let glow = if p.night { hex(0xffc964) } else { hex(0x5d4a3c).mix(p.near, 0.3) };
    for i in 0..count {
        let x = l + wide * (i as f32 + 0.5) / count as f32;
        let (half, height) = (u * 0.012, u * 0.036);
        let y = t + u * 0.022;
        let on = rng.chance(if p.night { 0.72 } else { 0.9 });
        let c = if on { glow } else { wall.scale(0.6) };
        if p.night && on && stage.look.style != Style::Ink {
            canvas.disc(
                Disc { x, y: y + height * 0.5, r: u * 0.03, soft: u * 0.03 },
                |_, _| glow,
                0.16,
            );
        }
        canvas.block(
            Block { left: x - half, top: y, right: x + half, bottom: y + height },
            c,
            0.92,
        );
        canvas.block(
            Block { left: x - u * 0.001, top: y, right: x + u * 0.001, bottom: y + height },
            roof,
            0.9,
        );
        canvas.block(
            Block {
                left: x - half,
                top: y + height * 0.45,
                right: x + half,
                bottom: y + height * 0.52,
            },
            roof,
            0.9,
        );
    }
    eaves(canvas, (l, t, r), roof, (u, p.sun, side));
}

/// A roof whose ends rise.
fn eaves(
    canvas: &mut Canvas,
    (l, t, r): (f32, f32, f32),
    roof: Rgb,
    (u, sun, side): (f32, Rgb, f32),
) {
    let over = u * 0.030;
    let rise = ((r - l) * 0.26).min(u * 0.085);
    let tip = u * 0.018;
    let outline = path(&format!(
        "M{} {} Q{} {} {} {} L{} {} Q{} {} {} {} Q{} {} {} {} L{} {} Q{} {} {} {} Z",
        l - over,
        t - tip,
        l + over,
        t - rise * 0.25,
        l + (r - l) * 0.2,
        t - rise,
        r - (r - l) * 0.2,
        t - rise,
        r - over,
        t - rise * 0.25,
        r + over,
        t - tip,
        r + over * 0.4,
        t + u * 0.012,
        r - over * 0.5,
        t + u * 0.010,
        l + over * 0.5,
        t + u * 0.010,
        l - over * 0.4,
        t + u * 0.012,
        l - over,
        t - tip,
    ));
    let tile = u * 0.009;
    canvas.fill(
        &outline,
        Fit::FRAME,
        |x, y| {
            let groove = 0.88 + 0.12 * sin(x / tile * 3.1).abs();
            let lit = 0.16 * unit(0.5 - ((x - l) / (r - l) - 0.5) * side) * unit((t - y) / rise);
            roof.scale(groove).mix(sun, lit)
        },
        1.0,
    );
    let ridge = Block {
        left: l + (r - l) * 0.18,
        top: t - rise - u * 0.006,
        right: r - (r - l) * 0.18,
        bottom: t - rise + u * 0.002,
    };
    canvas.block(ridge, roof.scale(0.75), 1.0);
}

/// Flagstones that catch the light.
fn street(stage: &mut Stage<'_>) {
    let (u, h, w, p, seed) = (stage.u, stage.h, stage.w, stage.pal, stage.seed);
    let first = stage.horizon + h * 0.04;
    let mut canvas = stage.lower_sheet(0.62, first - 2.0, 0.0);
    let area = canvas.area;
    let stone = if stage.look.style == Style::Ink {
        p.low.mix(p.far, 0.25)
    } else {
        hex(0x8d8478).mix(p.mid, 0.4).mix(p.near, if p.night { 0.66 } else { 0.30 })
    };
    let warm = if p.night { hex(0xffb65a) } else { p.sun };
    let wet = stage.spec.flecks == Some(crate::spec::Flecks::Rain);
    canvas.shade(area, |x, y| {
        let t = unit((y - first) / (h - first)) + 0.03;
        let across = (x - w * 0.5) / (t + 0.12) / u * 3.2;
        let along = 1.0 / (t + 0.10) * 2.2;
        let row = along.floor();
        let shifted = across + (row as i32 % 2) as f32 * 0.5;
        let joint = (shifted - shifted.floor() - 0.5).abs().max((along - row - 0.5).abs());
        let tone = 0.86 + 0.24 * lattice(shifted.floor() as i32, row as i32, seed);
        let mut c = stone.scale(tone).mix(stone.scale(0.62), smooth(0.44, 0.5, joint));
        let f = (x - w * 0.5) / u;
        let glow = 1.0 / (1.0 + f * f * 4.0) * (1.0 - t);
        let n = noise(x / u * 4.0, y / u * 30.0, seed);
        c = c.mix(warm, glow * if wet { 0.5 } else { 0.26 } * (0.6 + 0.6 * n));
        (c, unit(y - first + 0.5))
    });
    stage.push(canvas, 0.62, Role::Veil);
}

/// Two strings of lanterns across the street.
fn lanterns(stage: &mut Stage<'_>, level: f32) {
    for string in 0..2 {
        let (u, w) = (stage.u, stage.w);
        let depth = 0.5 + 0.35 * string as f32;
        let mut canvas = stage.sheet(depth, u * 0.04);
        let y0 = level - u * 0.05 * string as f32;
        let sag = u * (0.09 + 0.03 * string as f32);
        let line = path(&format!(
            "M{} {y0} Q{} {} {} {}",
            -w * 0.15,
            w * 0.5,
            y0 + sag * 2.0,
            w * 1.15,
            y0 - u * 0.04
        ));
        let dark = stage.pal.near.scale(0.7);
        canvas.fill(&stroked(&line, u * 0.003), Fit::FRAME, |_, _| dark, 1.0);
        let count = (w / u * 4.5) as i32;
        for i in 0..=count {
            let k = i as f32 / count as f32;
            let x = -w * 0.15 + w * 1.3 * k;
            let bow = 2.0 * k * (1.0 - k);
            let y = y0 + sag * 2.0 * bow - u * 0.04 * k * k + u * 0.022;
            lantern(
                stage,
                &mut canvas,
                (x, y),
                u * (0.017 + 0.006 * string as f32) * stage.zoom.sqrt(),
            );
        }
        let rate = 0.22 * stage.spec.pace;
        stage.push(canvas, depth, Role::Cast).sway =
            Sway { x: u * 0.006, y: u * 0.004, rate, phase: string as f32 * 2.0 };
    }
}

fn lantern(stage: &Stage<'_>, canvas: &mut Canvas, (x, y): (f32, f32), r: f32) {
    let red = hex(0xd8362a).mix(stage.pal.accent, 0.2);
    let light = hex(0xffc25a);
    if stage.look.style != Style::Ink {
        let k = if stage.pal.night { 0.30 } else { 0.10 };
        canvas.disc(Disc { x, y, r: r * 2.0, soft: r * 2.4 }, |_, _| light, k);
    }
    canvas.fill(
        &oval(0.0, 0.0, r * 1.2, r),
        Fit::at(x, y),
        |dx, dy| red.mix(light, 0.75 * unit(1.0 - (dx * dx + dy * dy).sqrt() / r)),
        1.0,
    );
    for side in [-1.0, 1.0] {
        let top = y + side * r * 0.98;
        canvas.block(
            Block {
                left: x - r * 0.45,
                top: top - r * 0.14,
                right: x + r * 0.45,
                bottom: top + r * 0.14,
            },
            hex(0xc99a3e),
            1.0,
        );
    }
    canvas.block(
        Block { left: x - r * 0.08, top: y + r, right: x + r * 0.08, bottom: y + r * 2.1 },
        red,
        1.0,
    );
}
