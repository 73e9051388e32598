//! What to do when a socket opens, speaks, falls silent or is lost.
//!
//! Invariants: after every loss there is another attempt, later each time up to a limit, until the
//! subscription is over or refused for good; from the third failure in a row on, and until the
//! next event, the batch is also read by asking; what is shown as live has been acknowledged.

/// First pause before another attempt.
const FIRST_MS: u32 = 500;
/// Longest pause.
const LONGEST_MS: u32 = 30_000;
/// Failures in a row from which on the batch is read by asking too.
const PATIENCE: u32 = 3;
/// Silence after which the other side is asked whether it is there.
pub const SILENCE_MS: u32 = 20_000;
/// Time to answer that.
pub const ANSWER_MS: u32 = 8_000;

/// How things stand, as a person sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The first attempt.
    Connecting,
    /// Events come as they happen.
    Live,
    /// Lost; another attempt follows.
    Reconnecting,
    /// Lost for longer: read by asking, while attempts go on.
    Polling,
    /// Nothing more will come.
    Ended,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The socket is open.
    Opened,
    /// The greeting was taken.
    Acked,
    /// An event came; `settled` when it is the last.
    Event {
        /// The batch has settled.
        settled: bool,
    },
    /// Anything else was said.
    Heard,
    /// The subscription is over.
    Complete,
    /// The subscription was refused; `forever` when asking again cannot help.
    Refused {
        /// Whether there is no use in another attempt.
        forever: bool,
    },
    /// The socket is gone.
    Lost,
    /// Nothing was heard for [`SILENCE_MS`].
    Silent,
    /// Nor for [`ANSWER_MS`] after that.
    NoAnswer,
    /// The pause is over.
    Due,
    /// The machine is on a network again.
    Online,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Open a socket.
    Connect,
    /// Say hello.
    Greet,
    /// Subscribe after the newest revision that is known.
    Subscribe,
    /// Ask whether anybody is there.
    Ping,
    /// Close the socket.
    HangUp,
    /// Wait, then [`Happened::Due`].
    Wait(u32),
    /// Read the batch once, now.
    Ask,
}

/// A followed batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    phase: Phase,
    failures: u32,
    /// The socket that is being opened or is open.
    open: bool,
}

impl Line {
    /// To be followed by [`Act::Connect`].
    #[must_use]
    pub const fn new() -> Self {
        Self { phase: Phase::Connecting, failures: 0, open: true }
    }

    /// As a person sees it.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// What to do now that something happened. `luck` in 0..=1 spreads clients that lost the same
    /// server.
    pub fn hear(&mut self, happened: Happened, luck: f64) -> Vec<Act> {
        if self.phase == Phase::Ended {
            return Vec::new();
        }
        match happened {
            Happened::Opened => vec![Act::Greet],
            Happened::Acked => vec![Act::Subscribe],
            Happened::Event { settled } => {
                self.failures = 0;
                self.phase = if settled { Phase::Ended } else { Phase::Live };
                if settled { vec![Act::HangUp] } else { Vec::new() }
            }
            Happened::Heard => Vec::new(),
            Happened::Complete | Happened::Refused { forever: true } => {
                self.phase = Phase::Ended;
                vec![Act::HangUp]
            }
            Happened::Silent => vec![Act::Ping],
            Happened::Refused { forever: false } | Happened::NoAnswer | Happened::Lost => {
                self.lose(luck)
            }
            Happened::Due | Happened::Online if !self.open => {
                self.open = true;
                vec![Act::Connect]
            }
            Happened::Due | Happened::Online => Vec::new(),
        }
    }

    fn lose(&mut self, luck: f64) -> Vec<Act> {
        // A socket that is hung up also reports that it is gone.
        if !self.open {
            return Vec::new();
        }
        self.open = false;
        let wait = Act::Wait(pause_ms(self.failures, luck));
        self.failures = self.failures.saturating_add(1);
        if self.failures >= PATIENCE {
            self.phase = Phase::Polling;
            return vec![Act::HangUp, Act::Ask, wait];
        }
        self.phase = Phase::Reconnecting;
        vec![Act::HangUp, wait]
    }
}

impl Default for Line {
    fn default() -> Self {
        Self::new()
    }
}

/// The pause after so many failures: doubled each time, and between half of that and all of it.
#[must_use]
pub fn pause_ms(failures: u32, luck: f64) -> u32 {
    let full = FIRST_MS.saturating_mul(1 << failures.min(10)).min(LONGEST_MS);
    let half = f64::from(full) / 2.0;
    (half + half * luck.clamp(0.0, 1.0)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: Happened = Happened::Event { settled: false };

    fn live() -> Line {
        let mut line = Line::new();
        assert_eq!(line.hear(Happened::Opened, 0.5), [Act::Greet]);
        assert_eq!(line.hear(Happened::Acked, 0.5), [Act::Subscribe]);
        assert_eq!(line.hear(EVENT, 0.5), []);
        line
    }

    #[test]
    fn it_is_live_once_something_came() {
        let mut line = Line::new();
        line.hear(Happened::Opened, 0.5);
        line.hear(Happened::Acked, 0.5);
        assert_eq!(line.phase(), Phase::Connecting);
        assert_eq!(live().phase(), Phase::Live);
    }

    #[test]
    fn a_lost_socket_is_opened_again_after_a_pause() {
        let mut line = live();
        assert_eq!(line.hear(Happened::Lost, 1.0), [Act::HangUp, Act::Wait(500)]);
        assert_eq!(line.phase(), Phase::Reconnecting);
        assert_eq!(line.hear(Happened::Due, 1.0), [Act::Connect]);
        line.hear(Happened::Opened, 1.0);
        assert_eq!(line.hear(Happened::Acked, 1.0), [Act::Subscribe]);
        line.hear(EVENT, 1.0);
        assert_eq!(line.phase(), Phase::Live);
    }

    #[test]
    fn one_loss_is_one_failure_however_often_it_is_reported() {
        let mut line = live();
        line.hear(Happened::NoAnswer, 1.0);
        assert_eq!(line.hear(Happened::Lost, 1.0), []);
        assert_eq!(line.phase(), Phase::Reconnecting);
    }

    #[test]
    fn after_three_failures_it_asks_while_it_goes_on_trying() {
        let mut line = live();
        for _ in 0..2 {
            line.hear(Happened::Lost, 1.0);
            line.hear(Happened::Due, 1.0);
        }
        assert_eq!(line.hear(Happened::Lost, 1.0), [Act::HangUp, Act::Ask, Act::Wait(2000)]);
        assert_eq!(line.phase(), Phase::Polling);
        assert_eq!(line.hear(Happened::Due, 1.0), [Act::Connect]);
        assert_eq!(line.phase(), Phase::Polling, "until an event came");
        line.hear(EVENT, 1.0);
        assert_eq!(line.phase(), Phase::Live);
    }

    #[test]
    fn an_event_forgives_earlier_failures() {
        let mut line = live();
        line.hear(Happened::Lost, 1.0);
        line.hear(Happened::Due, 1.0);
        line.hear(EVENT, 1.0);
        assert_eq!(line.hear(Happened::Lost, 1.0), [Act::HangUp, Act::Wait(500)]);
    }

    #[test]
    fn a_network_that_is_back_is_used_at_once() {
        let mut line = live();
        line.hear(Happened::Lost, 1.0);
        assert_eq!(line.hear(Happened::Online, 1.0), [Act::Connect]);
        assert_eq!(line.hear(Happened::Due, 1.0), [], "not twice");
    }

    #[test]
    fn silence_is_asked_about_and_then_taken_for_a_loss() {
        let mut line = live();
        assert_eq!(line.hear(Happened::Silent, 1.0), [Act::Ping]);
        assert_eq!(line.hear(Happened::NoAnswer, 1.0), [Act::HangUp, Act::Wait(500)]);
    }

    #[test]
    fn what_is_over_stays_over() {
        for end in [
            Happened::Event { settled: true },
            Happened::Complete,
            Happened::Refused { forever: true },
        ] {
            let mut line = live();
            assert_eq!(line.hear(end, 1.0), [Act::HangUp]);
            assert_eq!(line.phase(), Phase::Ended);
            for after in [Happened::Lost, Happened::Due, Happened::Online] {
                assert_eq!(line.hear(after, 1.0), []);
            }
        }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_are_spread() {
        let pauses: Vec<_> = (0..8).map(|failures| pause_ms(failures, 1.0)).collect();
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
        assert_eq!(pause_ms(0, 0.0), 250);
        assert_eq!(pause_ms(400, 1.0), 30_000);
    }
}
