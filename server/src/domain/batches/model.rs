//! What a batch is and what may become of it: pure decisions, no I/O.

use std::ops::Range;

use entity::batch_job;
use entity::enums::{BatchState, Gate, GateReason, Priority, VideoState};
use entity::values::UnixMs;

use super::error::Error;
use super::gate::{Losses, Standing, loses_too_much};
use crate::domain::plans::Entitlement;

/// One launch, as stored.
pub type Batch = batch_job::Model;
/// One combination of a batch, as stored.
pub type Video = entity::batch_item::Model;
/// Exact count and price of one launch, as stored.
pub type Quote = entity::quote::Model;

/// What a batch's seed may be.
pub const SEEDS: Range<i64> = 0..1 << 31;

/// Videos that have not ended.
#[must_use]
pub const fn open(batch: &Batch) -> i64 {
    batch.total - batch.delivered - batch.failed - batch.cancelled
}

/// A video's values in the order of the batch's axes.
#[must_use]
pub fn bound_values(batch: &Batch, video: &Video) -> Vec<(String, String)> {
    let names = batch.variables.as_array().into_iter().flatten().filter_map(|name| name.as_str());
    names
        .filter_map(|name| {
            let value = video.bindings.get(name)?.as_str()?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect()
}

/// Whether a plan lets this quote be launched now, as far as one can tell without counters.
///
/// # Errors
/// [`Error::QuoteExpired`], [`Error::ModelNotInPlan`], [`Error::BatchesNotInPlan`],
/// [`Error::BatchTooLarge`].
pub fn launchable(quote: &Quote, plan: &Entitlement, now: UnixMs) -> Result<(), Error> {
    if now >= quote.expires_at {
        return Err(Error::QuoteExpired);
    }
    fits_plan((&quote.model, quote.video_count), plan)
}

/// Whether a plan lets so many videos of a model be made together.
///
/// # Errors
/// [`Error::ModelNotInPlan`], [`Error::BatchesNotInPlan`], [`Error::BatchTooLarge`].
pub fn fits_plan((model, count): (&str, i64), plan: &Entitlement) -> Result<(), Error> {
    if !plan.allows_model(model) {
        return Err(Error::ModelNotInPlan { model: model.to_owned() });
    }
    let limit = plan.max_videos_per_batch;
    if count > 1 && limit <= 1 {
        return Err(Error::BatchesNotInPlan);
    }
    if count > limit {
        return Err(Error::BatchTooLarge { count, limit });
    }
    Ok(())
}

/// Whether the failed videos of a batch can be tried again.
///
/// # Errors
/// [`Error::Running`] before it settled; [`Error::NothingToRetry`]; [`Error::QuoteNeeded`] later
/// than `within_ms` after it settled.
pub fn retryable(batch: &Batch, now: UnixMs, within_ms: i64) -> Result<(), Error> {
    let Some(settled_at) = batch.settled_at else { return Err(Error::Running) };
    if batch.failed == 0 {
        return Err(Error::NothingToRetry);
    }
    if now >= settled_at.plus_ms(within_ms) {
        return Err(Error::QuoteNeeded);
    }
    Ok(())
}

/// What a request to cancel comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelling {
    /// It stops.
    Allowed,
    /// It was asked to stop before.
    Already,
    /// It has ended by itself.
    Ended,
}

/// Whether a batch can still be stopped.
#[must_use]
pub const fn cancelling(batch: &Batch) -> Cancelling {
    if batch.cancel_requested {
        Cancelling::Already
    } else if batch.settled_at.is_some() {
        Cancelling::Ended
    } else {
        Cancelling::Allowed
    }
}

/// The numbers a batch's state follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Videos.
    pub total: i64,
    /// Ended DELIVERED.
    pub delivered: i64,
    /// Not ended yet.
    pub open: i64,
    /// A worker has touched it.
    pub ever_claimed: bool,
    /// Asked to stop.
    pub cancel_requested: bool,
}

/// The one rule by which a batch's state follows from its numbers.
#[must_use]
pub const fn batch_state(tally: &Tally) -> BatchState {
    if tally.open > 0 {
        if tally.delivered > 0 {
            BatchState::Partial
        } else if tally.ever_claimed {
            BatchState::Processing
        } else {
            BatchState::Queued
        }
    } else if tally.delivered == tally.total {
        BatchState::Completed
    } else if tally.delivered > 0 {
        BatchState::Partial
    } else if tally.cancel_requested {
        BatchState::Cancelled
    } else {
        BatchState::Failed
    }
}

/// What one transaction did to the videos of one batch. Even an empty one is a change: the batch
/// gets its next revision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Videos that became DELIVERED.
    pub delivered: i64,
    /// Videos that became FAILED.
    pub failed: i64,
    /// Videos that became CANCELLED.
    pub cancelled: i64,
    /// Of all that ended: pilot videos.
    pub pilot_ended: i64,
    /// A worker took some.
    pub claimed: bool,
    /// The batch is to stop: its gate closes, for this reason.
    pub close: Option<GateReason>,
}

impl Delta {
    /// Both together.
    pub const fn add(&mut self, other: Self) {
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.cancelled += other.cancelled;
        self.pilot_ended += other.pilot_ended;
        self.claimed |= other.claimed;
        if self.close.is_none() {
            self.close = other.close;
        }
    }

    /// Videos that ended without a file.
    #[must_use]
    pub const fn undelivered(&self) -> i64 {
        self.failed + self.cancelled
    }

    const fn ended(&self) -> i64 {
        self.delivered + self.failed + self.cancelled
    }
}

/// A batch's numbers after a [`Delta`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Next revision.
    pub rev: i64,
    /// Ended DELIVERED.
    pub delivered: i64,
    /// Ended FAILED.
    pub failed: i64,
    /// Ended CANCELLED.
    pub cancelled: i64,
    /// A worker has touched it.
    pub ever_claimed: bool,
    /// Asked to stop.
    pub cancel_requested: bool,
    /// Whether videos may be claimed.
    pub standing: Standing,
    /// Pilot videos that have ended.
    pub pilot_ended: i64,
    /// What follows.
    pub state: BatchState,
    /// This is the change that leaves no video open.
    pub settles: bool,
    /// This is the change after which too many have failed: it pauses.
    pub loses: bool,
    /// This is the change after which a decision on the pilot is awaited.
    pub pilot_done: bool,
}

impl Step {
    /// Adds up.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] when more videos would end than are open.
    pub fn of(row: &batch_job::Model, delta: Delta, now: UnixMs) -> Result<Self, Error> {
        let (delivered, failed, cancelled) = (
            row.delivered + delta.delivered,
            row.failed + delta.failed,
            row.cancelled + delta.cancelled,
        );
        let open = row.total - delivered - failed - cancelled;
        if open < 0 || (row.settled_at.is_some() && delta.ended() > 0) {
            return Err(Error::Inconsistent("more videos ended than were open"));
        }
        let ever_claimed = row.ever_claimed || delta.claimed;
        let cancel_requested = row.cancel_requested || delta.close.is_some();
        let tally = Tally { total: row.total, delivered, open, ever_claimed, cancel_requested };
        let goes_on = open > 0 && delta.close.is_none();
        let loses = goes_on && delta.failed > 0 && is_losing(row, (delivered, failed));
        let standing = match delta.close {
            Some(reason) => Standing::closed(reason, now),
            None if loses => Standing::paused(row, GateReason::StopLoss, now),
            None => Standing::of(row),
        };
        let pilot_ended = row.pilot_ended + if row.round == 1 { delta.pilot_ended } else { 0 };
        let in_pilot = matches!(row.gate, Gate::Pilot) || row.paused_from == Some(Gate::Pilot);
        let pilot_done = pilot_ended > row.pilot_ended && pilot_ended == row.pilot_total;
        Ok(Self {
            rev: row.rev + 1,
            delivered,
            failed,
            cancelled,
            ever_claimed,
            cancel_requested,
            standing,
            pilot_ended,
            state: batch_state(&tally),
            settles: open == 0 && row.settled_at.is_none(),
            loses,
            pilot_done: goes_on && in_pilot && pilot_done,
        })
    }
}

/// Whether a batch that goes on has lost more than its stop-loss allows.
fn is_losing(row: &batch_job::Model, (delivered, failed): (i64, i64)) -> bool {
    let (Some(rate_bp), Some(min)) = (row.stop_loss_bp, row.stop_loss_min) else { return false };
    let losses =
        Losses { delivered: delivered - row.window_delivered, failed: failed - row.window_failed };
    matches!(row.gate, Gate::Open | Gate::Pilot) && loses_too_much(losses, rate_bp, min)
}

/// What can happen to a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A worker took it; our reference is committed.
    Claimed,
    /// The provider took it; its job id is committed.
    Submitted,
    /// The provider has a result.
    Finished,
    /// The file is stored and probed.
    Delivered,
    /// The attempt provably ended without a usable result, and another may follow.
    Requeued,
    /// It ended without a result, for good.
    Failed,
    /// It was stopped on request, or would have been queued again in a closed batch.
    Cancelled,
    /// It may or may not be with the provider.
    LostSight,
    /// It was found running at the provider.
    FoundRunning,
    /// It was found finished at the provider.
    FoundFinished,
}

impl Event {
    /// Every event, for the test that walks the table.
    pub const ALL: &'static [Self] = &[
        Self::Claimed,
        Self::Submitted,
        Self::Finished,
        Self::Delivered,
        Self::Requeued,
        Self::Failed,
        Self::Cancelled,
        Self::LostSight,
        Self::FoundRunning,
        Self::FoundFinished,
    ];
}

/// The table of edges: where a video goes from `from` by `event`, or `None` where it may not.
#[must_use]
pub const fn edge(from: VideoState, event: Event) -> Option<VideoState> {
    use VideoState as S;
    Some(match (from, event) {
        (S::Queued, Event::Claimed) => S::Submitting,
        (S::Submitting, Event::Submitted) | (S::OutcomeUnknown, Event::FoundRunning) => {
            S::Rendering
        }
        (S::Rendering, Event::Finished) | (S::OutcomeUnknown, Event::FoundFinished) => S::Storing,
        (S::Storing, Event::Delivered) => S::Delivered,
        (S::Submitting | S::Rendering | S::Storing | S::OutcomeUnknown, Event::Requeued) => {
            S::Queued
        }
        (S::Submitting | S::Rendering | S::Storing | S::OutcomeUnknown, Event::Failed) => S::Failed,
        (
            S::Queued | S::Submitting | S::Rendering | S::Storing | S::OutcomeUnknown,
            Event::Cancelled,
        ) => S::Cancelled,
        (S::Submitting | S::Rendering, Event::LostSight) => S::OutcomeUnknown,
        _ => return None,
    })
}

/// In flight: claimed and not ended. These count in a lane and keep their share held on cancel.
#[must_use]
pub const fn in_flight(state: VideoState) -> bool {
    !state.is_terminal() && !matches!(state, VideoState::Queued)
}

/// Most videos of a batch that still goes ahead of bulk work in its lane.
pub const INTERACTIVE_VIDEOS: i64 = 4;

/// Order inside a lane.
#[must_use]
pub const fn priority(videos: i64) -> Priority {
    if videos <= INTERACTIVE_VIDEOS { Priority::Interactive } else { Priority::Bulk }
}

/// Seed of one video, from the batch's seed and the combination's number among all combinations
/// of the axes (takes are the last axis, so every take has its own). Below 2³¹: what every
/// provider accepts.
///
/// The number is the one before exclusions and samples: a sample of a selection has the same
/// seeds as the whole, so a pilot's best video can be made again within the full run.
#[must_use]
pub const fn video_seed(batch_seed: i64, combination: u128) -> i64 {
    let folded = (combination as u64) ^ ((combination >> 64) as u64).rotate_left(32);
    let mixed = mix(mix(batch_seed as u64) ^ folded);
    (mixed >> 33) as i64
}

/// The finaliser of SplitMix64: every input bit reaches every output bit.
const fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(numbers: (i64, i64, i64), ever_claimed: bool, cancel_requested: bool) -> BatchState {
        let (total, delivered, open) = numbers;
        batch_state(&Tally { total, delivered, open, ever_claimed, cancel_requested })
    }

    #[test]
    fn a_batchs_state_follows_from_its_numbers() {
        assert_eq!(state((3, 0, 3), false, false), BatchState::Queued);
        assert_eq!(state((3, 0, 3), true, false), BatchState::Processing);
        assert_eq!(state((3, 1, 2), true, false), BatchState::Partial);
        assert_eq!(state((3, 3, 0), true, false), BatchState::Completed);
        assert_eq!(state((3, 3, 0), true, true), BatchState::Completed);
        assert_eq!(state((3, 2, 0), true, false), BatchState::Partial);
        assert_eq!(state((3, 0, 0), false, true), BatchState::Cancelled);
        assert_eq!(state((3, 0, 0), true, false), BatchState::Failed);
    }

    #[test]
    fn nothing_leaves_an_ended_video_and_every_open_one_can_end() {
        for &from in VideoState::ALL {
            let targets: Vec<_> = Event::ALL.iter().filter_map(|&e| edge(from, e)).collect();
            if from.is_terminal() {
                assert!(targets.is_empty(), "{from:?} leads to {targets:?}");
            } else {
                assert!(targets.contains(&VideoState::Cancelled), "{from:?} cannot be cancelled");
                assert!(!targets.contains(&from), "{from:?} leads to itself");
            }
        }
        assert_eq!(edge(VideoState::Queued, Event::Delivered), None);
        assert_eq!(edge(VideoState::Rendering, Event::Delivered), None);
    }

    #[test]
    fn seeds_are_stable_distinct_and_small() {
        assert_eq!(video_seed(7, 0), video_seed(7, 0));
        let mut seeds: Vec<i64> = (0..10_000).map(|n| video_seed(7, n)).collect();
        assert!(seeds.iter().all(|seed| (0..1 << 31).contains(seed)));
        seeds.sort_unstable();
        seeds.dedup();
        assert!(seeds.len() > 9_990, "{} distinct", seeds.len());
        assert_ne!(video_seed(7, 1), video_seed(8, 1));
        assert_ne!(video_seed(7, 1), video_seed(7, 1 + (1 << 64)));
    }
}
