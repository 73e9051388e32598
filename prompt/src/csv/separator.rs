//! Which sign separates the columns: the one under which most rows are as wide as the header.

use super::records::Records;

/// In order of preference when nothing else decides.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// Rows looked at.
const SAMPLE_ROWS: usize = 50;

pub(super) fn guess(text: &str) -> char {
    let mut best = (SEPARATORS[0], (0, 0));
    for separator in SEPARATORS {
        let score = score(text, separator);
        if score > best.1 {
            best = (separator, score);
        }
    }
    best.0
}

/// Rows as wide as the header, and that width; nothing if the sign is not in the header.
fn score(text: &str, separator: char) -> (usize, usize) {
    let mut records = Records::new(text, separator).filter(|record| !record.is_blank());
    let width = records.next().map_or(0, |header| header.cells.len());
    if width < 2 {
        return (0, 0);
    }
    (1 + records.take(SAMPLE_ROWS).filter(|record| record.cells.len() == width).count(), width)
}
