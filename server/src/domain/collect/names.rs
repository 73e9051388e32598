//! File names in an archive: made of a video's values, and good on Windows, macOS and Linux. Pure.
//!
//! Letters of every script stay, in NFC. What a file system or a shell reads as something else
//! goes; names that differ only in case are told apart by a number, because on two of the three
//! systems they are the same file.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

/// Most characters of one value in a name.
const VALUE_CHARS: usize = 60;
/// Most bytes of a name before its number and ending; in UTF-16 it is no longer. Room is left for
/// the folder within Windows' 260.
const STEM_BYTES: usize = 160;
/// Names of devices, with whatever ending: Windows opens the device.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "conin$", "conout$", "com0", "com1", "com2", "com3", "com4",
    "com5", "com6", "com7", "com8", "com9", "com¹", "com²", "com³", "lpt0", "lpt1", "lpt2", "lpt3",
    "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "lpt¹", "lpt²", "lpt³",
];

/// The names given out in one archive.
#[derive(Default)]
pub struct Names {
    /// Folded name → the next number to try.
    taken: HashMap<String, u32>,
}

impl Names {
    /// A name with `ending` for a file of these texts, unlike every earlier one.
    pub fn give(&mut self, texts: &[&str], ending: &str) -> String {
        let stem = stem(texts);
        let mut number = self.taken.get(&fold(&stem)).copied().unwrap_or(1);
        loop {
            let full = if number == 1 { stem.clone() } else { format!("{stem} ({number})") };
            number += 1;
            self.taken.insert(fold(&stem), number);
            // A stem without a number is tried only while nobody has it.
            if full != stem && self.taken.contains_key(&fold(&full)) {
                continue;
            }
            self.taken.entry(fold(&full)).or_insert(2);
            return format!("{full}.{ending}");
        }
    }
}

/// A name without its ending, before it is compared with others.
#[must_use]
pub fn stem(texts: &[&str]) -> String {
    let parts = texts.iter().map(|text| part(text)).filter(|part| !part.is_empty());
    let mut stem = parts.collect::<Vec<_>>().join("_");
    let mut end = STEM_BYTES.min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    stem.truncate(end);
    let mut stem = trimmed(&stem).to_owned();
    if stem.is_empty() {
        stem = String::from("video");
    }
    let device = stem.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    if DEVICES.contains(&device.as_str()) { format!("_{stem}") } else { stem }
}

/// One value as a part of a name.
fn part(text: &str) -> String {
    let mut part = String::new();
    for c in text.nfc() {
        let c = match c {
            '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
            c if c.is_whitespace() || c.is_control() => ' ',
            c if is_invisible(c) => continue,
            c => c,
        };
        if !(c == ' ' && (part.is_empty() || part.ends_with(' '))) {
            part.push(c);
        }
    }
    let cut: String = part.chars().take(VALUE_CHARS).collect();
    trimmed(&cut).to_owned()
}

/// Without what hides a file, looks like an option, or is dropped at the end by Windows.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches([' ', '.', '-', '~']).trim_end_matches([' ', '.'])
}

/// Marks that are not seen but turn a name around or make two names look alike.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Names with equal folds are one file somewhere.
fn fold(name: &str) -> String {
    name.to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_names_that_every_system_takes() {
        for (texts, wanted) in [
            (&["watercolor", "a lighthouse"][..], "watercolor_a lighthouse"),
            (&["水墨画", "竹林，清晨"], "水墨画_竹林，清晨"),
            (&["a/b\\c:d*e?f\"g<h>i|j"], "a-b-c-d-e-f-g-h-i-j"),
            (&["../../etc/passwd"], "etc-passwd"),
            (&["  two \t\n words  "], "two words"),
            (&["-rf ~"], "rf ~"),
            (&["ends. . ."], "ends"),
            (&["CON"], "_CON"),
            (&["nul.txt"], "_nul.txt"),
            (&["com¹"], "_com¹"),
            (&["console"], "console"),
            (&["e\u{301}te\u{301}"], "été"),
            (&["\u{202E}gpj.exe"], "gpj.exe"),
            (&["", " ", "..."], "video"),
            (&[], "video"),
        ] {
            assert_eq!(stem(texts), wanted, "{texts:?}");
        }
    }

    #[test]
    fn no_name_is_too_long_or_ends_in_the_middle_of_a_letter() {
        let long = "字".repeat(500);
        let name = stem(&[&long, &long, &long]);
        assert!(name.len() <= STEM_BYTES && name.chars().all(|c| c == '字' || c == '_'), "{name}");
        assert!(stem(&[&"a.".repeat(200)]).len() <= STEM_BYTES);
        assert!(!stem(&[&"a.".repeat(200)]).ends_with('.'));
    }

    #[test]
    fn equal_names_are_numbered_whatever_their_case_and_form() {
        let mut names = Names::default();
        assert_eq!(names.give(&["Fox"], "mp4"), "Fox.mp4");
        assert_eq!(names.give(&["fox"], "mp4"), "fox (2).mp4");
        assert_eq!(names.give(&["FOX (2)"], "mp4"), "FOX (2) (2).mp4");
        assert_eq!(names.give(&["fox"], "mp4"), "fox (3).mp4");
        assert_eq!(names.give(&["e\u{301}"], "mp4"), "é.mp4");
        assert_eq!(names.give(&["É"], "mp4"), "É (2).mp4");
        let mut all: Vec<String> = (0..1_000).map(|_| names.give(&["same"], "mp4")).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 1_000);
    }

    #[test]
    fn whatever_the_value_the_name_is_one_plain_file() {
        use proptest::prelude::*;
        proptest!(|(texts in proptest::collection::vec(any::<String>(), 0..4))| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let name = Names::default().give(&texts, "mp4");
            prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '\0']));
            prop_assert!(!name.chars().any(char::is_control));
            prop_assert!(!name.starts_with(['.', '-', ' ']));
            prop_assert!(name.len() <= 255 && name.ends_with(".mp4") && name.len() > 4);
            prop_assert!(name.nfc().eq(name.chars()));
        });
    }
}
