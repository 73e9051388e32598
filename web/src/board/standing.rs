//! How far a batch is, in numbers a person reads.

use crate::api::batches::{Batch, BatchState, Gate, GateReason};

/// A batch's state in one word, gate included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing begun yet.
    Queued,
    /// Under way.
    Processing,
    /// Only its pilot is made.
    Pilot,
    /// Waits for a person.
    Paused,
    /// All delivered.
    Completed,
    /// Ended, some delivered.
    Partial,
    /// Ended by request.
    Cancelled,
    /// Ended, nothing delivered.
    Failed,
}

impl Standing {
    /// What is said of a batch: while it is open its gate matters more than its counts.
    #[must_use]
    pub fn of(batch: &Batch) -> Self {
        let open = batch.settled_at.is_none();
        match (batch.gate, batch.state) {
            (Gate::Paused, _) if open => Self::Paused,
            (Gate::Pilot, _) if open => Self::Pilot,
            (_, BatchState::Queued) => Self::Queued,
            (_, BatchState::Processing) => Self::Processing,
            (_, BatchState::Partial) if open => Self::Processing,
            (_, BatchState::Partial) => Self::Partial,
            (_, BatchState::Completed) => Self::Completed,
            (_, BatchState::Cancelled) => Self::Cancelled,
            (_, BatchState::Failed) => Self::Failed,
        }
    }

    /// Whether videos may still come.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Processing | Self::Pilot | Self::Paused)
    }
}

/// What a person may do to a batch now.
impl Batch {
    /// Begin nothing more for now.
    #[must_use]
    pub fn can_pause(&self) -> bool {
        self.settled_at.is_none() && matches!(self.gate, Gate::Open | Gate::Pilot)
    }

    /// Go on.
    #[must_use]
    pub fn can_resume(&self) -> bool {
        self.settled_at.is_none() && self.gate == Gate::Paused
    }

    /// Stop.
    #[must_use]
    pub fn can_cancel(&self) -> bool {
        self.settled_at.is_none() && self.gate != Gate::Closed
    }

    /// Try the failed ones again.
    #[must_use]
    pub fn can_retry(&self) -> bool {
        self.settled_at.is_some() && self.counts.failed > 0
    }

    /// Decide about the rest after the pilot.
    #[must_use]
    pub fn pilot_waits(&self) -> bool {
        self.gate == Gate::Pilot && self.pilot.as_ref().is_some_and(|pilot| pilot.decision_awaited)
    }

    /// Paused because too much failed.
    #[must_use]
    pub fn stopped_by_loss(&self) -> bool {
        self.gate == Gate::Paused && self.gate_reason == Some(GateReason::StopLoss)
    }
}

/// Seconds left, by the pace so far: none before three have ended or when nothing is open.
#[must_use]
pub fn eta_s(ended: u32, open: u32, elapsed_s: f64) -> Option<u32> {
    if ended < 3 || open == 0 || elapsed_s <= 0.0 {
        return None;
    }
    let left = elapsed_s / f64::from(ended) * f64::from(open);
    (left.is_finite() && left < 1e9).then(|| left.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_promised_before_there_is_a_pace() {
        assert_eq!(eta_s(2, 10, 4.0), None);
        assert_eq!(eta_s(4, 0, 4.0), None);
        assert_eq!(eta_s(4, 8, 10.0), Some(20));
    }
}
