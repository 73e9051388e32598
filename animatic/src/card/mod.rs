//! Everything written into the picture: title card, captions, shot labels, the notice that it
//! was generated. Text is laid out once; per frame only its opacity changes.

mod chips;
mod layout;
mod notice;

use notice::{on_plate, small_px};

pub use notice::Notice;

use crate::paint::{Canvas, Rgb, WHITE, hex};
use crate::planar::Layer;
use crate::request::Request;
use crate::scene::{BAR, label, size_label};
use crate::spec::{Border, Card, Spec};
use crate::text::write::{Align, Halo, Hand, lines, width};
use crate::text::{Fonts, Pen, clean, wrap};

/// Something written, and when it is seen.
pub struct Caption {
    pub layer: Layer,
    pub seen: Seen,
    /// Rises a little while it appears.
    pub rises: bool,
    /// Part of the text area: where the prompt and its values are written.
    pub text: Option<TextBox>,
}

/// Times in seconds: begins to appear, is there, begins to go, is gone.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub times: [f32; 4],
}

/// Where text was drawn, in pixels of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextBox {
    /// First column.
    pub left: i32,
    /// First row.
    pub top: i32,
    /// One past the last column.
    pub right: i32,
    /// One past the last row.
    pub bottom: i32,
}

/// When shots begin and end, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub seconds: f32,
    pub shots: usize,
    pub shot_s: f32,
}

impl Timing {
    /// When the title is gone.
    pub fn title_end(&self) -> f32 {
        if self.shots == 1 {
            self.seconds * 0.92
        } else {
            (self.shot_s + 0.25).min(self.seconds * 0.62)
        }
    }
}

/// What the writing of one clip needs to know.
pub struct Writer<'a> {
    request: &'a Request,
    spec: &'a Spec,
    pen: Pen<'a>,
    words: Vec<String>,
    prompt: String,
    zh: bool,
    w: f32,
    h: f32,
    u: f32,
    pad: f32,
    /// Height that the border takes at top and bottom.
    bar: f32,
}

impl<'a> Writer<'a> {
    pub fn new(request: &'a Request, spec: &'a Spec, fonts: &'a Fonts, words: Vec<String>) -> Self {
        let (w, h) = request.size();
        let (w, h) = (w as f32, h as f32);
        let u = w.min(h);
        let prompt = clean(&request.prompt, fonts);
        let zh = prompt.chars().any(wrap::is_wide);
        let framed =
            matches!(spec.look.frame, Border::Deckle | Border::Mat | Border::Panel | Border::Gate);
        let bar = if spec.look.frame == Border::Letterbox && w > h { h * BAR } else { 0.0 };
        let pad = u * if framed { 0.085 } else { 0.06 };
        Self { request, spec, pen: Pen::new(fonts), words, prompt, zh, w, h, u, pad, bar }
    }

    /// All captions of the clip, back to front.
    pub fn captions(&mut self, timing: Timing, moves: &[crate::lexicon::Move]) -> Vec<Caption> {
        let mut out = self.title_card(timing);
        if timing.shots > 1 {
            out.push(self.subtitle(timing));
        }
        for (shot, movement) in moves.iter().enumerate() {
            out.push(self.shot_label(timing, shot, *movement));
        }
        if self.request.watermark {
            out.push(self.notice());
        }
        out
    }

    fn ground_ink(&self) -> Rgb {
        if self.light() { self.spec.palette.near.scale(0.6).mix(hex(0x16121a), 0.4) } else { WHITE }
    }

    /// Whether text stands on a light ground.
    fn light(&self) -> bool {
        self.spec.look.light_ground
    }

    fn halo(&self, strength: f32) -> Option<Halo> {
        let colour = if self.light() { hex(0xfdfaf2) } else { hex(0x000005) };
        Some(Halo { colour, strength })
    }

    /// The accent, bright enough to be seen on the picture.
    pub fn accent(&self) -> Rgb {
        let c = self.spec.grade.apply(self.spec.palette.accent);
        if self.spec.grade.saturation == 0.0 {
            c.mix(WHITE, 0.75)
        } else if !self.light() && c.luma() < 0.42 {
            c.mix(WHITE, 0.3)
        } else {
            c
        }
    }

    /// The whole prompt at the foot of the later shots.
    fn subtitle(&mut self, timing: Timing) -> Caption {
        let px = (self.u * 0.046).max(15.0);
        let tracking = 0.01;
        let room = self.w - 2.0 * self.pad - self.u * 0.06;
        let text = self.prompt.clone();
        let pen = &self.pen;
        let wrapped = wrap::wrap(&text, room, 2, &|t: &str| width(pen, t, px, tracking));
        let hand = Hand {
            px,
            leading: 1.28,
            tracking,
            ink: if self.light() { self.ground_ink() } else { WHITE },
            halo: None,
            align: Align::Centre,
        };
        let widest =
            wrapped.lines.iter().map(|l| width(&self.pen, l, px, tracking)).fold(0.0, f32::max);
        let height = wrapped.lines.len() as f32 * px * hand.leading;
        let left = ((self.w - widest) * 0.5).round();
        let top = (self.h - self.bar - self.pad * 0.62 - height - px * 0.3).round();
        let written = lines(&mut self.pen, &wrapped.lines, &hand, (left, top));
        let plate = layout::plate(
            (left - px * 0.6, top - px * 0.30, left + widest + px * 0.6, top + height + px * 0.10),
            px * 0.42,
        );
        let mut canvas = Canvas::new(plate.area);
        let (ground, alpha) = if self.light() {
            (hex(0xfbf8f0), 0.84)
        } else {
            (self.spec.palette.near.mix(hex(0x000000), 0.6), 0.58)
        };
        canvas.fill(&plate.shape, crate::paint::Fit::FRAME, |_, _| ground, alpha);
        layout::stamp(&mut canvas, &written);
        let end = timing.title_end();
        self.caption(canvas, [end + 0.05, end + 0.35, 1e8, 1e9], true, true)
    }

    fn shot_label(
        &mut self,
        timing: Timing,
        shot: usize,
        movement: crate::lexicon::Move,
    ) -> Caption {
        let (size, movement) = (size_label(shot, self.zh), label(movement, self.zh));
        let (number, count) = (shot + 1, timing.shots);
        // Narrow frames have no room for the size beside the notice.
        let size = if self.w > self.h { format!("{size}   ") } else { String::new() };
        let text = if self.zh {
            format!("镜头 {number:02}/{count:02}   {size}{movement}")
        } else {
            format!("SHOT {number:02}/{count:02}   {size}{movement}")
        };
        let canvas = self.small(&text, Align::Left);
        let (from, to) = (shot as f32 * timing.shot_s, (shot + 1) as f32 * timing.shot_s);
        let from = if shot == 0 { -9.0 } else { from };
        let out = if shot + 1 == count { [1e8, 1e9] } else { [to - 0.15, to + 0.05] };
        self.caption(canvas, [from, from + 0.2, out[0], out[1]], false, false)
    }

    fn notice(&mut self) -> Caption {
        let text = if self.zh { "AI 生成 · animatic" } else { "AI generated · animatic" };
        let canvas = self.small(text, Align::Right);
        self.caption(canvas, [-9.0, -8.0, 1e8, 1e9], false, false)
    }

    /// Small text at the top, left or right: bare on a bar or on paper, else on a dark plate.
    fn small(&mut self, text: &str, align: Align) -> Canvas {
        let px = small_px(self.u);
        let plated = self.bar == 0.0 && !self.light();
        let halo = if plated { None } else { self.halo(0.75) };
        let hand = Hand { px, leading: 1.2, tracking: 0.05, ink: self.ground_ink(), halo, align };
        let wide = width(&self.pen, text, px, hand.tracking);
        let left = if align == Align::Right { self.w - self.pad - wide } else { self.pad }.round();
        let top =
            if self.bar > 0.0 { (self.bar - px * 1.1) * 0.5 } else { self.pad * 0.72 }.round();
        let written = lines(&mut self.pen, &[text.to_owned()], &hand, (left, top));
        if !plated {
            return written;
        }
        on_plate(&written, (left, top, wide), px)
    }

    fn caption(&self, canvas: Canvas, times: [f32; 4], rises: bool, text: bool) -> Caption {
        let lift = if rises { layout::rise(self.u) as i32 + 1 } else { 0 };
        let area = canvas.area;
        let text = text.then_some(TextBox {
            left: area.left - 1,
            top: area.top - 1,
            right: area.right + 1,
            bottom: area.bottom + lift + 1,
        });
        Caption { layer: Layer::new(&canvas, |c| c), seen: Seen { times }, rises, text }
    }

    fn title_card(&mut self, timing: Timing) -> Vec<Caption> {
        match self.spec.look.card {
            Card::Corner => layout::corner(self, timing),
            Card::Centre => layout::centre(self, timing),
            Card::Scroll => layout::scroll(self, timing),
            Card::Box => layout::boxed(self, timing),
            Card::Band => layout::band(self, timing),
        }
    }

    /// The part of the prompt that makes a title: its first clause if that is not too short.
    fn title(&self) -> String {
        let text = &self.prompt;
        let wide = |c: char| "，。；！？".contains(c);
        let mut cut = text.len();
        for (at, c) in text.char_indices() {
            let latin = ",;.!?".contains(c) && text[at + c.len_utf8()..].starts_with(' ');
            if wide(c) || latin {
                cut = at;
                break;
            }
        }
        let clause = &text[..cut];
        let n = clause.chars().count();
        let good = if self.zh { (4..=18).contains(&n) } else { (8..=52).contains(&n) };
        if good { clause.to_owned() } else { text.clone() }
    }
}
