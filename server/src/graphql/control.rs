//! Control over a running batch. Every payload says what the request did to the money.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{BatchId, WorkspaceId};

use super::batches::BatchShown;
use super::call::ContextExt as _;
use super::error::Answer;
use super::scalars::{Long, id};
use crate::domain::access::{Action, Scope};
use crate::domain::batches::{Controlled, MoneyEffect, RetryRequest};

/// A batch to be paused.
#[derive(InputObject)]
pub struct PauseBatchInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
}

/// A batch to go on.
#[derive(InputObject)]
pub struct ResumeBatchInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
}

/// A pilot that was good.
#[derive(InputObject)]
pub struct ApprovePilotInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
}

/// A pilot that was not.
#[derive(InputObject)]
pub struct DeclinePilotInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
}

/// Failed videos to be tried again.
#[derive(InputObject)]
pub struct RetryFailedVideosInput {
    /// Where.
    workspace_id: ID,
    /// Of which settled batch.
    batch_id: ID,
    /// 1 to 200 characters of the client's choice, another for each retry: the same key again
    /// answers with the batch and changes nothing, for 7 days.
    idempotency_key: String,
}

/// What a request did to the money of a batch, and what may yet happen to it.
#[derive(SimpleObject)]
#[graphql(name = "MoneyEffect")]
pub struct MoneyShown {
    /// Credits frozen by this request.
    frozen_credits: Long,
    /// Credits given back by this request.
    released_credits: Long,
    /// Credits frozen for videos that have not ended.
    still_held_credits: Long,
    /// Of what is held: for videos under way, which may be charged whatever the gate says.
    under_way_credits: Long,
    /// Whether anything may still be charged as the gate stands now.
    may_still_be_charged: bool,
}

/// What the pause did.
#[derive(SimpleObject)]
pub struct PauseBatchPayload {
    /// The batch afterwards.
    batch: BatchShown,
    /// Nothing is given back: what waits keeps its credits until it is resumed or closed.
    money: MoneyShown,
    /// True when it was paused before: this request changed nothing.
    already_paused: bool,
}

/// What the resume did.
#[derive(SimpleObject)]
pub struct ResumeBatchPayload {
    /// The batch afterwards, at the gate it was paused from.
    batch: BatchShown,
    /// What waits is made again, and charged when delivered.
    money: MoneyShown,
}

/// What the approval did.
#[derive(SimpleObject)]
pub struct ApprovePilotPayload {
    /// The batch afterwards: every video may be made.
    batch: BatchShown,
    /// What waits is made, and charged when delivered.
    money: MoneyShown,
}

/// What declining did.
#[derive(SimpleObject)]
pub struct DeclinePilotPayload {
    /// The batch afterwards: nothing more is begun.
    batch: BatchShown,
    /// What waited was given back; what is under way ends as it ends.
    money: MoneyShown,
}

/// What the retry did.
#[derive(SimpleObject)]
pub struct RetryFailedVideosPayload {
    /// The batch afterwards, in its next round.
    batch: BatchShown,
    /// The round has a hold of its own, at the batch's own price.
    money: MoneyShown,
    /// True when this key was used before: this request changed nothing.
    already_retried: bool,
}

/// Writes.
#[derive(Default)]
pub struct ControlMutations;

#[Object]
impl ControlMutations {
    /// Begins nothing more of a batch until it is resumed; what is under way finishes. A batch that
    /// stays paused is closed after some days.
    async fn pause_batch(
        &self,
        ctx: &Context<'_>,
        input: PauseBatchInput,
    ) -> Answer<PauseBatchPayload> {
        let asked = (&input.workspace_id, &input.batch_id);
        let (scope, batch) = place(ctx, asked, Action::Pause).await?;
        let done = ctx.call()?.services.batches.pause(&scope, batch).await?;
        let already_paused = done.already;
        let (batch, money) = shown(scope, done);
        Ok(PauseBatchPayload { batch, money, already_paused })
    }

    /// Lets a paused batch go on where it was.
    async fn resume_batch(
        &self,
        ctx: &Context<'_>,
        input: ResumeBatchInput,
    ) -> Answer<ResumeBatchPayload> {
        let asked = (&input.workspace_id, &input.batch_id);
        let (scope, batch) = place(ctx, asked, Action::Pause).await?;
        let done = ctx.call()?.services.batches.resume(&scope, batch).await?;
        let (batch, money) = shown(scope, done);
        Ok(ResumeBatchPayload { batch, money })
    }

    /// Lets the rest of a batch follow its pilot.
    async fn approve_pilot(
        &self,
        ctx: &Context<'_>,
        input: ApprovePilotInput,
    ) -> Answer<ApprovePilotPayload> {
        let asked = (&input.workspace_id, &input.batch_id);
        let (scope, batch) = place(ctx, asked, Action::Approve).await?;
        let done = ctx.call()?.services.batches.approve(&scope, batch).await?;
        let (batch, money) = shown(scope, done);
        Ok(ApprovePilotPayload { batch, money })
    }

    /// Ends a batch after its pilot: the rest is cancelled and its credits are free again.
    async fn decline_pilot(
        &self,
        ctx: &Context<'_>,
        input: DeclinePilotInput,
    ) -> Answer<DeclinePilotPayload> {
        let asked = (&input.workspace_id, &input.batch_id);
        let (scope, batch) = place(ctx, asked, Action::Approve).await?;
        let done = ctx.call()?.services.batches.decline(&scope, batch).await?;
        let (batch, money) = shown(scope, done);
        Ok(DeclinePilotPayload { batch, money })
    }

    /// Tries the failed videos of a settled batch again, as its next round at its own price; or
    /// changes nothing.
    async fn retry_failed_videos(
        &self,
        ctx: &Context<'_>,
        input: RetryFailedVideosInput,
    ) -> Answer<RetryFailedVideosPayload> {
        let asked = (&input.workspace_id, &input.batch_id);
        let (scope, batch_id) = place(ctx, asked, Action::Retry).await?;
        let request = RetryRequest { batch_id, idempotency_key: input.idempotency_key };
        let done = ctx.call()?.services.batches.retry(&scope, request).await?;
        let already_retried = done.already;
        let (batch, money) = shown(scope, done);
        Ok(RetryFailedVideosPayload { batch, money, already_retried })
    }
}

/// Lets the caller do `action`, and reads which batch is meant.
pub(super) async fn place(
    ctx: &Context<'_>,
    (workspace_id, batch_id): (&ID, &ID),
    action: Action,
) -> Answer<(Scope, BatchId)> {
    let workspace: WorkspaceId = id("workspaceId", workspace_id)?;
    let scope = ctx.call()?.scope(workspace, action).await?;
    Ok((scope, id("batchId", batch_id)?))
}

/// The batch afterwards, and its money.
pub(super) fn shown(scope: Scope, done: Controlled) -> (BatchShown, MoneyShown) {
    (BatchShown { scope, row: Arc::new(done.batch) }, done.money.into())
}

impl From<MoneyEffect> for MoneyShown {
    fn from(money: MoneyEffect) -> Self {
        Self {
            frozen_credits: money.frozen.into(),
            released_credits: money.released.into(),
            still_held_credits: money.still_held.into(),
            under_way_credits: money.under_way.into(),
            may_still_be_charged: money.may_still_be_charged,
        }
    }
}
