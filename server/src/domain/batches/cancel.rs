//! Cancel: what waits ends now, what is under way ends as it ends.
//!
//! QUEUED videos are cancelled and their shares released in this transaction. Videos in flight
//! stay held: the line asks their provider to stop, and the first guarded edge wins (stopped:
//! released; file arrives: delivered and charged). The gate closes, so nothing is claimed again.

use entity::ids::{BatchId, VideoId};
use entity::values::{Credits, UnixMs};
use serde_json::json;

use super::counts::{self, Applied, BatchDelta, Intent};
use super::error::Error;
use super::model::{self, Batch, Cancelling, Delta};
use super::{Batches, allowed, repo};
use crate::db::audit::{self, Deed};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};
use crate::domain::wallet::{self, Resolution, Verdict};
use crate::kernel::failpoint;

/// What a cancel did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelOutcome {
    /// The batch afterwards.
    pub batch: Batch,
    /// Given back by this very request.
    pub released_credits: Credits,
    /// Still frozen for videos in flight.
    pub still_held_credits: Credits,
    /// Whether videos are in flight that may yet be delivered, and charged.
    pub may_still_be_charged: bool,
    /// True when somebody had cancelled it before: this request changed nothing.
    pub already_cancelled: bool,
}

struct Done {
    released: Credits,
    already: bool,
    applied: Option<Applied>,
}

impl Batches {
    /// Stops a batch.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Ended`] for a batch that settled without being cancelled.
    pub async fn cancel(&self, scope: &Scope, batch_id: BatchId) -> Result<CancelOutcome, Error> {
        allowed(scope, Action::Cancel)?;
        let known = self.get(scope, batch_id).await?;
        let now = self.parts.clock.now();
        let known = &known;
        let work = |tx: Tx| async move { cancel_in_tx(&tx, scope, (known, now)).await };
        let done = self.parts.db.tx(Class::Money, work).await?;
        if let Some(applied) = done.applied {
            failpoint::pass("cancel.committed");
            self.parts.bus.publish(batch_id, applied.rev).await;
        }
        let batch = self.get(scope, batch_id).await?;
        let still_held = batch.price_per_video.checked_mul(model::open(&batch));
        Ok(CancelOutcome {
            released_credits: done.released,
            still_held_credits: still_held.unwrap_or_default(),
            may_still_be_charged: model::open(&batch) > 0,
            already_cancelled: done.already,
            batch,
        })
    }
}

async fn cancel_in_tx(
    tx: &Tx,
    scope: &Scope,
    (known, now): (&Batch, UnixMs),
) -> Result<Done, Error> {
    let actor = scope.caller().actor.label();
    let mut books = wallet::lock_in_tx(tx, &[known.wallet_id]).await?.acting(&actor);
    let intent = Intent { batch_id: known.id, ending: known.total, undelivered: true };
    let locked = counts::lock_in_tx(tx, &[intent]).await?;
    let batch = locked.get(known.id).ok_or(Error::NotFound)?;
    match model::cancelling(batch) {
        Cancelling::Allowed => {}
        Cancelling::Ended => return Err(Error::Ended),
        Cancelling::Already => {
            return Ok(Done { released: Credits::ZERO, already: true, applied: None });
        }
    }
    let stopped = repo::cancel_queued_in_tx(tx, batch, now).await?;
    let resolved = wallet::resolve_in_tx(tx, &mut books, &releases(&stopped), now).await?;
    if resolved.len() != stopped.len() {
        return Err(Error::Inconsistent("a queued video had no open share"));
    }
    let released = Credits(resolved.iter().map(|share| share.amount.0).sum());
    let cancelled = i64::try_from(stopped.len()).unwrap_or(i64::MAX);
    let delta = Delta { cancelled, cancel: true, ..Delta::default() };
    let deed = deed(scope, &actor, (batch, cancelled, released));
    audit::record_in_tx(tx, now, deed).await?;
    let change = BatchDelta { batch_id: known.id, delta };
    let applied = counts::apply_in_tx(tx, locked, &[change], now).await?;
    wallet::finish_in_tx(tx, books).await?;
    Ok(Done { released, already: false, applied: applied.first().copied() })
}

fn releases(videos: &[VideoId]) -> Vec<Resolution> {
    videos
        .iter()
        .map(|video_id| Resolution { video_id: *video_id, verdict: Verdict::Release })
        .collect()
}

fn deed<'a>(
    scope: &'a Scope,
    actor: &'a str,
    (batch, cancelled, released): (&Batch, i64, Credits),
) -> Deed<'a> {
    Deed {
        workspace_id: Some(scope.workspace_id()),
        actor,
        action: "batch.cancel",
        subject: batch.id.to_string(),
        detail: json!({
            "cancelled": cancelled,
            "released": released.0,
            "inFlight": model::open(batch) - cancelled,
        }),
        request_id: &scope.caller().request_id,
    }
}
