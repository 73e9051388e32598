//! A batch stops for good: what waits is cancelled and released, what is under way ends as it ends.
//!
//! One transaction for all who close: a person who cancels, one who declines a pilot, and the
//! sweep when nobody decided in time. Each brings its own guard, which is asked under the lock.

use entity::enums::GateReason;
use entity::ids::VideoId;
use entity::values::{Credits, UnixMs};
use serde_json::json;

use super::counts::{self, Applied, BatchDelta, Intent};
use super::error::Error;
use super::gate::Standing;
use super::model::{self, Batch, Delta};
use super::repo;
use crate::db::Tx;
use crate::db::audit::{self, Deed};
use crate::db::outbox;
use crate::domain::wallet::{self, Resolution, Verdict};

/// Who closes what, and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing<'a> {
    /// As it was read before; only what never changes is taken from it.
    pub known: &'a Batch,
    /// Why.
    pub reason: GateReason,
    /// Who, for ledger and audit.
    pub actor: &'a str,
    /// Ties the audit row to the log.
    pub request_id: &'a str,
    /// When.
    pub now: UnixMs,
}

/// What closing did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closed {
    /// Given back.
    pub released: Credits,
    /// Announced after commit.
    pub applied: Applied,
}

/// Closes the batch if `allows` says so of its locked row; `None` when it says there is nothing to
/// do any more.
///
/// # Errors
/// What `allows` refuses with; the database's failure.
pub(super) async fn close_in_tx(
    tx: &Tx,
    closing: &Closing<'_>,
    allows: impl Fn(&Batch) -> Result<bool, Error>,
) -> Result<Option<Closed>, Error> {
    let (known, now) = (closing.known, closing.now);
    let mut books = wallet::lock_in_tx(tx, &[known.wallet_id]).await?.acting(closing.actor);
    let intent = Intent { batch_id: known.id, ending: known.total, undelivered: true };
    let locked = counts::lock_in_tx(tx, &[intent]).await?;
    let batch = locked.get(known.id).ok_or(Error::NotFound)?;
    if !allows(batch)? {
        return Ok(None);
    }
    let stopped = repo::cancel_queued_in_tx(tx, batch, now).await?;
    let videos: Vec<VideoId> = stopped.iter().map(|(video_id, _)| *video_id).collect();
    let resolved = wallet::resolve_in_tx(tx, &mut books, &releases(&videos), now).await?;
    if resolved.len() != videos.len() {
        return Err(Error::Inconsistent("a queued video had no open share"));
    }
    let released = Credits(resolved.iter().map(|share| share.amount.0).sum());
    let count = |videos: usize| i64::try_from(videos).unwrap_or(i64::MAX);
    let delta = Delta {
        cancelled: count(videos.len()),
        pilot_ended: count(stopped.iter().filter(|(_, pilot)| *pilot).count()),
        close: Some(closing.reason),
        ..Delta::default()
    };
    audit::record_in_tx(tx, now, deed(closing, batch, (delta.cancelled, released))).await?;
    let to = Standing::closed(closing.reason, now);
    outbox::put_in_tx(tx, now, counts::gate_message(batch, "batch.closed", to)).await?;
    let change = BatchDelta { batch_id: known.id, delta };
    let applied = counts::apply_in_tx(tx, locked, &[change], now).await?;
    wallet::finish_in_tx(tx, books).await?;
    let applied = applied.first().copied().ok_or(Error::Inconsistent("a change was lost"))?;
    Ok(Some(Closed { released, applied }))
}

fn releases(videos: &[VideoId]) -> Vec<Resolution> {
    videos
        .iter()
        .map(|video_id| Resolution { video_id: *video_id, verdict: Verdict::Release })
        .collect()
}

fn deed<'a>(
    closing: &Closing<'a>,
    batch: &Batch,
    (cancelled, released): (i64, Credits),
) -> Deed<'a> {
    Deed {
        workspace_id: Some(batch.workspace_id),
        actor: closing.actor,
        action: match closing.reason {
            GateReason::Declined => "batch.decline",
            GateReason::Overdue => "batch.overdue",
            _ => "batch.cancel",
        },
        subject: batch.id.to_string(),
        detail: json!({
            "cancelled": cancelled,
            "released": released.0,
            "inFlight": model::open(batch) - cancelled,
            "gate": batch.gate.as_str(),
        }),
        request_id: closing.request_id,
    }
}
