//! What a person does to a running batch, and what that does to the money.
//!
//! The answers are alike and are read as one type, [`Controlled`].

use super::batches::Batch;
use super::scalars::Long;
use super::schema;

/// What a request did to the money of a batch.
#[derive(cynic::QueryFragment, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MoneyEffect {
    /// Frozen by this request.
    pub frozen_credits: Long,
    /// Given back by this request.
    pub released_credits: Long,
    /// Frozen for videos that have not ended.
    pub still_held_credits: Long,
    /// Of that: for videos under way.
    pub under_way_credits: Long,
    /// Whether anything may still be charged.
    pub may_still_be_charged: bool,
}

/// What any of these did.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Controlled {
    /// The batch afterwards.
    pub batch: Batch,
    money: Option<MoneyEffect>,
    #[serde(default)]
    released_credits: Long,
    #[serde(default)]
    still_held_credits: Long,
}

impl Controlled {
    /// What the request did to the money; a cancel says it beside the batch.
    #[must_use]
    pub fn effect(&self) -> MoneyEffect {
        self.money.unwrap_or(MoneyEffect {
            released_credits: self.released_credits,
            still_held_credits: self.still_held_credits,
            ..MoneyEffect::default()
        })
    }
}

/// Variables of [`CancelBatch`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CancelVariables {
    /// Which.
    pub input: CancelBatchInput,
}

/// A batch to be stopped.
#[derive(cynic::InputObject, Debug)]
pub struct CancelBatchInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
}

/// Stops a batch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CancelVariables")]
pub struct CancelBatch {
    /// The answer.
    #[arguments(input: $input)]
    pub cancel_batch: CancelBatchPayload,
}

/// What the cancel did.
#[derive(cynic::QueryFragment, Debug)]
pub struct CancelBatchPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// Given back by this request.
    pub released_credits: Long,
    /// Still frozen for videos under way.
    pub still_held_credits: Long,
    /// Whether those may yet be charged.
    pub may_still_be_charged: bool,
}

/// Variables of [`PauseBatch`].
#[derive(cynic::QueryVariables, Debug)]
pub struct PauseVariables {
    /// Which.
    pub input: PauseBatchInput,
}

/// Which batch.
#[derive(cynic::InputObject, Debug)]
pub struct PauseBatchInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
}

/// Begins nothing more until it is resumed.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "PauseVariables")]
pub struct PauseBatch {
    /// The answer.
    #[arguments(input: $input)]
    pub pause_batch: PauseBatchPayload,
}

/// What it did.
#[derive(cynic::QueryFragment, Debug)]
pub struct PauseBatchPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// What it did to the money.
    pub money: MoneyEffect,
}

/// Variables of [`ResumeBatch`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ResumeVariables {
    /// Which.
    pub input: ResumeBatchInput,
}

/// Which batch.
#[derive(cynic::InputObject, Debug)]
pub struct ResumeBatchInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
}

/// Lets a paused batch go on.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ResumeVariables")]
pub struct ResumeBatch {
    /// The answer.
    #[arguments(input: $input)]
    pub resume_batch: ResumeBatchPayload,
}

/// What it did.
#[derive(cynic::QueryFragment, Debug)]
pub struct ResumeBatchPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// What it did to the money.
    pub money: MoneyEffect,
}

/// Variables of [`ApprovePilot`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ApproveVariables {
    /// Which.
    pub input: ApprovePilotInput,
}

/// Which batch.
#[derive(cynic::InputObject, Debug)]
pub struct ApprovePilotInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
}

/// Lets the rest follow its pilot.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ApproveVariables")]
pub struct ApprovePilot {
    /// The answer.
    #[arguments(input: $input)]
    pub approve_pilot: ApprovePilotPayload,
}

/// What it did.
#[derive(cynic::QueryFragment, Debug)]
pub struct ApprovePilotPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// What it did to the money.
    pub money: MoneyEffect,
}

/// Variables of [`DeclinePilot`].
#[derive(cynic::QueryVariables, Debug)]
pub struct DeclineVariables {
    /// Which.
    pub input: DeclinePilotInput,
}

/// Which batch.
#[derive(cynic::InputObject, Debug)]
pub struct DeclinePilotInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
}

/// Ends a batch after its pilot.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DeclineVariables")]
pub struct DeclinePilot {
    /// The answer.
    #[arguments(input: $input)]
    pub decline_pilot: DeclinePilotPayload,
}

/// What it did.
#[derive(cynic::QueryFragment, Debug)]
pub struct DeclinePilotPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// What it did to the money.
    pub money: MoneyEffect,
}

/// Variables of [`RetryFailed`].
#[derive(cynic::QueryVariables, Debug)]
pub struct RetryVariables {
    /// Which.
    pub input: RetryFailedVideosInput,
}

/// Which batch.
#[derive(cynic::InputObject, Debug)]
pub struct RetryFailedVideosInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub batch_id: cynic::Id,
    /// Another for each retry.
    pub idempotency_key: String,
}

/// Tries failed videos again.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RetryVariables")]
pub struct RetryFailed {
    /// The answer.
    #[arguments(input: $input)]
    pub retry_failed_videos: RetryFailedVideosPayload,
}

/// What it did.
#[derive(cynic::QueryFragment, Debug)]
pub struct RetryFailedVideosPayload {
    /// The batch afterwards.
    pub batch: Batch,
    /// What it did to the money.
    pub money: MoneyEffect,
}
