//! What can be said, for those who look from outside.

use super::{Sense, entries};

/// What a word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Where it is.
    Place,
    /// Who or what is seen.
    Thing,
    /// Time of day.
    Hour,
    /// Weather, season, and what is in the air.
    Air,
    /// A colour.
    Hue,
    /// How it is painted.
    Style,
    /// How the camera moves.
    Move,
    /// How it feels.
    Mood,
}

/// One meaning and the words that have it, the usual one first.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// What it speaks of.
    pub facet: Facet,
    /// In English; not empty.
    pub en: &'static [&'static str],
    /// In Chinese; not empty.
    pub zh: &'static [&'static str],
}

/// Every meaning that is understood.
pub fn vocabulary() -> impl Iterator<Item = Term> {
    entries().filter_map(|entry| {
        let facet = match entry.sense {
            Sense::Place(_) => Facet::Place,
            Sense::Thing(_) => Facet::Thing,
            Sense::Hour(_) => Facet::Hour,
            Sense::Air(_) => Facet::Air,
            Sense::Hue(_) => Facet::Hue,
            Sense::Style(_) => Facet::Style,
            Sense::Move(_) => Facet::Move,
            Sense::Mood(_) => Facet::Mood,
            Sense::Nothing => return None,
        };
        Some(Term { facet, en: entry.en, zh: entry.zh })
    })
}
