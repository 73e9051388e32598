//! Looks at the bare text of a query before any parser does.
//!
//! The parser descends once per bracket, and everything after it takes time in the number of
//! tokens. Both are counted here in one pass without recursion, so that neither depends on limits
//! that the parser may or may not have. A text that is not GraphQL at all is the parser's to refuse.

/// How much is parsed.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Deepest nesting of `{`, `[` and `(`.
    pub brackets: usize,
    /// Tokens of a query.
    pub tokens: usize,
}

/// Why a query text is not even parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// More tokens than [`Most::tokens`].
    Tokens,
    /// Deeper brackets than [`Most::brackets`].
    Brackets,
}

/// Counts tokens and nesting.
///
/// # Errors
/// The first limit passed.
pub fn scan(query: &str, most: Most) -> Result<(), Excess> {
    let mut rest = query.as_bytes();
    let (mut tokens, mut depth) = (0_usize, 0_usize);
    while let Some(&first) = rest.first() {
        let (kind, length) = token(first, rest);
        match kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Other | Kind::Ignored => {}
        }
        if !matches!(kind, Kind::Ignored) {
            tokens += 1;
        }
        if tokens > most.tokens {
            return Err(Excess::Tokens);
        }
        if depth > most.brackets {
            return Err(Excess::Brackets);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(())
}

enum Kind {
    Open,
    Close,
    Other,
    Ignored,
}

fn token(first: u8, rest: &[u8]) -> (Kind, usize) {
    match first {
        b' ' | b'\t' | b'\r' | b'\n' | b',' => (Kind::Ignored, 1),
        b'#' => (Kind::Ignored, length_while(rest, |byte| byte != b'\n' && byte != b'\r')),
        b'{' | b'[' | b'(' => (Kind::Open, 1),
        b'}' | b']' | b')' => (Kind::Close, 1),
        b'"' if rest.starts_with(b"\"\"\"") => (Kind::Other, block_string(rest)),
        b'"' => (Kind::Other, string(rest)),
        _ if is_word(first) => (Kind::Other, length_while(rest, is_word)),
        _ => (Kind::Other, 1),
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn length_while(rest: &[u8], keep: impl Fn(u8) -> bool) -> usize {
    rest.iter().take_while(|byte| keep(**byte)).count().max(1)
}

/// Length of `"…"`; an unclosed one ends with its line, as for the parser.
fn string(rest: &[u8]) -> usize {
    let mut escaped = false;
    for (place, byte) in rest.iter().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return place,
            b'"' if !escaped => return place + 1,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// Length of `"""…"""`; `\"""` does not close it.
fn block_string(rest: &[u8]) -> usize {
    let mut place = 3;
    while let Some(tail) = rest.get(place..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with(b"\\\"\"\"") {
            place += 4;
        } else if tail.starts_with(b"\"\"\"") {
            return place + 3;
        } else {
            place += 1;
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_BRACKETS: usize = 64;
    const MAX_TOKENS: usize = 4_000;

    fn scan(query: &str) -> Result<(), Excess> {
        super::scan(query, Most { brackets: MAX_BRACKETS, tokens: MAX_TOKENS })
    }

    fn nested(levels: usize) -> String {
        format!("{{ a(b: {}{}) }}", "[".repeat(levels), "]".repeat(levels))
    }

    #[test]
    fn nesting_is_refused_at_the_limit_and_not_before() {
        // The braces of the query and the parenthesis of the argument are levels too.
        assert_eq!(scan(&nested(MAX_BRACKETS - 2)), Ok(()));
        assert_eq!(scan(&nested(MAX_BRACKETS - 1)), Err(Excess::Brackets));
        assert_eq!(scan(&nested(1_000_000)), Err(Excess::Brackets));
    }

    #[test]
    fn tokens_are_refused_at_the_limit_and_not_before() {
        assert_eq!(scan(&"a ".repeat(MAX_TOKENS)), Ok(()));
        assert_eq!(scan(&"a ".repeat(MAX_TOKENS + 1)), Err(Excess::Tokens));
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let many = "[".repeat(MAX_BRACKETS + 1);
        assert_eq!(scan(&format!("{{ a(b: \"{many}\") }}")), Ok(()));
        assert_eq!(scan(&format!("{{ a(b: \"\\\"{many}\") }}")), Ok(()));
        assert_eq!(scan(&format!("{{ a(b: \"\"\"{many} \\\"\"\" {many}\"\"\") }}")), Ok(()));
        assert_eq!(scan(&format!("# {many}\n{{ a }}")), Ok(()));
        // A string ends with its line: brackets on the next one are brackets again.
        assert_eq!(scan(&format!("\"\n{many}")), Err(Excess::Brackets));
        assert_eq!(scan(&format!("\"closed\\\\\"{many}")), Err(Excess::Brackets));
    }
}
