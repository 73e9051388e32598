//! Codes: `REEL-` and four groups of five characters, 100 random bits in an alphabet without
//! letters that are taken for digits. Pure, but for the randomness.

use crate::kernel::secret::{Secret, random_bytes};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 20;
const PREFIX: &str = "REEL";

/// A fresh code, as it is handed out.
pub(super) fn mint() -> Result<Secret, getrandom::Error> {
    let bytes = random_bytes::<LETTERS>()?;
    let mut text = String::from(PREFIX);
    for (place, byte) in bytes.iter().enumerate() {
        if place % 5 == 0 {
            text.push('-');
        }
        text.push(char::from(*ALPHABET.get(usize::from(byte & 31)).unwrap_or(&b'0')));
    }
    Ok(Secret::new(text))
}

/// The form in which a code is compared: however it was typed, full-width letters and long dashes
/// included. `None` for what cannot be one.
pub(super) fn normal(typed: &Secret) -> Option<String> {
    if typed.reveal().len() > 200 {
        return None;
    }
    let letters: Option<String> = typed
        .reveal()
        .chars()
        .filter(|c| !c.is_whitespace() && !"-‐‑–—－_".contains(*c))
        .map(half_width)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => Some('0'),
            'I' | 'L' => Some('1'),
            c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => Some(c),
            _ => None,
        })
        .collect();
    let letters = letters?;
    // The prefix is read like everything else: its L is a 1 by then.
    let code = match letters.len().checked_sub(PREFIX.len()) {
        Some(LETTERS) => letters.strip_prefix("REE1")?,
        _ => &letters,
    };
    (code.len() == LETTERS).then(|| code.to_owned())
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        normal(&Secret::new(text.to_owned()))
    }

    #[test]
    fn a_code_is_read_however_it_was_typed() {
        let code = mint().expect("randomness");
        let plain = normal(&code).expect("a code");
        assert_eq!((code.reveal().len(), plain.len()), (28, 20));
        assert_ne!(plain, normal(&mint().expect("randomness")).expect("a code"));
        let lower = code.reveal().to_lowercase().replace('-', " ");
        assert_eq!(read(&lower), Some(plain.clone()));
        assert_eq!(read(&plain), Some(plain));
        assert_eq!(
            read("ｒｅｅｌ－ＡＢＣＤＥ—0O1lI–23456-789XY").as_deref(),
            Some("ABCDE0011123456789XY")
        );
        for wrong in
            ["", "REEL-", "REEL-ABCDE-ABCDE-ABCDE-ABCD", "REEL-ABCDU-ABCDE-ABCDE-ABCDE", "é"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&"A".repeat(300)), None);
    }
}
