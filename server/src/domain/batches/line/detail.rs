//! What is kept of a provider's words about a failure. Pure.
//!
//! Providers repeat what they were sent: the prompt, which is the customer's; the address of a
//! file with the signature that opens it; the key of the call. None of it is stored. What is left
//! is for the operator, one line of at most [`DETAIL_CHARS`] characters.
//!
//! Deliberately absent: any trust in what the words look like. A harmless number that could be a
//! key goes too.

use std::collections::HashSet;

/// Longest text of a provider that is stored, in characters.
pub const DETAIL_CHARS: usize = 300;
/// Most of it that is looked at.
const LOOKED_AT_CHARS: usize = 4_000;
/// Bytes of letters and digits from which a piece of the prompt is recognised: twelve letters, or
/// four Chinese characters.
const PIECE_BYTES: usize = 12;
/// A shorter prompt than this says nothing.
const LEAST_BYTES: usize = 3;
/// Characters from which a word of letters and digits may be a key.
const KEY_CHARS: usize = 20;

/// The words without pieces of the prompt, addresses and keys, in one line, cut.
#[must_use]
pub fn kept(words: &str, prompt: &str) -> String {
    let looked_at: String = words.chars().take(LOOKED_AT_CHARS).collect();
    let text = without_prompt(&looked_at, prompt);
    let text: Vec<String> = text.split_whitespace().map(word).collect();
    let text = without_credentials(&text);
    text.chars().filter(|c| !c.is_control()).take(DETAIL_CHARS).collect()
}

/// Compares letters and digits alone, without regard to case, so that quoting, line breaks and
/// escapes hide nothing.
fn without_prompt(text: &str, prompt: &str) -> String {
    let (letters, places) = letters(text);
    let (asked, _) = self::letters(prompt);
    let whole: usize = asked.iter().map(|c| c.len_utf8()).sum();
    let least = whole.min(PIECE_BYTES);
    if least < LEAST_BYTES {
        return text.to_owned();
    }
    let known: HashSet<&[char]> =
        (0..asked.len()).filter_map(|at| piece(&asked, at, least)).collect();
    let mut hidden = vec![false; letters.len()];
    for at in 0..letters.len() {
        if let Some(found) = piece(&letters, at, least).filter(|piece| known.contains(piece)) {
            hidden[at..at + found.len()].fill(true);
        }
    }
    let mut told = String::with_capacity(text.len());
    let mut rest = 0;
    let mut at = 0;
    while at < hidden.len() {
        if !hidden[at] {
            at += 1;
            continue;
        }
        let run = hidden[at..].iter().take_while(|hidden| **hidden).count();
        let (start, (last, width)) = (places[at].0, places[at + run - 1]);
        told.push_str(&text[rest..start]);
        told.push_str("[prompt]");
        rest = last + width;
        at += run;
    }
    told.push_str(&text[rest..]);
    told
}

/// Letters and digits in lower case; where each stands in the text, and its width there. The
/// letter of `\n` is none.
fn letters(text: &str) -> (Vec<char>, Vec<(usize, usize)>) {
    let mut escaped = false;
    let mut is_letter = move |c: char| {
        let of_an_escape = escaped && matches!(c, 'n' | 'r' | 't');
        escaped = c == '\\' && !escaped;
        c.is_alphanumeric() && !of_an_escape
    };
    let found = text.char_indices().filter(|(_, c)| is_letter(*c));
    found.flat_map(|(at, c)| c.to_lowercase().map(move |low| (low, (at, c.len_utf8())))).unzip()
}

/// The shortest run from `at` of so many bytes.
fn piece(letters: &[char], at: usize, bytes: usize) -> Option<&[char]> {
    let mut sum = 0;
    for (n, c) in letters[at..].iter().enumerate() {
        sum += c.len_utf8();
        if sum >= bytes {
            return Some(&letters[at..=at + n]);
        }
    }
    None
}

/// One word, without what follows an address, and without what may be a key.
fn word(word: &str) -> String {
    if let Some(at) = word.find("://") {
        let scheme = word[..at].chars().rev().take_while(char::is_ascii_alphanumeric).count();
        return format!("{}[address]", &word[..at - scheme]);
    }
    let mut told = String::with_capacity(word.len());
    let mut run = String::new();
    for c in word.chars() {
        if c.is_ascii_alphanumeric() || "_-+/=.~%".contains(c) {
            run.push(c);
        } else {
            told.push_str(&key(&run));
            run.clear();
            told.push(c);
        }
    }
    told.push_str(&key(&run));
    told
}

fn key(run: &str) -> String {
    let has = |is: fn(&char) -> bool| run.chars().any(|c| is(&c));
    let long =
        run.len() >= KEY_CHARS && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic);
    let known = ["sk-", "pk-", "r8_", "AKIA", "eyJ"].iter().any(|sign| run.starts_with(sign));
    if long || (known && run.len() > 6) {
        return String::from("[key]");
    }
    // `token=abc`
    match run.split_once('=') {
        Some((name, value)) if is_credential(name) && !value.is_empty() => format!("{name}=[key]"),
        _ => run.to_owned(),
    }
}

/// A word after `Bearer`, or after `api_key:`, is none to keep.
fn without_credentials(words: &[String]) -> String {
    let mut told: Vec<&str> = Vec::with_capacity(words.len());
    let mut next_is_key = false;
    for word in words {
        told.push(if next_is_key { "[key]" } else { word });
        let named = word.strip_suffix(':').is_some_and(is_credential);
        next_is_key = named || word.to_ascii_lowercase().ends_with("bearer");
    }
    told.join(" ")
}

fn is_credential(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = ["key", "token", "secret", "password", "signature", "sig", "credential"];
    ends.iter().any(|end| name.trim_end_matches(['"', '\'']).ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "A lighthouse at dusk, waves breaking over the rocks below";

    #[test]
    fn plain_words_are_kept() {
        let words = "status 500, server_error: the worker ran out of memory (job 17 of 20)";
        assert_eq!(kept(words, PROMPT), words);
        assert_eq!(kept("", ""), "");
        assert_eq!(kept("line one\n\tline\u{7} two", PROMPT), "line one line two");
    }

    #[test]
    fn the_prompt_and_its_pieces_are_not() {
        let whole = format!("status 400: \"{PROMPT}\" was refused");
        assert_eq!(kept(&whole, PROMPT), "status 400: \"[prompt]\" was refused");
        for echoed in [
            "flagged: LIGHTHOUSE AT DUSK is unsafe",
            "flagged: light-house\\nat dusk is unsafe",
            "flagged: waves  breaking\nover is unsafe",
        ] {
            let told = kept(echoed, PROMPT);
            assert_eq!(told, "flagged: [prompt] is unsafe", "{echoed}");
        }
        assert_eq!(kept("no red dog here", "Red dog"), "no [prompt] here");
        assert_eq!(kept("the rocks", PROMPT), "the rocks", "too short to be a piece");
        assert_eq!(
            kept("提示词“黄昏时的灯塔，海浪”违规", "一座黄昏时的灯塔"),
            "提示词“[prompt]，海浪”违规"
        );
    }

    #[test]
    fn addresses_and_keys_are_not() {
        for (words, told) in [
            ("see https://u:p@files.example/a.mp4?X-Amz-Signature=ab1 now", "see [address] now"),
            ("url=(s3://bucket/key)", "url=([address]"),
            ("Incorrect API key provided: sk-abc123def", "Incorrect API key provided: [key]"),
            ("authorization: Bearer abc, again", "authorization: Bearer [key] again"),
            ("r8_Abcdefg rejected", "[key] rejected"),
            ("{\"token\":\"0123456789abcdef0123456789abcdef\"}", "{\"token\":\"[key]\"}"),
            ("api_key=hush&x", "api_key=[key]&x"),
            ("api_key: hush", "api_key: [key]"),
        ] {
            assert_eq!(kept(words, PROMPT), told, "{words}");
        }
    }

    #[test]
    fn the_rest_is_cut() {
        assert_eq!(kept(&"no ".repeat(1_000_000), PROMPT).chars().count(), DETAIL_CHARS);
        let hidden_by_the_cut = format!("{} {PROMPT}", "x ".repeat(140));
        assert!(!kept(&hidden_by_the_cut, PROMPT).contains("light"));
    }
}
