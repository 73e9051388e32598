//! Finding the words of the table in a text.

use super::{Air, Hour, Hue, Mood, Move, Place, Sense, Style, Thing, entries};

/// What a prompt says, in the order of its words, each meaning once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    found: Vec<(Sense, String)>,
}

macro_rules! facet {
    ($name:ident, $variant:ident, $type:ty) => {
        pub fn $name(&self) -> impl Iterator<Item = $type> + '_ {
            self.found.iter().filter_map(|(sense, _)| match sense {
                Sense::$variant(value) => Some(*value),
                _ => None,
            })
        }
    };
}

impl Reading {
    facet!(places, Place, Place);
    facet!(things, Thing, Thing);
    facet!(hours, Hour, Hour);
    facet!(airs, Air, Air);
    facet!(hues, Hue, Hue);
    facet!(styles, Style, Style);
    facet!(moves, Move, Move);
    facet!(moods, Mood, Mood);

    pub fn senses(&self) -> Vec<Sense> {
        self.found.iter().map(|(sense, _)| *sense).collect()
    }

    /// The words that were understood, as they stand in the text.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.found.iter().map(|(_, word)| word.as_str())
    }
}

/// Reads texts one after the other: what the first says comes first.
pub fn read(texts: &[&str]) -> Reading {
    let mut reading = Reading::default();
    for text in texts {
        scan(text, &mut reading.found);
    }
    reading
}

fn scan(text: &str, found: &mut Vec<(Sense, String)>) {
    // Lower case only where it does not change lengths: offsets then fit the text itself.
    let lower: String = text.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut at = 0;
    let mut inside_word = false;
    while let Some(c) = lower[at..].chars().next() {
        let hit = longest(&lower[at..], inside_word);
        let step = hit.map_or(c.len_utf8(), |(_, length)| length);
        if let Some((sense, length)) = hit
            && sense != Sense::Nothing
            && !found.iter().any(|(known, _)| *known == sense)
        {
            found.push((sense, text[at..at + length].to_owned()));
        }
        inside_word = lower[at..at + step].chars().next_back().is_some_and(is_latin);
        at += step;
    }
}

/// The longest word of the table at the beginning of `rest`, and its length in bytes.
fn longest(rest: &str, inside_word: bool) -> Option<(Sense, usize)> {
    let mut best: Option<(Sense, usize)> = None;
    for entry in entries() {
        let zh = entry.zh.iter().filter_map(|word| rest.starts_with(word).then_some(word.len()));
        let en = entry
            .en
            .iter()
            .filter_map(|word| if inside_word { None } else { latin_length(rest, word) });
        if let Some(length) = zh.chain(en).max()
            && best.is_none_or(|(_, known)| length > known)
        {
            best = Some((entry.sense, length));
        }
    }
    best
}

/// How much of `rest` is that word, in the singular or with a regular plural.
fn latin_length(rest: &str, word: &str) -> Option<usize> {
    let after = rest.strip_prefix(word)?;
    for ending in ["es", "s", ""] {
        if let Some(tail) = after.strip_prefix(ending)
            && !tail.chars().next().is_some_and(is_latin)
        {
            return Some(word.len() + ending.len());
        }
    }
    None
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{c0}'..'\u{250}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn things(text: &str) -> Vec<Thing> {
        read(&[text]).things().collect()
    }

    #[test]
    fn the_longest_word_wins() {
        assert_eq!(things("雪山脚下亮着灯的小木屋，冬夜大雪"), [Thing::House]);
        assert_eq!(things("一辆跑车驶过"), [Thing::SportsCar]);
        assert_eq!(things("a red sports car"), [Thing::SportsCar]);
        assert_eq!(things("a fox spirit, not a cat"), [Thing::Fox, Thing::Cat]);
        assert_eq!(things("小狐狸"), [Thing::Fox]);
        assert_eq!(things("风车旁的火车和自行车"), [Thing::Windmill, Thing::Train, Thing::Bicycle]);
        assert_eq!(things("保温杯"), [Thing::Bottle]);
        assert_eq!(things("黄昏的海边，一座灯塔"), [Thing::Lighthouse]);
    }

    #[test]
    fn words_inside_words_are_not_found() {
        for text in
            ["scar", "seaworthy carpet", "catalogue", "boating", "dogma", "上海", "人山人海"]
        {
            assert_eq!(things(text), [], "{text}");
        }
        assert_eq!(read(&["上海的夜市"]).places().collect::<Vec<_>>(), [Place::City, Place::Town]);
        assert_eq!(read(&["旅行海报"]).senses(), [Sense::Style(Style::Poster)]);
        assert_eq!(read(&["mountaineering"]).senses(), []);
    }

    #[test]
    fn plurals_capitals_and_order() {
        assert_eq!(things("Foxes and CATS by a Car"), [Thing::Fox, Thing::Cat, Thing::Car]);
        let reading = read(&["a cat at sea", "noir cat"]);
        assert_eq!(reading.words().collect::<Vec<_>>(), ["cat", "sea", "noir"]);
    }

    #[test]
    fn odd_texts_are_read_too() {
        for text in ["", "İİİ cat", "🦊🦊", "\u{0}\u{301}", "':%{pts}\\;[in]"] {
            read(&[text]);
        }
        assert_eq!(things("İİİ cat"), [Thing::Cat]);
    }
}
