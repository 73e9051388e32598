//! From bytes to text. A byte-order mark decides; without one it is UTF-16 if its NULs say so,
//! UTF-8 if it can be, and otherwise GB18030, which is what Excel writes on a Chinese system.
//!
//! GB18030 gives a meaning to almost any bytes. A UTF-8 file with a few damaged ones must not be
//! read as other characters, made into videos and charged: it is refused with their place.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::utf16;

/// Text, and the encoding's name if it is not plain UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) notice: Option<&'static str>,
}

/// Bytes that are no text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken {
    pub(super) encoding: &'static str,
    /// What could be read before them.
    pub(super) before: String,
}

pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Broken> {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest, Some(crate::words::csv::UTF8_MARKED));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return other(rest, UTF_16LE, "UTF-16LE");
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return other(rest, UTF_16BE, "UTF-16BE");
    }
    if let Some((encoding, name)) = utf16::unmarked(bytes) {
        return other(bytes, encoding, name);
    }
    let Err(as_utf8) = utf8(bytes, None) else {
        return utf8(bytes, None);
    };
    if is_mostly_utf8(bytes) {
        return Err(as_utf8);
    }
    // Whichever goes farther is what the file was meant to be.
    other(bytes, GB18030, "GB18030").map_err(|as_gb18030| {
        if as_utf8.before.len() >= as_gb18030.before.len() { as_utf8 } else { as_gb18030 }
    })
}

/// Whether of what lies beyond ASCII far more is whole in UTF-8 than is not. Of the characters of
/// GB18030, which are pairs of bytes, hardly one in seven looks whole by chance.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 3 * broken
}

fn utf8<'a>(bytes: &'a [u8], notice: Option<&'static str>) -> Result<Decoded<'a>, Broken> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: Cow::Borrowed(text), notice }),
        Err(error) => {
            let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            Err(Broken { encoding: "UTF-8", before })
        }
    }
}

fn other<'a>(
    bytes: &'a [u8],
    encoding: &'static encoding_rs::Encoding,
    name: &'static str,
) -> Result<Decoded<'a>, Broken> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(Decoded { text, notice: Some(name) });
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut before = String::with_capacity(room.unwrap_or(0));
    // Stops at the first sequence that is no text; what came before stays in the buffer.
    let _ = decoder.decode_to_string_without_replacement(bytes, &mut before, true);
    Err(Broken { encoding: name, before })
}
