//! From words to meanings. One table serves both languages; the longest word at a place of the
//! text wins and is consumed, so that 亮着灯的小木屋 is a lit cabin and no lamp.
//!
//! Absent on purpose: grammar. Negations and relations between words are not understood.

mod light;
mod manner;
mod places;
mod read;
mod sense;
mod things;
mod vocabulary;

pub use read::{Reading, read};
pub use sense::{Air, Entry, Hour, Hue, Mood, Move, Place, Sense, Style, Thing};
pub use vocabulary::{Facet, Term, vocabulary};

/// The whole vocabulary.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    places::ENTRIES
        .iter()
        .chain(things::ENTRIES)
        .chain(light::ENTRIES)
        .chain(manner::ENTRIES)
        .chain(std::iter::once(&manner::NOTHING))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn at_least_sixty_terms_in_each_language() {
        let meaning = || entries().filter(|entry| entry.sense != Sense::Nothing);
        let (en, zh): (usize, usize) =
            (meaning().map(|e| e.en.len()).sum(), meaning().map(|e| e.zh.len()).sum());
        assert!(meaning().count() >= 60 && en >= 60 && zh >= 60, "{en} {zh}");
        assert!(meaning().all(|e| !e.en.is_empty() && !e.zh.is_empty()), "both languages");
    }

    #[test]
    fn every_word_has_one_meaning_and_is_found_alone() {
        let mut seen = HashMap::new();
        for entry in entries() {
            for word in entry.en.iter().chain(entry.zh) {
                assert_eq!(seen.insert(*word, entry.sense), None, "{word} stands twice");
                assert_eq!(read(&[word]).senses(), expected(entry.sense), "{word}");
            }
        }
    }

    fn expected(sense: Sense) -> Vec<Sense> {
        if sense == Sense::Nothing { vec![] } else { vec![sense] }
    }
}
