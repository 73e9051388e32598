//! `[batches]`: templates, quotes, launches, control.

use serde::Deserialize;

use super::{Problems, Section};

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
    /// Largest CSV, bytes.
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
            max_csv_bytes: 768 * 1024,
            undecided_days: 7,
            retry_days: 7,
            max_pilot: 100,
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
