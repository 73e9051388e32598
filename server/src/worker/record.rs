//! What an offer's videos came to lately, for installations that prefer offers by it.
//!
//! Measured in this process. Each new video counts an eighth, so that some twenty decide. An offer
//! that has not been measured for [`FORGOTTEN`] counts as new, and a new one is tried first: that
//! is how it comes to be measured, and how one that was bad gets another chance.

use std::time::{Duration, Instant};

use crate::config::Prefer;

/// The newest video counts one in so many.
const WEIGHT: i64 = 8;
/// Age from which a measurement says nothing any more.
const FORGOTTEN: Duration = Duration::from_secs(600);
/// Offers whose failures differ by less than this are equally good, per mille.
const ALIKE: i64 = 50;

/// How a video ended, as far as its offer is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// Delivered; so long after it was handed over, if this process handed it over.
    Well(Option<Duration>),
    /// Not, and it was not the prompt's fault.
    Badly,
}

/// The record of one offer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Record {
    /// Videos that failed, per mille.
    failed_milli: Option<i64>,
    latency_ms: Option<i64>,
    measured: Option<Instant>,
}

impl Record {
    /// Takes an ending into account.
    pub(super) fn note(&mut self, came: Came, now: Instant) {
        if !self.is_fresh(now) {
            *self = Self::default();
        }
        self.measured = Some(now);
        let failed = if came == Came::Badly { 1_000 } else { 0 };
        self.failed_milli = Some(mean(self.failed_milli, failed));
        if let Came::Well(Some(latency)) = came {
            let latency_ms = i64::try_from(latency.as_millis()).unwrap_or(i64::MAX / WEIGHT);
            self.latency_ms = Some(mean(self.latency_ms, latency_ms));
        }
    }

    /// Its place by measurement, lower first; 0 where nothing is measured or asked for.
    pub(super) fn rank(&self, prefer: Prefer, now: Instant) -> i64 {
        if !self.is_fresh(now) {
            return 0;
        }
        match prefer {
            Prefer::Order | Prefer::Cost => 0,
            Prefer::Latency => self.latency_ms.unwrap_or(0),
            Prefer::Success => self.failed_milli.unwrap_or(0) / ALIKE,
        }
    }

    fn is_fresh(&self, now: Instant) -> bool {
        self.measured.is_some_and(|at| now.saturating_duration_since(at) < FORGOTTEN)
    }
}

fn mean(before: Option<i64>, newest: i64) -> i64 {
    before.map_or(newest, |before| before + (newest - before) / WEIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quicker_and_the_more_reliable_come_first() {
        let now = Instant::now();
        let (mut quick, mut sure) = (Record::default(), Record::default());
        for _ in 0..10 {
            quick.note(Came::Well(Some(Duration::from_secs(2))), now);
            sure.note(Came::Well(Some(Duration::from_secs(9))), now);
        }
        quick.note(Came::Badly, now);
        assert!(quick.rank(Prefer::Latency, now) < sure.rank(Prefer::Latency, now));
        assert!(sure.rank(Prefer::Success, now) < quick.rank(Prefer::Success, now));
        assert_eq!(sure.rank(Prefer::Order, now), quick.rank(Prefer::Order, now));
    }

    #[test]
    fn one_failure_of_many_is_soon_made_good_and_an_old_one_forgotten() {
        let now = Instant::now();
        let mut record = Record::default();
        assert_eq!(record.rank(Prefer::Success, now), 0, "a new one is tried first");
        record.note(Came::Badly, now);
        assert_eq!(record.rank(Prefer::Success, now), 20);
        assert_eq!(record.rank(Prefer::Success, now + FORGOTTEN), 0);
        for _ in 0..40 {
            record.note(Came::Well(None), now);
        }
        assert_eq!(record.rank(Prefer::Success, now), 0);
    }
}
