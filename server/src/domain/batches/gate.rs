//! Whether a batch's videos may be claimed, and who may change that: pure decisions, no I/O.
//!
//! The gate stands beside the state. OPEN: every video. PILOT: the pilot videos alone; when they
//! have ended a decision is awaited. PAUSED: none, until it is resumed to the gate it came from.
//! CLOSED: none, for good (a retry opens it again). Whatever the gate says, what was claimed before
//! goes on to its end.

use entity::enums::{Gate, GateReason};
use entity::values::UnixMs;

use super::error::Error;
use super::model::Batch;

/// How a gate stands, with all that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The gate.
    pub gate: Gate,
    /// PAUSED: where resume returns to.
    pub paused_from: Option<Gate>,
    /// PAUSED, CLOSED: why.
    pub reason: Option<GateReason>,
    /// Since when.
    pub since: UnixMs,
}

impl Standing {
    /// As stored.
    #[must_use]
    pub const fn of(batch: &Batch) -> Self {
        Self {
            gate: batch.gate,
            paused_from: batch.paused_from,
            reason: batch.gate_reason,
            since: batch.gate_since,
        }
    }

    /// OPEN or PILOT, as a launch, a resume or an approval leaves it.
    #[must_use]
    pub const fn going(gate: Gate, since: UnixMs) -> Self {
        Self { gate, paused_from: None, reason: None, since }
    }

    /// PAUSED, to return to the gate that `batch` has now.
    #[must_use]
    pub const fn paused(batch: &Batch, reason: GateReason, since: UnixMs) -> Self {
        Self { gate: Gate::Paused, paused_from: Some(batch.gate), reason: Some(reason), since }
    }

    /// CLOSED.
    #[must_use]
    pub const fn closed(reason: GateReason, since: UnixMs) -> Self {
        Self { gate: Gate::Closed, paused_from: None, reason: Some(reason), since }
    }
}

/// What a request to pause comes to: the gate afterwards, or `None` when it is paused already.
///
/// # Errors
/// [`Error::Ended`] once it has settled, [`Error::Closing`] once it was asked to stop.
pub const fn pause(batch: &Batch, now: UnixMs) -> Result<Option<Standing>, Error> {
    match batch.gate {
        _ if batch.settled_at.is_some() => Err(Error::Ended),
        Gate::Closed => Err(Error::Closing),
        Gate::Paused => Ok(None),
        Gate::Open | Gate::Pilot => Ok(Some(Standing::paused(batch, GateReason::Person, now))),
    }
}

/// The gate after a resume: the one it was paused from.
///
/// # Errors
/// As for [`pause`]; [`Error::NotPaused`].
pub const fn resume(batch: &Batch, now: UnixMs) -> Result<Standing, Error> {
    match (batch.gate, batch.paused_from) {
        _ if batch.settled_at.is_some() => Err(Error::Ended),
        (Gate::Closed, _) => Err(Error::Closing),
        (Gate::Paused, Some(from)) => Ok(Standing::going(from, now)),
        (Gate::Paused, None) => Err(Error::Inconsistent("a paused batch came from no gate")),
        (Gate::Open | Gate::Pilot, _) => Err(Error::NotPaused),
    }
}

/// Whether the pilot of a batch is still to be decided on, be its videos done or not.
///
/// # Errors
/// [`Error::NoPilot`], [`Error::PilotDecided`], [`Error::Paused`] for a pilot that is paused,
/// [`Error::Ended`] when the pilot was all there was.
pub const fn undecided(batch: &Batch) -> Result<(), Error> {
    match (batch.gate, batch.paused_from) {
        _ if batch.pilot_total == 0 => Err(Error::NoPilot),
        (Gate::Pilot, _) if batch.settled_at.is_some() => Err(Error::Ended),
        (Gate::Pilot, _) => Ok(()),
        (Gate::Paused, Some(Gate::Pilot)) => Err(Error::Paused),
        (Gate::Paused, _) => Err(Error::PilotDecided { gate: Gate::Open }),
        (gate, _) => Err(Error::PilotDecided { gate }),
    }
}

/// Whether the pilot videos have ended and somebody has to say how it goes on.
#[must_use]
pub const fn decision_awaited(batch: &Batch) -> bool {
    matches!(batch.gate, Gate::Pilot)
        && batch.settled_at.is_none()
        && batch.pilot_ended >= batch.pilot_total
}

/// Whether a batch has waited for a person since `before` or longer.
#[must_use]
pub fn overdue(batch: &Batch, before: UnixMs) -> bool {
    batch.settled_at.is_none()
        && matches!(batch.gate, Gate::Pilot | Gate::Paused)
        && batch.gate_since <= before
}

/// Numbers of a stop-loss: what ended since it began to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Losses {
    /// DELIVERED.
    pub delivered: i64,
    /// FAILED.
    pub failed: i64,
}

/// Whether so many failures pause the batch: more than `rate_bp` in 10,000 of at least `min`
/// finished videos. What was cancelled did not finish.
#[must_use]
pub const fn loses_too_much(losses: Losses, rate_bp: i64, min: i64) -> bool {
    let finished = losses.delivered + losses.failed;
    finished >= min && losses.failed * 10_000 > rate_bp * finished
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loses(delivered: i64, failed: i64, rate_bp: i64, min: i64) -> bool {
        loses_too_much(Losses { delivered, failed }, rate_bp, min)
    }

    #[test]
    fn a_stop_loss_waits_for_enough_and_then_asks_for_more_than_its_rate() {
        assert!(!loses(0, 9, 2_000, 10), "nine are too few to conclude from");
        assert!(loses(0, 10, 2_000, 10));
        assert!(!loses(8, 2, 2_000, 10), "a fifth is not more than a fifth");
        assert!(loses(7, 3, 2_000, 10));
        assert!(loses(99, 1, 0, 10), "no failure at all is allowed");
        assert!(!loses(100, 0, 0, 10));
    }
}
