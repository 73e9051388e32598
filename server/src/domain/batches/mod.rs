//! Batches: quote, launch, cancel, and everything that is read of them.
//!
//! Invariants:
//! - The quoted price is the price: a quote resolves every default before pricing and pins all
//!   that the launch needs; the launch copies, it never prices.
//! - A launch is one transaction in the house's lock order. Every limit (quote's life and use,
//!   role, model, size, credits, day, open batches) is decided in it by a guard; a refusal leaves
//!   no trace, not even of the idempotency key.
//! - Counts, state and revision of a launched batch change only in [`counts`].
//! - Every read starts from the scope's workspace; what belongs to another is not found.
//!
//! - The gate of a running batch moves only in [`counts`] too, decided by [`gate`] on the locked row.
//!
//! Deliberately absent: webhooks (an outbox row is written instead); claiming and settling, which
//! are the line's.

use entity::enums::Gate;
use entity::values::UnixMs;
use prompt::Limits;

use crate::coord::{EventBus, WorkQueue};
use crate::db::Db;
use crate::domain::access::{Action, Scope};
use crate::domain::plans::Plans;
use crate::domain::templates::Templates;
use crate::kernel::clock::Clock;

mod cancel;
mod close;
mod control;
pub mod counts;
pub mod error;
mod estimate;
mod expand;
pub mod failure;
pub mod gate;
mod launch;
pub mod line;
pub mod marks;
pub mod model;
mod progress;
mod quote;
mod read;
mod repo;
mod rerun;
mod retry;

pub use cancel::CancelOutcome;
pub use control::{Controlled, MoneyEffect};
pub use error::Error;
pub use estimate::{Estimate, EstimateRequest};
pub use launch::{LaunchRequest, PilotRequest, StopLoss};
pub use marks::{MarkCounts, MarkRequest, Marked};
pub use model::{Batch, Quote, Video};
pub use progress::Progress;
pub use quote::QuoteRequest;
pub use read::{BatchFilter, VideoFilter};
pub use rerun::{RerunRequest, Reseed};
pub use retry::RetryRequest;

/// Numbers of batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Life of a quote, ms.
    pub quote_ttl_ms: i64,
    /// Most videos in a batch whatever the plan says.
    pub max_videos: i64,
    /// Most bytes that the prompts and values of one batch may have together.
    pub max_prompt_bytes: usize,
    /// Most changed videos that [`Progress`] lists; past it the reader starts from a snapshot.
    pub max_changes: usize,
    /// How long a pilot or a paused batch may wait for a person, ms.
    pub undecided_ms: i64,
    /// How long after it settled a batch may be retried at its own price, ms.
    pub retry_ms: i64,
    /// Most videos of a pilot.
    pub max_pilot: i64,
    /// Whether the embedded provider makes videos here.
    pub embedded: bool,
    /// What the prompt language accepts.
    pub prompt: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            quote_ttl_ms: 30 * 60 * 1000,
            max_videos: 10_000,
            max_prompt_bytes: 64 << 20,
            max_changes: 500,
            undecided_ms: 7 * UnixMs::DAY_MS,
            retry_ms: 7 * UnixMs::DAY_MS,
            max_pilot: 100,
            embedded: true,
            prompt: Limits::default(),
        }
    }
}

/// What the service is built from.
#[derive(Clone)]
pub struct Parts {
    /// The records.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Sources of prompts.
    pub templates: Templates,
    /// Limits and prices.
    pub plans: Plans,
    /// Told of new work.
    pub queue: WorkQueue,
    /// Told of new revisions.
    pub bus: EventBus,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Batches {
    parts: Parts,
    options: Options,
}

impl Batches {
    /// Built once, in `app`.
    #[must_use]
    pub const fn new(parts: Parts, options: Options) -> Self {
        Self { parts, options }
    }

    /// When a batch closes itself if nobody decides; `None` for one that waits for nobody.
    #[must_use]
    pub fn closes_at(&self, batch: &Batch) -> Option<UnixMs> {
        let waits = matches!(batch.gate, Gate::Pilot | Gate::Paused) && batch.settled_at.is_none();
        waits.then(|| batch.gate_since.plus_ms(self.options.undecided_ms))
    }
}

/// Refuses a scope whose role does not allow the action.
fn allowed(scope: &Scope, action: Action) -> Result<(), Error> {
    if action.allowed(scope.role()) { Ok(()) } else { Err(Error::Forbidden) }
}
