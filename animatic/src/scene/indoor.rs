//! Inside: the studio with its podium, and a room with a window.

use super::cast::{Spot, Spots};
use super::finish::Role;
use super::stage::{Stage, Sway};
use crate::lexicon::{Air, Place, Style};
use crate::paint::num::{smooth, unit};
use crate::paint::{
    Area, Block, Canvas, Disc, Fit, Rgb, WHITE, hex, lattice, oval, path, polygon, stroked,
};
use crate::subject::{Habit, figure_of};

pub fn studio(stage: &mut Stage<'_>) {
    backdrop(stage);
    rings(stage);
    let (u, h) = (stage.u, stage.h);
    let r = u * 0.30 * stage.zoom.min(1.35);
    let top = stage.horizon + u * 0.10;
    let x = podium_x(stage);
    podium(stage, (x, top), r);
    let across = (x / stage.w - 0.5) * stage.side / if stage.tall() { 0.55 } else { 1.0 };
    let table =
        stage.spec.cast.first().is_some_and(|thing| figure_of(*thing).habit == Habit::Table);
    let scale = if table { 1.0 } else { 1.25 };
    let on = Spot { across, y: top + u * 0.012, scale, depth: 0.5 };
    let spots = Spots { ground: on, water: None, air: Spot { y: h * 0.42, ..on } };
    if stage.spec.cast.is_empty() {
        orb(stage, (x, top));
    } else {
        stage.play(&spots);
    }
}

/// The podium leaves room for a title at the left in the first shot.
fn podium_x(stage: &Stage<'_>) -> f32 {
    stage.across(if stage.tall() { 0.0 } else { 0.10 })
}

fn backdrop(stage: &mut Stage<'_>) {
    let mut canvas = stage.sheet(0.2, 0.0);
    let (u, p, hy, area) = (stage.u, stage.pal, stage.horizon, canvas.area);
    let x0 = podium_x(stage);
    let pale = matches!(
        stage.look.style,
        Style::Minimal | Style::Ink | Style::Watercolor | Style::Storybook
    );
    canvas.shade(area, |x, y| {
        let (a, b) = ((x - x0) / u, (y - hy * 0.58) / u);
        let glow = 1.0 / (1.0 + (a * a * 2.2 + b * b * 3.2) * 2.2);
        let wall = p.top.scale(if pale { 1.0 } else { 0.9 }).mix(p.mid.mix(p.low, 0.5), glow);
        let front = if pale {
            p.mid.mix(p.low, 0.4)
        } else {
            p.near.scale(1.1).mix(p.mid.mix(p.accent, 0.15), unit(glow * 0.8))
        };
        // A sweep of paper: wall and floor meet in a curve.
        (wall.mix(front, smooth(hy - u * 0.03, hy + u * 0.12, y) * 0.85), 1.0)
    });
    stage.push(canvas, 0.2, Role::Sky);
}

fn rings(stage: &mut Stage<'_>) {
    if stage.look.style == Style::Ink {
        return;
    }
    let mut canvas = stage.sheet(0.25, 0.0);
    let (u, p) = (stage.u, stage.pal);
    let (x, y) = (podium_x(stage), stage.horizon * 0.58);
    match lattice(1, 2, stage.spec.seed as u32) {
        v if v < 0.45 => {
            for i in 0..3 {
                let r = u * (0.34 + 0.11 * i as f32) * stage.zoom.sqrt();
                let ring = stroked(&oval(x, y, r, r), u * 0.004);
                canvas.fill(&ring, Fit::FRAME, |_, _| p.accent, 0.42 - 0.11 * i as f32);
            }
        }
        v if v < 0.75 => {
            let r = u * 0.36 * stage.zoom.sqrt();
            canvas.disc(
                Disc { x, y, r, soft: 0.0 },
                |_, v| p.accent.mix(p.mid, 0.45 + 0.3 * unit(v * 0.5 + 0.5)),
                0.62,
            );
        }
        _ => {
            for (i, dx) in [-0.42f32, 0.42].into_iter().enumerate() {
                let (w, top) = (u * 0.17, y - u * (0.26 + 0.05 * i as f32));
                let arch = path(&format!(
                    "M{} {} L{} {} Q{} {} {} {} Q{} {} {} {} L{} {} Z",
                    x + dx * u - w,
                    stage.horizon + u * 0.06,
                    x + dx * u - w,
                    top + w,
                    x + dx * u - w,
                    top,
                    x + dx * u,
                    top,
                    x + dx * u + w,
                    top,
                    x + dx * u + w,
                    top + w,
                    x + dx * u + w,
                    stage.horizon + u * 0.06
                ));
                canvas.fill(
                    &arch,
                    Fit::FRAME,
                    |_, py| {
                        p.accent.mix(p.mid, 0.5).mix(p.near, 0.25 * unit((py - top) / (u * 0.5)))
                    },
                    0.5,
                );
            }
        }
    }
    stage.push(canvas, 0.25, Role::Veil);
}

fn podium(stage: &mut Stage<'_>, (x, top): (f32, f32), r: f32) {
    let (u, p, side) = (stage.u, stage.pal, stage.side);
    let height = u * 0.09;
    let mut canvas = stage.lower_sheet(0.45, top - r * 0.4, 0.0);
    let shade = |dx: f32| {
        let dark = p.mid.mix(p.low, 0.4).scale(0.45);
        dark.mix(p.low.mix(p.sun, 0.3), unit(0.5 - dx * side / r * 0.5))
    };
    let foot = oval(0.0, 0.0, r * 1.35, r * 0.30);
    canvas.fill(&foot, Fit::at(x, top + height + u * 0.012), |_, _| p.near.scale(0.3), 0.35);
    let wall = polygon(&[(-r, 0.0), (r, 0.0), (r, height), (-r, height)]);
    canvas.fill(&wall, Fit::at(x, top), |dx, _| shade(dx), 1.0);
    let disc = oval(0.0, 0.0, r, r * 0.2);
    canvas.fill(&disc, Fit::at(x, top + height), |dx, _| shade(dx), 1.0);
    canvas.fill(
        &disc,
        Fit::at(x, top),
        |dx, dy| {
            p.low.mix(p.sun, 0.5).mix(p.mid.mix(p.low, 0.5), unit(0.4 + (dx * side - dy) / r * 0.5))
        },
        1.0,
    );
    canvas.fill(
        &oval(0.0, 0.0, r * 0.55, r * 0.08),
        Fit::at(x, top + u * 0.004),
        |_, _| p.near.scale(0.6),
        0.4,
    );
    stage.push(canvas, 0.45, Role::Ground);
}

/// A glossy ball, when there is nothing to show.
fn orb(stage: &mut Stage<'_>, (x, top): (f32, f32)) {
    let (u, p, side) = (stage.u, stage.pal, stage.side);
    let r = u * 0.2;
    let mut canvas = Canvas::new(Area::around(x - r - 8.0, top - 2.2 * r, x + r + 8.0, top + 8.0));
    canvas.disc(
        Disc { x, y: top - r, r, soft: 0.0 },
        |a, b| {
            let z = (1.0 - a * a - b * b).max(0.0).sqrt();
            let lit = unit(-a * 0.5 * side - b * 0.5 + z * 0.6);
            p.accent
                .scale(0.25 + 0.8 * lit)
                .plus(WHITE, crate::paint::num::pow(lit, 18.0) * 0.9)
                .clamped()
        },
        1.0,
    );
    stage.push(canvas, 0.5, Role::Cast).sway = Sway { x: 0.0, y: u * 0.006, rate: 0.2, phase: 0.0 };
}

pub fn room(stage: &mut Stage<'_>) {
    let window = pane(stage);
    wall(stage, window);
    light(stage, window);
    lamp(stage);
    shelf(stage);
    let (h, u) = (stage.h, stage.u);
    let top = stage.horizon;
    let table = stage.spec.cast.first().is_none_or(|thing| figure_of(*thing).habit == Habit::Table);
    let depth = 0.62;
    if table {
        board(stage, top, depth);
        let on = Spot { across: 0.19, y: top + u * 0.055, scale: 1.0, depth };
        stage.play(&Spots { ground: on, water: None, air: Spot { y: h * 0.36, ..on } });
        if stage.spec.cast.is_empty() {
            plant(stage, (stage.across(0.22), top + u * 0.045), u * 0.34, depth);
        }
    } else {
        boards(stage);
        let on = Spot { across: 0.19, y: h * 0.93, scale: 1.25, depth: 0.7 };
        stage.play(&Spots { ground: on, water: None, air: Spot { y: h * 0.40, scale: 0.9, ..on } });
        plant(stage, (stage.across(-0.42), h * 0.97), u * 0.5, 0.85);
    }
}

/// The window: left, top, right, bottom.
fn pane(stage: &Stage<'_>) -> Block {
    let (u, h) = (stage.u, stage.h);
    let x = stage.across(-0.20);
    let half = u * 0.26 * stage.zoom.sqrt();
    let foot = stage.horizon - u * 0.10;
    let height = (u * 0.52 * stage.zoom.sqrt()).min(foot - h * 0.08);
    Block { left: x - half, top: foot - height, right: x + half, bottom: foot }
}

fn wall(stage: &mut Stage<'_>, window: Block) {
    let (u, p, seed) = (stage.u, stage.pal, stage.seed);
    let mut view = stage.sheet(0.12, 0.0);
    let outside = crate::spec::palette::base(Place::Meadow, None, 0);
    let (area, night, ink) = (view.area, p.night, stage.look.style == Style::Ink);
    view.shade(area, |x, y| {
        let t = unit((y - window.top) / (window.bottom - window.top));
        let day = outside.top.mix(outside.low, t).mix(p.sun, 0.25);
        let c = if ink {
            p.low
        } else if night {
            hex(0x0b1436).mix(hex(0x35417c), t)
        } else {
            day.mix(p.mid, 0.25)
        };
        let hill = window.bottom - u * (0.10 + 0.07 * crate::paint::fbm(x / u * 3.0, 2.0, seed, 3));
        let land = if ink {
            p.far
        } else if night {
            hex(0x0a1024)
        } else {
            outside.far.mix(p.mid, 0.3)
        };
        (c.mix(land, unit(y - hill)), 1.0)
    });
    stage.push(view, 0.12, Role::Sky);
    let mut canvas = stage.sheet(0.30, 0.0);
    let (area, side) = (canvas.area, stage.side);
    canvas.shade(area, |x, y| {
        let inside = x > window.left && x < window.right && y > window.top && y < window.bottom;
        let d = ((x - (window.left + window.right) * 0.5) / u).abs();
        let lit = 1.0 / (1.0 + d * d * 2.0);
        let paper = (x / (u * 0.045)).floor() as i32 & 1;
        let base = p.mid.mix(p.top, 0.45 - 0.35 * lit).scale(if night { 0.55 } else { 1.0 });
        let c =
            base.scale(1.0 - 0.025 * paper as f32).mix(p.sun, 0.10 * lit * unit(0.6 - side * 0.1));
        (
            c.mix(p.near, 0.30 * unit((y - stage.horizon) / (u * 0.3))),
            if inside { 0.0 } else { 1.0 },
        )
    });
    let frame = p.low.mix(WHITE, 0.35).mix(p.mid, if night { 0.6 } else { 0.1 });
    let bar = u * 0.016;
    let (cx, cy) =
        ((window.left + window.right) * 0.5, window.top + (window.bottom - window.top) * 0.45);
    for b in [
        Block { right: window.left + bar, ..window },
        Block { left: window.right - bar, ..window },
        Block { bottom: window.top + bar, ..window },
        Block { top: window.bottom - bar, ..window },
        Block { left: cx - bar * 0.4, right: cx + bar * 0.4, ..window },
        Block { top: cy - bar * 0.4, bottom: cy + bar * 0.4, ..window },
        Block {
            left: window.left - u * 0.04,
            top: window.bottom,
            right: window.right + u * 0.04,
            bottom: window.bottom + u * 0.022,
        },
    ] {
        canvas.block(b, frame, 1.0);
    }
    curtain(stage, &mut canvas, window);
    stage.push(canvas, 0.30, Role::Ground);
}

fn curtain(stage: &Stage<'_>, canvas: &mut Canvas, window: Block) {
    let (u, p) = (stage.u, stage.pal);
    for (x, dir) in [(window.left - u * 0.06, 1.0f32), (window.right + u * 0.06, -1.0)] {
        let (top, foot) = (window.top - u * 0.04, window.bottom + u * 0.10);
        let cloth = path(&format!(
            "M{x} {top} L{} {top} Q{} {} {} {} Q{} {} {} {foot} L{x} {foot} Z",
            x + dir * u * 0.15,
            x + dir * u * 0.13,
            (top + foot) * 0.5,
            x + dir * u * 0.05,
            top + (foot - top) * 0.72,
            x + dir * u * 0.08,
            foot - u * 0.03,
            x + dir * u * 0.09,
        ));
        canvas.fill(
            &cloth,
            Fit::FRAME,
            |px, _| {
                let fold = 0.5 + 0.5 * crate::paint::num::sin((px - x) / u * 110.0);
                p.accent
                    .mix(p.mid, 0.35)
                    .scale(if p.night { 0.55 } else { 1.0 } * (0.82 + 0.18 * fold))
            },
            1.0,
        );
    }
    let rod = Block {
        left: window.left - u * 0.10,
        top: window.top - u * 0.052,
        right: window.right + u * 0.10,
        bottom: window.top - u * 0.038,
    };
    canvas.block(rod, p.near, 1.0);
}

/// A slanting beam of daylight, or what a lamp leaves of the dark.
fn light(stage: &mut Stage<'_>, window: Block) {
    if stage.pal.night || stage.spec.wonder(Air::Cloudy) || stage.look.light_ground {
        return;
    }
    let (u, h, p) = (stage.u, stage.h, stage.pal);
    let lean = stage.side * u * 0.42;
    let mut canvas = stage.sheet(0.35, 0.0);
    let beam = polygon(&[
        (window.left, window.top),
        (window.right, window.top),
        (window.right + lean, h),
        (window.left + lean, h),
    ]);
    canvas.fill(&beam, Fit::FRAME, |_, _| p.sun, 0.16);
    stage.push(canvas, 0.35, Role::Veil);
}

fn lamp(stage: &mut Stage<'_>) {
    let (u, p) = (stage.u, stage.pal);
    let (x, y) = (stage.across(0.30), stage.h * 0.20);
    let mut canvas = stage.sheet(0.5, u * 0.03);
    if !stage.look.light_ground {
        let k = if p.night { 0.55 } else { 0.20 };
        let r = u * 0.42;
        let around = Area::around(x - r, y - r, x + r, y + r);
        canvas.shade(around, |px, py| {
            let g = unit(1.0 - ((px - x) * (px - x) + (py - y) * (py - y)).sqrt() / r);
            (hex(0xffc873), g * g * k)
        });
    }
    canvas.block(
        Block { left: x - u * 0.002, top: -u * 0.2, right: x + u * 0.002, bottom: y - u * 0.05 },
        p.near,
        1.0,
    );
    let shade = path(&format!(
        "M{} {} Q{x} {} {} {} L{} {} L{} {} Z",
        x - u * 0.035,
        y - u * 0.05,
        y - u * 0.08,
        x + u * 0.035,
        y - u * 0.05,
        x + u * 0.085,
        y + u * 0.02,
        x - u * 0.085,
        y + u * 0.02
    ));
    canvas.fill(
        &shade,
        Fit::FRAME,
        |px, _| p.accent.mix(p.near, 0.25 + 0.3 * unit((px - x) / (u * 0.1))),
        1.0,
    );
    canvas.fill(&oval(x, y + u * 0.02, u * 0.05, u * 0.012), Fit::FRAME, |_, _| hex(0xfff0c4), 1.0);
    stage.push(canvas, 0.5, Role::Cast).sway =
        Sway { x: u * 0.004, y: 0.0, rate: 0.15, phase: 0.0 };
}

/// A shelf with books and pots on the subject's side.
fn shelf(stage: &mut Stage<'_>) {
    let (u, p, seed) = (stage.u, stage.pal, stage.seed);
    let mut canvas = stage.sheet(0.34, 0.0);
    let (left, right) =
        (stage.across(0.16).min(stage.across(0.46)), stage.across(0.16).max(stage.across(0.46)));
    let dim = if p.night { 0.5 } else { 0.9 };
    let ink = stage.look.style == Style::Ink;
    for level in 0..2 {
        let y = stage.horizon - u * (0.20 + 0.19 * level as f32);
        canvas.block(
            Block { left, top: y, right, bottom: y + u * 0.014 },
            p.near.mix(p.far, 0.4).scale(dim),
            1.0,
        );
        let mut x = left + u * 0.02;
        let mut i = level * 40;
        while x < right - u * 0.04 {
            let (w, h) = (
                u * (0.014 + 0.014 * lattice(i, 81, seed)),
                u * (0.07 + 0.05 * lattice(i, 82, seed)),
            );
            let spine: [Rgb; 5] =
                [p.accent, p.far, p.low, p.near.mix(p.mid, 0.4), p.accent.turned(60.0)];
            let c = if ink {
                p.far
            } else {
                spine[(lattice(i, 83, seed) * 4.99) as usize].mix(p.mid, 0.3).scale(dim)
            };
            if lattice(i, 84, seed) > 0.14 {
                canvas.block(Block { left: x, top: y - h, right: x + w, bottom: y }, c, 1.0);
                canvas.block(
                    Block { left: x, top: y - h * 0.8, right: x + w, bottom: y - h * 0.74 },
                    c.mix(WHITE, 0.4),
                    0.8,
                );
            } else {
                x += u * 0.03;
            }
            x += w + u * 0.002;
            i += 1;
        }
    }
    stage.push(canvas, 0.34, Role::Ground);
}

/// A table top that reaches to the camera.
fn board(stage: &mut Stage<'_>, top: f32, depth: f32) {
    let (u, p, seed, sun) = (stage.u, stage.pal, stage.seed, stage.across(-0.2));
    let mut canvas = stage.lower_sheet(depth, top - 2.0, 0.0);
    let wood = if stage.look.style == Style::Ink {
        p.low.mix(p.far, 0.3)
    } else {
        hex(0x9a6a42).mix(p.mid, 0.2).scale(if p.night { 0.5 } else { 0.95 })
    };
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let t = (y - top) / u;
        let grain =
            crate::paint::fbm(x / u * 2.2, y / u * 46.0 / (1.0 + t * 3.0), seed + 3, 3) - 0.5;
        let d = (x - sun) / u;
        let shine = 1.0 / (1.0 + d * d * 9.0) * unit(1.0 - t * 2.0) * 0.34;
        let c = wood.scale(1.0 + grain * 0.26).mix(p.sun, shine).mix(p.near, unit(t) * 0.5);
        let edge = unit(1.0 - (t / 0.008).abs());
        (c.mix(p.sun, edge * 0.3), unit(y - top + 0.5))
    });
    stage.push(canvas, depth, Role::Ground);
}

/// A wooden floor.
fn boards(stage: &mut Stage<'_>) {
    let (u, h, w, p, seed) = (stage.u, stage.h, stage.w, stage.pal, stage.seed);
    let top = stage.horizon + h * 0.04;
    let mut canvas = stage.lower_sheet(0.5, top - 2.0, 0.0);
    let wood = if stage.look.style == Style::Ink {
        p.low.mix(p.far, 0.3)
    } else {
        hex(0x8a5f3e).mix(p.mid, 0.25).scale(if p.night { 0.5 } else { 0.9 })
    };
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let t = (y - top) / (h - top) + 0.2;
        let plank = (x - w * 0.5) / t / u * 5.0;
        let gap = smooth(0.46, 0.5, (plank - plank.floor() - 0.5).abs());
        let tone = 0.86 + 0.22 * lattice(plank.floor() as i32, 3, seed);
        (
            wood.scale(tone).mix(p.near, gap * 0.6).mix(p.near, unit(t - 0.5) * 0.4),
            unit(y - top + 0.5),
        )
    });
    stage.push(canvas, 0.5, Role::Ground);
}

/// A plant in a pot.
fn plant(stage: &mut Stage<'_>, (x, foot): (f32, f32), height: f32, depth: f32) {
    let p = stage.pal;
    let k = height / 100.0;
    let mut canvas =
        Canvas::new(Area::around(x - height, foot - height * 1.2, x + height, foot + height * 0.1));
    let fit = Fit { x: x - 50.0 * k, y: foot - 100.0 * k, sx: k, sy: k };
    let leaf = if stage.look.style == Style::Ink {
        p.near.mix(p.far, 0.4)
    } else {
        hex(0x3f7d52).mix(p.mid, 0.25).scale(if p.night { 0.55 } else { 1.0 })
    };
    for (i, d) in [
        "M50 66 Q20 50 12 20 Q40 34 50 66 Z",
        "M50 66 Q38 30 46 -2 Q62 30 52 66 Z",
        "M50 66 Q78 48 90 22 Q58 30 50 66 Z",
        "M50 68 Q24 66 8 52 Q34 48 50 68 Z",
        "M50 68 Q76 66 94 54 Q66 46 50 68 Z",
    ]
    .into_iter()
    .enumerate()
    {
        canvas.fill(
            &path(d),
            fit,
            |_, y| leaf.scale(0.8 + 0.08 * i as f32).mix(p.sun, 0.14 * unit((60.0 - y) / 60.0)),
            1.0,
        );
    }
    canvas.fill(
        &path("M30 64 L70 64 L64 100 L36 100 Z"),
        fit,
        |px, _| p.accent.mix(p.near, 0.2 + 0.4 * unit((px - 30.0) / 40.0)),
        1.0,
    );
    canvas.fill(
        &path("M28 62 L72 62 L71 69 L29 69 Z"),
        fit,
        |_, _| p.accent.mix(p.near, 0.15),
        1.0,
    );
    let u = stage.u;
    stage.push(canvas, depth, Role::Cast).sway =
        Sway { x: u * 0.002, y: 0.0, rate: 0.2, phase: 0.0 };
}
