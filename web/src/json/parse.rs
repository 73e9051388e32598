//! Text to tree.

use super::{Flaw, Json};

/// How deep arrays and objects may lie in each other; an answer of the API is a third as deep.
const DEEPEST: u32 = 64;

/// Reads text.
///
/// # Errors
/// It is no JSON, or deeper than anything the API says.
pub fn parse(text: &str) -> Result<Json, Flaw> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(DEEPEST)?;
    reader.blank();
    if reader.at == text.len() { Ok(value) } else { Err(flaw("its end")) }
}

const fn flaw(wanted: &'static str) -> Flaw {
    Flaw::new("this is no JSON; expected:", wanted)
}

struct Reader<'a> {
    text: &'a str,
    /// Always between two characters.
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes one byte of ASCII if it is next.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn need(&mut self, byte: u8, name: &'static str) -> Result<(), Flaw> {
        self.blank();
        if self.eat(byte) { Ok(()) } else { Err(flaw(name)) }
    }

    fn blank(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    }

    /// Takes what `belongs`, and returns it.
    fn skip(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self, depth: u32) -> Result<Json, Flaw> {
        let depth = depth.checked_sub(1).ok_or(flaw("less depth"))?;
        self.blank();
        match self.peek() {
            Some(b'"') => self.string().map(Json::Text),
            Some(b'{') => self.record(depth),
            Some(b'[') => self.list(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Json, Flaw> {
        match self.skip(|byte| byte.is_ascii_lowercase()) {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            _ => Err(flaw("a value")),
        }
    }

    fn number(&mut self) -> Result<Json, Flaw> {
        let belongs = |byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let text = self.skip(belongs);
        Ok(text.parse().map_or_else(|_| Json::Number(text.to_owned()), Json::Whole))
    }

    fn list(&mut self, depth: u32) -> Result<Json, Flaw> {
        let mut all = Vec::new();
        self.at += 1;
        self.blank();
        if self.eat(b']') {
            return Ok(Json::List(all));
        }
        loop {
            all.push(self.value(depth)?);
            self.blank();
            if !self.eat(b',') {
                self.need(b']', "]")?;
                return Ok(Json::List(all));
            }
        }
    }

    fn record(&mut self, depth: u32) -> Result<Json, Flaw> {
        let mut all = Vec::new();
        self.at += 1;
        self.blank();
        if self.eat(b'}') {
            return Ok(Json::Record(all));
        }
        loop {
            self.blank();
            let name = self.string()?;
            self.need(b':', ":")?;
            all.push((name, self.value(depth)?));
            self.blank();
            if !self.eat(b',') {
                self.need(b'}', "}")?;
                return Ok(Json::Record(all));
            }
        }
    }

    fn string(&mut self) -> Result<String, Flaw> {
        self.need(b'"', "a string")?;
        let mut text = String::new();
        loop {
            text.push_str(self.skip(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
            if self.eat(b'"') {
                return Ok(text);
            }
            if !self.eat(b'\\') {
                return Err(flaw("the end of a string"));
            }
            text.push(self.escaped()?);
        }
    }

    /// What stands behind a backslash.
    fn escaped(&mut self) -> Result<char, Flaw> {
        let byte = self.peek().ok_or(flaw("a character"))?;
        self.at += usize::from(byte.is_ascii());
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unit_pair(),
            _ => return Err(flaw("an escape")),
        })
    }

    /// A character by its number, which may be in two halves. A lonely half is no character.
    fn unit_pair(&mut self) -> Result<char, Flaw> {
        let first = self.unit()?;
        let number = match first {
            0xd800..0xdc00 if self.text.get(self.at..).is_some_and(|r| r.starts_with("\\u")) => {
                self.at += 2;
                let second = self.unit()?;
                0x1_0000 + ((first - 0xd800) << 10) + (second.wrapping_sub(0xdc00) & 0x3ff)
            }
            lonely => lonely,
        };
        Ok(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, Flaw> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(flaw("four digits"))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| flaw("four digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = " {\"a\": [1, -2.5e3, true, null], \"b\":{} , \"c\" : \"x\", \"d\":[ ]}\n";
        let Json::Record(found) = parse(text).unwrap() else { panic!("no record") };
        let list =
            vec![Json::Whole(1), Json::Number("-2.5e3".into()), Json::Bool(true), Json::Null];
        let expected = [
            ("a".to_owned(), Json::List(list)),
            ("b".to_owned(), Json::Record(vec![])),
            ("c".to_owned(), Json::Text("x".into())),
            ("d".to_owned(), Json::List(vec![])),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn strings_are_what_serde_json_writes() {
        for text in ["", "\"\\/\u{8}\u{c}\n\r\t\u{1}", "水墨画 🎬 é", "\u{10ffff}\u{fffd}"] {
            let written = serde_json::to_string(text).unwrap();
            assert_eq!(parse(&written), Ok(Json::Text(text.to_owned())), "{written}");
        }
        assert_eq!(parse(r#""\u6c34\ud83c\udfac\/""#), Ok(Json::Text("水🎬/".into())));
        assert_eq!(parse(r#""\ud83cx""#), Ok(Json::Text("\u{fffd}x".into())));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let bad = [
            "",
            "{",
            "[1,",
            "[1 2]",
            "{\"a\"}",
            "{a:1}",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "nul",
            "1 2",
            "\"a\nb\"",
            "[1,]",
            "{\"a\":1,}",
            "\"\\水\"",
        ];
        for text in bad {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err(), "the stack is not used up");
    }

    #[test]
    fn it_agrees_with_serde_json_on_an_answer() {
        let text = r#"{"data":{"n":[{"id":"vid_1","rev":9007199254740991,"error":null}]}}"#;
        let ours = parse(text).unwrap();
        let theirs: serde_json::Value = serde_json::from_str(text).unwrap();
        let first = ours.get("data").unwrap().list("n");
        assert_eq!(first[0].text("id"), theirs["data"]["n"][0]["id"].as_str());
        assert_eq!(first[0].get("rev"), Some(&Json::Whole(9_007_199_254_740_991)));
    }
}
