//! The two languages people are spoken to in.

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The language an `Accept-Language` header (or a stored locale) asks for; English by default.
    #[must_use]
    pub fn from_header(header: &str) -> Self {
        let first = header.split(',').map(str::trim).find(|part| {
            let tag = part.to_ascii_lowercase();
            tag.starts_with("zh") || tag.starts_with("en")
        });
        match first {
            Some(tag) if tag.to_ascii_lowercase().starts_with("zh") => Self::Zh,
            _ => Self::En,
        }
    }

    /// BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }
}
