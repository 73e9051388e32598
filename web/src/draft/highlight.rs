//! The prompt text cut into coloured pieces, as it is typed, whether or not it can be read yet.

use prompt::{Problem, Severity, Span, Template};

/// A stretch of the text that is shown alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// How it is shown.
    pub tint: Tint,
}

/// How a stretch is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tint {
    /// As it is.
    Plain,
    /// A variable, by its number in order of first appearance.
    Variable(usize),
    /// Options in braces.
    Group,
    /// Something is wrong here.
    Wrong,
}

/// Cuts a text. `template` is what was read of it, if it could be.
#[must_use]
pub fn pieces(text: &str, template: Option<&Template>, problems: &[Problem]) -> Vec<Piece> {
    let mut tints = vec![Tint::Plain; text.len()];
    groups(text, &mut tints);
    match template {
        Some(template) => {
            for (number, variable) in template.variables().iter().enumerate() {
                for span in &variable.spans {
                    paint(&mut tints, *span, Tint::Variable(number));
                }
            }
        }
        None => guesses(text, &mut tints),
    }
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        if let Some(span) = problem.span {
            paint(&mut tints, span, Tint::Wrong);
        }
    }
    cut(text, &tints)
}

fn paint(tints: &mut [Tint], span: Span, tint: Tint) {
    if let Some(stretch) = tints.get_mut(span.start..span.end) {
        stretch.fill(tint);
    }
}

/// Paints braces that hold options.
fn groups(text: &str, tints: &mut [Tint]) {
    for (start, end) in braces(text) {
        let inside = &text[start..end];
        if inside.contains(['|', '｜']) || inside.contains("$$") {
            tints[start..end].fill(Tint::Group);
        }
    }
}

/// Variables of a text that cannot be read as a whole: whatever stands alone between braces.
fn guesses(text: &str, tints: &mut [Tint]) {
    let mut names: Vec<&str> = Vec::new();
    for (start, end) in braces(text) {
        let name = text[start..end].trim_matches(['{', '}', '｛', '｝', ' ']);
        if name.is_empty() || name.contains(['{', '|', '｜', ',', '\n']) {
            continue;
        }
        let number = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        tints[start..end].fill(Tint::Variable(number));
    }
}

/// Outermost braces that are closed, as byte ranges.
fn braces(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' | '｛' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            '}' | '｝' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    found.push((start, at + c.len_utf8()));
                }
            }
            _ => {}
        }
    }
    found
}

fn cut(text: &str, tints: &[Tint]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, c) in text.char_indices() {
        let tint = tints[at];
        match pieces.last_mut() {
            Some(last) if last.tint == tint => last.text.push(c),
            _ => pieces.push(Piece { text: c.to_string(), tint }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, Tint)> {
        let read = prompt::parse(text);
        let problems = read.as_ref().err().cloned().unwrap_or_default();
        let cut = pieces(text, read.as_ref().ok(), &problems);
        cut.into_iter().map(|piece| (piece.text, piece.tint)).collect()
    }

    #[test]
    fn a_variable_has_one_colour_wherever_it_stands() {
        assert_eq!(
            shown("{a}和{b}，{a}"),
            [
                ("{a}".into(), Tint::Variable(0)),
                ("和".into(), Tint::Plain),
                ("{b}".into(), Tint::Variable(1)),
                ("，".into(), Tint::Plain),
                ("{a}".into(), Tint::Variable(0)),
            ]
        );
    }

    #[test]
    fn full_width_braces_are_variables_too() {
        assert_eq!(shown("｛风格｝"), [("｛风格｝".into(), Tint::Variable(0))]);
    }

    #[test]
    fn options_are_set_apart() {
        assert_eq!(
            shown("{red|green} x"),
            [("{red|green}".into(), Tint::Group), (" x".into(), Tint::Plain)]
        );
    }

    #[test]
    fn what_is_wrong_is_marked_and_the_rest_keeps_its_colours() {
        let pieces = shown("{a} and {b");
        assert_eq!(pieces[0], ("{a}".into(), Tint::Variable(0)));
        assert!(pieces.iter().any(|(text, tint)| *tint == Tint::Wrong && text.starts_with('{')));
    }

    #[test]
    fn the_pieces_are_the_text() {
        for text in ["", "a", "{", "}{", "{a|{b}", "｛｛", "表情😀{x}😀", "{{name}} __b__ \\{"]
        {
            let together: String = shown(text).into_iter().map(|(text, _)| text).collect();
            assert_eq!(together, text);
        }
    }
}
