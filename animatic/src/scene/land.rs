//! Scenes of open land: mountains, meadow, desert, lake.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::growth;
use super::ridge::{Ridge, Snow};
use super::stage::{Stage, Sway};
use super::water;
use crate::lexicon::Style;
use crate::paint::num::{pow, sin, smooth, unit};
use crate::paint::{Canvas, Rgb, fbm, lattice, noise};

/// Where things are over open land with a horizon.
pub fn spots(stage: &Stage<'_>, ground: f32) -> Spots {
    Spots {
        ground: Spot { across: 0.21, y: ground, scale: 0.95, depth: 0.8 },
        water: None,
        air: Spot { across: 0.20, y: stage.h * 0.36, scale: 1.0, depth: 0.4 },
    }
}

pub fn mountains(stage: &mut Stage<'_>) {
    let (h, u, zoom) = (stage.h, stage.u, stage.zoom);
    let snow = if stage.spec.snowy { Snow::Deep } else { Snow::None };
    let air = stage.airborne(false);
    for i in 0..4u32 {
        let t = i as f32 / 3.0;
        let depth = 0.16 + 0.5 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        let haze = stage.haze();
        let c = stage.pal.far.mix(haze, 0.45 * (1.0 - t)).mix(stage.pal.near, pow(t, 1.25) * 0.92);
        let ridge = Ridge {
            base: stage.horizon + h * (t * 0.30 - 0.02),
            height: u * (0.36 - 0.20 * t) * zoom,
            scale: (1.1 + t * 0.9) / zoom,
            seed: stage.seed + i * 101,
            octaves: 5,
            crags: if i < 3 { 1.0 - t * 0.4 } else { 0.0 },
            top: c,
            foot: c.mix(haze, 0.78 - 0.45 * t),
            span: u * (0.30 + 0.1 * t) * zoom,
            snow: if t < 0.7 { snow } else { Snow::None },
        };
        ridge.draw(stage, &mut canvas);
        if i == 3 && !matches!(stage.look.style, Style::Neon | Style::Ink) {
            growth::pines(stage, &mut canvas, &ridge, 26);
        }
        stage.push(canvas, depth, Role::Ground);
        if i == 1 && air {
            let spots = spots(stage, h * 0.9);
            stage.play(&spots);
        }
        mist(stage, stage.horizon + h * (t * 0.22), depth);
    }
    if stage.look.style == Style::Neon {
        grid_floor(stage);
    }
    if !air {
        near_ground(stage, h * 0.92, u * 0.10);
    }
}

/// A dark hill close by with the subject on it.
pub fn near_ground(stage: &mut Stage<'_>, base: f32, height: f32) {
    let mut canvas = stage.lower_sheet(0.8, base - height * 2.0, 0.0);
    let near = stage.pal.near;
    let ridge = Ridge {
        base,
        height,
        scale: 0.8,
        seed: stage.seed + 999,
        octaves: 3,
        crags: 0.0,
        top: near.scale(0.92).mix(stage.pal.far, 0.10),
        foot: near.scale(0.6),
        span: stage.u * 0.3,
        snow: if stage.spec.snowy { Snow::Thin } else { Snow::None },
    };
    let x = stage.across(0.21);
    let ground = ridge.line(stage, x).clamp(base - height, base + height);
    ridge.draw(stage, &mut canvas);
    // The hill comes second so that feet stand in it.
    let spots = spots(stage, ground + stage.u * 0.012);
    if !stage.cast().is_empty() {
        stage.play(&spots);
        let canvas = grass_over(stage, canvas, ground);
        stage.push(canvas, 0.8, Role::Ground);
    } else {
        stage.push(canvas, 0.8, Role::Ground);
    }
}

/// The hill in front of the feet: lowered a little so that they are seen.
fn grass_over(stage: &Stage<'_>, mut canvas: Canvas, ground: f32) -> Canvas {
    if stage.look.finish.pixel == 0.0 {
        growth::blades(stage, &mut canvas, ground);
    }
    canvas
}

/// A veil of fog in front of what has been drawn so far.
pub fn mist(stage: &mut Stage<'_>, level: f32, depth: f32) {
    let fog = stage.spec.fog;
    if fog <= 0.0 {
        return;
    }
    let (u, seed) = (stage.u, stage.seed + (depth * 100.0) as u32);
    let c = stage.pal.low.mix(stage.pal.mid, 0.35);
    let mut canvas = stage.sheet(depth + 0.1, u * 0.12);
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let d = (y - level) / (u * 0.24);
        let body = unit(1.0 - d * d) * smooth(0.15, 0.75, fbm(x / u * 1.8, y / u * 4.5, seed, 3));
        (c, body * fog * 1.1)
    });
    let drift = u * 0.02 * stage.side;
    stage.push(canvas, depth + 0.1, Role::Veil).drift = (drift, 0.0);
}

/// The glowing grid of a neon world.
fn grid_floor(stage: &mut Stage<'_>) {
    let mut canvas = stage.lower_sheet(0.5, stage.horizon, 0.0);
    let (u, w, p) = (stage.u, stage.w, stage.pal);
    let (first, span) = (stage.horizon + stage.h * 0.10, stage.h - stage.horizon);
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        if y < first {
            return (p.near, 0.0);
        }
        let t = (y - first) / span + 0.06;
        let across = (x - w * 0.5) / t / u * 4.0;
        let along = 1.6 / t;
        let line = |v: f32, width: f32| unit(1.0 - (0.5 - (v - v.floor() - 0.5).abs()) * width);
        let glow = line(across, t * 55.0).max(line(along, t * t * 122.0));
        (p.near.mix(p.low, glow * 0.85), 1.0)
    });
    stage.push(canvas, 0.5, Role::Veil);
}

pub fn meadow(stage: &mut Stage<'_>) {
    let (h, u, zoom) = (stage.h, stage.u, stage.zoom);
    let air = stage.airborne(false);
    let flower = stage.pal.accent;
    for i in 0..4u32 {
        let t = i as f32 / 3.0;
        let depth = 0.14 + 0.56 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        let (haze, far, near) = (stage.haze(), stage.pal.far, stage.pal.near);
        let green = far.mix(near, 0.20 + 0.62 * t);
        let ridge = Ridge {
            base: stage.horizon + h * (0.01 + t * 0.26),
            height: u * (0.14 - 0.05 * t) * zoom.sqrt(),
            scale: (0.9 + 0.3 * t) / zoom,
            seed: stage.seed + i * 57,
            octaves: 2,
            crags: 0.0,
            top: green.mix(stage.pal.sun, 0.16 * (1.0 - t * 0.5)).mix(haze, 0.38 * (1.0 - t)),
            foot: green.mix(near, 0.35).mix(haze, 0.18 * (1.0 - t)),
            span: u * 0.32,
            snow: if stage.spec.snowy { Snow::Thin } else { Snow::None },
        };
        ridge.draw(stage, &mut canvas);
        rows(stage, &mut canvas, &ridge, i);
        if i < 3 {
            growth::crowns(stage, &mut canvas, &ridge, 10 - 2 * i as usize, 0.030 + 0.022 * t);
        }
        if i >= 2 {
            growth::flowers(stage, &mut canvas, &ridge, if i == 2 { 60 } else { 90 }, flower);
        }
        stage.push(canvas, depth, Role::Ground);
        if i == 1 && air {
            let spots = spots(stage, h * 0.9);
            stage.play(&spots);
        }
        mist(stage, stage.horizon + h * (t * 0.22), depth);
    }
    if !air {
        let ground = stage.h * 0.90;
        let spots = spots(stage, ground);
        stage.play(&spots);
    }
    let mut canvas = stage.lower_sheet(0.95, h * 0.82, 0.0);
    growth::blades(stage, &mut canvas, h * 0.99);
    growth::stems(stage, &mut canvas, 16);
    let rate = 0.35 * stage.spec.pace;
    stage.push(canvas, 0.95, Role::Ground).sway = Sway { x: u * 0.006, y: 0.0, rate, phase: 0.0 };
}

/// Ploughed or mown stripes that follow a hill.
fn rows(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, i: u32) {
    if i == 3 || stage.spec.snowy || lattice(i as i32, 5, stage.seed) < 0.4 {
        return;
    }
    let u = stage.u;
    let (c, lean) = (ridge.foot.scale(0.86), 1.4 - i as f32);
    let area = canvas.area;
    let lines: Vec<f32> =
        (area.left..area.right).map(|x| ridge.line(stage, x as f32 + 0.5)).collect();
    canvas.shade(area, |x, y| {
        let depth = y - lines[(x.floor() as i32 - area.left) as usize];
        if depth < u * 0.004 || depth > u * 0.16 {
            return (c, 0.0);
        }
        let stripe = sin((x * 0.35 * lean + depth * (3.2 - lean)) / u * 90.0);
        (c, 0.30 * smooth(0.0, 0.9, stripe) * (1.0 - depth / (u * 0.16)))
    });
}

pub fn desert(stage: &mut Stage<'_>) {
    let (h, u, zoom) = (stage.h, stage.u, stage.zoom);
    let air = stage.airborne(false);
    mesas(stage);
    for i in 0..4u32 {
        let t = i as f32 / 3.0;
        let depth = 0.18 + 0.65 * t;
        let mut canvas = stage.sheet(depth, 0.0);
        dune(stage, &mut canvas, i, zoom);
        stage.push(canvas, depth, Role::Ground);
        if i == 1 && air {
            let spots = spots(stage, h * 0.9);
            stage.play(&spots);
        }
        if i == 2 && !air {
            let mut spots = spots(stage, stage.horizon + h * 0.19);
            spots.ground.y = spots.ground.y.min(h * 0.84);
            spots.ground.depth = depth + 0.02;
            spots.ground.scale = 0.86;
            stage.play(&spots);
        }
        mist(stage, stage.horizon + h * (t * 0.2), depth);
    }
    if stage.look.style != Style::Ink && lattice(3, 3, stage.seed) > 0.35 {
        let mut canvas = stage.lower_sheet(0.92, h * 0.5, 0.0);
        growth::cactus(stage, &mut canvas, (stage.across(-0.33), h * 0.97), u * 0.26 * zoom.sqrt());
        stage.push(canvas, 0.92, Role::Ground);
    }
}

/// Table mountains on the horizon.
fn mesas(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(0.12, 0.0);
    let (u, seed, horizon) = (stage.u, stage.seed, stage.horizon);
    let c = stage.pal.far.mix(stage.haze(), 0.45).mix(stage.pal.near, 0.10);
    let step = |x: f32| {
        let v = fbm(x / u * 1.7, 4.4, seed + 7, 3);
        smooth(0.50, 0.56, v) * 0.7 + smooth(0.60, 0.63, v) * 0.3
    };
    canvas.land(
        |x| horizon + u * 0.05 - u * 0.17 * stage.zoom.sqrt() * step(x),
        |x, _, depth| {
            let band = noise(x / u * 3.0, depth / u * 40.0, seed + 9);
            c.scale(0.92 + 0.14 * band).mix(stage.haze(), unit(depth / (u * 0.22)) * 0.5)
        },
    );
    stage.push(canvas, 0.12, Role::Ground);
}

fn dune(stage: &Stage<'_>, canvas: &mut Canvas, i: u32, zoom: f32) {
    let (h, u, p, seed) = (stage.h, stage.u, stage.pal, stage.seed);
    let t = i as f32 / 3.0;
    let light = p.far.mix(stage.haze(), 0.5 * (1.0 - t)).mix(p.far.mix(p.near, 0.5), t);
    let dark = light.mix(p.near, 0.35 + 0.3 * t);
    let (base, height) = (stage.horizon + h * (0.02 + 0.26 * t), u * (0.10 + 0.10 * t) * zoom);
    let top = |x: f32| {
        let q = x / u / zoom;
        base - height
            * (fbm(q * (1.0 + 0.3 * t) + t * 7.7 + 9.0, 2.2, seed + i * 19, 2) - 0.4)
            * 1.8
    };
    let left = canvas.area.left;
    let crests: Vec<f32> = (canvas.area.left..canvas.area.right)
        .map(|x| {
            let x = x as f32;
            top(x) + u * 0.16 * zoom * (noise(x / u / zoom * 1.4 + 5.0, 8.0, seed + i) - 0.35)
        })
        .collect();
    let ripple = u / 360.0;
    canvas.land(top, |x, y, depth| {
        let crest = crests[(x.floor() as i32 - left) as usize];
        let lit = light.mix(p.sun, 0.18 * unit(1.0 - depth / (u * 0.2)));
        let shade = smooth(-2.0, u * 0.02, y - crest) * unit((crest - (y - depth)) / (u * 0.05));
        let wave = (y * 0.9 + x * 0.25) / ripple + 6.0 * noise(x / u * 9.0, y / u * 9.0, seed);
        lit.mix(dark, shade).scale(1.0 + 0.035 * t * sin(wave * 0.55))
    });
}

pub fn lake(stage: &mut Stage<'_>) {
    let (h, u, zoom) = (stage.h, stage.u, stage.zoom);
    let shore = stage.horizon + h * 0.03;
    let snow = if stage.spec.snowy { Snow::Deep } else { Snow::None };
    let mut hills: Vec<(Ridge, f32)> = Vec::new();
    for i in 0..3u32 {
        let t = i as f32 / 2.0;
        let depth = 0.14 + 0.10 * t;
        let haze = stage.haze();
        let c: Rgb = stage.pal.far.mix(haze, 0.42 * (1.0 - t)).mix(stage.pal.near, 0.42 * t);
        let ridge = Ridge {
            base: shore - h * 0.01 * (1.0 - t),
            height: u * (0.32 - 0.22 * t) * zoom.sqrt(),
            scale: (1.0 + t * 1.1) / zoom,
            seed: stage.seed + i * 71,
            octaves: 5,
            crags: 1.0 - t * 0.9,
            top: c,
            foot: c.mix(haze, 0.55 - 0.3 * t),
            span: u * 0.26 * zoom,
            snow: if i < 2 { snow } else { Snow::None },
        };
        let mut canvas = stage.sheet(depth, 0.0);
        ridge.draw(stage, &mut canvas);
        if i == 2 && stage.look.style != Style::Ink {
            growth::pines(stage, &mut canvas, &ridge, 34);
        }
        stage.push(canvas, depth, Role::Ground);
        hills.push((ridge, depth));
        mist(stage, shore - u * 0.04, depth);
    }
    water::mirror(stage, shore, &hills);
    let air = stage.airborne(true);
    let mut spots = spots(stage, h * 0.92);
    spots.water =
        Some(Spot { across: 0.12, y: shore + (h - shore) * 0.36, scale: 0.95, depth: 0.45 });
    if air {
        stage.play(&spots);
    }
    water::ripples(stage, shore, 0.5);
    if air {
        growth::reeds(stage);
    } else {
        near_ground(stage, h * 0.93, u * 0.07);
        growth::reeds(stage);
    }
}
