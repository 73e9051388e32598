//! Putting subjects where they belong.

use super::finish::Role;
use super::stage::{Fleck, Stage, Sway};
use crate::lexicon::{Style, Thing};
use crate::paint::num::{TAU, unit};
use crate::paint::{Area, Canvas, Fit, Rgb, WHITE, hex, oval};
use crate::subject::{self, Figure, Habit, Standing};

/// A place for a subject: across is from the middle towards the subject's side, in frame widths;
/// `scale` multiplies the figure's own size.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub across: f32,
    pub y: f32,
    pub scale: f32,
    pub depth: f32,
}

/// The places one scene offers.
#[derive(Clone, Copy, Debug)]
pub struct Spots {
    pub ground: Spot,
    /// Open water, where there is some.
    pub water: Option<Spot>,
    pub air: Spot,
}

/// What a figure does where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Stand,
    Float,
    Fly,
    Drive,
}

impl Stage<'_> {
    /// Who plays: the subject first.
    pub fn cast(&self) -> Vec<Thing> {
        self.spec.cast.clone()
    }

    /// Whether the subject stands on the ground (and not in the air or on water).
    pub fn grounded(&self, water: bool) -> bool {
        self.spec.cast.first().is_some_and(|thing| {
            way(subject::figure_of(*thing), *thing, water) != Way::Fly
                && way(subject::figure_of(*thing), *thing, water) != Way::Float
        })
    }

    /// Whether there is a subject and it flies or floats.
    pub fn airborne(&self, water: bool) -> bool {
        !self.spec.cast.is_empty() && !self.grounded(water)
    }

    /// Draws the subject, and its companion farther away on the other side.
    pub fn play(&mut self, spots: &Spots) {
        let cast = self.cast();
        if let Some(second) = cast.get(1) {
            self.place(*second, spots, true);
        }
        if let Some(first) = cast.first() {
            self.place(*first, spots, false);
        }
    }

    /// Draws one figure alone at a spot.
    pub fn place(&mut self, thing: Thing, spots: &Spots, companion: bool) {
        let figure = subject::figure_of(thing);
        let way = way(figure, thing, spots.water.is_some());
        let spot = match way {
            Way::Fly => spots.air,
            Way::Float => spots.water.unwrap_or(spots.ground),
            Way::Stand | Way::Drive => spots.ground,
        };
        let spot = if companion {
            Spot {
                across: -spot.across * 1.05,
                y: spot.y - self.u * 0.035,
                scale: spot.scale * 0.56,
                depth: spot.depth * 0.8,
            }
        } else {
            spot
        };
        let standing = self.standing(figure, &spot, way);
        self.figure(figure, thing, standing, (way, spot.depth));
        if thing == Thing::Birds {
            self.flock(standing, spot.depth);
        }
    }

    fn standing(&self, figure: &Figure, spot: &Spot, way: Way) -> Standing {
        let tall = if self.tall() { 1.22 } else { 1.0 };
        let mut size =
            figure.size * self.u * spot.scale * self.zoom.min(1.5) * self.look.cast * tall;
        // Nothing is wider than the frame or grows out of its top.
        let width = (100.0 + 2.0 * figure.reach) / 100.0;
        let wide = if figure.reach > 100.0 { 1.5 } else { 0.86 };
        size = size.min(self.w * wide / width);
        if way != Way::Fly {
            size = size.min((spot.y - self.h * 0.10).max(self.u * 0.1));
        }
        let y = if way == Way::Fly { spot.y + size * 0.5 } else { spot.y };
        let facing = if matches!(way, Way::Drive | Way::Float) || figure.reach > 20.0 {
            -self.side
        } else {
            1.0
        };
        Standing { x: self.across(spot.across), y, size, facing }
    }

    fn figure(&mut self, figure: &Figure, thing: Thing, at: Standing, (way, depth): (Way, f32)) {
        let u = self.u;
        let reach = (50.0 + figure.reach + 3.0) * at.size / 100.0;
        let room = u * 0.03 + 4.0;
        let mut canvas = Canvas::new(Area::around(
            at.x - reach - room,
            at.y - at.size * 1.24 - room,
            at.x + reach + room,
            at.y + at.size * 0.2 + room,
        ));
        if let Some(lamp) = figure.lamp {
            self.halo(&mut canvas, at, lamp);
        }
        if matches!(way, Way::Stand | Way::Drive) && self.look.style != Style::Ink {
            let shadow = oval(0.0, 0.0, at.size * 0.46, at.size * 0.045);
            canvas.fill(&shadow, Fit::at(at.x, at.y), |_, _| self.pal.near.scale(0.4), 0.38);
        }
        let outline = self.look.finish.outline * u * 0.8;
        let palette = self.pal;
        subject::draw(&mut canvas, figure, at, &palette, outline);
        if self.look.style == Style::Ink {
            let brush = palette.near;
            canvas.recolour(|c| inked(c, brush, palette.accent));
        } else {
            if self.look.style == Style::Noir {
                // Lit from the front, against a dark world.
                canvas.recolour(|c| c.scale(1.18).mix(WHITE, 0.10).clamped());
            }
            self.backlight(&mut canvas);
        }
        let pace = self.spec.pace;
        let (side, phase) = (self.side, self.rng.range(0.0, TAU));
        let placed = self.push(canvas, depth, Role::Cast);
        let (sway, drift) = match way {
            Way::Fly => (
                Sway { x: u * 0.008, y: u * 0.012, rate: 0.17 * pace, phase },
                (-side * u * 0.012 * pace, -u * if thing == Thing::Rocket { 0.05 } else { 0.010 }),
            ),
            Way::Float => (
                Sway { x: u * 0.003, y: u * 0.008, rate: 0.26 * pace, phase },
                (-side * u * 0.020 * pace, 0.0),
            ),
            Way::Drive => {
                (Sway { x: 0.0, y: u * 0.0016, rate: 2.6, phase }, (-side * u * 0.075 * pace, 0.0))
            }
            Way::Stand if figure.habit == Habit::Table => {
                (Sway { x: 0.0, y: u * 0.005, rate: 0.2, phase }, (0.0, 0.0))
            }
            Way::Stand => (Sway { x: 0.0, y: u * 0.0022, rate: 0.4, phase }, (0.0, 0.0)),
        };
        placed.sway = sway;
        placed.drift = drift;
        if let Some(lamp) = figure.lamp {
            self.beacon(at, lamp, depth);
        }
    }

    /// Light around a lamp, drawn behind the figure.
    fn halo(&self, canvas: &mut Canvas, at: Standing, lamp: (f32, f32)) {
        let fit = at.fit();
        let (x, y) = (fit.x + lamp.0 * fit.sx, fit.y + lamp.1 * fit.sy);
        let r = at.size * 0.62;
        let c = self.pal.sun.mix(hex(0xffd27a), 0.6);
        let k = if self.pal.night { 0.50 } else { 0.22 };
        let area = canvas.area;
        canvas.shade(area, |px, py| {
            let (dx, dy) = ((px - x) / r, (py - y) / r);
            let g = unit(1.0 - (dx * dx + dy * dy).sqrt());
            (c, g * g * k)
        });
    }

    /// A pulsing light on top of a lamp.
    fn beacon(&mut self, at: Standing, lamp: (f32, f32), depth: f32) {
        if !self.pal.night && at.size < self.u * 0.4 {
            return;
        }
        let fit = at.fit();
        let s = at.size * 0.24;
        let sprite = self.sprite(s * 2.0, s * 2.0, |x, y| {
            let g = unit(1.0 - (x * x + y * y).sqrt() / s);
            g * g * 0.55 + unit(1.0 - y.abs() / (s * 0.04)) * g * 0.6
        });
        let ink = self.ink(hex(0xffedb8), true);
        let after = self.layers.len() - 1;
        self.flecks.push(Fleck {
            sprite,
            poses: 1,
            ink,
            at: (fit.x + lamp.0 * fit.sx, fit.y + lamp.1 * fit.sy),
            speed: (0.0, 0.0),
            sway: Sway { rate: 0.4, ..Sway::default() },
            opacity: 0.75,
            twinkle: 0.6,
            depth,
            wraps: false,
            after,
        });
    }

    /// A thin rim of the sun's colour on the side that faces it.
    fn backlight(&self, canvas: &mut Canvas) {
        let (w, u) = (canvas.w, self.u);
        let step = ((u * 0.006) as i32).max(1) * if self.side > 0.0 { -1 } else { 1 };
        let alpha: Vec<f32> = canvas.px.iter().map(|p| p[3]).collect();
        let c = self.pal.sun;
        for (i, p) in canvas.px.iter_mut().enumerate() {
            let x = (i % w) as i32 + step;
            if p[3] > 0.9 && x >= 0 && x < w as i32 {
                let rim = unit(p[3] - alpha[(i as i32 + step) as usize]) * 0.55;
                *p = [
                    p[0] + (c.r - p[0]) * rim,
                    p[1] + (c.g - p[1]) * rim,
                    p[2] + (c.b - p[2]) * rim,
                    p[3],
                ];
            }
        }
    }

    /// Birds that beat their wings around the first one.
    pub fn flock(&mut self, around: Standing, depth: f32) {
        let u = self.u;
        let s = u * 0.034 * self.zoom;
        let first = self.sprites.len();
        for lift in [-0.35f32, 0.05, 0.4] {
            self.sprite(s, s * 0.7, |x, y| {
                let q = x.abs() / (s * 0.5);
                let wing = (-lift * q * 1.2 + 0.25 * q * q) * s * 0.35;
                let thick = (s * 0.045 * (1.15 - q)).max(0.6);
                if q > 1.0 {
                    0.0
                } else {
                    unit(thick - (y - wing).abs() + 0.4) * unit((1.0 - q) * 6.0)
                }
            });
        }
        let ink = self.ink(self.pal.near.scale(0.9), false);
        let after = self.layers.len() - 1;
        for i in 0..7 {
            let at = (
                around.x + self.rng.range(-0.24, 0.24) * self.w,
                around.y - around.size * 0.5 + self.rng.range(-0.16, 0.10) * u,
            );
            self.flecks.push(Fleck {
                sprite: first,
                poses: 3,
                ink,
                at,
                speed: (-self.side * u * self.rng.range(0.04, 0.07), -u * 0.006),
                sway: Sway { rate: 1.6, phase: i as f32 * 1.7, ..Sway::default() },
                opacity: 0.85,
                twinkle: 0.0,
                depth,
                wraps: false,
                after,
            });
        }
    }
}

fn way(figure: &Figure, thing: Thing, water: bool) -> Way {
    match figure.habit {
        Habit::Air => Way::Fly,
        Habit::Swim if water => Way::Float,
        Habit::Swim => Way::Fly,
        Habit::Water if water => Way::Float,
        Habit::Road => Way::Drive,
        _ if thing == Thing::Lighthouse => Way::Stand,
        _ => Way::Stand,
    }
}

/// Brush and one colour: bright parts become paper, strong ones seal red, the rest ink.
fn inked(c: Rgb, brush: Rgb, seal: Rgb) -> Rgb {
    let (high, low) = (c.r.max(c.g).max(c.b), c.r.min(c.g).min(c.b));
    let paper = hex(0xefe9da);
    if c.r > 0.5 && high - low > 0.38 && c.r > c.b + 0.25 {
        return seal.mix(brush, 0.15);
    }
    brush.mix(paper, unit(c.luma() * 1.15 - 0.10))
}
