//! Retry: the failed videos of a settled batch as its next round, at the batch's own price.
//!
//! One transaction: idempotency key → role and plan → wallet locked (settled, failed and round
//! change only under it, so the batch can be read before its own lock) → freeze of the round's own
//! hold → daily allowance → open-batch counter → batch → videos → audit → outbox. A refusal at any
//! step leaves nothing behind.

use entity::ids::{BatchId, VideoId};
use entity::values::{Credits, UnixMs};
use serde_json::json;

use super::control::{Controlled, MoneyEffect};
use super::counts::{self, Applied, Intent};
use super::error::Error;
use super::model::{self, Batch};
use super::repo::{self, Draw};
use super::{Batches, allowed};
use crate::db::audit::{self, Deed};
use crate::db::idempotency::{self, Claim, MAX_KEY_CHARS, Verdict};
use crate::db::outbox::{self, Message};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};
use crate::domain::plans::Entitlement;
use crate::domain::templates::model::bounded;
use crate::domain::wallet::{self, Freeze};
use crate::kernel::failpoint;

/// Name of the operation in idempotency keys.
const OPERATION: &str = "retryFailedVideos";

/// What is to be tried again.
#[derive(Clone, Debug)]
pub struct RetryRequest {
    /// Whose failed videos.
    pub batch_id: BatchId,
    /// Makes a repeat of this request harmless, 1 … 200 characters; every retry has its own.
    pub idempotency_key: String,
}

/// A retry about to be tried, possibly more than once.
struct Retry<'a> {
    scope: &'a Scope,
    known: &'a Batch,
    key: &'a str,
    now: UnixMs,
}

struct Round {
    applied: Applied,
    frozen: Credits,
    weight: i64,
}

impl Batches {
    /// Tries the failed videos of a batch again. The same key answers with the batch and changes
    /// nothing.
    ///
    /// # Errors
    /// [`Error::Running`] before it settled, [`Error::QuoteNeeded`] long after, when nothing failed
    /// [`Error::NothingToRetry`]; what a launch is refused with for credits, plan and limits.
    pub async fn retry(&self, scope: &Scope, request: RetryRequest) -> Result<Controlled, Error> {
        allowed(scope, Action::Retry)?;
        bounded("idempotencyKey", &request.idempotency_key, MAX_KEY_CHARS)?;
        let known = &self.get(scope, request.batch_id).await?;
        let (now, key) = (self.parts.clock.now(), request.idempotency_key.as_str());
        let retry = &Retry { scope, known, key, now };
        let work = |tx: Tx| async move { self.retry_in_tx(&tx, retry).await };
        let round = self.parts.db.tx(Class::Interactive, work).await?;
        let frozen = round.as_ref().map_or(Credits::ZERO, |round| round.frozen);
        if let Some(round) = &round {
            failpoint::pass("retry.committed");
            self.parts.queue.hint_weighed(scope.workspace_id(), round.weight).await;
            self.parts.bus.publish(known.id, round.applied.rev).await;
        }
        let money = MoneyEffect { frozen, ..MoneyEffect::default() };
        self.report(scope, known.id, (money, round.is_none())).await
    }

    async fn retry_in_tx(&self, tx: &Tx, retry: &Retry<'_>) -> Result<Option<Round>, Error> {
        let (scope, now, known) = (retry.scope, retry.now, retry.known);
        let input = json!({ "batchId": known.id.to_string() }).to_string().into_bytes();
        match idempotency::claim_in_tx(tx, now, &retry.claim(&input)).await? {
            Verdict::Fresh => {}
            Verdict::Replay(_) => return Ok(None),
            Verdict::Conflict => return Err(Error::IdempotencyConflict),
        }
        let user_id = scope.caller().actor.user_id().ok_or(Error::Forbidden)?;
        let role = repo::role_in_tx(tx, scope.workspace_id(), user_id).await?;
        if !role.is_some_and(|role| Action::Retry.allowed(role)) {
            return Err(Error::Forbidden);
        }
        let plan = self.parts.plans.entitlement_in_tx(tx, scope.workspace_id()).await?;
        // Nothing is booked under this lock but by the freeze, which locks the same row again.
        drop(wallet::lock_in_tx(tx, &[known.wallet_id]).await?);
        let batch = repo::batch(&**tx, scope.workspace_id(), known.id).await?;
        let batch = batch.ok_or(Error::NotFound)?;
        model::retryable(&batch, now, self.options.retry_ms)?;
        model::fits_plan((&batch.model, batch.failed), &plan)?;
        self.makes(&batch.model, batch.embedded_only || plan.embedded_only)?;
        let videos = repo::failed_in_tx(tx, batch.id).await?;
        retry.open_round_in_tx(tx, (&batch, &videos), &plan).await.map(Some)
    }
}

impl Retry<'_> {
    fn claim<'a>(&'a self, input: &'a [u8]) -> Claim<'a> {
        Claim {
            workspace_id: self.scope.workspace_id(),
            operation: OPERATION,
            key: self.key,
            input,
            result_id: self.known.id.0,
        }
    }

    async fn open_round_in_tx(
        &self,
        tx: &Tx,
        (batch, videos): (&Batch, &[VideoId]),
        plan: &Entitlement,
    ) -> Result<Round, Error> {
        let (now, round) = (self.now, batch.round + 1);
        let actor = self.scope.caller().actor.label();
        let freeze = Freeze {
            wallet_id: batch.wallet_id,
            batch_id: batch.id,
            round,
            price: batch.price_per_video,
            videos,
            actor: &actor,
        };
        wallet::freeze_in_tx(tx, &freeze, now).await?;
        let draw = Draw { workspace_id: batch.workspace_id, day: now.day(), videos: batch.failed };
        repo::use_allowance_in_tx(tx, draw, plan.max_videos_per_day).await?;
        repo::open_batch_in_tx(tx, batch.workspace_id, plan.max_open_batches).await?;
        let intent = Intent { batch_id: batch.id, ending: 0, undelivered: false };
        let locked = counts::lock_in_tx(tx, &[intent]).await?;
        let applied = counts::open_round_in_tx(tx, &locked, batch.id, now).await?;
        repo::queue_failed_in_tx(tx, batch, (round, applied.rev)).await?;
        let frozen = batch.price_per_video.checked_mul(batch.failed).unwrap_or_default();
        audit::record_in_tx(tx, now, self.deed(&actor, batch, frozen)).await?;
        outbox::put_in_tx(tx, now, message(batch, round)).await?;
        Ok(Round { applied, frozen, weight: plan.weight })
    }

    fn deed<'a>(&'a self, actor: &'a str, batch: &Batch, frozen: Credits) -> Deed<'a> {
        Deed {
            workspace_id: Some(batch.workspace_id),
            actor,
            action: "batch.retry",
            subject: batch.id.to_string(),
            detail: json!({
                "round": batch.round + 1,
                "videos": batch.failed,
                "credits": frozen.0,
            }),
            request_id: &self.scope.caller().request_id,
        }
    }
}

fn message(batch: &Batch, round: i64) -> Message {
    Message {
        workspace_id: Some(batch.workspace_id),
        topic: "batch.retried",
        payload: json!({
            "batchId": batch.id.to_string(),
            "mode": batch.mode.as_str(),
            "round": round,
            "videos": batch.failed,
        }),
    }
}
