//! Records of separated text after RFC 4180: cells may stand in double quotes, a quote within them
//! is doubled, and only there may a cell hold separators and line breaks. Lines end in LF, CRLF or
//! CR.
//!
//! Unlike the usual readers this one does not guess when quotes make no sense: it says so, with
//! the cell. (That, and one dependency less in the page, is why it is our own; a test holds it
//! equal to the `csv` crate on everything well formed.)

use std::iter::Peekable;
use std::str::Chars;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its number, from 1; blank lines count.
    pub(super) row: usize,
    pub(super) cells: Vec<Cell>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) fault: Option<Fault>,
}

/// What is wrong with a cell's quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    UnclosedQuote,
    TextAfterQuote,
}

impl Record {
    /// Nothing but empty cells: a blank line, or the rows of separators that spreadsheets leave.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.trim().is_empty() && cell.fault.is_none())
    }
}

/// The records of a text.
pub(super) struct Records<'a> {
    chars: Peekable<Chars<'a>>,
    separator: char,
    row: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, separator: char) -> Self {
        Self { chars: text.chars().peekable(), separator, row: 0 }
    }

    fn cell(&mut self) -> Cell {
        if self.chars.next_if_eq(&'"').is_none() {
            return Cell { text: self.plain(), fault: None };
        }
        let mut text = String::new();
        loop {
            match self.chars.next() {
                None => return Cell { text, fault: Some(Fault::UnclosedQuote) },
                Some('"') if self.chars.next_if_eq(&'"').is_some() => text.push('"'),
                Some('"') => break,
                Some(c) => text.push(c),
            }
        }
        let after = self.plain();
        let fault = (!after.is_empty()).then_some(Fault::TextAfterQuote);
        text.push_str(&after);
        Cell { text, fault }
    }

    /// Up to the next separator or line end.
    fn plain(&mut self) -> String {
        let mut text = String::new();
        let separator = self.separator;
        while let Some(c) = self.chars.next_if(|c| *c != separator && !matches!(c, '\n' | '\r')) {
            text.push(c);
        }
        text
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.chars.peek()?;
        self.row += 1;
        let mut cells = vec![self.cell()];
        while self.chars.next_if_eq(&self.separator).is_some() {
            cells.push(self.cell());
        }
        // LF, CR, or both.
        self.chars.next_if_eq(&'\r');
        self.chars.next_if_eq(&'\n');
        Some(Record { row: self.row, cells })
    }
}

/// Row and column, from 1, of what would follow a text.
pub(super) fn place_of_end(text: &str) -> (usize, usize) {
    let separator = super::separator::guess(text);
    let last = Records::new(text, separator).last();
    match last {
        None => (1, 1),
        Some(record) => {
            let open = record.cells.last().is_some_and(|c| c.fault == Some(Fault::UnclosedQuote));
            if text.ends_with(['\n', '\r']) && !open {
                (record.row + 1, 1)
            } else {
                (record.row, record.cells.len())
            }
        }
    }
}
