//! Leases, endings, and what becomes of a video when an attempt ends. Pure.

use std::time::Duration;

use entity::enums::{AttemptOutcome, Gate, Mode};
use entity::ids::{BatchId, VideoId, WalletId, WorkspaceId};

use crate::domain::batches::failure::FailureCode;
use crate::domain::batches::model::Event;
use crate::domain::media::{ObjectKeys, Probe, Stored};
use crate::ports::provider::Cost;

/// What stands in the WHERE of every write about a claimed video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fence {
    /// Which.
    pub video_id: VideoId,
    /// Its attempt when it was claimed.
    pub attempt: i64,
    /// Its epoch when it was claimed.
    pub lease_epoch: i64,
}

/// A video somebody holds, and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The right to write about it.
    pub fence: Fence,
    /// Of what.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Who pays.
    pub wallet_id: WalletId,
    /// In which credits: live and test never meet in one transaction.
    pub mode: Mode,
    /// At which provider.
    pub provider: &'static str,
}

impl Held {
    /// Where this claim's files go; no other claim ever writes there.
    #[must_use]
    pub fn object_keys(&self) -> ObjectKeys {
        let place = (self.workspace_id, self.batch_id, self.fence.video_id);
        ObjectKeys::new(place, self.fence.attempt, self.fence.lease_epoch)
    }
}

/// A stored, probed file, ready to be named by an asset row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAsset {
    /// Where it is.
    pub keys: ObjectKeys,
    /// What the store has.
    pub stored: Stored,
    /// What it is.
    pub probe: Probe,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A file, durable and playable.
    Delivered {
        /// The file.
        asset: Box<NewAsset>,
        /// What the provider charged, when known.
        cost: Option<Cost>,
    },
    /// No file, for good.
    Failed {
        /// What the customer reads.
        code: FailureCode,
        /// Class for the attempt row.
        class: &'static str,
        /// Words about it, as they came; what is kept of them is decided where they are written.
        detail: String,
        /// What the provider charges all the same.
        cost: Option<Cost>,
    },
    /// Provably no usable file, and another attempt may follow.
    Retry {
        /// RETRYABLE or LOST.
        outcome: AttemptOutcome,
        /// Class for the attempt row.
        class: &'static str,
        /// Words about it, as they came.
        detail: String,
        /// Longer wait, when the provider asked for one.
        wait: Option<Duration>,
        /// What the provider charges all the same.
        cost: Option<Cost>,
    },
    /// Nothing was proven in time.
    Unproven {
        /// What the provider may have charged.
        suspected: Option<Cost>,
    },
    /// Stopped on request.
    Stopped {
        /// What the provider charges all the same.
        cost: Option<Cost>,
    },
    /// It may or may not be with the provider; the attempt stays open.
    LostSight,
}

/// One attempt's end, as its holder or the sweep reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Which.
    pub held: Held,
    /// What happened.
    pub what: What,
    /// Applies only if the lease has run out: the sweep speaks, not the holder.
    pub only_expired: bool,
}

impl Ending {
    /// An ending reported by the holder.
    #[must_use]
    pub const fn by_holder(held: Held, what: What) -> Self {
        Self { held, what, only_expired: false }
    }
}

/// What became of an ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// In the books: asset and capture are committed.
    Delivered,
    /// Ended without a file, released.
    Failed,
    /// Ended by request, released.
    Cancelled,
    /// Waits for its next attempt, same share.
    Requeued,
    /// Its outcome is unknown.
    Unknown,
    /// Somebody else holds the video: nothing was written.
    FenceLost,
    /// A file after the share was released: no asset, no charge; the attempt is marked.
    Late,
}

impl Answer {
    /// Label of metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Requeued => "requeued",
            Self::Unknown => "unknown",
            Self::FenceLost => "fence_lost",
            Self::Late => "late",
        }
    }
}

/// Which edge an ending takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The edge.
    pub event: Event,
    /// FAILED: the code.
    pub code: Option<FailureCode>,
}

/// The decision: another attempt while there are some left and the batch goes on; in a closed
/// batch it is cancelled, released; otherwise failed.
#[must_use]
pub const fn decide(what: &What, gate: Gate, attempt: i64, max_attempts: i64) -> Turn {
    match what {
        What::Delivered { .. } => Turn { event: Event::Delivered, code: None },
        What::Failed { code, .. } => Turn { event: Event::Failed, code: Some(*code) },
        What::Unproven { .. } => {
            Turn { event: Event::Failed, code: Some(FailureCode::OutcomeUnproven) }
        }
        What::Stopped { .. } => Turn { event: Event::Cancelled, code: None },
        What::LostSight => Turn { event: Event::LostSight, code: None },
        What::Retry { .. } => {
            if matches!(gate, Gate::Closed) {
                Turn { event: Event::Cancelled, code: None }
            } else if attempt >= max_attempts {
                Turn { event: Event::Failed, code: Some(FailureCode::AttemptsExhausted) }
            } else {
                Turn { event: Event::Requeued, code: None }
            }
        }
    }
}

/// Wait before the attempt after `attempt`: `base` doubled each time, at most `most`.
#[must_use]
pub fn backoff(base: Duration, most: Duration, attempt: i64) -> Duration {
    let doublings = attempt.saturating_sub(1).clamp(0, 16);
    base.saturating_mul(1 << doublings).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry() -> What {
        What::Retry {
            outcome: AttemptOutcome::Lost,
            class: "LOST",
            detail: String::new(),
            wait: None,
            cost: None,
        }
    }

    #[test]
    fn a_retry_needs_attempts_left_and_a_batch_that_goes_on() {
        let event = |gate, attempt| decide(&retry(), gate, attempt, 3).event;
        assert_eq!(event(Gate::Open, 1), Event::Requeued);
        assert_eq!(event(Gate::Open, 2), Event::Requeued);
        assert_eq!(event(Gate::Open, 3), Event::Failed);
        assert_eq!(event(Gate::Paused, 1), Event::Requeued);
        for attempt in 1..5 {
            assert_eq!(event(Gate::Closed, attempt), Event::Cancelled);
        }
        let turn = decide(&retry(), Gate::Open, 3, 3);
        assert_eq!(turn.code, Some(FailureCode::AttemptsExhausted));
    }

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let (base, most) = (Duration::from_secs(2), Duration::from_secs(10));
        let waits: Vec<u64> = (1..6).map(|n| backoff(base, most, n).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 10, 10]);
        assert_eq!(backoff(base, most, i64::MAX), most);
    }
}
