//! `[batches]`: templates, quotes, launches, control.

use serde::Deserialize;

use super::{Problem, Problems, Section};

/// Templates, quotes, launches.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Batches {
    /// Life of a quote, minutes.
    pub quote_ttl_min: i64,
    /// Most videos in a batch whatever the plan says.
    pub max_videos: i64,
    /// Longest template, characters.
    pub max_template_chars: usize,
    /// Largest CSV, bytes. It comes in base64, four bytes for three, inside one request.
    pub max_csv_bytes: usize,
    /// How long a pilot or a paused batch waits for a person before it closes itself, days.
    pub undecided_days: i64,
    /// How long after it settled a batch may be retried at its own price, days.
    pub retry_days: i64,
    /// Most videos of a pilot.
    pub max_pilot: i64,
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            quote_ttl_min: 30,
            max_videos: 10_000,
            max_template_chars: 10_000,
            max_csv_bytes: 720 * 1024,
            undecided_days: 7,
            retry_days: 7,
            max_pilot: 100,
        }
    }
}

/// What a request holds beside a CSV file: query, names, quotes.
const AROUND_CSV_BYTES: usize = 16 * 1024;

impl Batches {
    /// A limit that the body of no request can reach would only mislead.
    pub(super) fn check_against_body(&self, body_limit_bytes: usize, found: &mut Vec<Problem>) {
        let most = body_limit_bytes.saturating_sub(AROUND_CSV_BYTES) / 4 * 3;
        if self.max_csv_bytes > most {
            let reason = format!(
                "{} in base64 does not fit in a request: with server.body_limit_bytes = \
                 {body_limit_bytes} at most {most} do",
                self.max_csv_bytes
            );
            found.push(Problem { place: format!("{}.max_csv_bytes", Self::NAME), reason });
        }
    }
}

impl Section for Batches {
    const NAME: &'static str = "batches";

    fn check(&self, problems: &mut Problems) {
        problems.range("quote_ttl_min", self.quote_ttl_min, 1, 1_440);
        problems.range("max_videos", self.max_videos, 1, 100_000);
        problems.range("undecided_days", self.undecided_days, 1, 90);
        problems.range("retry_days", self.retry_days, 1, 90);
        problems.range("max_pilot", self.max_pilot, 1, 1_000);
        problems.range("max_template_chars", self.max_template_chars as i64, 100, 100_000);
        problems.range("max_csv_bytes", self.max_csv_bytes as i64, 1_024, 16 << 20);
    }
}
