//! Breaking text into balanced lines. Chinese breaks between any two characters, Latin between
//! words; no line begins with closing punctuation or ends with an opening bracket.

/// Width of a text; the callers give their own measure, tests a simple one.
pub trait Measure {
    fn width(&self, text: &str) -> f32;
}

impl<F: Fn(&str) -> f32> Measure for F {
    fn width(&self, text: &str) -> f32 {
        self(text)
    }
}

/// Lines, and whether they hold the whole text.
#[derive(Clone, Debug, PartialEq)]
pub struct Lines {
    pub lines: Vec<String>,
    pub whole: bool,
}

const NO_START: &str = "，。！？；：、）》」』】〉”’…—～·,.!?;:)]}%";
const NO_END: &str = "（《「『【〈“‘([{";

/// At most `most` lines no wider than `width`, as even as can be; the rest is cut with an
/// ellipsis.
pub fn wrap(text: &str, width: f32, most: usize, measure: &impl Measure) -> Lines {
    let pieces = pieces(text);
    let mut lines = fill(&pieces, width, measure);
    if lines.len() > most {
        return cut(lines, width, most, measure);
    }
    let fits = lines.iter().all(|line| measure.width(line) <= width);
    if !fits {
        return Lines { lines, whole: false };
    }
    // The narrowest measure that needs no further line gives the most even lines.
    let (mut low, mut high) = (width / lines.len() as f32 * 0.5, width);
    for _ in 0..8 {
        let middle = (low + high) * 0.5;
        let tried = fill(&pieces, middle, measure);
        let good = tried.len() <= lines.len() && tried.iter().all(|l| measure.width(l) <= middle);
        if good {
            high = middle;
            lines = tried;
        } else {
            low = middle;
        }
    }
    Lines { lines, whole: true }
}

fn cut(mut lines: Vec<String>, width: f32, most: usize, measure: &impl Measure) -> Lines {
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while !last.is_empty() && measure.width(&format!("{last}…")) > width {
            last.pop();
        }
        let kept =
            last.trim_end_matches(|c| c == ' ' || NO_START.contains(c) || NO_END.contains(c));
        *last = format!("{kept}…");
    }
    Lines { lines, whole: false }
}

fn fill(pieces: &[String], width: f32, measure: &impl Measure) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        let longer = format!("{line}{piece}");
        if !line.trim().is_empty() && measure.width(longer.trim()) > width {
            lines.push(line.trim().to_owned());
            line = piece.clone();
        } else {
            line = longer;
        }
        while measure.width(line.trim()) > width && line.trim().chars().count() > 1 {
            line = split(&line, width, measure, &mut lines);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim().to_owned());
    }
    lines
}

/// A piece wider than a line is broken where it must be; returns what is left of it.
fn split(line: &str, width: f32, measure: &impl Measure, lines: &mut Vec<String>) -> String {
    let line = line.trim();
    let mut end = 0;
    for (at, c) in line.char_indices() {
        let next = at + c.len_utf8();
        if end > 0 && measure.width(&line[..next]) > width {
            break;
        }
        end = next;
    }
    lines.push(line[..end].to_owned());
    line[end..].to_owned()
}

/// The smallest parts that stay together.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let glued = pieces.last().is_some_and(|piece| {
            let before = piece.chars().next_back().unwrap_or(' ');
            let word = before != ' ' && c != ' ' && !is_wide(before) && !is_wide(c);
            word || (NO_START.contains(c) && before != ' ') || NO_END.contains(before)
        });
        match pieces.last_mut() {
            Some(piece) if glued => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

/// Characters between which a line may break.
pub fn is_wide(c: char) -> bool {
    c as u32 >= 0x2e80 && !('\u{e000}'..='\u{f8ff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(text: &str) -> f32 {
        text.chars().map(|c| if is_wide(c) { 2.0 } else { 1.0 }).sum()
    }

    fn lines(text: &str, limit: f32, most: usize) -> Vec<String> {
        wrap(text, limit, most, &width).lines
    }

    #[test]
    fn lines_are_even() {
        assert_eq!(lines("一二三四五六七八九", 16.0, 2), ["一二三四五", "六七八九"]);
        assert_eq!(
            lines("Spring mountains with cherry blossom", 30.0, 2),
            ["Spring mountains", "with cherry blossom"]
        );
        assert_eq!(lines("short", 30.0, 2), ["short"]);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        for limit in 6..24 {
            for line in lines("黄昏的海边，一座灯塔（很高）守望着「归航」的船。", limit as f32, 9)
            {
                assert!(!NO_START.contains(line.chars().next().unwrap()), "{limit}: {line}");
                assert!(!NO_END.contains(line.chars().next_back().unwrap()), "{limit}: {line}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_visibly() {
        let cut = wrap("一二三四五六七八九十", 8.0, 2, &width);
        assert_eq!(cut, Lines { lines: vec!["一二三四".into(), "五六七…".into()], whole: false });
        let long = lines("Donaudampfschifffahrt", 8.0, 9);
        assert_eq!(long.concat(), "Donaudampfschifffahrt");
        assert!(long.iter().all(|line| width(line) <= 8.0));
    }
}
