//! Skies: gradient, sun or moon, clouds, and what a style makes of them.

use super::finish::Role;
use super::stage::{Fleck, Pulse, Stage, Sway};
use crate::lexicon::{Air, Style};
use crate::paint::num::{TAU, cos, pow, sin, smooth, unit};
use crate::paint::{
    Block, Canvas, Disc, Field, Fit, Rgb, WHITE, fbm, hex, lattice, polygon, stroked,
};
use crate::spec::Sky;

/// How deep the sky lies.
pub const DEPTH: f32 = 0.08;

/// Draws the sky and pushes it; wonders and stars follow it.
pub fn draw(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(DEPTH, 0.0);
    match stage.look.sky {
        Sky::Air | Sky::Wash => air(stage, &mut canvas),
        Sky::Rings => rings(stage, &mut canvas),
        Sky::Rays => rays(stage, &mut canvas),
        Sky::Sheets => sheets(stage, &mut canvas),
        Sky::Flat => flat(stage, &mut canvas),
    }
    orb(stage, &mut canvas);
    if stage.spec.wonder(Air::Rainbow) {
        rainbow(stage, &mut canvas);
    }
    stage.push(canvas, DEPTH, Role::Sky);
    if stage.spec.wonder(Air::Aurora) {
        aurora(stage);
    }
    if stage.spec.wonder(Air::Storm) {
        lightning(stage);
    }
    if stage.pal.night && stage.look.style != Style::Ink {
        stars(stage, 46.0);
    } else if stage.spec.wonder(Air::Clear) && stage.look.style != Style::Ink {
        glints(stage);
    }
}

/// The colour of the bare sky at a height, 0 at the top and 1 at the horizon.
pub fn gradient(stage: &Stage<'_>, t: f32) -> Rgb {
    let p = &stage.pal;
    if t < 0.55 {
        let k = t / 0.55;
        p.top.mix(p.mid, (smooth(0.0, 1.0, k) + k) * 0.5)
    } else {
        p.mid.mix(p.low, smooth(0.0, 1.0, (t - 0.55) / 0.45))
    }
}

fn air(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (u, p, sun) = (stage.u, stage.pal, stage.sun);
    let wash = stage.look.sky == Sky::Wash;
    let ink = stage.look.style == Style::Ink;
    let (seed, amount) = (stage.seed, stage.spec.clouds);
    let shift = (seed % 97) as f32 * 0.37;
    let sharp = if stage.spec.wonder(Air::Cloudy) { 5.5 } else { 3.6 };
    let clouds = Field::new(canvas.area, 4, |x, y| {
        let large = fbm(x / u * 1.6 + shift, y / u * 4.6, seed + 11, 4);
        let small = fbm(x / u * 3.0, y / u * 9.0, seed + 23, 3);
        unit((large * 0.75 + small * 0.25 - 0.5 + 0.06 * amount) * sharp)
    });
    let glow = if p.night && stage.look.style != Style::Neon { 0.35 } else { 0.75 };
    let glow = glow * if wash { 0.35 } else { 1.0 } * (1.0 - 0.5 * stage.spec.fog);
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let t = unit(y / stage.horizon);
        let (dx, dy) = ((x - sun.x) / u, (y - sun.y) / u);
        let d = dx * dx + dy * dy;
        let mut c = gradient(stage, t);
        c = c.mix(p.sun, (0.40 / (1.0 + d * 14.0) + 0.55 / (1.0 + d * 90.0)) * glow);
        let cover = clouds.at(x, y) * smooth(0.0, 0.15, t) * (1.0 - smooth(0.8, 1.05, t) * 0.6);
        let lit = p.low.mix(p.far, 0.35).mix(p.sun, unit(0.65 - d * 1.3));
        let lit = if ink { p.low.scale(0.86) } else { lit };
        let strength = if p.night { 0.35 } else { 0.66 };
        (c.mix(lit, cover * amount * strength), 1.0)
    });
}

/// Flat rings around the sun, from light to dark.
fn rings(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (p, sun, u) = (stage.pal, stage.sun, stage.u);
    let steps =
        [p.sun.mix(p.low, 0.45), p.low, p.low.mix(p.mid, 0.5), p.mid, p.mid.mix(p.top, 0.5), p.top];
    let width = u * 0.17 * stage.zoom.sqrt();
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let (dx, dy) = (x - sun.x, y - sun.y);
        let ring = ((dx * dx + dy * dy).sqrt() - sun.r) / width;
        let i = (ring.max(0.0) as usize).min(steps.len() - 1);
        let next = steps[(i + 1).min(steps.len() - 1)];
        // One pixel of transition, against steps in the curve.
        let edge = unit((ring - (i as f32 + 1.0)) * width + 1.0);
        (steps[i].mix(next, edge), 1.0)
    });
}

/// Alternating rays from the sun over a gradient.
fn rays(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (sun, p) = (stage.sun, stage.pal);
    let area = canvas.area;
    canvas.shade(area, |_, y| (gradient(stage, unit(y / stage.horizon)), 1.0));
    let soft = stage.look.style == Style::Storybook;
    let count = if soft { 9 } else { 14 };
    let alpha = if soft { 0.16 } else { 0.34 } * if p.night { 0.55 } else { 1.0 };
    let far = (stage.w + stage.h) * 1.2;
    for i in 0..count {
        let a = TAU * (i as f32 + 0.2) / count as f32;
        let b = a + TAU * 0.5 / count as f32;
        let ray = polygon(&[
            (sun.x, sun.y),
            (sun.x + cos(a) * far, sun.y + sin(a) * far),
            (sun.x + cos(b) * far, sun.y + sin(b) * far),
        ]);
        canvas.fill(&ray, Fit::FRAME, |_, _| p.sun.mix(p.low, 0.3), alpha);
    }
    for i in 0..(4.0 + 6.0 * stage.spec.clouds) as i32 {
        let x = canvas.area.left as f32 + lattice(i, 1, stage.seed) * canvas.w as f32;
        let y = stage.horizon * (0.10 + 0.62 * lattice(i, 2, stage.seed));
        let size = stage.u * (0.04 + 0.06 * lattice(i, 3, stage.seed));
        puff(canvas, (x, y), size, p.low.mix(WHITE, if p.night { 0.1 } else { 0.5 }), 0.92);
    }
}

/// A cloud of round puffs with a flat foot.
pub fn puff(canvas: &mut Canvas, at: (f32, f32), size: f32, c: Rgb, alpha: f32) {
    let (x, y) = at;
    let shapes = [
        (-1.5, 0.1, 0.62),
        (-0.7, -0.35, 0.85),
        (0.3, -0.5, 1.0),
        (1.2, -0.1, 0.75),
        (1.9, 0.15, 0.5),
    ];
    let lower = c.scale(0.88);
    for (dx, dy, r) in shapes {
        let disc = Disc { x: x + dx * size, y: y + dy * size, r: r * size, soft: 0.0 };
        let floor = y + size * 0.55;
        let around = disc.y;
        canvas.disc(
            disc,
            |_, v| if around + v * r * size > floor { lower } else { c.mix(lower, unit(v) * 0.7) },
            alpha,
        );
    }
    let foot = Block {
        left: x - 2.1 * size,
        top: y + 0.1 * size,
        right: x + 2.4 * size,
        bottom: y + 0.62 * size,
    };
    canvas.block(foot, lower, alpha);
}

/// Cut sheets of paper, one behind the other, each with a scalloped lower edge.
fn sheets(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (p, u) = (stage.pal, stage.u);
    let area = canvas.area;
    canvas.shade(area, |_, _| (p.low, 1.0));
    let colours = [p.low.mix(p.mid, 0.5), p.mid, p.mid.mix(p.top, 0.5), p.top];
    for (i, c) in colours.into_iter().enumerate() {
        let level = stage.horizon * (0.78 - 0.21 * i as f32);
        let wave = u * (0.26 - 0.03 * i as f32);
        let phase = lattice(i as i32, 9, stage.seed);
        let edge = |x: f32| {
            let t = x / wave + phase;
            let bump = t - t.floor() - 0.5;
            level + (0.25 - bump * bump).max(0.0).sqrt() * wave * 0.5
        };
        for (drop, colour, alpha) in
            [(u * 0.016, p.near, 0.16), (u * 0.008, p.near, 0.16), (0.0, c, 1.0)]
        {
            canvas.shade(area, |x, y| (colour, unit(edge(x) + drop - y) * alpha));
        }
    }
}

fn flat(stage: &Stage<'_>, canvas: &mut Canvas) {
    let p = stage.pal;
    let area = canvas.area;
    canvas.shade(area, |_, y| {
        let t = unit(y / stage.horizon);
        (p.mid.mix(p.low, 0.4 + 0.6 * t), 1.0)
    });
}

/// Sun or moon.
fn orb(stage: &Stage<'_>, canvas: &mut Canvas) {
    let (p, sun, u) = (stage.pal, stage.sun, stage.u);
    let disc = |soft: f32| Disc { x: sun.x, y: sun.y, r: sun.r, soft };
    let hidden =
        (stage.spec.fog * 0.8).max(if stage.spec.wonder(Air::Cloudy) { 0.45 } else { 0.0 });
    let alpha = 1.0 - if stage.spec.wonder(Air::Storm) { 1.0 } else { hidden };
    match stage.look.style {
        Style::Neon => {
            canvas.disc(disc(0.0), |_, v| p.sun.mix(p.low, unit(v * 0.5 + 0.5)), alpha);
            for i in 0..6 {
                let top = sun.y + sun.r * (0.05 + i as f32 * 0.16);
                let bottom = top + sun.r * (0.02 + 0.014 * i as f32);
                let c = gradient(stage, unit(top / stage.horizon));
                let bar =
                    Block { left: sun.x - sun.r - 2.0, top, right: sun.x + sun.r + 2.0, bottom };
                canvas.block(bar, c, 0.92);
            }
        }
        Style::Ink => canvas.disc(disc(1.0), |_, _| p.accent, 0.85 * alpha),
        Style::Papercut => {
            for (grow, c, a) in [
                (1.30, p.near, 0.10),
                (1.26, p.sun.mix(p.low, 0.5), 1.0),
                (1.04, p.near, 0.14),
                (1.0, p.sun, 1.0),
            ] {
                canvas.disc(Disc { r: sun.r * grow, ..disc(u * 0.004) }, |_, _| c, a * alpha);
            }
        }
        Style::Poster | Style::Minimal => {
            let c = if p.night { p.sun } else { p.sun.mix(p.accent, 0.55) };
            canvas.disc(disc(0.0), |_, _| c, alpha);
        }
        _ if p.night => {
            let seed = stage.seed;
            let face =
                |x: f32, y: f32| p.sun.scale(0.90 + 0.12 * fbm(x * 2.5 + 9.0, y * 2.5, seed, 3));
            canvas.disc(disc(1.0), face, alpha);
        }
        _ => canvas.disc(disc(u * 0.006), |_, _| p.sun.mix(WHITE, 0.55), alpha),
    }
}

fn rainbow(stage: &Stage<'_>, canvas: &mut Canvas) {
    let u = stage.u;
    let (x, y) = (stage.across(0.12), stage.horizon + u * 0.06);
    let bands = [0xe8505b, 0xf39a4a, 0xf6d95b, 0x6fc46c, 0x4aa3df, 0x7d6bd0];
    let area = canvas.area;
    let (outer, width) = (u * 0.62 * stage.zoom.sqrt(), u * 0.020);
    canvas.shade(area, |px, py| {
        let (dx, dy) = (px - x, py - y);
        let band = (outer - (dx * dx + dy * dy).sqrt()) / width;
        if !(0.0..6.0).contains(&band) || dy > 0.0 {
            return (WHITE, 0.0);
        }
        (hex(bands[band as usize]), 0.62)
    });
}

/// Curtains of light, green below and violet above.
fn aurora(stage: &mut Stage<'_>) {
    for i in 0..2u32 {
        let mut canvas = stage.sheet(0.12, stage.u * 0.06);
        let (u, seed, area) = (stage.u, stage.seed + i * 31, canvas.area);
        let (horizon, low) = (stage.horizon, hex(0x4dffb0));
        let high = hex(if i == 0 { 0x9a5cff } else { 0x35c6ff });
        canvas.shade(area, |x, y| {
            let q = x / u;
            let foot =
                horizon * (0.62 - 0.16 * i as f32) + u * 0.20 * (fbm(q * 1.3, 0.3, seed, 3) - 0.5);
            let up = (foot - y) / (u * 0.42);
            if up <= -0.12 || up >= 1.0 {
                return (low, 0.0);
            }
            let streak = fbm(q * 16.0 + up * 0.8, up * 0.7, seed + 7, 3);
            let body = smooth(-0.12, 0.05, up) * pow(1.0 - up.max(0.0), 1.6);
            (low.mix(high, unit(up * 1.3)), body * smooth(0.25, 0.75, streak) * 0.66)
        });
        let placed = stage.push(canvas, 0.12, Role::Veil);
        placed.sway = Sway { x: 9.0 + 6.0 * i as f32, y: 1.5, rate: 0.13, phase: i as f32 * 2.0 };
    }
}

/// A bolt that is seen now and then, with the light it throws.
fn lightning(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(DEPTH, 0.0);
    let (u, area) = (stage.u, canvas.area);
    let mut x = stage.across(-0.18);
    let mut points = vec![(x, -8.0)];
    let steps = 9;
    for i in 1..=steps {
        x += (lattice(i, 4, stage.seed) - 0.5) * u * 0.13;
        points.push((x, stage.horizon * i as f32 / steps as f32));
    }
    let mut back: Vec<(f32, f32)> = points.iter().rev().map(|(x, y)| (x + u * 0.004, *y)).collect();
    points.append(&mut back);
    let bolt = polygon(&points);
    canvas.shade(area, |_, y| (hex(0xcfdcff), 0.26 * unit(1.2 - y / stage.horizon)));
    canvas.fill(&stroked(&bolt, u * 0.022), Fit::FRAME, |_, _| hex(0xaebfff), 0.30);
    canvas.fill(&stroked(&bolt, u * 0.005), Fit::FRAME, |_, _| WHITE, 1.0);
    let placed = stage.push(canvas, DEPTH, Role::Veil);
    placed.pulse = Some(Pulse { period: 1.7, phase: 0.55 });
}

/// Twinkling stars over the sky.
pub fn stars(stage: &mut Stage<'_>, density: f32) {
    let u = stage.u;
    let many = if stage.spec.wonder(Air::Stars) { 2.4 } else { 1.0 };
    let sprite = stage.sprite(u * 0.016, u * 0.016, |x, y| {
        let d = ((x * x + y * y).sqrt() / (u * 0.008)).min(1.0);
        let g = 1.0 - d;
        let arm = |v: f32| unit(1.0 - v.abs() / (u * 0.0016)) * g * 0.5;
        g * g * g * 1.4 + arm(x) + arm(y)
    });
    let ink = stage.ink(hex(0xfff7e6), true);
    for _ in 0..(density * many * stage.w / u) as usize {
        let at = (
            stage.rng.range(-0.05, 1.05) * stage.w,
            pow(stage.rng.unit(), 1.3) * stage.horizon * 0.92,
        );
        stage.flecks.push(Fleck {
            sprite,
            poses: 1,
            ink,
            at,
            speed: (0.0, 0.0),
            sway: Sway {
                rate: stage.rng.range(0.25, 0.9),
                phase: stage.rng.range(0.0, TAU),
                ..Sway::default()
            },
            opacity: 0.25 + 0.7 * pow(stage.rng.unit(), 2.0),
            twinkle: 0.6,
            depth: DEPTH,
            wraps: false,
            after: stage.layers.len() - 1,
        });
    }
}

/// Reflections of a bright sun in the lens, on the line through the middle.
fn glints(stage: &mut Stage<'_>) {
    let (u, sun) = (stage.u, stage.sun);
    let mut canvas = stage.sheet(0.02, 0.0);
    let (cx, cy) = (stage.w * 0.5, stage.h * 0.5);
    for (i, (along, r, alpha)) in
        [(0.35, 0.045, 0.16), (0.7, 0.025, 0.20), (1.3, 0.08, 0.10), (1.6, 0.035, 0.14)]
            .into_iter()
            .enumerate()
    {
        let disc = Disc {
            x: sun.x + (cx - sun.x) * along,
            y: sun.y + (cy - sun.y) * along,
            r: u * r,
            soft: u * 0.004,
        };
        let c = if i % 2 == 0 { stage.pal.sun } else { stage.pal.accent };
        canvas.disc(disc, |_, _| c, alpha);
    }
    stage.push(canvas, 0.02, Role::Veil);
}
