//! Which offer makes a video, and why. Pure.
//!
//! Offers come in the order of preference; one that is full, resting or
//! too dear for the batch's plan is passed over, and so is the one at which this video's last attempt failed while
//! another can have it. The reasons are kept with the attempt ([`Decision`]).

use serde_json::{Value, json};

/// An offer as a claim sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Name in `attempts.provider` and `provider_counters`.
    pub name: &'static str,
    /// The model it serves.
    pub model: &'static str,
    /// It is the embedded provider, whose videos cost nothing.
    pub embedded: bool,
    /// Most videos this process can take on for it now.
    pub most: i64,
    /// It has failed too often lately.
    pub resting: bool,
    /// Its place by cost or by measurement, lower first; 0 where that is not preferred, or nothing
    /// was measured.
    pub rank: i64,
}

/// Why an offer was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// As many submissions are in flight as it may have.
    Full,
    /// This process has no slot for it.
    NoSlot,
    /// It has failed too often lately.
    Resting,
    /// The video's last attempt failed there.
    FailedBefore,
    /// It would cost something, and the batch is of a plan that pays nothing.
    NotEmbedded,
}

impl Passed {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::NoSlot => "no-slot",
            Self::Resting => "resting",
            Self::FailedBefore => "failed-before",
            Self::NotEmbedded => "not-embedded",
        }
    }
}

/// A candidate with its room over all processes.
#[derive(Clone, Copy, Debug)]
pub struct Roomy {
    /// Which.
    pub candidate: Candidate,
    /// Submissions it may still have.
    pub room: i64,
}

impl Roomy {
    /// Why it cannot take a video of any batch now.
    #[must_use]
    pub const fn passed(&self) -> Option<Passed> {
        if self.candidate.resting {
            Some(Passed::Resting)
        } else if self.room <= 0 {
            Some(Passed::Full)
        } else if self.candidate.most <= 0 {
            Some(Passed::NoSlot)
        } else {
            None
        }
    }

    /// Most videos it can take now.
    #[must_use]
    pub fn most(&self) -> i64 {
        self.room.min(self.candidate.most)
    }
}

/// The offers for one batch: those that can be tried, in order, and those passed over.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// To be tried, preferred first.
    pub open: Vec<Roomy>,
    passed: Vec<(&'static str, Passed)>,
}

impl Decision {
    /// Sorts the offers of a model for a batch.
    #[must_use]
    pub fn of(roomy: &[Roomy], model: &str, embedded_only: bool) -> Self {
        let mut decision = Self::default();
        for one in roomy.iter().filter(|one| one.candidate.model == model) {
            let barred = embedded_only && !one.candidate.embedded;
            match if barred { Some(Passed::NotEmbedded) } else { one.passed() } {
                Some(why) => decision.passed.push((one.candidate.name, why)),
                None => decision.open.push(*one),
            }
        }
        decision
    }

    /// What is kept with an attempt at `chosen`: the offers passed over and why.
    #[must_use]
    pub fn record(&self, chosen: &str) -> Value {
        let earlier = self.open.iter().take_while(|one| one.candidate.name != chosen);
        let failed = earlier.map(|one| (one.candidate.name, Passed::FailedBefore));
        let passed: Vec<Value> = self
            .passed
            .iter()
            .copied()
            .chain(failed)
            .map(|(name, why)| json!({ "offer": name, "why": why.as_str() }))
            .collect();
        let rank = self.open.iter().find(|one| one.candidate.name == chosen);
        let rank = rank.map_or(0, |one| one.candidate.rank);
        json!({ "offer": chosen, "rank": rank, "passed": passed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Candidate =
        Candidate { name: "a", model: "m", embedded: false, most: 3, resting: false, rank: 7 };

    #[test]
    fn the_first_that_can_is_tried_first_and_the_reasons_are_kept() {
        let roomy = [
            Roomy { candidate: A, room: 0 },
            Roomy { candidate: Candidate { name: "b", resting: true, ..A }, room: 9 },
            Roomy { candidate: Candidate { name: "c", ..A }, room: 2 },
            Roomy { candidate: Candidate { name: "d", ..A }, room: 9 },
            Roomy { candidate: Candidate { name: "e", model: "n", ..A }, room: 9 },
            Roomy { candidate: Candidate { name: "f", most: 0, ..A }, room: 9 },
        ];
        let decision = Decision::of(&roomy, "m", false);
        let open: Vec<_> =
            decision.open.iter().map(|one| (one.candidate.name, one.most())).collect();
        assert_eq!(open, [("c", 2), ("d", 3)]);
        let text = decision.record("d").to_string();
        for word in ["full", "resting", "no-slot", "failed-before"] {
            assert!(text.contains(word), "{word} is missing in {text}");
        }
        assert!(text.contains("\"rank\":7"), "{text}");
        assert!(Decision::of(&roomy, "m", true).open.is_empty(), "none of them is embedded");
    }
}
