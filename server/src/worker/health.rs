//! How an offer has answered lately: a circuit breaker and a limit that gives way under 429.
//!
//! It counts submissions alone, in this process; caps that hold across processes are counter rows.
//! After [`Breaker::failures`] in a row the offer rests; then one failure more sends it to rest again,
//! for twice as long. Being throttled halves how much is in flight here and pauses as long as the
//! provider asked; each submission taken widens it again, by one for as many as are in flight.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// When an offer rests, and how long.
#[derive(Clone, Copy, Debug)]
pub struct Breaker {
    /// Failures in a row after which it rests.
    pub failures: u32,
    /// First rest.
    pub rest: Duration,
    /// Longest rest.
    pub rest_max: Duration,
    /// Pause after a 429 that asks for none.
    pub pause: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            failures: 5,
            rest: Duration::from_secs(5),
            rest_max: Duration::from_secs(300),
            pause: Duration::from_secs(1),
        }
    }
}

/// What a submission said about the offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// It was taken, or refused for what it asked: the offer works.
    Well,
    /// Too much at once.
    Throttled(Option<Duration>),
    /// Trouble, or no answer.
    Badly,
}

/// The health of one offer.
pub(super) struct Health {
    most: i64,
    breaker: Breaker,
    state: Mutex<State>,
}

struct State {
    failures: u32,
    rest: Duration,
    until: Option<Instant>,
    /// Submissions in flight here, in thousandths.
    limit_milli: i64,
}

impl Health {
    /// Of an offer that may have so many in flight here.
    pub(super) fn new(most: usize, breaker: Breaker) -> Self {
        let most = i64::try_from(most).unwrap_or(i64::MAX / 1_000);
        let limit_milli = most.saturating_mul(1_000);
        let state = State { failures: 0, rest: breaker.rest, until: None, limit_milli };
        Self { most, breaker, state: Mutex::new(state) }
    }

    /// Takes an answer into account.
    pub(super) fn note(&self, answered: Answered, now: Instant) {
        let mut state = self.state();
        match answered {
            Answered::Well => {
                (state.failures, state.rest) = (0, self.breaker.rest);
                let step = 1_000_000 / state.limit_milli.max(1_000);
                state.limit_milli = (state.limit_milli + step).min(self.most.saturating_mul(1_000));
            }
            Answered::Throttled(pause) => {
                state.limit_milli = (state.limit_milli / 2).max(1_000);
                let until = now + pause.unwrap_or(self.breaker.pause);
                state.until = Some(state.until.map_or(until, |before| before.max(until)));
            }
            Answered::Badly => {
                state.failures = state.failures.saturating_add(1);
                if state.failures >= self.breaker.failures
                    && state.until.is_none_or(|until| now >= until)
                {
                    state.until = Some(now + state.rest);
                    state.rest = (state.rest * 2).min(self.breaker.rest_max);
                }
            }
        }
    }

    /// Whether nothing should be submitted now.
    pub(super) fn rests(&self, now: Instant) -> bool {
        self.state().until.is_some_and(|until| now < until)
    }

    /// Most submissions in flight here.
    pub(super) fn limit(&self) -> i64 {
        self.state().limit_milli / 1_000
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(5);

    fn healthy() -> Health {
        Health::new(8, Breaker::default())
    }

    #[test]
    fn it_rests_after_failures_in_a_row_and_longer_each_time() {
        let (health, start) = (healthy(), Instant::now());
        for _ in 0..4 {
            health.note(Answered::Badly, start);
        }
        assert!(!health.rests(start));
        health.note(Answered::Badly, start);
        assert!(health.rests(start) && !health.rests(start + REST));
        let later = start + REST;
        health.note(Answered::Badly, later);
        assert!(health.rests(later + REST) && !health.rests(later + REST * 2));
        health.note(Answered::Well, later + REST * 2);
        for _ in 0..4 {
            health.note(Answered::Badly, later + REST * 2);
        }
        assert!(!health.rests(later + REST * 2), "a success begins the count anew");
    }

    #[test]
    fn a_throttled_offer_gets_half_and_grows_again() {
        let (health, now) = (healthy(), Instant::now());
        health.note(Answered::Throttled(Some(Duration::from_secs(3))), now);
        assert_eq!(health.limit(), 4);
        assert!(health.rests(now) && !health.rests(now + Duration::from_secs(3)));
        for _ in 0..10 {
            health.note(Answered::Throttled(None), now);
        }
        assert_eq!(health.limit(), 1, "one always may try");
        for _ in 0..100 {
            health.note(Answered::Well, now);
        }
        assert_eq!(health.limit(), 8, "never more than it may");
    }
}
