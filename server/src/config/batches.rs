//! `[batches]`: templates, quotes, launches.

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
}

impl Default for Batches {
    fn default() -> Self {
        Self {
            quote_ttl_min: 30,
            max_videos: 10_000,
            max_template_chars: 10_000,
            max_csv_bytes: 768 * 1024,
        }
    }
}

impl Section for Batches {
    const NAME: &'static str = "batches";

    fn check(&self, problems: &mut Problems) {
        problems.range("quote_ttl_min", self.quote_ttl_min, 1, 1_440);
        problems.range("max_videos", self.max_videos, 1, 100_000);
        problems.range("max_template_chars", self.max_template_chars as i64, 100, 100_000);
        problems.range("max_csv_bytes", self.max_csv_bytes as i64, 1_024, 16 << 20);
    }
}
