//! `[line]`: the line and its workers.

use serde::Deserialize;

use super::{Problems, Section};

/// The line and its workers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Line {
    /// Attempts of a video before it fails.
    pub max_attempts: i64,
    /// Wait before the second attempt, milliseconds; doubles with each.
    pub retry_backoff_ms: u64,
    /// Longest wait between attempts, seconds.
    pub retry_backoff_max_s: u64,
    /// How long an unknown outcome is waited for before the video fails, released, seconds.
    pub unproven_after_s: i64,
    /// Life of a lease without renewal, seconds.
    pub lease_s: i64,
    /// Most videos in one claim.
    pub claim_max: i64,
    /// How long a provider may take to confirm a stop before the outcome counts as unknown, seconds.
    pub stop_grace_s: u64,
    /// How often a result is brought into the store before the video fails.
    pub store_tries: u32,
    /// Wait before the second of these tries, milliseconds; doubles with each.
    pub store_backoff_ms: u64,
    /// Longest wait between these tries, seconds.
    pub store_backoff_max_s: u64,
    /// How often the end of a video is offered for settling before the sweep has to find it.
    pub settle_tries: u32,
    /// Failed submissions in a row after which an offer rests.
    pub breaker_failures: u32,
    /// First rest, milliseconds; doubles with each failure after it.
    pub breaker_rest_ms: u64,
    /// Longest rest, seconds.
    pub breaker_rest_max_s: u64,
    /// Pause after a 429 that asks for none, milliseconds.
    pub throttle_pause_ms: u64,
    /// Pause between sweeps, milliseconds.
    pub sweep_ms: u64,
    /// Pause between the rarer duties (expired credits, unproven outcomes), seconds.
    pub tend_s: u64,
    /// Pause between the rarest duties (orphaned objects, old idempotency keys), seconds.
    pub clean_s: u64,
    /// Most results settled in one transaction.
    pub flush_max: usize,
    /// Longest wait for company before settling, milliseconds.
    pub flush_wait_ms: u64,
    /// Pause between two looks at videos whose outcome is unknown, milliseconds.
    pub reconcile_ms: u64,
    /// Settlements under way at once; more than one only helps beside PostgreSQL.
    pub flushes_at_once: usize,
    /// Render threads of `animatic`; 0 means cores − 1, but both of two.
    pub render_threads: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            retry_backoff_ms: 2_000,
            retry_backoff_max_s: 300,
            unproven_after_s: 86_400,
            lease_s: 60,
            claim_max: 16,
            stop_grace_s: 30,
            store_tries: 5,
            store_backoff_ms: 1_000,
            store_backoff_max_s: 60,
            settle_tries: 6,
            breaker_failures: 5,
            breaker_rest_ms: 5_000,
            breaker_rest_max_s: 300,
            throttle_pause_ms: 1_000,
            sweep_ms: 1_000,
            tend_s: 60,
            clean_s: 3_600,
            flush_max: 1_000,
            flush_wait_ms: 5,
            reconcile_ms: 10_000,
            flushes_at_once: 1,
            render_threads: 0,
        }
    }
}

impl Section for Line {
    const NAME: &'static str = "line";

    fn check(&self, problems: &mut Problems) {
        problems.range("max_attempts", self.max_attempts, 1, 100);
        problems.range("retry_backoff_ms", self.retry_backoff_ms as i64, 0, 3_600_000);
        problems.range("retry_backoff_max_s", self.retry_backoff_max_s as i64, 0, 86_400);
        problems.range("unproven_after_s", self.unproven_after_s, 1, 30 * 86_400);
        problems.range("lease_s", self.lease_s, 1, 3_600);
        problems.range("claim_max", self.claim_max, 1, 1_000);
        problems.range("stop_grace_s", self.stop_grace_s as i64, 1, 3_600);
        problems.range("store_tries", i64::from(self.store_tries), 1, 100);
        problems.range("store_backoff_ms", self.store_backoff_ms as i64, 0, 600_000);
        problems.range("store_backoff_max_s", self.store_backoff_max_s as i64, 1, 3_600);
        problems.range("settle_tries", i64::from(self.settle_tries), 1, 100);
        problems.range("breaker_failures", i64::from(self.breaker_failures), 1, 1_000);
        problems.range("breaker_rest_ms", self.breaker_rest_ms as i64, 10, 600_000);
        problems.range("breaker_rest_max_s", self.breaker_rest_max_s as i64, 1, 86_400);
        problems.range("throttle_pause_ms", self.throttle_pause_ms as i64, 10, 600_000);
        problems.range("sweep_ms", self.sweep_ms as i64, 10, 60_000);
        problems.range("tend_s", self.tend_s as i64, 1, 86_400);
        problems.range("clean_s", self.clean_s as i64, 1, 7 * 86_400);
        problems.range("flush_max", self.flush_max as i64, 1, 5_000);
        problems.range("flush_wait_ms", self.flush_wait_ms as i64, 0, 1_000);
        problems.range("reconcile_ms", self.reconcile_ms as i64, 50, 600_000);
        problems.range("flushes_at_once", self.flushes_at_once as i64, 1, 64);
        problems.range("render_threads", self.render_threads as i64, 0, 1_024);
    }
}
