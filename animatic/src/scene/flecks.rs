//! What is in the air: one row of numbers for each kind.

use super::stage::{Fleck, Stage, Sway};
use crate::lexicon::{Place, Style};
use crate::paint::num::{TAU, cos, sin, smooth, unit};
use crate::paint::{Rgb, WHITE, hex};
use crate::spec::Flecks;

/// How one kind of fleck looks and moves. Lengths are parts of the short edge.
struct Kind {
    /// How many in a square frame.
    count: f32,
    /// Radii; a fleck picks one of them.
    sizes: &'static [f32],
    form: Form,
    /// Speed across and down, low and high, per second.
    across: (f32, f32),
    down: (f32, f32),
    sway: f32,
    opacity: (f32, f32),
    twinkle: f32,
    /// The part of the height that is filled.
    span: (f32, f32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Soft,
    Streak,
    Spark,
    Ring,
    Leaf,
    Bead,
}

const SNOW: Kind = Kind {
    count: 120.0,
    sizes: &[0.004, 0.004, 0.0065, 0.0065, 0.011, 0.019],
    form: Form::Soft,
    across: (0.01, 0.05),
    down: (0.06, 0.16),
    sway: 0.022,
    opacity: (0.5, 0.9),
    twinkle: 0.0,
    span: (0.0, 1.0),
};
const RAIN: Kind = Kind {
    count: 150.0,
    sizes: &[0.05, 0.085],
    form: Form::Streak,
    across: (-0.24, -0.17),
    down: (1.0, 1.6),
    sway: 0.0,
    opacity: (0.16, 0.44),
    twinkle: 0.0,
    span: (0.0, 1.0),
};
const EMBER: Kind = Kind {
    count: 85.0,
    sizes: &[0.004, 0.004, 0.007, 0.013],
    form: Form::Soft,
    across: (-0.02, 0.04),
    down: (-0.24, -0.10),
    sway: 0.02,
    opacity: (0.6, 0.95),
    twinkle: 0.5,
    span: (0.0, 1.0),
};
const FIREFLY: Kind = Kind {
    count: 34.0,
    sizes: &[0.02, 0.034],
    form: Form::Spark,
    across: (-0.02, 0.02),
    down: (-0.02, 0.01),
    sway: 0.03,
    opacity: (0.85, 1.0),
    twinkle: 0.9,
    span: (0.35, 0.95),
};
const BOKEH: Kind = Kind {
    count: 24.0,
    sizes: &[0.018, 0.034, 0.056],
    form: Form::Ring,
    across: (-0.012, 0.012),
    down: (-0.018, -0.004),
    sway: 0.012,
    opacity: (0.10, 0.34),
    twinkle: 0.35,
    span: (0.0, 0.95),
};
const PETAL: Kind = Kind {
    count: 50.0,
    sizes: &[0.008, 0.011, 0.015, 0.022],
    form: Form::Leaf,
    across: (0.05, 0.12),
    down: (0.07, 0.14),
    sway: 0.035,
    opacity: (0.6, 0.95),
    twinkle: 0.0,
    span: (0.0, 1.0),
};
const LEAF: Kind = Kind {
    count: 44.0,
    sizes: &[0.010, 0.014, 0.018, 0.026],
    form: Form::Leaf,
    across: (0.04, 0.14),
    down: (0.08, 0.17),
    sway: 0.05,
    opacity: (0.75, 1.0),
    twinkle: 0.0,
    span: (0.0, 1.0),
};
const DUST: Kind = Kind {
    count: 38.0,
    sizes: &[0.004, 0.004, 0.008, 0.018],
    form: Form::Soft,
    across: (0.0, 0.05),
    down: (-0.02, 0.0),
    sway: 0.02,
    opacity: (0.15, 0.6),
    twinkle: 0.6,
    span: (0.0, 1.0),
};
const BUBBLE: Kind = Kind {
    count: 34.0,
    sizes: &[0.006, 0.010, 0.016, 0.026],
    form: Form::Bead,
    across: (-0.01, 0.01),
    down: (-0.12, -0.05),
    sway: 0.015,
    opacity: (0.35, 0.75),
    twinkle: 0.2,
    span: (0.0, 1.0),
};
/// Above the water they are of soap: larger and slower, and they rise from the ground.
const SOAP: Kind = Kind {
    count: 30.0,
    sizes: &[0.020, 0.034, 0.052, 0.078],
    down: (-0.06, -0.02),
    opacity: (0.6, 0.95),
    ..BUBBLE
};
const STAR: Kind = Kind {
    count: 7.0,
    sizes: &[0.11, 0.16],
    form: Form::Streak,
    across: (-1.5, -1.1),
    down: (0.35, 0.55),
    sway: 0.0,
    opacity: (0.5, 0.9),
    twinkle: 0.95,
    span: (0.0, 0.5),
};

/// Fills the air with what the spec asks for.
pub fn fill(stage: &mut Stage<'_>) {
    let Some(flecks) = stage.spec.flecks else { return };
    let kind = match flecks {
        Flecks::Snow => &SNOW,
        Flecks::Rain => &RAIN,
        Flecks::Ember => &EMBER,
        Flecks::Firefly => &FIREFLY,
        Flecks::Bokeh => &BOKEH,
        Flecks::Petal => &PETAL,
        Flecks::Leaf => &LEAF,
        Flecks::Dust => &DUST,
        Flecks::Bubble if stage.spec.place == Place::Undersea => &BUBBLE,
        Flecks::Bubble => &SOAP,
        Flecks::Star => &STAR,
    };
    let colours = colours(stage, flecks);
    let first = stage.sprites.len();
    for (i, size) in kind.sizes.iter().enumerate() {
        mask(stage, kind.form, size * stage.u, i);
    }
    let (u, w, h) = (stage.u, stage.w, stage.h);
    let studio = stage.spec.place == Place::Studio;
    // Lights around goods hang behind them, what falls is in front of everything.
    let after = if studio && flecks == Flecks::Bokeh { 0 } else { stage.layers.len() - 1 };
    let count = (kind.count * (w * h / (u * u)).min(2.2)) as usize;
    let turn = stage.side;
    for i in 0..count {
        let size = i % kind.sizes.len();
        let near = kind.sizes[size] / kind.sizes[0];
        let rng = &mut stage.rng;
        let pick = |rng: &mut crate::paint::Rng, (low, high): (f32, f32)| rng.range(low, high);
        let fade = if size + 1 == kind.sizes.len() && kind.form == Form::Soft { 0.45 } else { 1.0 };
        let fleck = Fleck {
            sprite: first + size,
            poses: 1,
            ink: colours[i % colours.len()],
            at: (rng.unit() * w, pick(rng, kind.span) * h),
            speed: (
                pick(rng, kind.across) * u * turn,
                pick(rng, kind.down) * u * near.clamp(1.0, 1.8),
            ),
            sway: Sway {
                x: kind.sway * u,
                y: kind.sway * u * 0.3,
                rate: rng.range(0.15, 0.6),
                phase: rng.range(0.0, TAU),
            },
            opacity: pick(rng, kind.opacity) * fade,
            twinkle: kind.twinkle,
            depth: 0.3 + 0.25 * near.min(3.0),
            wraps: true,
            after,
        };
        stage.flecks.push(fleck);
    }
}

fn colours(stage: &Stage<'_>, flecks: Flecks) -> Vec<crate::planar::Ink> {
    let p = stage.pal;
    let ink = stage.look.style == Style::Ink;
    let light =
        !matches!(flecks, Flecks::Snow | Flecks::Petal | Flecks::Leaf) && !stage.look.light_ground;
    let list: Vec<Rgb> = match flecks {
        Flecks::Snow => vec![WHITE],
        Flecks::Rain if stage.look.light_ground => vec![p.near.mix(p.far, 0.6)],
        Flecks::Rain => vec![p.low.mix(hex(0xe6f0ff), 0.6)],
        Flecks::Ember => vec![hex(0xffd966), hex(0xff8a2e), hex(0xff5a14)],
        Flecks::Firefly => vec![hex(0xf2ff80)],
        Flecks::Bokeh => vec![p.accent, p.low, p.sun, p.accent.mix(p.sun, 0.5)],
        Flecks::Petal if ink => vec![p.accent],
        Flecks::Petal => vec![p.accent.mix(hex(0xffd9e6), 0.6), hex(0xffe6f0)],
        Flecks::Leaf => vec![hex(0xd9481c), hex(0xf2ad33), hex(0xa8341c), p.accent],
        Flecks::Dust => vec![p.sun],
        Flecks::Bubble => vec![p.sun.mix(WHITE, 0.5)],
        Flecks::Star => vec![WHITE],
    };
    list.into_iter().map(|c| stage.ink(c, light)).collect()
}

fn mask(stage: &mut Stage<'_>, form: Form, s: f32, variant: usize) {
    let u = stage.u;
    let round = |x: f32, y: f32| (x * x + y * y).sqrt();
    match form {
        Form::Soft => {
            stage.sprite(s * 2.0, s * 2.0, |x, y| smooth(s.max(1.0), s * 0.35, round(x, y)))
        }
        Form::Streak => {
            let lean: f32 = if s > u * 0.1 { 2.6 } else { -0.16 };
            let side = stage.side;
            stage.sprite(s * (0.24 + lean.abs()), s, |x, y| {
                let across =
                    (x * side + y * lean).abs() / (u * 0.0016).max(0.7) / (1.0 + lean.abs());
                unit(1.1 - across) * unit(1.0 - (y / (s * 0.5)).abs())
            })
        }
        Form::Spark => stage.sprite(s * 2.0, s * 2.0, |x, y| {
            let d = round(x, y) / s;
            let g = unit(1.0 - d);
            g * g * 0.5 + smooth(0.22, 0.08, d)
        }),
        Form::Ring => stage.sprite(s * 2.0, s * 2.0, |x, y| {
            let d = round(x, y);
            unit(s - d) * (0.62 + 0.38 * smooth(s * 0.72, s * 0.97, d))
        }),
        Form::Leaf => {
            let a = variant as f32 * 1.37 + s;
            let (sn, cs) = (sin(a), cos(a));
            stage.sprite(s * 2.0, s * 2.0, |x, y| {
                let (p, q) = (x * cs + y * sn, y * cs - x * sn);
                smooth(1.0, 0.8, (p * p / (s * s) + q * q / (s * s * 0.26)).sqrt())
            })
        }
        Form::Bead => stage.sprite(s * 2.0, s * 2.0, |x, y| {
            let d = round(x, y) / s;
            let rim = smooth(0.62, 0.9, d) * smooth(1.02, 0.92, d);
            let spot = smooth(0.24, 0.1, round(x + s * 0.36, y + s * 0.36) / s);
            rim * 0.9 + spot + unit(1.0 - d).min(0.10)
        }),
    };
}
