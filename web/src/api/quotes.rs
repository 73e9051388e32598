//! Prices and launches.

use super::scalars::{Aspect, DateTime, Long, Resolution};
use super::schema;
use super::selection::SelectionInput;

/// Variables of [`CreateQuote`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateQuoteVariables {
    /// What is to be priced.
    pub input: CreateQuoteInput,
}

/// What somebody wants the price of.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct CreateQuoteInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// From what.
    pub template_id: cynic::Id,
    /// Which version.
    pub template_version: Option<i32>,
    /// Which combinations.
    pub selection: Option<SelectionInput>,
    /// Model code.
    pub model: Option<String>,
    /// Length of each video.
    pub seconds: Option<i32>,
    /// Shape.
    pub aspect: Option<Aspect>,
    /// Lines.
    pub resolution: Option<Resolution>,
    /// Drawn by lot without it.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub seed: Option<Long>,
}

/// Counts and prices a launch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateQuoteVariables")]
pub struct CreateQuote {
    /// The answer.
    #[arguments(input: $input)]
    pub create_quote: CreateQuotePayload,
}

/// The quote that was made.
#[derive(cynic::QueryFragment, Debug)]
pub struct CreateQuotePayload {
    /// Goes into a launch.
    pub quote: Quote,
}

/// Exact count and price of one launch.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Quote {
    /// `quo_…`.
    pub id: cynic::Id,
    /// How many videos.
    pub video_count: i32,
    /// Credits for each delivered video.
    pub price_per_video: Long,
    /// Credits frozen at launch.
    pub total: Long,
    /// Whether videos will carry the mark.
    pub watermark: bool,
    /// Cannot be launched from here on.
    pub expires_at: DateTime,
}

/// Variables of [`LaunchBatch`].
#[derive(cynic::QueryVariables, Debug)]
pub struct LaunchBatchVariables {
    /// The launch.
    pub input: LaunchBatchInput,
}

/// A launch.
#[derive(cynic::InputObject, Debug)]
pub struct LaunchBatchInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// What was priced.
    pub quote_id: cynic::Id,
    /// Shown.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The same key with the same input answers with the batch it made before.
    pub idempotency_key: String,
    /// A few videos first.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub pilot: Option<PilotInput>,
    /// When the batch pauses by itself.
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub stop_loss: Option<StopLossInput>,
}

/// A few videos first.
#[derive(cynic::InputObject, Debug)]
pub struct PilotInput {
    /// At most so many.
    pub max_videos: i32,
}

/// When the batch pauses by itself.
#[derive(cynic::InputObject, Debug)]
pub struct StopLossInput {
    /// Share of failed above which it pauses.
    pub max_failure_rate: f64,
    /// Finished videos below which nothing is concluded.
    pub min_finished: i32,
}

/// Launches a quote.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "LaunchBatchVariables")]
pub struct LaunchBatch {
    /// The answer.
    #[arguments(input: $input)]
    pub launch_batch: LaunchBatchPayload,
}

/// The batch that was launched.
#[derive(cynic::QueryFragment, Debug)]
pub struct LaunchBatchPayload {
    /// Its credits are frozen and its videos wait.
    pub batch: BatchId,
}

/// Only which.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Batch")]
pub struct BatchId {
    /// `bat_…`.
    pub id: cynic::Id,
}
