//! The part of the reader that reads groups: count, separator, options, weights.

use super::Part;
use super::group::{Bounds, Group};
use super::parse::{Draft, Parser};
use crate::words::template as words;

/// No limit may let the reader recurse deeper: the stack is finite.
const HARD_DEPTH: usize = 32;

/// What stands before the options: `2$$`, `1-2$$ and $$`.
struct Header {
    /// Lower and upper bound as written; either may be left out.
    low: Option<usize>,
    high: Option<usize>,
    separator: String,
    start: usize,
    end: usize,
}

/// Options, and where each stands.
type Options = (Vec<Vec<Part>>, Vec<(usize, usize)>);

impl Parser<'_> {
    /// Reads a group from its `{` on. `None` after a problem.
    pub(super) fn group(&mut self, depth: usize) -> Option<Part> {
        let start = self.at;
        if depth >= self.limits.max_depth.min(HARD_DEPTH) {
            self.too_deep();
            return None;
        }
        let errors = self.report.errors();
        self.at += 1;
        let header = self.header();
        self.sampler();
        let (options, spans) = self.options(depth);
        if self.chars.sign(self.at) != Some('}') {
            self.problem(start, start + 1, words::unclosed_brace());
            return None;
        }
        self.at += 1;
        let clean = self.report.errors() == errors;
        if header.is_none() && options.len() == 1 && !holds_group(&options[0]) {
            if clean {
                self.not_a_group(start);
            }
            return None;
        }
        let bounds = self.bounds(header.as_ref(), options.len())?;
        if !clean {
            return None;
        }
        let separator = header.map_or_else(|| ",".to_owned(), |header| header.separator);
        self.build(Draft { start, options, spans, bounds, separator }).map(Part::Group)
    }

    /// Skips a group that nests too deep, as a whole.
    fn too_deep(&mut self) {
        let start = self.at;
        let mut open = 0_usize;
        while let Some(c) = self.sign(0) {
            self.at += if c == '\\' && self.sign(1).is_some() { 2 } else { 1 };
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        self.problem(start, self.at, words::too_deep(self.limits.max_depth));
    }

    /// A count and its `$$`, with the separator if a second `$$` follows.
    fn header(&mut self) -> Option<Header> {
        let start = self.blanks(self.at);
        let (low, after_low) = self.number(start);
        let dash = usize::from(self.chars.sign(after_low) == Some('-'));
        let (high, end) = if dash == 1 { self.number(after_low + 1) } else { (low, after_low) };
        if (low.is_none() && high.is_none()) || !self.dollars(end) {
            return None;
        }
        self.at = end + 2;
        let separator = self.separator();
        Some(Header { low, high, separator, start, end: end + 2 })
    }

    /// ASCII digits from `at` on. A number too long to be a count is as good as the largest.
    fn number(&self, mut at: usize) -> (Option<usize>, usize) {
        let mut number = None;
        while let Some(digit) = self.chars.raw(at).and_then(|c| c.to_digit(10)) {
            let so_far: usize = number.unwrap_or(0);
            number = Some(so_far.saturating_mul(10).saturating_add(digit as usize));
            at += 1;
        }
        (number, at)
    }

    fn dollars(&self, at: usize) -> bool {
        self.chars.sign(at) == Some('$') && self.chars.sign(at + 1) == Some('$')
    }

    /// The text up to a second `$$`, which may hold pipes but no braces or other dollars.
    fn separator(&mut self) -> String {
        let mut at = self.at;
        let mut text = String::new();
        while let (Some(raw), Some(sign)) = (self.chars.raw(at), self.chars.sign(at)) {
            let escaped = self.chars.sign(at + 1).filter(|c| "{}|_\\$".contains(*c));
            match sign {
                '$' if self.dollars(at) => {
                    self.at = at + 2;
                    return text;
                }
                '{' | '}' | '$' => break,
                '\\' if escaped.is_some() => {
                    text.extend(self.chars.raw(at + 1));
                    at += 1;
                }
                _ => text.push(raw),
            }
            at += 1;
        }
        ",".to_owned()
    }

    /// Warns of a sign that chooses a sampler elsewhere.
    fn sampler(&mut self) {
        let at = self.blanks(self.at);
        if let Some(sign @ ('~' | '!' | '@')) = self.chars.raw(at) {
            self.problem(at, at + 1, words::sampler_kept(sign));
        }
    }

    /// The options up to `}` or the end, each with where it stands.
    fn options(&mut self, depth: usize) -> Options {
        let (mut options, mut spans) = (Vec::new(), Vec::new());
        loop {
            self.at = self.blanks(self.at);
            let start = self.at;
            self.weight();
            options.push(self.sequence(depth + 1));
            spans.push((start, self.at));
            if self.sign(0) != Some('|') {
                return (options, spans);
            }
            self.at += 1;
        }
    }

    /// Leaves out `0.5::`, saying so.
    fn weight(&mut self) {
        let (whole, mut at) = self.number(self.at);
        let mut digits = whole.is_some();
        if self.chars.raw(at) == Some('.') {
            let (fraction, end) = self.number(at + 1);
            digits |= fraction.is_some();
            at = end;
        }
        let colons = self.chars.raw(at) == Some(':') && self.chars.raw(at + 1) == Some(':');
        if digits && colons {
            let weight = self.chars.slice(self.at, at);
            self.problem(self.at, at + 2, words::weight_ignored(weight));
            self.at = at + 2;
        }
    }

    /// What a count means for this many options.
    fn bounds(&mut self, header: Option<&Header>, options: usize) -> Option<Bounds> {
        let Some(header) = header else {
            return Some(Bounds { min: 1, max: 1 });
        };
        let (min, max) = (header.low.unwrap_or(1), header.high.unwrap_or(options));
        if min > max || max == 0 || max > options {
            self.problem(header.start, header.end, words::count_out_of_range(options));
            return None;
        }
        Some(Bounds { min, max })
    }

    /// Braces that hold neither a name nor options: says which habit it looks like.
    fn not_a_group(&mut self, start: usize) {
        let inner = self.chars.slice(start + 1, self.at - 1).trim();
        let problem = if inner.is_empty() {
            words::empty_braces()
        } else if inner.contains([',', '，', '、']) {
            words::comma_group(inner)
        } else {
            words::invalid_name(inner)
        };
        self.problem(start, self.at, problem);
    }
}

fn holds_group(parts: &[Part]) -> bool {
    parts.iter().any(|part| matches!(part, Part::Group(Group { .. })))
}
