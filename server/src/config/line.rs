//! `[line]`: the line and its workers.

use serde::Deserialize;

use super::{Problems, Section};

/// The line and its workers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Attempts of a video before it fails.
    pub max_attempts: i64,
    /// Life of a lease without renewal, seconds.
    pub lease_s: i64,
    /// Pause between sweeps, milliseconds.
    pub sweep_ms: u64,
    /// Most results settled in one transaction.
    pub flush_max: usize,
    /// Longest wait for company before settling, milliseconds.
    pub flush_wait_ms: u64,
    /// Pause between two looks at videos whose outcome is unknown, milliseconds.
    pub reconcile_ms: u64,
    /// How long an unknown outcome is waited for before the video fails, released, seconds.
    pub unproven_after_s: i64,
    /// Render threads of `animatic`; 0 means cores − 1, but both of two.
    pub render_threads: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            lease_s: 60,
            sweep_ms: 1_000,
            flush_max: 1_000,
            flush_wait_ms: 5,
            reconcile_ms: 10_000,
            unproven_after_s: 86_400,
            render_threads: 0,
        }
    }
}

impl Section for Line {
    const NAME: &'static str = "line";

    fn check(&self, problems: &mut Problems) {
        problems.range("max_attempts", self.max_attempts, 1, 100);
        problems.range("lease_s", self.lease_s, 1, 3_600);
        problems.range("sweep_ms", self.sweep_ms as i64, 10, 60_000);
        problems.range("flush_max", self.flush_max as i64, 1, 5_000);
        problems.range("flush_wait_ms", self.flush_wait_ms as i64, 0, 1_000);
        problems.range("reconcile_ms", self.reconcile_ms as i64, 50, 600_000);
        problems.range("unproven_after_s", self.unproven_after_s, 1, 2_592_000);
        problems.range("render_threads", self.render_threads as i64, 0, 1_024);
    }
}
