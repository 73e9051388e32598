//! Scenes on and in water, and water as a part of others.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::land::{mist, near_ground, spots};
use super::ridge::{Ridge, Snow};
use super::stage::{Fleck, Stage, Sway};
use super::{growth, sky};
use crate::lexicon::{Style, Thing};
use crate::paint::num::{TAU, pow, sin, smooth, unit};
use crate::paint::{Canvas, Fit, Rgb, WHITE, fbm, lattice, noise, path, stroked};

pub fn sea(stage: &mut Stage<'_>) {
    let (u, h, horizon) = (stage.u, stage.h, stage.horizon);
    coast(stage);
    surface(stage, horizon);
    ripples(stage, horizon, 0.75);
    sea_cast(stage);
    mist(stage, horizon, 0.3);
    waves(stage, horizon, 3);
    glitter(stage);
    let standing = stage.cast().first().is_some_and(|thing| *thing != Thing::Lighthouse)
        && stage.grounded(true);
    if standing {
        near_ground(stage, h * 0.91, u * 0.12);
    }
}

fn sea_cast(stage: &mut Stage<'_>) {
    let (u, horizon) = (stage.u, stage.horizon);
    let spots = sea_spots(stage);
    let cast = stage.cast();
    let first = cast.first().copied();
    if first == Some(Thing::Lighthouse) {
        // The rock rises out of the water, far out.
        let mut rock = spots;
        rock.ground = Spot { across: 0.24, y: horizon + u * 0.14, scale: 0.98, depth: 0.4 };
        if let Some(second) = cast.get(1) {
            let water = Spot {
                across: 0.27,
                y: horizon + u * 0.065 * stage.zoom,
                scale: 1.05,
                depth: 0.35,
            };
            stage.place(*second, &Spots { water: Some(water), ..spots }, true);
        }
        stage.place(Thing::Lighthouse, &rock, false);
    } else if stage.airborne(true) {
        stage.play(&spots);
    }
}

fn sea_spots(stage: &Stage<'_>) -> Spots {
    let (u, horizon) = (stage.u, stage.horizon);
    let water = Spot {
        across: 0.13,
        y: horizon + u * (0.10 + 0.06 * stage.zoom),
        scale: 1.05,
        depth: 0.45,
    };
    Spots { water: Some(water), ..spots(stage, stage.h * 0.9) }
}

fn coast(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(0.1, 0.0);
    let (u, zoom, haze, far) = (stage.u, stage.zoom, stage.haze(), stage.pal.far);
    let ink = stage.look.style == Style::Ink;
    let ridge = |base: f32, height: f32, scale: f32, seed: u32, k: f32| Ridge {
        base,
        height,
        scale,
        seed,
        octaves: 4,
        crags: 0.0,
        top: far.mix(haze, k),
        foot: far.mix(haze, k + 0.25),
        span: u * if ink { 0.30 } else { 0.1 },
        snow: Snow::None,
    };
    if ink {
        ridge(stage.horizon - u * 0.02, u * 0.34 * zoom, 1.3, stage.seed + 8, 0.3)
            .draw(stage, &mut canvas);
    }
    let height = u * if ink { 0.16 } else { 0.07 } * zoom;
    ridge(stage.horizon + u * 0.01, height, 1.6, stage.seed + 3, 0.35).draw(stage, &mut canvas);
    stage.push(canvas, 0.1, Role::Ground);
}

/// The body of the water from a height downwards, with the light of the sun in it.
pub fn surface(stage: &mut Stage<'_>, level: f32) {
    let mut canvas = stage.lower_sheet(0.2, level - 2.0, 0.0);
    let (u, h, p, sun) = (stage.u, stage.h, stage.pal, stage.sun);
    let deep = p.near.mix(p.top, 0.55);
    let ink = stage.look.style == Style::Ink;
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let below = y - level;
        let t = unit(below / (h - level));
        let f = (x - sun.x) / u;
        let path = 1.0 / (1.0 + f * f * (22.0 / (0.3 + t)));
        let c = if ink {
            p.low.mix(p.far, 0.25).mix(p.low, t)
        } else {
            let body = p.low.mix(p.mid, 0.35).mix(deep, pow(t, 0.55));
            body.mix(p.sun, path * 0.42 * (1.0 - t * 0.5))
        };
        (c, unit(below + 0.5))
    });
    stage.push(canvas, 0.2, Role::Veil);
}

/// Water that mirrors the sky and the hills above it.
pub fn mirror(stage: &mut Stage<'_>, level: f32, hills: &[(Ridge, f32)]) {
    let mut canvas = stage.lower_sheet(0.24, level - 1.0, 0.0);
    let (u, h, p, seed, area) = (stage.u, stage.h, stage.pal, stage.seed, canvas.area);
    let lines: Vec<Vec<f32>> = hills
        .iter()
        .map(|(ridge, _)| (area.left..area.right).map(|x| ridge.line(stage, x as f32)).collect())
        .collect();
    let deep = p.near.mix(p.top, 0.5);
    let ink = stage.look.style == Style::Ink;
    canvas.shade(area, |x, y| {
        let below = (y - level).max(0.0);
        let t = unit(below / (h - level));
        let wave = (noise(x / u * 5.0, y / u * 60.0, seed) - 0.5) * u * (0.01 + 0.05 * t);
        let seen = level - below * 0.8 + wave * 0.6;
        let mut c = sky::gradient(stage, unit(seen / stage.horizon));
        let column = ((x + wave) as i32 - area.left).clamp(0, lines[0].len() as i32 - 1) as usize;
        for ((ridge, _), line) in hills.iter().zip(&lines) {
            let cover = unit((seen - line[column]) / 2.0);
            c = c.mix(
                ridge.top.mix(ridge.foot, unit((seen - line[column]) / ridge.span)),
                cover * if ink { 0.45 } else { 0.82 },
            );
        }
        let f = (x - stage.sun.x) / u;
        c = c.mix(p.sun, 0.30 / (1.0 + f * f * 60.0) * (1.0 - t));
        (c.mix(if ink { p.low } else { deep }, 0.10 + 0.45 * t), unit(y - level + 0.5))
    });
    stage.push(canvas, 0.24, Role::Veil);
}

/// Bright streaks that slide over each other.
pub fn ripples(stage: &mut Stage<'_>, level: f32, strength: f32) {
    let p = stage.pal;
    let c =
        if stage.look.style == Style::Ink { p.low.mix(p.far, 0.6) } else { p.sun.mix(WHITE, 0.2) };
    for (depth, k, speed, seed) in [(0.25, 1.0, 0.016, 3), (0.3, 0.8, -0.022, 17)] {
        streaks(stage, level, depth, (c, strength * k), speed, seed);
    }
}

/// One sheet of streaks, brightest under the sun. `speed` is in short edges per second.
pub fn streaks(
    stage: &mut Stage<'_>,
    level: f32,
    depth: f32,
    (c, strength): (Rgb, f32),
    speed: f32,
    seed: u32,
) {
    let (u, h, sun) = (stage.u, stage.h, stage.sun);
    let velocity = speed * u * stage.side * stage.spec.pace;
    let more = (velocity.abs() * stage.slot.seconds).ceil() + 4.0;
    let mut canvas = stage.lower_sheet(depth, level, more);
    let area = canvas.area;
    let span = h - level + 12.0;
    canvas.shade(area, |x, y| {
        let t = unit((y - level) / span);
        let far = 0.012 + t * t * 0.5 + t * 0.12;
        let n =
            noise(x / u * 0.8 / (far + 0.06), t * h / u * 3.0 / (far + 0.05) + seed as f32, seed);
        let f = (x - sun.x) / u;
        let path = 1.0 / (1.0 + f * f * (26.0 / (0.25 + t)));
        let k = smooth(0.60 - 0.22 * path, 0.92, n) * (0.14 + 0.86 * path) * strength;
        (c, k * smooth(0.0, 0.03, t) * (1.0 - 0.55 * t * (1.0 - path)))
    });
    let placed = stage.push(canvas, depth, Role::Veil);
    placed.drift = (velocity, 0.0);
    placed.sway = Sway { x: 0.0, y: u * 0.004, rate: 0.35, phase: seed as f32 };
}

/// Rolling waves close by.
pub fn waves(stage: &mut Stage<'_>, level: f32, count: u32) {
    for i in 0..count {
        let t = i as f32 / (count - 1).max(1) as f32;
        let depth = 0.55 + 0.35 * t;
        let (u, h, p, seed) = (stage.u, stage.h, stage.pal, stage.seed + i);
        let y0 = level + (h - level) * (0.58 + 0.2 * t);
        let mut canvas = stage.lower_sheet(depth, y0 - u * 0.06, u * 0.06);
        let ink = stage.look.style == Style::Ink;
        let c = if ink {
            p.low.mix(p.far, 0.5 + 0.3 * t)
        } else {
            p.near.mix(p.top, 0.45).mix(p.near, 0.25 + 0.5 * t)
        };
        let crest = p.mid.mix(p.sun, 0.5);
        let size = u * (0.010 + 0.012 * t);
        let top = |x: f32| {
            let q = x / u + 2.0;
            y0 + size
                * (sin(q * (7.0 - 1.5 * t) + i as f32 * 2.0)
                    + 0.5 * sin(q * 15.0 + 1.0)
                    + 0.8 * (noise(q * 5.0, 3.3, seed) - 0.5))
        };
        let rim = u * (0.006 + 0.006 * t);
        if ink {
            let area = canvas.area;
            canvas.shade(area, |x, y| {
                let d = y - top(x);
                (c, unit(1.0 - (d / rim).abs()) * 0.8)
            });
        } else {
            canvas.land(top, |_, _, d| {
                let body = c.mix(p.mid, 0.26 * unit(1.0 - d / (u * 0.12)));
                body.mix(crest, unit(1.0 - d / rim) * 0.55)
            });
        }
        let rate = (0.22 + 0.05 * t) * stage.spec.pace.max(0.6);
        stage.push(canvas, depth, Role::Ground).sway =
            Sway { x: u * 0.035, y: u * 0.010, rate, phase: i as f32 * 2.1 };
    }
}

/// Flashes of sun on the water.
fn glitter(stage: &mut Stage<'_>) {
    if stage.look.style == Style::Ink {
        return;
    }
    let u = stage.u;
    let sprite = stage.sprite(u * 0.03, (u * 0.006).max(3.0), |x, y| {
        unit(1.0 - (x / (u * 0.015)).abs()) * unit(1.0 - (y / (u * 0.0028).max(1.2)).abs())
    });
    let ink = stage.ink(stage.pal.sun.mix(WHITE, 0.4), true);
    for _ in 0..60 {
        let t = pow(stage.rng.unit(), 1.4);
        let spread = u * (0.03 + 0.24 * t);
        let x = stage.sun.x + stage.rng.range(-1.0, 1.0) * stage.rng.unit() * spread * 1.6;
        let y = stage.horizon + (stage.h - stage.horizon) * (0.01 + 0.55 * t);
        let speed = (stage.rng.range(-0.02, 0.02) * u, 0.0);
        let sway = Sway {
            rate: stage.rng.range(0.8, 2.0),
            phase: stage.rng.range(0.0, TAU),
            ..Sway::default()
        };
        stage.flecks.push(Fleck {
            sprite,
            poses: 1,
            ink,
            at: (x, y),
            speed,
            sway,
            opacity: 0.5 + 0.5 * t,
            twinkle: 1.0,
            depth: 0.25,
            wraps: false,
            after: 4,
        });
    }
}

pub fn beach(stage: &mut Stage<'_>) {
    let (u, h, horizon) = (stage.u, stage.h, stage.horizon);
    coast(stage);
    surface(stage, horizon);
    ripples(stage, horizon, 0.6);
    let air = stage.airborne(true);
    let mut places = sea_spots(stage);
    if air {
        stage.play(&places);
    }
    mist(stage, horizon, 0.3);
    glitter(stage);
    sand(stage);
    if !air {
        places.ground = Spot { across: 0.19, y: h * 0.91, scale: 1.0, depth: 0.72 };
        stage.play(&places);
    }
    let mut canvas = stage.sheet(0.9, u * 0.05);
    let foot = (stage.across(-0.40), h * 1.0);
    growth::palm(stage, &mut canvas, foot, h.min(u * 1.25) * 0.86);
    let rate = 0.22 * stage.spec.pace;
    stage.push(canvas, 0.9, Role::Ground).sway =
        Sway { x: u * 0.008, y: u * 0.003, rate, phase: 0.4 };
}

/// Sand with a wet edge and foam.
fn sand(stage: &mut Stage<'_>) {
    let (u, h, p, seed, side) = (stage.u, stage.h, stage.pal, stage.seed, stage.side);
    let (level, width) = (stage.horizon + (h - stage.horizon) * 0.52, stage.w);
    let line = |x: f32| {
        let slope = (x / width - 0.5) * side;
        level + u * 0.10 * (0.5 - slope) + u * 0.03 * (fbm(x / u * 2.2, 1.0, seed, 3) - 0.5)
    };
    let mut foam = stage.lower_sheet(0.6, level - u * 0.2, u * 0.02);
    foam.land(
        |x| line(x) - u * 0.045,
        |_, _, d| p.low.mix(WHITE, 0.7).mix(p.mid, unit(d / (u * 0.08)) * 0.3),
    );
    stage.push(foam, 0.6, Role::Ground).sway = Sway { x: 0.0, y: u * 0.016, rate: 0.2, phase: 0.0 };
    let mut canvas = stage.lower_sheet(0.7, level - u * 0.2, 0.0);
    let dry =
        crate::paint::hex(0xf0d7a4).mix(p.sun, 0.1).mix(p.mid, if p.night { 0.62 } else { 0.16 });
    let dry = if stage.look.style == Style::Ink {
        p.low.mix(p.far, 0.3)
    } else {
        dry.scale(if p.night { 0.5 } else { 1.0 })
    };
    let wet = dry.mix(p.near, 0.30);
    canvas.land(line, |x, y, d| {
        let speck = lattice(x as i32, y as i32, seed) * 0.07
            + 0.06 * noise(x / u * 12.0, y / u * 40.0, seed);
        wet.mix(dry, unit(d / (u * 0.09)))
            .scale(0.95 + speck)
            .mix(p.near, unit(d / (u * 0.9)) * 0.25)
    });
    stage.push(canvas, 0.7, Role::Ground);
}

pub fn undersea(stage: &mut Stage<'_>) {
    let (u, h, p) = (stage.u, stage.h, stage.pal);
    let mut canvas = stage.sheet(0.08, 0.0);
    let (area, x0) = (canvas.area, stage.sun.x);
    canvas.shade(area, |x, y| {
        let t = unit(y / h);
        let c = if t < 0.5 { p.top.mix(p.mid, t * 2.0) } else { p.mid.mix(p.low, t * 2.0 - 1.0) };
        let d = (x - x0) / u;
        (c.mix(p.sun, 0.55 * unit(1.0 - t * 2.4) / (1.0 + d * d * 3.0)), 1.0)
    });
    stage.push(canvas, 0.08, Role::Sky);
    shafts(stage, 0.10, (x0, -u * 0.4), 0.5);
    for i in 0..3u32 {
        let t = i as f32 / 2.0;
        let depth = 0.2 + 0.32 * t;
        let mut canvas = stage.sheet(depth, u * 0.04);
        let c = p.far.mix(p.mid, 0.55 * (1.0 - t)).mix(p.near, 0.75 * t);
        let ridge = Ridge {
            base: h * (0.80 + 0.10 * t),
            height: u * (0.20 - 0.06 * t),
            scale: 1.2 + 0.5 * t,
            seed: stage.seed + i * 13,
            octaves: 4,
            crags: 0.0,
            top: c,
            foot: c.mix(p.near, 0.4),
            span: u * 0.3,
            snow: Snow::None,
        };
        kelp(stage, &mut canvas, &ridge, 7 + 3 * i as i32);
        ridge.draw(stage, &mut canvas);
        corals(stage, &mut canvas, &ridge, 4 + 2 * i as i32);
        let rate = 0.2 + 0.04 * t;
        stage.push(canvas, depth, Role::Ground).sway =
            Sway { x: u * 0.010 * t, y: 0.0, rate, phase: t * 3.0 };
        if i == 1 {
            let water = Spot { across: 0.12, y: h * 0.58, scale: 1.15, depth: 0.42 };
            let spots = Spots {
                ground: Spot { across: 0.18, y: h * 0.88, scale: 0.95, depth: 0.5 },
                water: Some(water),
                air: Spot { y: h * 0.42, ..water },
            };
            stage.play(&spots);
        }
    }
}

/// Beams of light from a point.
pub fn shafts(stage: &mut Stage<'_>, depth: f32, from: (f32, f32), strength: f32) {
    let mut canvas = stage.sheet(depth, stage.u * 0.04);
    let (u, seed, sun, area) = (stage.u, stage.seed, stage.pal.sun, canvas.area);
    canvas.shade(area, |x, y| {
        let (dx, dy) = ((x - from.0) / u, (y - from.1) / u);
        if dy <= 0.0 {
            return (sun, 0.0);
        }
        let angle = dx / (dy + 0.1);
        let beam = smooth(0.42, 0.9, noise(angle * 9.0 + 40.0, 1.0, seed + 2));
        (sun, beam * strength * unit(1.0 - dy / 1.4) * unit(1.1 - angle.abs()))
    });
    stage.push(canvas, depth, Role::Veil).sway =
        Sway { x: u * 0.03, y: 0.0, rate: 0.10, phase: 0.0 };
}

fn kelp(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, count: i32) {
    let (u, seed) = (stage.u, ridge.seed);
    for j in 0..count {
        let x = canvas.area.left as f32 + lattice(j, 51, seed) * canvas.w as f32;
        let y = ridge.line(stage, x) + u * 0.02;
        let top = y - u * (0.10 + 0.22 * lattice(j, 52, seed));
        let bend = u * 0.06 * (lattice(j, 53, seed) - 0.5);
        let weed = path(&format!(
            "M{x} {y} Q{} {} {} {} Q{} {} {} {top}",
            x + bend,
            y * 0.75 + top * 0.25,
            x,
            (y + top) * 0.5,
            x - bend,
            y * 0.25 + top * 0.75,
            x + bend * 0.5
        ));
        canvas.fill(
            &stroked(&weed, u * 0.012),
            Fit::FRAME,
            |_, _| ridge.top.mix(stage.pal.near, 0.25),
            1.0,
        );
    }
}

fn corals(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, count: i32) {
    let (u, seed, p) = (stage.u, ridge.seed, stage.pal);
    for j in 0..count {
        let x = canvas.area.left as f32 + lattice(j, 61, seed) * canvas.w as f32;
        let y = ridge.line(stage, x) + u * 0.015;
        let k = u * (0.05 + 0.06 * lattice(j, 62, seed)) / 100.0;
        let tree = path(
            "M50 104 L50 50 M50 78 L28 52 L26 30 M50 70 L72 46 L76 24 M50 50 L40 26 L42 8 M50 50 L60 28 L58 6",
        );
        let c = [p.accent, p.accent.turned(40.0), p.accent.mix(p.sun, 0.4)]
            [(lattice(j, 63, seed) * 2.99) as usize];
        let fit = Fit { x: x - 50.0 * k, y: y - 100.0 * k, sx: k, sy: k };
        canvas.fill(&stroked(&tree, 11.0), fit, |_, _| c.mix(ridge.top, 0.42), 1.0);
    }
}
