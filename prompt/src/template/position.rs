//! The characters of a template with their positions in every unit a reader may count in.

use crate::problem::Span;

#[derive(Clone, Copy, Debug)]
struct Position {
    byte: usize,
    line: usize,
    column: usize,
    utf16: usize,
}

/// Text as characters, and as the grammar reads them: full-width forms of the signs count as the
/// signs, while positions and kept text stay those of the original.
#[derive(Debug)]
pub(crate) struct Chars<'a> {
    text: &'a str,
    chars: Vec<char>,
    positions: Vec<Position>,
}

impl<'a> Chars<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let mut at = Position { byte: 0, line: 1, column: 1, utf16: 0 };
        let mut chars = Vec::with_capacity(text.len());
        let mut positions = Vec::with_capacity(text.len() + 1);
        for c in text.chars() {
            chars.push(c);
            positions.push(at);
            at.byte += c.len_utf8();
            at.utf16 += c.len_utf16();
            at.column += 1;
            if c == '\n' {
                at.line += 1;
                at.column = 1;
            }
        }
        positions.push(at);
        Self { text, chars, positions }
    }

    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character as written.
    pub(crate) fn raw(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    /// The character as the grammar reads it.
    pub(crate) fn sign(&self, index: usize) -> Option<char> {
        self.raw(index).map(|c| match c {
            '｛' => '{',
            '｝' => '}',
            '｜' => '|',
            '＄' => '$',
            other => other,
        })
    }

    /// The text from one character up to, not including, another.
    pub(crate) fn slice(&self, start: usize, end: usize) -> &'a str {
        &self.text[self.positions[start].byte..self.positions[end].byte]
    }

    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let (from, to) = (self.positions[start], self.positions[end]);
        Span {
            start: from.byte,
            end: to.byte,
            line: from.line,
            column: from.column,
            utf16_start: from.utf16,
            utf16_end: to.utf16,
        }
    }
}
