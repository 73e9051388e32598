//! Every word the page says, in both languages.
//!
//! A word is a field: one that is missing in a language, or that nobody wrote, does not compile.
//! `{name}` in a sentence is filled by [`fill`]. What the server says (refusals, problems of a
//! failed video) comes from it in the language asked for and is not repeated here.

mod collect;
mod compose;
mod everywhere;
mod money;
mod own;
mod watch;

pub use collect::Collect;
pub use compose::Compose;
pub use everywhere::Everywhere;
pub use money::Money;
pub use own::Own;
pub use watch::Watch;

/// One file of words: a struct, both languages of it, and a table for the tests.
macro_rules! words {
    ($(#[doc = $doc:literal])+ $name:ident { $($key:ident: $en:literal, $zh:literal;)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $name { $(#[doc = $en] pub $key: &'static str,)+ }

        impl $name {
            pub(super) const EN: Self = Self { $($key: $en,)+ };
            pub(super) const ZH: Self = Self { $($key: $zh,)+ };
            #[cfg(test)]
            pub(super) const ALL: &'static [(&'static str, &'static str, &'static str)] =
                &[$((stringify!($key), $en, $zh),)+];
        }
    };
}
use words;

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Language {
    /// The language that a BCP 47 tag asks for.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Self::Zh)
        } else if tag.starts_with("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// BCP 47.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// What all programs say in it.
    #[must_use]
    pub const fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }

    /// What the third program alone says in it. A table of its own, so that the others do not
    /// carry it.
    #[must_use]
    pub const fn books(self) -> &'static Books {
        match self {
            Self::En => &BOOKS_EN,
            Self::Zh => &BOOKS_ZH,
        }
    }
}

/// What all programs say in one language.
#[derive(Debug)]
pub struct Words {
    /// On every page.
    pub all: Everywhere,
    /// Where batches are written.
    pub compose: Compose,
    /// Where batches are watched.
    pub watch: Watch,
    /// Where videos are picked, marked, taken away and shown to others.
    pub collect: Collect,
}

static EN: Words =
    Words { all: Everywhere::EN, compose: Compose::EN, watch: Watch::EN, collect: Collect::EN };
static ZH: Words =
    Words { all: Everywhere::ZH, compose: Compose::ZH, watch: Watch::ZH, collect: Collect::ZH };

/// What the third program alone says in one language.
#[derive(Debug)]
pub struct Books {
    /// Where credits are counted.
    pub money: Money,
    /// What a person and a workspace decide for themselves.
    pub own: Own,
}

static BOOKS_EN: Books = Books { money: Money::EN, own: Own::EN };
static BOOKS_ZH: Books = Books { money: Money::ZH, own: Own::ZH };

/// Puts values where a sentence has their names.
#[must_use]
pub fn fill(sentence: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    values.iter().fold(sentence.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), &value.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
        [Everywhere::ALL, Compose::ALL, Watch::ALL, Collect::ALL, Money::ALL, Own::ALL]
            .into_iter()
            .flatten()
    }

    fn names(sentence: &str) -> Vec<&str> {
        let mut found: Vec<_> = sentence
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .filter(|name| name.chars().all(|c| c.is_ascii_lowercase()))
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn both_languages_fill_in_the_same_values() {
        for (key, en, zh) in all() {
            // An example shows braces to be typed; nothing is filled in.
            assert!(key.ends_with("_example") || names(en) == names(zh), "{key}");
            assert!(!en.is_empty() && !zh.is_empty(), "{key}");
        }
    }

    #[test]
    fn chinese_uses_chinese_marks() {
        for (key, _, zh) in all() {
            let ends = zh.ends_with(['.', '!', '?', ',', ':']);
            assert!(!ends, "{key} ends in a half-width mark: {zh}");
        }
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        assert_eq!(fill("{n} of {limit}", &[("n", &3), ("limit", &"5")]), "3 of 5");
    }

    #[test]
    fn tags_name_languages() {
        assert_eq!(Language::of_tag("zh-TW"), Some(Language::Zh));
        assert_eq!(Language::of_tag("EN-gb"), Some(Language::En));
        assert_eq!(Language::of_tag("fr"), None);
    }
}
