//! The text of an exclusion: `name=value & name=value`, with full-width `＝` and `＆` read as the
//! signs, and names or values between double quotes (`"…"` or `“…”`, `\"` and `\\` within).

use std::iter::Peekable;
use std::str::Chars;

/// One condition of an exclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) name: String,
    pub(super) value: String,
    /// The character the term begins at, from 1.
    pub(super) at: usize,
}

/// Reads an exclusion.
///
/// # Errors
/// The number of the character, from 1, at which it stops making sense.
pub(super) fn parse(text: &str) -> Result<Vec<Term>, usize> {
    let mut reader = Reader { chars: text.chars().peekable(), at: 0 };
    let mut terms = Vec::new();
    loop {
        reader.blanks();
        let at = reader.at + 1;
        let name = reader.word()?;
        reader.expect(is_equals)?;
        let value = reader.word()?;
        terms.push(Term { name, value, at });
        if reader.chars.peek().is_none() {
            return Ok(terms);
        }
        reader.expect(is_and)?;
    }
}

/// The exclusion that [`parse`] reads as these terms.
#[cfg(test)]
fn write(terms: &[Term]) -> String {
    let quoted = |s: &str| format!("\"{}\"", s.replace('\\', "\\\\").replace('"', "\\\""));
    let terms: Vec<String> =
        terms.iter().map(|t| format!("{}={}", quoted(&t.name), quoted(&t.value))).collect();
    terms.join("&")
}

fn is_equals(c: char) -> bool {
    matches!(c, '=' | '＝')
}

fn is_and(c: char) -> bool {
    matches!(c, '&' | '＆')
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    /// Characters taken so far.
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.next();
        self.at += usize::from(c.is_some());
        c
    }

    fn blanks(&mut self) {
        while self.chars.peek().is_some_and(|c| c.is_whitespace()) {
            self.next();
        }
    }

    fn expect(&mut self, sign: fn(char) -> bool) -> Result<(), usize> {
        match self.next() {
            Some(c) if sign(c) => Ok(()),
            Some(_) => Err(self.at),
            None => Err(self.at + 1),
        }
    }

    /// A quoted or plain word, and the white space around it.
    fn word(&mut self) -> Result<String, usize> {
        self.blanks();
        let word = match self.chars.peek() {
            Some('"' | '“') => self.quoted()?,
            _ => self.plain()?,
        };
        self.blanks();
        Ok(word)
    }

    fn plain(&mut self) -> Result<String, usize> {
        let mut word = String::new();
        while let Some(&c) = self.chars.peek().filter(|c| !is_equals(**c) && !is_and(**c)) {
            if matches!(c, '"' | '“' | '”') {
                return Err(self.at + 1);
            }
            word.push(c);
            self.next();
        }
        let trimmed = word.trim_end();
        if trimmed.is_empty() { Err(self.at + 1) } else { Ok(trimmed.to_owned()) }
    }

    fn quoted(&mut self) -> Result<String, usize> {
        let open = self.at + 1;
        let close = if self.next() == Some('“') { '”' } else { '"' };
        let mut word = String::new();
        while let Some(c) = self.next() {
            let escapes = matches!(self.chars.peek(), Some('"' | '\\' | '”'));
            if c == '\\' && escapes {
                word.extend(self.next());
            } else if c == close {
                return Ok(word);
            } else {
                word.push(c);
            }
        }
        Err(open)
    }
}

#[cfg(test)]
mod tests {
    use super::{Term, parse, write};
    use proptest::prelude::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        parse(text).unwrap().into_iter().map(|t| (t.name, t.value)).collect()
    }

    #[test]
    fn plain_quoted_full_width_and_chinese_terms_are_read() {
        assert_eq!(pairs("style=noir"), [("style".into(), "noir".into())]);
        let two = [("style".into(), "film noir".into()), ("scene".into(), "beach".into())];
        assert_eq!(pairs(" style = film noir & scene=beach "), two);
        assert_eq!(pairs("style＝film noir＆scene＝beach"), two);
        assert_eq!(pairs("风格＝水墨"), [("风格".into(), "水墨".into())]);
        assert_eq!(pairs(r#"a="x & y = \"z\"""#), [("a".into(), r#"x & y = "z""#.into())]);
        assert_eq!(pairs("a=“x & y”"), [("a".into(), "x & y".into())]);
        assert_eq!(pairs("a=\"\""), [("a".into(), String::new())]);
    }

    #[test]
    fn what_makes_no_sense_is_refused_at_its_character() {
        for (text, at) in [
            ("", 1),
            ("style", 6),
            ("style=", 7),
            ("=noir", 1),
            ("a=b &", 6),
            ("a=b & c", 8),
            ("a=b=c", 4),
            ("a=\"b", 3),
            ("a=\"b\" c", 7),
            ("a=b\"c", 4),
            ("a & b=c", 3),
        ] {
            assert_eq!(parse(text), Err(at), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            pairs in prop::collection::vec((".{1,8}", ".{0,8}"), 1..4)
        ) {
            let terms: Vec<Term> =
                pairs.into_iter().map(|(name, value)| Term { name, value, at: 0 }).collect();
            let read = parse(&write(&terms)).unwrap();
            let read: Vec<Term> = read.into_iter().map(|t| Term { at: 0, ..t }).collect();
            prop_assert_eq!(read, terms);
        }
    }
}
