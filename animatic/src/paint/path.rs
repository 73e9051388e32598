//! Outlines written as SVG path data, the part of it that the drawings use: M L Q C Z, absolute.

use tiny_skia::{Path, PathBuilder, Rect, Stroke};

/// An outline; empty where the drawing was degenerate, and then it draws nothing.
#[derive(Clone)]
pub struct Shape(pub Option<Path>);

/// Parses path data. Drawings are constants of this crate: what cannot be read draws nothing,
/// and tests parse every one of them.
pub fn path(data: &str) -> Shape {
    Shape(build(data))
}

/// An ellipse around a centre.
pub fn oval(x: f32, y: f32, rx: f32, ry: f32) -> Shape {
    let rect = Rect::from_ltrb(x - rx.abs(), y - ry.abs(), x + rx.abs(), y + ry.abs());
    Shape(rect.and_then(PathBuilder::from_oval))
}

/// A closed outline through points.
pub fn polygon(points: &[(f32, f32)]) -> Shape {
    let mut pen = PathBuilder::new();
    for (i, (x, y)) in points.iter().enumerate() {
        if i == 0 { pen.move_to(*x, *y) } else { pen.line_to(*x, *y) }
    }
    pen.close();
    Shape(pen.finish())
}

/// A rectangle with round corners.
pub fn rounded(left: f32, top: f32, right: f32, bottom: f32, r: f32) -> Shape {
    let mut pen = PathBuilder::new();
    pen.move_to(left + r, top);
    pen.line_to(right - r, top);
    pen.quad_to(right, top, right, top + r);
    pen.line_to(right, bottom - r);
    pen.quad_to(right, bottom, right - r, bottom);
    pen.line_to(left + r, bottom);
    pen.quad_to(left, bottom, left, bottom - r);
    pen.line_to(left, top + r);
    pen.quad_to(left, top, left + r, top);
    pen.close();
    Shape(pen.finish())
}

/// The outline of a line of that width along a shape.
pub fn stroked(shape: &Shape, width: f32) -> Shape {
    let stroke = Stroke {
        width,
        line_cap: tiny_skia::LineCap::Round,
        line_join: tiny_skia::LineJoin::Round,
        ..Stroke::default()
    };
    Shape(shape.0.as_ref().and_then(|path| path.stroke(&stroke, 4.0)))
}

fn build(data: &str) -> Option<Path> {
    let mut pen = PathBuilder::new();
    let mut numbers: Vec<f32> = Vec::new();
    let mut command = 'M';
    for token in tokens(data) {
        if let Some(letter) = token.chars().next().filter(char::is_ascii_alphabetic) {
            if !numbers.is_empty() || !"MLQCZ".contains(letter) {
                return None;
            }
            command = letter;
            if letter == 'Z' {
                pen.close();
            }
            continue;
        }
        numbers.push(token.parse().ok()?);
        match (command, numbers.as_slice()) {
            ('M', [x, y]) => {
                pen.move_to(*x, *y);
                command = 'L';
            }
            ('L', [x, y]) => pen.line_to(*x, *y),
            ('Q', [a, b, x, y]) => pen.quad_to(*a, *b, *x, *y),
            ('C', [a, b, c, d, x, y]) => pen.cubic_to(*a, *b, *c, *d, *x, *y),
            _ => continue,
        }
        numbers.clear();
    }
    if numbers.is_empty() { pen.finish() } else { None }
}

fn tokens(data: &str) -> impl Iterator<Item = &str> {
    data.split([' ', ',', '\n'])
        .flat_map(|word| {
            let letter = word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
            let (a, b) = word.split_at(usize::from(letter));
            [a, b]
        })
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_path_data() {
        let b = path("M1 2 L11 2 Q12,7 11 12 C8 14 4 14 1 12 Z").0.unwrap().bounds();
        assert_eq!((b.left(), b.top()), (1.0, 2.0));
        assert!(b.right() > 11.0 && b.bottom() > 13.0);
        for wrong in ["M1", "M1 2 L3", "H4", "M1 2 Lx 3", ""] {
            assert!(path(wrong).0.is_none(), "{wrong}");
        }
    }
}
