//! A whole clip: shots, cuts, captions. Any frame can be drawn at any time, and always the same.

use crate::card::{Caption, TextBox, Timing, Writer};
use crate::lexicon::{Reading, read};
use crate::paint::num::{smooth, unit};
use crate::paint::{Rng, lattice};
use crate::planar::{Frame, Layer};
use crate::request::{FPS, Request, RequestError};
use crate::scene::{self, Player, Shot, Slot};
use crate::spec::{Cut, Motion, Spec};
use crate::text::Fonts;

/// The frames of one clip. Made by [`frames`]; an iterator over all of them, and [`Film::frame`]
/// draws any one.
pub struct Film {
    w: usize,
    h: usize,
    count: u32,
    next: u32,
    timing: Timing,
    overlap: f32,
    motion: Motion,
    shots: Vec<Shot>,
    border: Option<Layer>,
    captions: Vec<Caption>,
    progress: [u8; 3],
    bar: usize,
    pixel: usize,
    player: Player,
    seed: u64,
}

/// Reads a request and builds everything that is needed to draw it.
pub fn frames(request: &Request, fonts: &Fonts) -> Result<Film, RequestError> {
    request.validate()?;
    let reading = understood(request);
    Ok(film(request, fonts, &reading, &Spec::new(&reading, request.seed)))
}

/// As [`frames`], with the request's seed as the only chance. Otherwise a word that is understood
/// also shuffles what was left to chance: here two prompts differ by what their words do alone.
///
/// # Errors
/// A request outside its limits.
pub fn frames_of_one_chance(request: &Request, fonts: &Fonts) -> Result<Film, RequestError> {
    request.validate()?;
    let reading = understood(request);
    Ok(film(request, fonts, &reading, &Spec::with_chance(&reading, request.seed)))
}

fn understood(request: &Request) -> Reading {
    let mut texts = vec![request.prompt.as_str()];
    texts.extend(request.values.iter().map(|(_, value)| value.as_str()));
    read(&texts)
}

fn film(request: &Request, fonts: &Fonts, reading: &Reading, spec: &Spec) -> Film {
    let words = reading.words().map(str::to_owned).collect();
    let (w, h) = request.size();
    let (w, h) = (w as usize, h as usize);
    let seconds = f32::from(request.seconds);
    let shots = ((seconds / 2.2).round() as usize).clamp(1, 4);
    let timing = Timing { seconds, shots, shot_s: seconds / shots as f32 };
    let overlap = match spec.look.motion.cut {
        Cut::Dissolve => 0.35f32.min(timing.shot_s * 0.25),
        Cut::Hard | Cut::ThroughBlack => 0.0,
    };
    let slot = |shot| Slot { w, h, shot, seconds: timing.shot_s + overlap };
    let mut border = None;
    let mut built = Vec::new();
    for shot in 0..shots {
        let (shot, around) = scene::build(spec, slot(shot));
        border = around;
        built.push(shot);
    }
    let moves: Vec<_> = built.iter().map(|shot| shot.path.movement).collect();
    let mut writer = Writer::new(request, spec, fonts, words);
    let captions = writer.captions(timing, &moves);
    let progress = writer.accent().clamped().ycc().map(|v| (v + 0.5) as u8);
    let u = w.min(h);
    Film {
        w,
        h,
        count: request.frame_count(),
        next: 0,
        timing,
        overlap,
        motion: spec.look.motion,
        shots: built,
        border,
        captions,
        progress,
        bar: ((u as f32 * 0.008) as usize).max(2) & !1,
        pixel: (spec.look.finish.pixel * u as f32).round() as usize,
        player: Player::default(),
        seed: spec.seed,
    }
}

impl Film {
    /// How many frames there are, at 24 a second.
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Never: a request of no seconds is refused.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Where the prompt and its values are written, in any frame.
    pub fn text_boxes(&self) -> Vec<TextBox> {
        self.captions.iter().filter_map(|caption| caption.text).collect()
    }

    /// Draws frame `n`, which is below [`Film::len`].
    pub fn frame(&mut self, n: u32) -> Frame {
        let mut frame = Frame::new(self.w, self.h);
        self.draw(n, &mut frame, None);
        frame
    }

    /// Draws frame `n` into `frame`, reusing its picture where the style lets one picture stand
    /// for several frames: `held` is the last picture without text, and its number.
    pub(crate) fn draw(&mut self, n: u32, frame: &mut Frame, held: Option<&mut Held>) {
        let first = n - n % self.motion.hold;
        match held {
            Some(held) => {
                if held.n != Some(first) {
                    self.picture(first, &mut held.frame);
                    held.n = Some(first);
                }
                frame.bytes.copy_from_slice(&held.frame.bytes);
            }
            None => self.picture(first, frame),
        }
        self.text(n, frame);
    }

    /// The picture alone.
    fn picture(&mut self, n: u32, frame: &mut Frame) {
        let t = n as f32 / FPS as f32;
        let shot_s = self.timing.shot_s;
        let index = ((t / shot_s) as usize).min(self.shots.len() - 1);
        let local = t - index as f32 * shot_s;
        self.player.draw(&self.shots[index], local, frame);
        if index > 0 && local < self.overlap {
            let mut before = Frame::new(self.w, self.h);
            self.player.draw(&self.shots[index - 1], local + shot_s, &mut before);
            let part = 256.0 * (1.0 - smooth(0.0, 1.0, local / self.overlap));
            frame.dissolve(&before, part as u16);
        }
        if self.pixel > 1 {
            frame.blocks(self.pixel);
        }
        self.disturb(n, frame);
        if let Some(border) = &self.border {
            self.player.overlay(border, 0.0, 256, frame);
        }
        if self.motion.cut == Cut::ThroughBlack {
            let from = if index == 0 { 1.0 } else { unit(local / 0.22) };
            let last = index + 1 == self.shots.len();
            let to = if last { 1.0 } else { unit((shot_s - local) / 0.22) };
            let keep = from.min(to);
            if keep < 1.0 {
                frame.darken((keep * 256.0) as u16);
            }
        }
    }

    /// Unsteady gate, flicker and scratches of old film.
    fn disturb(&self, n: u32, frame: &mut Frame) {
        if self.motion.flicker <= 0.0 {
            return;
        }
        let seed = self.seed as u32;
        let dim = self.motion.flicker * lattice(n as i32, 1, seed);
        frame.dim(((1.0 - dim) * 256.0) as u16);
        let mut rng = Rng::new(self.seed ^ u64::from(n / 5));
        for _ in 0..2 {
            let x = (rng.unit() * self.w as f32) as usize;
            if rng.chance(0.45) {
                frame.scratch(x.min(self.w - 2) & !1, self.h, 26);
            }
        }
        let mut specks = Rng::new(self.seed ^ u64::from(n).wrapping_mul(0x9E37));
        for _ in 0..3 {
            let (x, y) = (specks.below(self.w - 6), specks.below(self.h - 6));
            frame.speck(x, y, 2 + specks.below(3));
        }
    }

    fn text(&mut self, n: u32, frame: &mut Frame) {
        let t = n as f32 / FPS as f32;
        let u = self.w.min(self.h) as f32;
        for caption in &self.captions {
            let [a, b, c, d] = caption.seen.times;
            let opacity = (256.0 * smooth(a, b, t) * (1.0 - smooth(c, d, t))) as u16;
            let lift = if caption.rises { (1.0 - smooth(a, b + 0.1, t)) * u * 0.02 } else { 0.0 };
            self.player.overlay(&caption.layer, lift, opacity, frame);
        }
        let done = (self.w as u64 * u64::from(n + 1) / u64::from(self.count)) as usize & !1;
        frame.bar(0, self.h - self.bar, done, self.h, self.progress);
    }
}

/// The last picture drawn.
pub(crate) struct Held {
    frame: Frame,
    n: Option<u32>,
}

impl Held {
    pub fn new(film: &Film) -> Self {
        Self { frame: Frame::new(film.w, film.h), n: None }
    }
}

impl Iterator for Film {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        if self.next >= self.count {
            return None;
        }
        self.next += 1;
        Some(self.frame(self.next - 1))
    }
}
