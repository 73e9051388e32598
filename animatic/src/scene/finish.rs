//! What a style does to a drawn layer: paint that runs, paper that throws shadows, outlines,
//! halftone, pixels. Done once per layer, so it costs nothing per frame.

use std::f32::consts::FRAC_1_SQRT_2;

use crate::paint::{Canvas, Field, Rgb, fbm, lattice, num};
use crate::spec::{Finish, Palette};
use crate::text::write::blurred;

/// What a layer is, for its finish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Fills the frame behind everything.
    Sky,
    Ground,
    /// Subject and other things with an outline of their own.
    Cast,
    /// Light, mist, water shimmer: has no edge.
    Veil,
}

/// The layer as the style wants it.
pub fn finish(
    canvas: Canvas,
    finish: &Finish,
    role: Role,
    u: f32,
    seed: u32,
    palette: &Palette,
) -> Canvas {
    let mut canvas = canvas;
    let edged = matches!(role, Role::Ground | Role::Cast);
    if finish.tones > 0 && role != Role::Veil {
        tones(&mut canvas, f32::from(finish.tones), role);
    }
    if finish.dots > 0.0 && matches!(role, Role::Sky | Role::Ground) {
        halftone(&mut canvas, finish.dots * u);
    }
    if finish.wander > 0.0 || finish.pigment > 0.0 {
        canvas = painted(&canvas, finish, edged, u, seed);
    }
    if finish.outline > 0.0 && edged {
        outline(&mut canvas, (finish.outline * u).max(1.0), palette.near.scale(0.3));
    }
    if finish.grain > 0.0 && role != Role::Veil {
        grain(&mut canvas, finish.grain, seed);
    }
    if finish.shadow > 0.0 && edged {
        shadow(&mut canvas, finish.shadow * u, palette.near.scale(0.25));
    }
    if finish.pixel > 0.0 {
        pixels(&mut canvas, ((finish.pixel * u).round() as usize).max(2));
    }
    canvas
}

/// A premultiplied pixel made brighter or darker.
fn scale(p: &mut [f32; 4], k: f32) {
    *p = [(p[0] * k).min(p[3]), (p[1] * k).min(p[3]), (p[2] * k).min(p[3]), p[3]];
}

/// Brightness in steps; subjects keep a few more.
fn tones(canvas: &mut Canvas, count: f32, role: Role) {
    let n = if role == Role::Cast { count + 3.0 } else { count };
    canvas.recolour(|c| {
        let y = c.luma().max(0.004);
        let stepped = ((y * n).floor() + 0.5) / n;
        c.scale(num::lerp(1.0, stepped / y, 0.85)).clamped()
    });
}

/// Dots on a turned grid, the larger the darker the ground.
fn halftone(canvas: &mut Canvas, cell: f32) {
    let (w, left, top) = (canvas.w, canvas.area.left, canvas.area.top);
    for (i, p) in canvas.px.iter_mut().enumerate().filter(|(_, p)| p[3] > 0.01) {
        let x = (left + (i % w) as i32) as f32;
        let y = (top + (i / w) as i32) as f32;
        let (a, b) = ((x + y) * FRAC_1_SQRT_2 / cell, (x - y) * FRAC_1_SQRT_2 / cell);
        let (da, db) = (a - a.floor() - 0.5, b - b.floor() - 0.5);
        let luma = 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
        let r = 0.50 * (1.0 - luma / p[3]).max(0.0).sqrt();
        let cover = num::unit((r - (da * da + db * db).sqrt()) * cell + 0.5);
        let k = 1.05 - 0.30 * cover;
        scale(p, k);
    }
}

/// Wandering outlines, uneven pigment, darker rims.
fn painted(canvas: &Canvas, finish: &Finish, edged: bool, u: f32, seed: u32) -> Canvas {
    let (w, h) = (canvas.w as i32, canvas.h as i32);
    let area = canvas.area;
    let bend = Field::new(area, 6, |x, y| fbm(x / u * 14.0, y / u * 14.0, seed + 61, 2) - 0.5);
    let grains = Field::new(area, 3, |x, y| fbm(x / u * 26.0, y / u * 26.0, seed + 71, 3));
    let reach = ((u * 0.008) as i32).max(2);
    let alpha = |x: i32, y: i32| canvas.px[(y.clamp(0, h - 1) * w + x.clamp(0, w - 1)) as usize][3];
    let mut out = canvas.clone();
    for y in 0..h {
        for x in 0..w {
            let (fx, fy) = ((area.left + x) as f32, (area.top + y) as f32);
            let shift = bend.at(fx, fy) * finish.wander * u;
            let sx = (x + shift as i32).clamp(0, w - 1);
            let sy = (y - (shift * 1.2) as i32).clamp(0, h - 1);
            let mut p = canvas.px[(sy * w + sx) as usize];
            if p[3] > 0.01 {
                let mut k = 1.0 + (grains.at(fx, fy) - 0.5) * finish.pigment;
                if edged && p[3] > 0.5 && finish.rim > 0.0 {
                    let inside = alpha(sx, sy - reach)
                        + alpha(sx + reach, sy)
                        + alpha(sx - reach, sy)
                        + alpha(sx, sy - reach / 2);
                    k *= 1.0 - finish.rim * (1.0 - inside * 0.25);
                }
                scale(&mut p, k);
            }
            out.px[(y * w + x) as usize] = p;
        }
    }
    out
}

/// A dark line just inside the edge.
fn outline(canvas: &mut Canvas, width: f32, ink: Rgb) {
    let (w, h) = (canvas.w, canvas.h);
    let reach = width.ceil() as usize;
    let alpha: Vec<f32> = canvas.px.iter().map(|p| p[3]).collect();
    // The smallest alpha nearby, first along rows, then along columns.
    let mut rows = alpha.clone();
    for y in 0..h {
        for x in 0..w {
            let (a, b) = (x.saturating_sub(reach), (x + reach + 1).min(w));
            rows[y * w + x] = alpha[y * w + a..y * w + b].iter().copied().fold(1.0, f32::min);
        }
    }
    for y in 0..h {
        let (a, b) = (y.saturating_sub(reach), (y + reach + 1).min(h));
        for x in 0..w {
            let least = (a..b).map(|row| rows[row * w + x]).fold(1.0, f32::min);
            let here = alpha[y * w + x];
            let line = (here - least).max(0.0);
            if line > 0.02 {
                let p = &mut canvas.px[y * w + x];
                let c =
                    Rgb { r: p[0] / here, g: p[1] / here, b: p[2] / here }.mix(ink, line * 0.92);
                *p = [c.r * here, c.g * here, c.b * here, here];
            }
        }
    }
}

fn grain(canvas: &mut Canvas, amount: f32, seed: u32) {
    let w = canvas.w;
    for (i, p) in canvas.px.iter_mut().enumerate().filter(|(_, p)| p[3] > 0.01) {
        let (x, y) = ((i % w) as i32, (i / w) as i32);
        let fine = lattice(x, y, seed) * 0.6 + lattice(x / 2, y / 2, seed + 5) * 0.4;
        let k = 1.0 + (fine - 0.5) * amount * 2.0;
        scale(p, k);
    }
}

/// A soft shadow around and below, as of thick paper, and a light upper edge.
fn shadow(canvas: &mut Canvas, width: f32, dark: Rgb) {
    let (w, h) = (canvas.w, canvas.h);
    let alpha: Vec<f32> = canvas.px.iter().map(|p| p[3]).collect();
    let reach = (width * 0.5).max(1.0) as usize;
    let soft = blurred(&alpha, w, h, reach);
    let lip = (width * 0.12).max(1.0) as usize;
    for y in 0..h {
        for x in 0..w {
            let i = y * w + x;
            let above = if y >= lip { alpha[i - lip * w] } else { alpha[i] };
            let edge = (alpha[i] - above).max(0.0) * 0.22;
            let p = &mut canvas.px[i];
            let lit = edge * p[3];
            *p = [(p[0] + lit).min(p[3]), (p[1] + lit).min(p[3]), (p[2] + lit).min(p[3]), p[3]];
            let from = y.saturating_sub(reach / 2) * w + x.saturating_sub(reach / 3);
            let under = soft[from] * 0.6 * (1.0 - p[3]);
            p[0] += dark.r * under;
            p[1] += dark.g * under;
            p[2] += dark.b * under;
            p[3] += under;
        }
    }
}

/// Squares of one colour, on a grid of the frame.
fn pixels(canvas: &mut Canvas, cell: usize) {
    let (w, h) = (canvas.w, canvas.h);
    let offset = |edge: i32| edge.rem_euclid(cell as i32) as usize;
    let (first_x, first_y) = (offset(-canvas.area.left), offset(-canvas.area.top));
    let starts = |first: usize, n: usize| {
        let first = if first == 0 { 0 } else { first as i32 - cell as i32 };
        (first..n as i32).step_by(cell)
    };
    for y in starts(first_y, h) {
        for x in starts(first_x, w) {
            let rows = y.max(0) as usize..((y + cell as i32) as usize).min(h);
            let columns = x.max(0) as usize..((x + cell as i32) as usize).min(w);
            let mut sum = [0.0f32; 4];
            for row in rows.clone() {
                for p in &canvas.px[row * w + columns.start..row * w + columns.end] {
                    for (s, v) in sum.iter_mut().zip(p) {
                        *s += v;
                    }
                }
            }
            let n = (rows.len() * columns.len()).max(1) as f32;
            let mean = sum.map(|v| v / n);
            // Edges are hard: a cell is there or not, but for what is translucent by nature.
            let solid = if mean[3] > 0.5 { 1.0f32.min(mean[3] * 1.6) } else { mean[3] * mean[3] };
            let k = if mean[3] > 0.001 { solid / mean[3] } else { 0.0 };
            let cellful = [mean[0] * k, mean[1] * k, mean[2] * k, solid];
            for row in rows {
                canvas.px[row * w + columns.start..row * w + columns.end].fill(cellful);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::{Area, Block, WHITE};

    fn square() -> Canvas {
        let mut canvas = Canvas::new(Area { left: -3, top: -5, right: 61, bottom: 59 });
        canvas.block(Block { left: 20.0, top: 20.0, right: 40.0, bottom: 40.0 }, WHITE, 1.0);
        canvas
    }

    #[test]
    fn pixels_lie_on_the_grid_of_the_frame() {
        let mut canvas = square();
        pixels(&mut canvas, 4);
        let at = |x: i32, y: i32| canvas.px[((y + 5) * 64 + x + 3) as usize];
        for (x, y) in [(20, 20), (0, 0), (36, 36), (40, 20)] {
            let cell = at(x, y);
            assert!((0..4).all(|d| at(x + d, y) == cell && at(x, y + d) == cell), "{x} {y}");
        }
        assert_eq!(at(20, 20)[3], 1.0);
    }

    #[test]
    fn an_outline_is_inside_and_a_shadow_outside() {
        let mut canvas = square();
        outline(&mut canvas, 2.0, crate::paint::colour::BLACK);
        let middle = canvas.px[(30 + 5) * 64 + 33];
        let edge = canvas.px[(30 + 5) * 64 + 20 + 3];
        assert!(middle[0] > 0.99 && edge[0] < 0.2 && edge[3] > 0.99);
        let before: f32 = canvas.px.iter().map(|p| p[3]).sum();
        shadow(&mut canvas, 8.0, crate::paint::colour::BLACK);
        assert!(canvas.px.iter().map(|p| p[3]).sum::<f32>() > before * 1.1);
        assert!(canvas.px.iter().all(|p| p[3] <= 1.001 && p[0] <= p[3] + 0.001));
    }
}
