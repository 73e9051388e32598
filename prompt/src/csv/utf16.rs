//! UTF-16 without a byte-order mark, as some exports write it, known by its NULs.
//!
//! A table in UTF-16 has a NUL in every line break and every separator, all on one side: behind
//! the other byte in little-endian text, before it in big-endian. Text in UTF-8 or GB18030 has
//! none. One that has a few by damage must not be read as other characters, so what comes out
//! must look like a table.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// What the readers of notices call it.
pub(super) const LITTLE: &str = crate::words::csv::UTF16LE_UNMARKED;
pub(super) const BIG: &str = crate::words::csv::UTF16BE_UNMARKED;

/// The encoding, if the bytes are such a text.
pub(super) fn unmarked(bytes: &[u8]) -> Option<(&'static Encoding, &'static str)> {
    // Ordinary files end here.
    if !bytes.contains(&0) {
        return None;
    }
    let little = (UTF_16LE, LITTLE, 1);
    let big = (UTF_16BE, BIG, 0);
    let found =
        [little, big].into_iter().find(|(encoding, _, side)| looks_like(bytes, encoding, *side));
    found.map(|(encoding, name, _)| (encoding, name))
}

fn looks_like(bytes: &[u8], encoding: &'static Encoding, side: usize) -> bool {
    let units = bytes.len() / 2;
    let ours = bytes.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let theirs = bytes.iter().skip(1 - side).step_by(2).filter(|byte| **byte == 0).count();
    // Damage at the end, or half a pair, is for the reading to report, with its place.
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let breaks = text.chars().filter(|c| matches!(c, '\n' | '\r')).count();
    if breaks == 0 || text.contains('\0') {
        return false;
    }
    let mostly_ascii = ours * 2 >= units && theirs * 16 <= ours;
    mostly_ascii || is_table(&text, bytes, breaks)
}

/// Fewer NULs, as in Chinese text. Read wrongly, a text shows characters that nobody writes; and a
/// file that is UTF-8 as well shows more line breaks that way.
fn is_table(text: &str, bytes: &[u8], breaks: usize) -> bool {
    let odd = |c: char| {
        c == char::REPLACEMENT_CHARACTER
            || ('\u{E000}'..='\u{F8FF}').contains(&c)
            || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    };
    let as_bytes = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    !text.contains(odd) && (std::str::from_utf8(bytes).is_err() || as_bytes == breaks)
}
