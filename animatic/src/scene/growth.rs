//! Plants of the landscape: pines, crowns, flowers, grass, reeds, palms, cactus.

use super::finish::Role;
use super::ridge::Ridge;
use super::stage::{Stage, Sway};
use crate::paint::num::{TAU, cos, sin, unit};
use crate::paint::{Canvas, Disc, Fit, Rgb, lattice, path, polygon, stroked};

/// A pine of that height, its foot at (x, y).
pub fn pine(
    canvas: &mut Canvas,
    foot: (f32, f32),
    height: f32,
    seed: u32,
    paint: impl Fn(f32) -> Rgb,
) {
    let tiers = 5;
    let width =
        |i: i32, side: i32| 7.0 + i as f32 * 6.0 + lattice(i + side * 9, seed as i32, 9) * 4.0;
    let mut right = vec![(50.0, 0.0)];
    let mut left = Vec::new();
    for i in 0..tiers {
        let y = 18.0 + i as f32 * 17.0;
        right.push((50.0 + width(i, 0), y));
        right.push((50.0 + width(i, 0) * 0.45, y - 3.0));
        left.push((50.0 - width(i, 1), y));
        left.push((50.0 - width(i, 1) * 0.45, y - 3.0));
    }
    right.extend([(53.0, 90.0), (53.0, 102.0), (47.0, 102.0), (47.0, 90.0)]);
    left.reverse();
    right.extend(left);
    let k = height / 100.0;
    let fit = Fit { x: foot.0 - 50.0 * k, y: foot.1 - height, sx: k, sy: k };
    canvas.fill(&polygon(&right), fit, |_, y| paint(y), 1.0);
}

/// Pines along a ridge.
pub fn pines(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, count: i32) {
    let (u, seed) = (stage.u, stage.seed);
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    for j in 0..count {
        if lattice(j, 6, seed) < 0.3 {
            continue;
        }
        let x = left + (j as f32 + lattice(j, 5, seed)) / count as f32 * width;
        let y = ridge.line(stage, x) + u * 0.01;
        let height = u * (0.07 + 0.08 * lattice(j, 7, seed)) * stage.zoom;
        pine(canvas, (x, y), height, j as u32 + seed, |v| {
            ridge.top.scale(0.88).mix(ridge.foot, unit(v / 140.0) * 0.4)
        });
    }
}

/// Round trees along a hill.
pub fn crowns(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, count: usize, size: f32) {
    let (u, seed) = (stage.u, ridge.seed);
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    for j in 0..count as i32 {
        let x = left + lattice(j, 15, seed) * width;
        let r = u * size * (0.7 + 0.7 * lattice(j, 16, seed)) * stage.zoom.sqrt();
        let y = ridge.line(stage, x) - r * 0.5;
        let c = ridge.foot.mix(stage.pal.near, 0.35);
        let trunk = [
            (x - r * 0.1, y),
            (x + r * 0.1, y),
            (x + r * 0.13, y + r * 1.2),
            (x - r * 0.13, y + r * 1.2),
        ];
        canvas.fill(&polygon(&trunk), Fit::FRAME, |_, _| c.scale(0.7), 1.0);
        for (dx, dy, k) in [(-0.55, 0.15, 0.7), (0.55, 0.15, 0.7), (0.0, -0.3, 0.9)] {
            let disc = Disc { x: x + dx * r, y: y + dy * r, r: r * k, soft: 1.0 };
            let side = stage.side;
            canvas.disc(
                disc,
                |a, b| c.mix(stage.pal.sun, 0.20 * unit(0.5 - a * side * 0.5 - b * 0.5)),
                1.0,
            );
        }
    }
}

/// Dots of flowers over a slope.
pub fn flowers(stage: &Stage<'_>, canvas: &mut Canvas, ridge: &Ridge, count: i32, c: Rgb) {
    let (u, seed) = (stage.u, ridge.seed);
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    let colours = [c, stage.pal.sun, c.mix(stage.pal.sun, 0.5), c.turned(40.0)];
    for j in 0..count {
        let x = left + lattice(j, 21, seed) * width;
        let down = lattice(j, 22, seed);
        let y = ridge.line(stage, x) + u * (0.015 + 0.20 * down);
        let disc = Disc { x, y, r: u * (0.003 + 0.006 * down), soft: 1.0 };
        let colour = colours[(lattice(j, 23, seed) * 3.99) as usize];
        canvas.disc(disc, |_, _| colour, 0.9);
    }
}

/// Blades of grass along a line.
pub fn blades(stage: &Stage<'_>, canvas: &mut Canvas, ground: f32) {
    let (u, seed) = (stage.u, stage.seed);
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    let count = (width / u * 60.0) as i32;
    let c = stage.pal.near.scale(0.8).mix(stage.pal.far, 0.06);
    for j in 0..count {
        let x = left + (j as f32 + lattice(j, 12, seed)) / count as f32 * width;
        let g = lattice(j, 11, seed);
        let tip = (x + (g - 0.5) * u * 0.08, ground - u * (0.02 + 0.07 * g));
        let foot = ground + u * 0.08;
        let blade = path(&format!(
            "M{x} {foot} Q{} {} {} {} Q{} {} {} {foot} Z",
            x + u * 0.008,
            ground,
            tip.0,
            tip.1,
            x + u * 0.014,
            ground,
            x + u * 0.012,
        ));
        canvas.fill(&blade, Fit::FRAME, |_, _| c, 1.0);
    }
}

/// Large flowers on stems close to the camera.
pub fn stems(stage: &Stage<'_>, canvas: &mut Canvas, count: i32) {
    let (u, h, seed) = (stage.u, stage.h, stage.seed);
    let (left, width) = (canvas.area.left as f32, canvas.w as f32);
    for j in 0..count {
        let x = left + (j as f32 + lattice(j, 31, seed)) / count as f32 * width;
        let tip = h * (0.995 - 0.075 * lattice(j, 32, seed));
        let stem = stroked(
            &path(&format!("M{x} {} Q{} {} {x} {tip}", h * 1.08, x + u * 0.01, h * 1.02)),
            u * 0.006,
        );
        canvas.fill(&stem, Fit::FRAME, |_, _| stage.pal.near.scale(0.8), 1.0);
        let c = [stage.pal.accent, stage.pal.sun, stage.pal.accent.turned(30.0)]
            [(lattice(j, 33, seed) * 2.99) as usize];
        let r = u * (0.010 + 0.008 * lattice(j, 34, seed));
        for k in 0..5 {
            let a = TAU * k as f32 / 5.0 + lattice(j, 35, seed);
            canvas.disc(
                Disc { x: x + cos(a) * r, y: tip + sin(a) * r * 0.8, r: r * 0.72, soft: 0.5 },
                |_, _| c,
                1.0,
            );
        }
        canvas.disc(
            Disc { x, y: tip, r: r * 0.55, soft: 0.5 },
            |_, _| stage.pal.near.mix(stage.pal.sun, 0.5),
            1.0,
        );
    }
}

/// Reeds in the lower corner opposite to the subject.
pub fn reeds(stage: &mut Stage<'_>) {
    let (u, h, seed) = (stage.u, stage.h, stage.seed);
    let mut canvas = stage.lower_sheet(0.95, h * 0.55, 0.0);
    let c = stage.pal.near.scale(0.75);
    for j in 0..18 {
        let x = stage.across(-0.30) + (lattice(j, 41, seed) - 0.5) * stage.w * 0.42;
        let tip =
            (x + (lattice(j, 42, seed) - 0.3) * u * 0.09, h * (0.74 + 0.18 * lattice(j, 43, seed)));
        let stem = path(&format!("M{x} {} Q{x} {} {} {}", h * 1.06, h * 0.92, tip.0, tip.1));
        canvas.fill(&stroked(&stem, u * 0.006), Fit::FRAME, |_, _| c, 1.0);
        if j % 3 != 0 {
            let head =
                path(&format!("M{} {} L{} {}", tip.0, tip.1, tip.0 + u * 0.002, tip.1 + u * 0.05));
            canvas.fill(
                &stroked(&head, u * 0.014),
                Fit::FRAME,
                |_, _| c.mix(stage.pal.accent, 0.22),
                1.0,
            );
        }
    }
    let rate = 0.3 * stage.spec.pace;
    stage.push(canvas, 0.95, Role::Ground).sway = Sway { x: u * 0.006, y: 0.0, rate, phase: 1.0 };
}

pub fn cactus(stage: &Stage<'_>, canvas: &mut Canvas, foot: (f32, f32), height: f32) {
    let shape = path("M50 104 L50 10 M50 62 L22 62 L22 34 M50 48 L76 48 L76 24");
    let k = height / 100.0;
    let fit = Fit { x: foot.0 - 50.0 * k, y: foot.1 - height, sx: k, sy: k };
    let c = stage.pal.near.mix(stage.pal.far, 0.08).scale(0.8);
    let side = stage.side;
    canvas.fill(
        &stroked(&shape, 15.0),
        fit,
        |x, _| c.mix(stage.pal.sun, 0.16 * unit(0.5 - (x - 50.0) * side / 60.0)),
        1.0,
    );
}

/// A palm leaning over the picture from the side away from the subject.
pub fn palm(stage: &Stage<'_>, canvas: &mut Canvas, foot: (f32, f32), height: f32) {
    let k = height / 100.0;
    let fit =
        Fit { x: foot.0 - 50.0 * k * stage.side, y: foot.1 - 100.0 * k, sx: k * stage.side, sy: k };
    let (dark, leaf) = (stage.pal.near.scale(0.7), stage.pal.near.mix(stage.pal.far, 0.16));
    canvas.fill(
        &stroked(&path("M46 104 Q48 56 66 20"), 5.0),
        fit,
        |_, _| dark.mix(stage.pal.accent, 0.10),
        1.0,
    );
    for leafshape in [
        "M66 20 Q40 2 14 18 Q42 10 64 24 Z",
        "M66 20 Q36 14 22 44 Q42 22 65 25 Z",
        "M66 20 Q62 -8 34 -10 Q56 2 64 22 Z",
        "M66 20 Q88 -6 112 6 Q86 6 68 24 Z",
        "M66 20 Q98 12 112 38 Q88 20 67 25 Z",
        "M66 20 Q84 34 82 58 Q74 36 64 25 Z",
        "M66 20 Q74 -10 96 -14 Q80 2 68 22 Z",
    ] {
        canvas.fill(
            &path(leafshape),
            fit,
            |_, y| leaf.mix(stage.pal.sun, 0.14 * unit((22.0 - y) / 30.0)),
            1.0,
        );
    }
    canvas.fill(
        &path("M62 22 C58 24 60 30 64 29 C68 31 72 27 69 23 Z"),
        fit,
        |_, _| dark.mix(stage.pal.accent, 0.3),
        1.0,
    );
}
