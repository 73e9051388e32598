//! `manifest.csv`: what each video of an archive is. Pure.
//!
//! It begins with a byte order mark: without one, Excel reads Chinese as something else, and every
//! CSV reader worth the name skips it. Texts that a spreadsheet would run as a formula get an
//! apostrophe in front; numbers and words of our own do not need one.

use entity::enums::{Mark, VideoState};
use entity::values::Credits;

use crate::kernel::language::Language;

/// What the file begins with.
pub const BOM: &[u8] = "\u{FEFF}".as_bytes();

/// Columns before the values of variables.
const BEFORE: &[&str] = &["index", "file", "state", "mark"];
/// Columns after them.
const AFTER: &[&str] = &[
    "seed",
    "cost_credits",
    "prompt",
    "seconds",
    "width",
    "height",
    "bytes",
    "sha256",
    "video_id",
    "problem",
];

/// One video.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// From 1, in the order of the selection.
    pub index: i64,
    /// Name in the archive; empty for a video without a file in it.
    pub file: &'a str,
    /// Where it stands.
    pub state: VideoState,
    /// What a member thinks of it.
    pub mark: Option<Mark>,
    /// A value for each variable.
    pub values: Vec<&'a str>,
    /// Seed given to the model.
    pub seed: i64,
    /// What it cost; `None` where the reader sees no prices.
    pub cost: Option<Credits>,
    /// The prompt.
    pub prompt: &'a str,
    /// Its file, if it has one.
    pub asset: Option<&'a entity::asset::Model>,
    /// Its id.
    pub video_id: String,
    /// Why a delivered video has no file here.
    pub problem: Option<Problem>,
}

/// Why a delivered video is not in the archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The store has no such object.
    Missing,
    /// The store has other bytes than were delivered.
    Damaged,
}

impl Problem {
    const fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Missing, Language::En) => {
                "FILE_MISSING: the stored file is gone; tell the operator"
            }
            (Self::Missing, Language::Zh) => "FILE_MISSING：存储中的文件已丢失，请联系管理员",
            (Self::Damaged, Language::En) => {
                "FILE_DAMAGED: the stored file is not what was delivered; tell the operator"
            }
            (Self::Damaged, Language::Zh) => {
                "FILE_DAMAGED：存储中的文件与交付时不一致，请联系管理员"
            }
        }
    }
}

/// The line of column names.
#[must_use]
pub fn head(variables: &[String]) -> Vec<u8> {
    let values = variables.iter().map(|name| format!("value:{name}"));
    let fixed = |names: &'static [&'static str]| names.iter().map(|name| (*name).to_owned());
    record(fixed(BEFORE).chain(values).chain(fixed(AFTER)))
}

/// The line of a video.
#[must_use]
pub fn line(line: &Line<'_>, language: Language) -> Vec<u8> {
    let asset = line.asset;
    let number = |read: fn(&entity::asset::Model) -> i64| {
        asset.map(|asset| read(asset).to_string()).unwrap_or_default()
    };
    let seconds = asset.map(|asset| {
        format!("{}.{:03}", asset.duration_ms / 1000, asset.duration_ms.rem_euclid(1000))
    });
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let before = [
        line.index.to_string(),
        harmless(line.file),
        line.state.as_str().to_owned(),
        line.mark.map(Mark::as_str).unwrap_or_default().to_owned(),
    ];
    let after = [
        line.seed.to_string(),
        line.cost.map(|cost| cost.to_string()).unwrap_or_default(),
        harmless(line.prompt),
        seconds.unwrap_or_default(),
        number(|asset| asset.width),
        number(|asset| asset.height),
        number(|asset| asset.bytes),
        asset.map(|asset| hex(&asset.sha256)).unwrap_or_default(),
        line.video_id.clone(),
        line.problem.map(|problem| problem.words(language)).unwrap_or_default().to_owned(),
    ];
    let values = line.values.iter().map(|value| harmless(value));
    record(before.into_iter().chain(values).chain(after))
}

/// A text that no spreadsheet takes for a formula, in whichever width its sign is typed.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}

/// One line after RFC 4180.
fn record(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut line = String::new();
    for (place, cell) in cells.enumerate() {
        if place > 0 {
            line.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) || cell.starts_with(' ') || cell.ends_with(' ') {
            line.extend(["\"", &cell.replace('"', "\"\""), "\""]);
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
    line.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_everything_reads_back() {
        let texts = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1", "a \"b\", c", "行\n二", " space "];
        let mut text = head(&[String::from("风格")]);
        for value in texts {
            let row = Line {
                index: 1,
                file: "a.mp4",
                state: VideoState::Failed,
                mark: None,
                values: vec![value],
                seed: -1,
                cost: None,
                prompt: value,
                asset: None,
                video_id: String::from("vid_x"),
                problem: Some(Problem::Missing),
            };
            text.extend(line(&row, Language::Zh));
        }
        let mut reader = csv::Reader::from_reader(text.as_slice());
        assert_eq!(reader.headers().expect("a head").get(4), Some("value:风格"));
        for (row, value) in reader.records().zip(texts) {
            let row = row.expect("a row");
            let safe = value.starts_with(['a', '行', ' ']);
            let wanted = if safe { value.to_owned() } else { format!("'{value}") };
            assert_eq!((row.get(4), row.get(7)), (Some(wanted.as_str()), Some(wanted.as_str())));
            assert_eq!(row.get(5), Some("-1"), "a number stays one");
            assert!(row.get(14).expect("a problem").starts_with("FILE_MISSING"));
        }
    }
}
