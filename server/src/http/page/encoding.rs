//! Which of the files made beforehand a browser takes.

use super::Embedded;

/// How bytes are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// The value of `Content-Encoding`.
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// The smallest form that is accepted.
pub(super) fn choose(accept: &str, file: &Embedded) -> (Encoding, &'static [u8]) {
    match (file.br, file.gz) {
        (Some(bytes), _) if takes(accept, "br") => (Encoding::Brotli, bytes),
        (_, Some(bytes)) if takes(accept, "gzip") => (Encoding::Gzip, bytes),
        _ => (Encoding::Plain, file.plain),
    }
}

/// Whether a header names an encoding and does not forbid it.
fn takes(accept: &str, name: &str) -> bool {
    accept.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        let named = words.next().is_some_and(|word| word.eq_ignore_ascii_case(name));
        let forbidden = words.any(|word| {
            let weight = word.strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
            weight.is_some_and(|weight| weight <= 0.0)
        });
        named && !forbidden
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: Embedded =
        Embedded { name: "a", plain: b"plain", br: Some(b"br"), gz: Some(b"gz") };

    #[test]
    fn the_best_form_that_is_accepted_is_sent() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip", Encoding::Gzip),
            ("br;q=0, gzip;q=0.5", Encoding::Gzip),
            ("BR", Encoding::Brotli),
            ("", Encoding::Plain),
            ("identity", Encoding::Plain),
        ] {
            assert_eq!(choose(accept, &FILE).0, expected, "{accept}");
        }
    }

    #[test]
    fn what_was_not_made_is_not_sent() {
        let bare = Embedded { br: None, gz: None, ..FILE };
        assert_eq!(choose("br, gzip", &bare), (Encoding::Plain, &b"plain"[..]));
    }
}
