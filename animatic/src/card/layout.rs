//! The title cards of the styles.

use super::chips::{self, Row};
use super::{Caption, Timing, Writer};
use crate::lexicon::Style;
use crate::paint::num::{sin, smooth, unit};
use crate::paint::{Area, Block, Canvas, Fit, Rgb, Shape, WHITE, hex, polygon, rounded};
use crate::text::wrap::{is_wide, wrap};
use crate::text::write::{Align, Halo, Hand, column, lines, width};

/// A rounded plate and the area it needs.
pub struct Plate {
    pub shape: Shape,
    pub area: Area,
}

/// left, top, right, bottom, and the radius of the corners.
pub fn plate((left, top, right, bottom): (f32, f32, f32, f32), r: f32) -> Plate {
    Plate {
        shape: rounded(left, top, right, bottom, r),
        area: Area::around(left - 1.0, top - 1.0, right + 1.0, bottom + 1.0),
    }
}

/// Lays one canvas over another, wherever they overlap.
pub fn stamp(to: &mut Canvas, from: &Canvas) {
    let part = to.area.common(from.area);
    for y in part.top..part.bottom {
        for x in part.left..part.right {
            let at = |c: &Canvas| (y - c.area.top) as usize * c.w + (x - c.area.left) as usize;
            let p = from.px[at(from)];
            if p[3] > 0.0 {
                let c = Rgb { r: p[0] / p[3], g: p[1] / p[3], b: p[2] / p[3] };
                let i = at(to);
                to.over(i, c, p[3]);
            }
        }
    }
}

/// How far a caption rises while it appears, in pixels.
pub fn rise(u: f32) -> f32 {
    u * 0.02
}

struct Title {
    lines: Vec<String>,
    px: f32,
    widest: f32,
}

/// The title in the largest size that fits `room` pixels in `most` lines.
fn fitted(writer: &Writer<'_>, room: f32, most: usize, largest: f32) -> Title {
    let text = writer.title();
    let smallest = (writer.u * 0.058).max(17.0);
    let mut px = largest;
    loop {
        let measure = |t: &str| width(&writer.pen, t, px, 0.01);
        let wrapped = wrap(&text, room, most, &measure);
        if wrapped.whole || px <= smallest {
            let widest = wrapped.lines.iter().map(|l| measure(l)).fold(0.0, f32::max);
            return Title { lines: wrapped.lines, px, widest };
        }
        px *= 0.94;
    }
}

fn hand(writer: &Writer<'_>, px: f32, align: Align) -> Hand {
    let strength = if writer.light() { 0.8 } else { 0.55 };
    Hand {
        px,
        leading: 1.16,
        tracking: 0.01,
        ink: writer.ground_ink(),
        halo: writer.halo(strength),
        align,
    }
}

fn chip_px(writer: &Writer<'_>) -> f32 {
    (writer.u * 0.040).max(13.5)
}

fn chip_room(writer: &Writer<'_>) -> f32 {
    if chips::texts(writer).is_empty() { 0.0 } else { chip_px(writer) * 2.3 }
}

fn times(timing: Timing, delay: f32) -> [f32; 4] {
    let end = timing.title_end();
    [0.05 + delay, 0.42 + delay, end - 0.4, end - 0.05]
}

/// Whether a title belongs at the head of the picture: in portrait and square frames the subject
/// takes the foot.
fn at_head(writer: &Writer<'_>) -> bool {
    writer.w <= writer.h && !writer.spec.cast.is_empty()
}

/// Left, at the foot or at the head, over a gradient that makes it legible.
pub fn corner(writer: &mut Writer<'_>, timing: Timing) -> Vec<Caption> {
    let (w, h, u, pad) = (writer.w, writer.h, writer.u, writer.pad);
    let (wide, head) = (w > h, at_head(writer));
    let alone = writer.spec.cast.is_empty();
    let aside = if !wide { 0.0 } else { w * if alone { 0.20 } else { 0.36 } };
    let title = fitted(writer, w - 2.0 * pad - aside, if wide { 2 } else { 4 }, u * 0.128);
    let height = title.lines.len() as f32 * title.px * 1.16;
    let px = chip_px(writer);
    let foot = h - pad - writer.bar - u * 0.012;
    let (top, chips_top) = if head {
        let top = (pad * 0.72 + u * 0.125).round();
        (top, top + height + u * 0.012)
    } else {
        ((foot - chip_room(writer) - height).round(), foot - Row::height(px))
    };
    let mut out = vec![scrim(writer, timing, head)];
    let mut bar = Canvas::new(Area::around(pad, top - u * 0.040, pad + u * 0.16, top - u * 0.028));
    let (area, accent) = (bar.area, writer.accent());
    bar.shade(area, |_, _| (accent, 1.0));
    out.push(writer.caption(bar, times(timing, 0.0), false, true));
    let hand = hand(writer, title.px, Align::Left);
    let canvas = lines(&mut writer.pen, &title.lines, &hand, (pad, top));
    out.push(writer.caption(canvas, times(timing, 0.06), true, true));
    let row = Row { left: pad, top: chips_top, right: w - pad, centred: false, px };
    out.extend(chips::draw(writer, &row, times(timing, 0.16)));
    out
}

fn scrim(writer: &Writer<'_>, timing: Timing, head: bool) -> Caption {
    let (w, h) = (writer.w, writer.h);
    let dark = writer.spec.palette.near.mix(hex(0x000000), 0.55);
    let strength = if writer.light() { 0.0 } else { 0.66 };
    let (from, to) = if head { (-2.0, h * 0.64) } else { (h * 0.36, h + 2.0) };
    let mut canvas = Canvas::new(Area::around(-2.0, from, w + 2.0, to));
    let area = canvas.area;
    canvas.shade(area, |x, y| {
        let down = if head { 1.0 - y / h } else { y / h };
        let t = smooth(0.0, 1.0, (down - 0.36) / 0.64);
        (dark, t * strength * (1.0 - 0.45 * unit((x / w - 0.4) / 0.6)))
    });
    let end = timing.title_end();
    writer.caption(canvas, [-9.0, -8.0, end - 0.45, end], false, false)
}

/// Between two rules, in the middle of the part of the picture that the subject leaves free.
pub fn centre(writer: &mut Writer<'_>, timing: Timing) -> Vec<Caption> {
    let (w, h, u, pad) = (writer.w, writer.h, writer.u, writer.pad);
    let alone = writer.spec.cast.is_empty();
    let wide = w > h;
    let (left, right) = if wide && !alone { (pad, w * 0.60) } else { (pad, w - pad) };
    let middle = (left + right) * 0.5;
    let room = right - left - u * 0.12;
    let title = fitted(writer, room, if wide && alone { 2 } else { 4 }, u * 0.112);
    let height = title.lines.len() as f32 * title.px * 1.16;
    let level = if alone || wide { 0.5 } else { 0.24 };
    let lowest = h - pad - u * 0.02 - chip_room(writer) - height;
    let highest = pad + u * 0.10;
    let top = (h * level - height * 0.5).min(lowest).max(highest).round();
    let light = writer.light();
    let half = (title.widest * 0.5 + u * 0.06).min(room * 0.5 + u * 0.05);
    let (l, r) = (middle - half, middle + half);
    let plate = plate((l, top - u * 0.040, r, top + height + u * 0.034), u * 0.004);
    let mut canvas = Canvas::new(plate.area);
    let ground =
        if light { hex(0xfbf8f0) } else { writer.spec.palette.near.mix(hex(0x0a0608), 0.5) };
    canvas.fill(&plate.shape, Fit::FRAME, |_, _| ground, if light { 0.80 } else { 0.66 });
    let accent = writer.accent();
    for y in [top - u * 0.032, top + height + u * 0.020] {
        let rule = Block { left: l + u * 0.02, top: y, right: r - u * 0.02, bottom: y + u * 0.006 };
        canvas.block(rule, accent, 1.0);
    }
    let mut out = vec![writer.caption(canvas, times(timing, 0.0), false, true)];
    let hand = Hand { halo: None, ..hand(writer, title.px, Align::Centre) };
    let from = (middle - title.widest * 0.5).round();
    let canvas = lines(&mut writer.pen, &title.lines, &hand, (from, top));
    out.push(writer.caption(canvas, times(timing, 0.08), true, true));
    let px = chip_px(writer);
    let row = Row { left, top: top + height + u * 0.050, right, centred: true, px };
    out.extend(chips::draw(writer, &row, times(timing, 0.2)));
    out
}

/// From top to bottom at the right, with a seal. Text that is mostly Latin goes to the corner.
pub fn scroll(writer: &mut Writer<'_>, timing: Timing) -> Vec<Caption> {
    let text = writer.title();
    let wide = text.chars().filter(|c| is_wide(*c)).count();
    let count = text.chars().count();
    let (w, h, u, pad) = (writer.w, writer.h, writer.u, writer.pad);
    if wide * 2 < count || count > 20 {
        return corner(writer, timing);
    }
    let columns = if count > 8 { 2 } else { 1 };
    let per = count.div_ceil(columns);
    let room = h - 2.0 * pad - u * 0.28;
    let px = (u * 0.125).min(room / per as f32 / 1.1);
    let side = if writer.spec.cast.is_empty() { 1.0 } else { -1.0 };
    let first = w * 0.5 + side * (w * 0.5 - pad - px * 0.9);
    let top = pad + u * 0.10;
    let chars: Vec<char> = text.chars().collect();
    let hand = Hand { leading: 1.1, halo: writer.halo(0.8), ..hand(writer, px, Align::Left) };
    let mut out = Vec::new();
    let mut seal_at = (first, top);
    for (i, part) in balanced(&chars, per).into_iter().enumerate() {
        // Columns go from right to left.
        let x = first - i as f32 * px * 1.35
            + if side < 0.0 { (columns - 1) as f32 * px * 1.35 } else { 0.0 };
        let drop = top + i as f32 * px * 0.6;
        let canvas = column(&mut writer.pen, &part, &hand, x.round(), drop.round());
        seal_at = (x, drop + part.chars().count() as f32 * px * 1.1 + px * 0.25);
        out.push(writer.caption(canvas, times(timing, 0.05 + 0.25 * i as f32), true, true));
    }
    let seal = px * 0.52;
    let plate = plate(
        (seal_at.0 - seal * 0.5, seal_at.1, seal_at.0 + seal * 0.5, seal_at.1 + seal),
        seal * 0.12,
    );
    let mut canvas = Canvas::new(plate.area);
    canvas.fill(&plate.shape, Fit::FRAME, |_, _| hex(0xb3261e), 0.92);
    let small = Hand { px: seal * 0.72, ink: WHITE, halo: None, ..hand };
    let mark = column(&mut writer.pen, "画", &small, seal_at.0, seal_at.1 + seal * 0.12);
    stamp(&mut canvas, &mark);
    out.push(writer.caption(canvas, times(timing, 0.5), false, false));
    let px = chip_px(writer);
    let row = Row { left: pad, top: h - pad - Row::height(px), right: w - pad, centred: false, px };
    out.extend(chips::draw(writer, &row, times(timing, 0.3)));
    out
}

/// Columns of at most `per` characters; none begins with closing punctuation.
fn balanced(chars: &[char], per: usize) -> Vec<String> {
    let mut parts: Vec<String> = chars.chunks(per).map(|part| part.iter().collect()).collect();
    for i in 1..parts.len() {
        while let Some(c) =
            parts[i].chars().next().filter(|c| "，。！？；：、）》」』”’…·".contains(*c))
        {
            parts[i].remove(0);
            parts[i - 1].push(c);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// In a slanted box with a hard shadow.
pub fn boxed(writer: &mut Writer<'_>, timing: Timing) -> Vec<Caption> {
    let (w, h, u, pad) = (writer.w, writer.h, writer.u, writer.pad);
    let wide = w > h;
    let aside = if wide && !writer.spec.cast.is_empty() { w * 0.34 } else { u * 0.10 };
    let title = fitted(writer, w - 2.0 * pad - aside, if wide { 2 } else { 4 }, u * 0.112);
    let height = title.lines.len() as f32 * title.px * 1.16;
    let foot = h - pad - u * 0.02 - chip_room(writer);
    let head = at_head(writer);
    let top = if head { pad * 0.72 + u * 0.115 } else { foot - height - u * 0.02 }.round();
    let left = pad + u * 0.03;
    let (l, r, t, b) = (
        left - u * 0.035,
        left + title.widest + u * 0.045,
        top - u * 0.025,
        top + height + u * 0.012,
    );
    let slant = if writer.spec.look.style == Style::Comic { u * 0.022 } else { 0.0 };
    let corners = |d: f32| {
        polygon(&[
            (l + d, t + slant * 0.3 + d),
            (r + slant + d, t - slant * 0.3 + d),
            (r - slant * 0.4 + d, b + d),
            (l - slant * 0.5 + d, b + slant * 0.2 + d),
        ])
    };
    let mut canvas = Canvas::new(Area::around(
        l - slant - 2.0,
        t - slant - 2.0,
        r + slant + u * 0.02,
        b + slant + u * 0.02,
    ));
    let dark = hex(0x0d0b10);
    let ground = if writer.spec.look.style == Style::Comic { hex(0xffe14a) } else { hex(0xf4f1e6) };
    canvas.fill(&corners(u * 0.014), Fit::FRAME, |_, _| dark, 1.0);
    canvas.fill(&corners(0.0), Fit::FRAME, |_, _| ground, 1.0);
    canvas.fill(&crate::paint::stroked(&corners(0.0), u * 0.009), Fit::FRAME, |_, _| dark, 1.0);
    let mut out = vec![writer.caption(canvas, times(timing, -0.04), false, true)];
    let hand = Hand { ink: dark, halo: None, ..hand(writer, title.px, Align::Left) };
    let canvas = lines(&mut writer.pen, &title.lines, &hand, (left, top));
    out.push(writer.caption(canvas, times(timing, 0.04), false, true));
    let px = chip_px(writer);
    let chips_top = if head { b + u * 0.035 } else { h - pad - Row::height(px) };
    let row = Row { left: pad, top: chips_top, right: w - pad, centred: false, px };
    out.extend(chips::draw(writer, &row, times(timing, 0.16)));
    out
}

/// On a band of paper across the head of the picture, as in a picture book: the ground and who
/// stands on it stay free.
pub fn band(writer: &mut Writer<'_>, timing: Timing) -> Vec<Caption> {
    let (w, h, u, pad) = (writer.w, writer.h, writer.u, writer.pad);
    let title = fitted(writer, w - 2.0 * pad, if w > h { 2 } else { 3 }, u * 0.092);
    let height = title.lines.len() as f32 * title.px * 1.16;
    let top = (pad * 0.72 + u * 0.062).round();
    let foot = top + height + chip_room(writer) + u * 0.012;
    let mut canvas = Canvas::new(Area::around(-2.0, -2.0, w + 2.0, foot + u * 0.05));
    let area = canvas.area;
    let edge = |x: f32| foot + sin(x / u * 5.0) * u * 0.010 + sin(x / u * 13.0 + 1.0) * u * 0.004;
    let accent = writer.accent();
    canvas.shade(area, |x, y| {
        (hex(0x000000), unit(1.0 - (y - edge(x)).max(0.0) / (u * 0.02)) * 0.18)
    });
    canvas.shade(area, |x, y| (hex(0xfbf3df), unit(edge(x) - y)));
    canvas.shade(area, |x, y| (accent, unit(u * 0.006 - (edge(x) - y - u * 0.014).abs()) * 0.8));
    let mut out = vec![writer.caption(canvas, times(timing, -0.3), false, true)];
    let hand =
        Hand { ink: hex(0x3a2a22), halo: None::<Halo>, ..hand(writer, title.px, Align::Centre) };
    let left = ((w - title.widest) * 0.5).round();
    let canvas = lines(&mut writer.pen, &title.lines, &hand, (left, top));
    out.push(writer.caption(canvas, times(timing, 0.06), true, true));
    let px = chip_px(writer);
    let row = Row { left: pad, top: top + height + u * 0.004, right: w - pad, centred: true, px };
    out.extend(chips::draw(writer, &row, times(timing, 0.16)));
    out
}
