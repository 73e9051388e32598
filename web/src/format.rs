//! Numbers and lengths of time as people read them. Dates are the browser's to write.

use crate::words::{Language, fill};

/// A whole number in groups of three.
#[must_use]
pub fn whole(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// A change, with its sign.
#[must_use]
pub fn signed(number: i128) -> String {
    match number {
        0 => "0".to_owned(),
        n if n > 0 => format!("+{}", whole(n)),
        n => whole(n),
    }
}

/// A count of combinations, which may have many digits.
#[must_use]
pub fn count(number: u128) -> String {
    i128::try_from(number).map_or_else(|_| number.to_string(), whole)
}

/// A number and what it counts: `1 video`, `12 videos`. A singular differs in English alone.
#[must_use]
pub fn counted(language: Language, number: u128, sentence: &str) -> String {
    let text = fill(sentence, &[("n", &count(number))]);
    match (language, number) {
        (Language::En, 1) => text
            .replace("videos", "video")
            .replace("values", "value")
            .replace("credits", "credit")
            .replace("rows", "row"),
        _ => text,
    }
}

/// A file's length.
#[must_use]
pub fn bytes(bytes: i64) -> String {
    let kilo = (bytes.max(0) + 999) / 1000;
    if kilo < 1000 {
        return format!("{kilo} KB");
    }
    let tenths = (bytes + 50_000) / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// A part of a whole as a length of style sheets: `33.33%`. In whole numbers, because what writes
/// fractions is as large as a view.
#[must_use]
pub fn share(part: i64, whole: i64) -> String {
    let hundredths = part.max(0).saturating_mul(10_000) / whole.max(1);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The end of an opaque id, enough to tell two apart.
#[must_use]
pub fn short_id(id: &str) -> String {
    let (kind, rest) = id.split_once('_').unwrap_or(("", id));
    let tail: Vec<_> = rest.chars().rev().take(6).collect();
    format!("{kind}_…{}", tail.into_iter().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups() {
        for (number, text) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"), (12, "12")]
        {
            assert_eq!(whole(number), text);
        }
        assert_eq!((signed(5), signed(-5), signed(0)), ("+5".into(), "−5".into(), "0".into()));
        assert_eq!(count(1_000_000_000_000), "1,000,000,000,000");
    }

    #[test]
    fn one_video_is_not_one_videos() {
        assert_eq!(counted(Language::En, 1, "Launch {n} videos"), "Launch 1 video");
        assert_eq!(counted(Language::En, 12, "Launch {n} videos"), "Launch 12 videos");
        assert_eq!(counted(Language::Zh, 1, "启动 {n} 个视频"), "启动 1 个视频");
    }

    #[test]
    fn ids_are_told_apart_by_their_ends() {
        assert_eq!(short_id("bat_0192f3abcdef"), "bat_…abcdef");
        assert_eq!(short_id("x"), "_…x");
    }

    #[test]
    fn files_are_in_round_units() {
        assert_eq!((bytes(120_400), bytes(3_450_000)), ("121 KB".into(), "3.5 MB".into()));
        assert_eq!((bytes(0), bytes(999_001)), ("0 KB".into(), "1.0 MB".into()));
    }

    #[test]
    fn shares_are_percents() {
        assert_eq!(
            (share(1, 3), share(3, 3), share(0, 0)),
            ("33.33%".into(), "100.00%".into(), "0.00%".into())
        );
        assert_eq!(share(5, 10_000), "0.05%");
    }
}
