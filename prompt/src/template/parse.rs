//! The reader of templates: one pass over the characters, recursive only in groups and only to
//! `max_depth`. It reports every problem it finds and goes on behind it.
//!
//! Braces mean a variable if a name (and spaces) is all they hold, once or doubled, and a group
//! otherwise. Full-width signs are read as signs; where a sign is plain text, what was written
//! stays.

use std::collections::HashMap;

use super::group::{Bounds, Choice, Group};
use super::names::{TAKE, continues_name, is_name, starts_name};
use super::position::Chars;
use super::{Part, Template, Variable, readings};
use crate::limits::Limits;
use crate::problem::{Problem, Report};
use crate::words::template as words;

/// The state of one reading.
pub(super) struct Parser<'a> {
    pub(super) chars: Chars<'a>,
    pub(super) limits: &'a Limits,
    pub(super) report: Report,
    pub(super) at: usize,
    variables: Vec<Variable>,
    numbers: HashMap<&'a str, usize>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            chars: Chars::new(text),
            limits,
            report: Report::new(limits.max_problems),
            at: 0,
            variables: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    pub(super) fn template(mut self) -> Result<Template, Vec<Problem>> {
        let chars = self.chars.len();
        if self.chars.slice(0, chars).trim().is_empty() {
            self.problem(0, chars, words::empty_template());
        } else if chars > self.limits.max_template_chars {
            let max = self.limits.max_template_chars;
            self.problem(max, chars, words::template_too_long(chars, max));
        } else {
            let parts = self.sequence(0);
            self.note_unused(&parts);
            let notices = self.report.finish()?;
            return Ok(Template { chars, parts, variables: self.variables, notices });
        }
        Err(self.report.finish().err().unwrap_or_default())
    }

    pub(super) fn problem(&mut self, start: usize, end: usize, problem: Problem) {
        let span = self.chars.span(start, end);
        self.report.push(problem.at(span));
    }

    pub(super) fn sign(&self, ahead: usize) -> Option<char> {
        self.chars.sign(self.at + ahead)
    }

    /// Reads up to the end of the text or, within a group (`depth` > 0), up to `|` or `}`.
    pub(super) fn sequence(&mut self, depth: usize) -> Vec<Part> {
        let mut parts = Vec::new();
        while let (Some(raw), Some(sign)) = (self.chars.raw(self.at), self.sign(0)) {
            match sign {
                '|' | '}' if depth > 0 => break,
                '\\' if self.sign(1).is_some_and(|c| "{}|_\\$".contains(c)) => {
                    push_text(&mut parts, self.chars.raw(self.at + 1).unwrap_or('\\'));
                    self.at += 2;
                }
                '{' => parts.extend(self.braces(depth)),
                '}' => self.skip(1, words::stray_closing_brace()),
                '$' if self.sign(1) == Some('{') => self.foreign_variable(),
                '$' if depth > 0 && self.sign(1) == Some('$') => {
                    self.skip(2, words::count_malformed());
                }
                '_' if self.sign(1) == Some('_') => self.alias(&mut parts),
                c if is_control(c) => self.skip(1, words::control_character(c)),
                _ => {
                    push_text(&mut parts, raw);
                    self.at += 1;
                }
            }
        }
        parts
    }

    fn skip(&mut self, chars: usize, problem: Problem) {
        self.problem(self.at, self.at + chars, problem);
        self.at += chars;
    }

    /// `{name}`, `{{name}}` or a group.
    fn braces(&mut self, depth: usize) -> Option<Part> {
        if let Some((name, end)) = self.braced_name() {
            return Some(self.variable(name, end));
        }
        self.group(depth)
    }

    /// The name at a brace and the position behind it, if braces hold a name alone.
    fn braced_name(&self) -> Option<(&'a str, usize)> {
        let doubled = usize::from(self.sign(1) == Some('{'));
        let start = self.blanks(self.at + 1 + doubled);
        let mut end = start;
        while self.chars.raw(end).is_some_and(continues_name) {
            end += 1;
        }
        let close = self.blanks(end);
        let name = self.chars.slice(start, end);
        let closed = (0..=doubled).all(|i| self.chars.sign(close + i) == Some('}'));
        (is_name(name) && closed).then_some((name, close + 1 + doubled))
    }

    /// The first position from `at` on that is not white space.
    pub(super) fn blanks(&self, mut at: usize) -> usize {
        while self.chars.raw(at).is_some_and(|c| matches!(c, ' ' | '\t' | '\n' | '\r')) {
            at += 1;
        }
        at
    }

    fn variable(&mut self, name: &'a str, end: usize) -> Part {
        let span = self.chars.span(self.at, end);
        if name == TAKE {
            self.problem(self.at, end, words::reserved_name(name));
        }
        self.at = end;
        let next = self.variables.len();
        let number = *self.numbers.entry(name).or_insert(next);
        match self.variables.get_mut(number) {
            Some(variable) => variable.spans.push(span),
            None => self.variables.push(Variable { name: name.to_owned(), spans: vec![span] }),
        }
        Part::Variable(number)
    }

    /// `__name__`, or underscores that are text.
    fn alias(&mut self, parts: &mut Vec<Part>) {
        let start = self.at + 2;
        let first = self.chars.raw(start);
        let opens = first.is_some_and(|c| c != '_' && !c.is_whitespace());
        match opens.then(|| self.alias_end(start)).flatten() {
            Some(end) if is_name(self.chars.slice(start, end)) => {
                let variable = self.variable(self.chars.slice(start, end), end + 2);
                parts.push(variable);
            }
            Some(end) => {
                let name = self.chars.slice(start, end);
                self.problem(self.at, end + 2, words::invalid_name(name));
                self.at = end + 2;
            }
            None if opens && first.is_some_and(starts_name) => {
                self.skip(2, words::unclosed_alias());
            }
            None => {
                push_text(parts, '_');
                self.at += 1;
            }
        }
    }

    /// Where the closing `__` of a name begins, if it comes before white space and signs.
    fn alias_end(&self, start: usize) -> Option<usize> {
        let mut end = start;
        while let Some(c) = self.chars.sign(end) {
            if c == '_' && self.chars.raw(end + 1) == Some('_') {
                return Some(end);
            }
            if c.is_whitespace() || "{}|\\".contains(c) {
                return None;
            }
            end += 1;
        }
        None
    }

    /// `${…}`: one problem for all of it.
    fn foreign_variable(&mut self) {
        let start = self.at;
        let mut open = 0_usize;
        self.at += 1;
        while let Some(c) = self.sign(0) {
            self.at += 1;
            match c {
                '{' => open += 1,
                '}' => open -= 1,
                _ => {}
            }
            if open == 0 {
                break;
            }
        }
        self.problem(start, self.at, words::dollar_brace());
    }

    /// Builds a group, reporting readings that repeat or are too many.
    pub(super) fn build(&mut self, group: Draft) -> Option<Group> {
        let (start, end) = (group.start, self.at);
        let Some(options) =
            group.options.into_iter().map(Choice::new).collect::<Option<Vec<Choice>>>()
        else {
            self.problem(start, end, crate::words::selection::space_overflow());
            return None;
        };
        let readings = options.iter().try_fold(0_u128, |n, option| n.checked_add(option.count));
        if readings.is_none_or(|n| n > self.limits.max_variants as u128) {
            self.problem(start, end, words::too_many_variants(self.limits.max_variants));
            return None;
        }
        let name = |number: usize| self.variables.get(number).map_or("", |v| v.name.as_str());
        if let Some((number, text)) = readings::duplicate(&options, &name) {
            let (from, to) = group.spans[number];
            self.problem(from, to, words::duplicate_variant(&text));
            return None;
        }
        let built = Group::new(options, group.bounds, group.separator);
        if built.is_none() {
            self.problem(start, end, crate::words::selection::space_overflow());
        }
        built
    }

    /// Warns of variables that some readings leave out.
    fn note_unused(&mut self, parts: &[Part]) {
        for (number, variable) in self.variables.iter().enumerate() {
            if !readings::always_uses(parts, number) {
                let problem = words::variable_not_always_used(&variable.name);
                self.report.push(problem.at(variable.spans[0]));
            }
        }
    }
}

/// A group as it was read, before counting.
pub(super) struct Draft {
    pub(super) start: usize,
    pub(super) options: Vec<Vec<Part>>,
    /// Where each option stands.
    pub(super) spans: Vec<(usize, usize)>,
    pub(super) bounds: Bounds,
    pub(super) separator: String,
}

fn push_text(parts: &mut Vec<Part>, c: char) {
    if let Some(Part::Text(text)) = parts.last_mut() {
        text.push(c);
    } else {
        parts.push(Part::Text(c.to_string()));
    }
}

pub(crate) fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}
