//! Templates that come with the product, in both languages: data, read from `samples.toml`.

use std::sync::OnceLock;

use prompt::Selection;
use serde::Deserialize;

const EMBEDDED: &str = include_str!("samples.toml");

/// A template that anybody may start from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Names the sample; the same in every language.
    pub code: String,
    /// `en` or `zh-CN`.
    pub language: String,
    /// Shown.
    pub name: String,
    /// What the videos are for.
    pub purpose: String,
    /// The prompt text.
    pub source: String,
    /// How many videos it makes as it is.
    pub videos: u32,
    /// Values and selection.
    pub selection: Selection,
}

#[derive(Deserialize)]
struct File {
    sample: Vec<Sample>,
}

/// Every sample, in the file's order.
pub fn all() -> &'static [Sample] {
    static SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    // The text is part of the program and a test reads it: it cannot fail in the field.
    SAMPLES.get_or_init(|| read(EMBEDDED).unwrap_or_default())
}

/// The sample of this code in this language.
#[must_use]
pub fn find(code: &str, language: &str) -> Option<&'static Sample> {
    all().iter().find(|sample| sample.code == code && sample.language == language)
}

fn read(text: &str) -> Result<Vec<Sample>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.sample)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_sample_compiles_without_a_word_of_warning_and_keeps_its_promise() {
        let samples = read(EMBEDDED).expect("a readable file");
        assert!(samples.len() >= 8);
        for sample in &samples {
            let limits = prompt::Limits::default();
            let made = prompt::expand(&sample.source, &sample.selection, &limits);
            let made = made.unwrap_or_else(|problems| panic!("{}: {problems:?}", sample.name));
            assert_eq!(made.count(), u128::from(sample.videos), "{}", sample.name);
            assert!(made.notices().is_empty(), "{}: {:?}", sample.name, made.notices());
        }
    }

    #[test]
    fn every_sample_is_there_in_both_languages() {
        let mut languages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for sample in all() {
            languages.entry(&sample.code).or_default().push(&sample.language);
        }
        assert!(languages.values().all(|known| *known == ["en", "zh-CN"]), "{languages:?}");
        assert!(find("product-launch", "zh-CN").is_some());
    }
}
