//! The line: claims, edges, endings and recovery of videos. Every statement about a video in
//! flight is here.
//!
//! Invariants:
//! - Each edge is one guarded UPDATE fenced by (attempt, lease epoch); what it touched is counted.
//!   `attempt` grows only when something is about to be submitted, `lease_epoch` with every claim.
//! - Lease times are the database's clock. Losing a lease means only that somebody else may claim;
//!   it is the epoch that keeps the old claimant from writing.
//! - A claim commits state, attempt row with our reference, revision and counters together. A
//!   counter that refuses rolls it back.
//! - Whatever ends an attempt passes through [`settle_in_tx`]: state, share, asset, attempt and
//!   counters commit together or not at all. DELIVERED takes an asset that is already durable.
//! - A write whose fence is lost matches no row, and is counted and told: [`fenced`].
//! - `failpoint::pass` marks the moment after each commit; tests kill the process there.
//!
//! Deliberately absent: tasks and timers (see `worker`), calls to providers, file work.

mod claim;
pub mod counters;
pub mod detail;
mod edges;
pub mod error;
pub mod model;
mod overdue;
mod recover;
pub mod route;
mod settle;
mod write;

use std::sync::Arc;
use std::time::Duration;

use entity::ids::WorkspaceId;
use entity::values::UnixMs;

pub use claim::{ClaimRequest, ClaimedBatch, ClaimedVideo};
pub use error::Error;
pub use model::{Answer, Ending, Fence, Held, NewAsset, What};
pub use recover::Found;
pub use route::Candidate;
pub use settle::settle_in_tx;

use super::counts::Applied;
use crate::coord::{EventBus, WorkQueue};
use crate::db::{Class, Db};
use crate::domain::wallet::Wallet;
use crate::kernel::clock::Clock;
use crate::kernel::failpoint;
use crate::ports::provider::{Cost, JobId};

/// Limits and durations of the line.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Name of this process in leases. Two processes on one database must differ; the same name
    /// after a restart lets it take back its own at once.
    pub owner: String,
    /// Life of a lease without renewal.
    pub lease: Duration,
    /// Attempts after which a video fails.
    pub max_attempts: i64,
    /// Wait before the second attempt; doubles with each.
    pub backoff: Duration,
    /// Longest wait between attempts.
    pub backoff_max: Duration,
    /// How long an unproven outcome is waited for.
    pub unproven_after: Duration,
    /// How long a pilot or a paused batch may wait for a person.
    pub undecided_after: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            owner: String::from("line"),
            lease: Duration::from_secs(60),
            max_attempts: 3,
            backoff: Duration::from_secs(2),
            backoff_max: Duration::from_secs(300),
            unproven_after: Duration::from_secs(86_400),
            undecided_after: Duration::from_secs(7 * 86_400),
        }
    }
}

/// The use-cases of the line. Cheap to clone.
#[derive(Clone)]
pub struct Dispatch {
    db: Db,
    clock: Clock,
    wallet: Wallet,
    queue: WorkQueue,
    bus: EventBus,
    rules: Arc<Rules>,
}

impl Dispatch {
    /// The line over these parts.
    #[must_use]
    pub fn new(parts: Parts, rules: Rules) -> Self {
        let Parts { db, clock, wallet, queue, bus } = parts;
        Self { db, clock, wallet, queue, bus, rules: Arc::new(rules) }
    }

    /// The rules it works by.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The queue of lanes.
    #[must_use]
    pub const fn queue(&self) -> &WorkQueue {
        &self.queue
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> UnixMs {
        self.clock.now()
    }

    /// The database, for the worker's own reads.
    #[must_use]
    pub const fn db(&self) -> &Db {
        &self.db
    }

    /// Takes videos of the workspace's next batch; `None` when there is no room or nothing to do.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn claim(&self, request: &ClaimRequest<'_>) -> Result<Option<ClaimedBatch>, Error> {
        let (now, rules) = (self.clock.now(), &self.rules);
        if request.offers.is_empty() {
            return Ok(None);
        }
        let claimed = self
            .db
            .tx(
                Class::Money,
                |tx| async move { claim::claim_in_tx(&tx, request, rules, now).await },
            )
            .await;
        let claimed = match claimed {
            Err(Error::NoRoom) | Ok(None) => return Ok(None),
            Ok(Some(claimed)) => claimed,
            Err(other) => return Err(other),
        };
        for _ in &claimed.videos {
            failpoint::pass("claim.committed");
        }
        self.bus.publish(claimed.batch_id, claimed.rev).await;
        Ok(Some(claimed))
    }

    /// SUBMITTING → RENDERING: the provider's job id is committed.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn submitted(&self, held: &Held, job: &JobId) -> Result<(), Error> {
        let now = self.clock.now();
        let work = |tx| async move { edges::submitted_in_tx(&tx, held, job, now).await };
        let applied = fenced(held, "submitted", self.db.tx(Class::Money, work).await)?;
        failpoint::pass("submit.committed");
        self.announce(&applied).await;
        Ok(())
    }

    /// RENDERING → STORING: the provider has a result.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn storing(&self, held: &Held) -> Result<(), Error> {
        let now = self.clock.now();
        let work = |tx| async move { edges::storing_in_tx(&tx, held, now).await };
        let applied = fenced(held, "storing", self.db.tx(Class::Money, work).await)?;
        failpoint::pass("storing.committed");
        self.announce(&applied).await;
        Ok(())
    }

    /// A file came, but the fence is lost: notes it on the attempt if the share was released.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn came_late(&self, held: &Held, cost: Option<Cost>) -> Result<bool, Error> {
        let now = self.clock.now();
        let lost = &[(held.fence, cost)];
        let work =
            |tx| async move { Ok::<_, Error>(edges::mark_late_in_tx(&tx, lost, now).await?) };
        let marked = !self.db.tx(Class::Money, work).await?.is_empty();
        if marked {
            let late = Answer::Late.as_str();
            metrics::counter!("reelmill_line_endings_total", "answer" => late).increment(1);
        }
        Ok(marked)
    }

    /// The provider is about to be asked to stop, because the batch was closed.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn ask_to_stop(&self, held: &Held) -> Result<(), Error> {
        let now = self.clock.now();
        let work = |tx| async move { edges::ask_to_stop_in_tx(&tx, held, now).await };
        fenced(held, "ask_to_stop", self.db.tx(Class::Money, work).await)
    }

    /// Lengthens the lease.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn renew(&self, held: &Held) -> Result<(), Error> {
        let lease = self.rules.lease;
        let work = |tx| async move { edges::renew_in_tx(&tx, held, lease).await };
        fenced(held, "renewed", self.db.tx(Class::Money, work).await)
    }

    /// Ends attempts: one transaction for all of them, one answer for each, in their order. All
    /// must be of one mode.
    ///
    /// # Errors
    /// The database's failure, or [`Error::Inconsistent`]: then nothing was written.
    pub async fn settle(&self, endings: &[Ending]) -> Result<Vec<Answer>, Error> {
        let (now, rules) = (self.clock.now(), &self.rules);
        let work = |tx| async move {
            let done = settle_in_tx(&tx, rules, endings, now).await?;
            failpoint::pass("settle.before_commit");
            Ok::<_, Error>(done)
        };
        let (answers, applied) = self.db.tx(Class::Money, work).await?;
        for (ending, answer) in endings.iter().zip(&answers) {
            metrics::counter!("reelmill_line_endings_total", "answer" => answer.as_str())
                .increment(1);
            match committed(*answer) {
                Some(point) => {
                    failpoint::pass("settle.committed");
                    failpoint::pass(point);
                }
                // The sweep speaks for nobody who lost anything.
                None if !ending.only_expired => unmatched(&ending.held, "ended"),
                None => {}
            }
        }
        self.announce(&applied).await;
        let freed: std::collections::BTreeSet<WorkspaceId> =
            applied.iter().map(|batch| batch.workspace_id).collect();
        for workspace_id in freed {
            self.queue.hint(workspace_id).await;
        }
        Ok(answers)
    }

    async fn announce(&self, applied: &[Applied]) {
        for batch in applied {
            self.bus.publish(batch.batch_id, batch.rev).await;
        }
    }
}

/// Counts and tells a write that matched no row because its fence was lost.
fn fenced<T>(held: &Held, write: &'static str, done: Result<T, Error>) -> Result<T, Error> {
    if let Err(Error::FenceLost) = &done {
        unmatched(held, write);
    }
    done
}

fn unmatched(held: &Held, write: &'static str) {
    metrics::counter!("reelmill_fenced_writes_total", "write" => write).increment(1);
    let Fence { video_id, attempt, lease_epoch } = held.fence;
    tracing::info!(%video_id, attempt, lease_epoch, write, "line.fence matched no row");
}

/// The point after the commit of an ending; none where nothing was written.
const fn committed(answer: Answer) -> Option<&'static str> {
    match answer {
        Answer::Delivered => Some("delivered.committed"),
        Answer::Failed => Some("failed.committed"),
        Answer::Cancelled => Some("stopped.committed"),
        Answer::Requeued => Some("requeued.committed"),
        Answer::Unknown => Some("unknown.committed"),
        Answer::FenceLost | Answer::Late => None,
    }
}

/// What the line is built from.
#[derive(Clone)]
pub struct Parts {
    /// The records.
    pub db: Db,
    /// Time, for everything but leases.
    pub clock: Clock,
    /// The books.
    pub wallet: Wallet,
    /// Lanes with work.
    pub queue: WorkQueue,
    /// Who follows batches.
    pub bus: EventBus,
}
