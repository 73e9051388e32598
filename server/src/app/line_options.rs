//! What `[line]` and its neighbours tell the workers.

use std::time::Duration;

use crate::config::{Config, Line};
use crate::domain::batches::line::Rules;
use crate::worker::{Breaker, FlushOptions, Options};

/// Named one by one, without defaults: whatever the workers can be told is configuration.
pub(super) fn options(config: &Config, owner: String) -> Options {
    let line = &config.line;
    let undecided_days = config.batches.undecided_days;
    let rules = Rules {
        owner,
        lease: Duration::from_secs(line.lease_s.unsigned_abs()),
        max_attempts: line.max_attempts,
        backoff: Duration::from_millis(line.retry_backoff_ms),
        backoff_max: Duration::from_secs(line.retry_backoff_max_s),
        unproven_after: Duration::from_secs(line.unproven_after_s.unsigned_abs()),
        undecided_after: Duration::from_secs(undecided_days.unsigned_abs() * 86_400),
    };
    let flush = FlushOptions {
        max: line.flush_max,
        wait: Duration::from_millis(line.flush_wait_ms),
        at_once: line.flushes_at_once,
    };
    let orphan_after_h = config.media.orphan_after_h.unsigned_abs();
    Options {
        claim_max: line.claim_max,
        sweep_every: Duration::from_millis(line.sweep_ms),
        // Unproven outcomes end when they are due, not a minute later.
        tend_every: Duration::from_secs(line.tend_s).min(rules.unproven_after / 5),
        rules,
        clean_every: Duration::from_secs(line.clean_s),
        orphan_after: Duration::from_secs(orphan_after_h * 3_600),
        reconcile_every: Duration::from_millis(line.reconcile_ms),
        stop_grace: Duration::from_secs(line.stop_grace_s),
        store_tries: line.store_tries,
        store_backoff: Duration::from_millis(line.store_backoff_ms),
        store_backoff_max: Duration::from_secs(line.store_backoff_max_s),
        settle_tries: line.settle_tries,
        breaker: breaker(line),
        drain: Duration::from_secs(config.server.shutdown_grace_s),
        prefer: config.providers.prefer,
        flush,
    }
}

fn breaker(line: &Line) -> Breaker {
    Breaker {
        failures: line.breaker_failures,
        rest: Duration::from_millis(line.breaker_rest_ms),
        rest_max: Duration::from_secs(line.breaker_rest_max_s),
        pause: Duration::from_millis(line.throttle_pause_ms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    /// Every key of `[line]`, none at its default, and what it becomes.
    const KEYS: &[(&str, &str, &str)] = &[
        ("max_attempts", "7", "max_attempts: 7,"),
        ("retry_backoff_ms", "2101", "backoff: 2.101s"),
        ("retry_backoff_max_s", "302", "backoff_max: 302s"),
        ("unproven_after_s", "313", "unproven_after: 313s"),
        ("lease_s", "61", "lease: 61s"),
        ("claim_max", "17", "claim_max: 17"),
        ("reconcile_ms", "501", "reconcile_every: 501ms"),
        ("stop_grace_s", "31", "stop_grace: 31s"),
        ("store_tries", "6", "store_tries: 6"),
        ("store_backoff_ms", "1001", "store_backoff: 1.001s"),
        ("store_backoff_max_s", "63", "store_backoff_max: 63s"),
        ("settle_tries", "8", "settle_tries: 8"),
        ("breaker_failures", "9", "failures: 9"),
        ("breaker_rest_ms", "5001", "rest: 5.001s"),
        ("breaker_rest_max_s", "303", "rest_max: 303s"),
        ("throttle_pause_ms", "1004", "pause: 1.004s"),
        ("sweep_ms", "1002", "sweep_every: 1.002s"),
        ("tend_s", "62", "tend_every: 62s"),
        ("clean_s", "3601", "clean_every: 3601s"),
        ("flush_max", "1003", "max: 1003"),
        ("flush_wait_ms", "6", "wait: 6ms"),
        ("flushes_at_once", "2", "at_once: 2"),
    ];

    #[test]
    fn every_duration_and_cap_of_the_line_is_configuration() {
        let name = |key: &str| format!("REELMILL_LINE__{}", key.to_uppercase());
        let environment =
            KEYS.iter().map(|(key, value, _)| (name(key), (*value).to_owned())).collect();
        let set = Config::load(&Sources { environment, ..Sources::default() }).expect("valid");
        let shown = format!("{:?}", options(&set, String::from("node")));
        let usual = Config::load(&Sources::default()).expect("valid");
        let usual_shown = format!("{:?}", options(&usual, String::from("node")));
        for (key, _, becomes) in KEYS {
            assert!(shown.contains(becomes), "{key}: no {becomes} in {shown}");
            assert!(!usual_shown.contains(becomes), "{key} is at its default");
        }
    }

    /// The defaults of the configuration are those the tests of the line run with.
    #[test]
    fn both_sets_of_defaults_agree() {
        let config = Config::load(&Sources::default()).expect("valid");
        let ours =
            Options { drain: Options::default().drain, ..options(&config, Rules::default().owner) };
        assert_eq!(format!("{ours:?}"), format!("{:?}", Options::default()));
    }
}
