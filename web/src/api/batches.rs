//! Batches: one, many, and what changes.

use super::scalars::{Aspect, DateTime, Long, PageInfo, Resolution};
use super::schema;
use super::videos::{Change, VideoBlock};

/// Variables of [`OneBatch`].
#[derive(cynic::QueryVariables, Debug)]
pub struct OneBatchVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Which.
    pub batch: cynic::Id,
    /// The last of its videos that is known.
    pub after: Option<i32>,
}

/// A batch with some of its videos.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "OneBatchVariables")]
pub struct OneBatch {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: BatchOf,
}

/// A batch of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "OneBatchVariables")]
pub struct BatchOf {
    /// All but its videos.
    #[arguments(id: $batch)]
    pub batch: Batch,
    /// Some of those.
    #[cynic(rename = "batch", alias)]
    #[arguments(id: $batch)]
    pub page: VideosOf,
}

/// Blocks in one answer: fewer, and there are no more.
pub const BLOCKS: usize = 10;

/// Videos of a batch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Batch", variables = "OneBatchVariables")]
pub struct VideosOf {
    /// The next thousand.
    #[arguments(first: 10, after: $after)]
    pub video_blocks: Vec<VideoBlock>,
}

/// One launch.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Batch {
    /// `bat_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
    /// Where it stands.
    pub state: BatchState,
    /// Whether its videos may be made.
    pub gate: Gate,
    /// Why it is paused or closed.
    pub gate_reason: Option<GateReason>,
    /// When it closes itself if nobody decides.
    pub closes_at: Option<DateTime>,
    /// The pilot, if it has one.
    pub pilot: Option<Pilot>,
    /// How many videos are where.
    pub counts: BatchCounts,
    /// Somebody asked it to stop.
    pub cancel_requested: bool,
    /// Model code.
    pub model: String,
    /// Length of each video.
    pub seconds: i32,
    /// Shape of each video.
    pub aspect: Aspect,
    /// Lines of each video.
    pub resolution: Resolution,
    /// Seed that videos derive theirs from.
    pub seed: Long,
    /// Credits for each delivered video; null for roles that do not see prices.
    pub price_per_video: Option<Long>,
    /// Where its credits are.
    pub credits: Option<BatchCredits>,
    /// Grows with every change of its videos.
    pub rev: Long,
    /// From what.
    pub template: Option<TemplateName>,
    /// Version it was launched with.
    pub template_version: i32,
    /// Launched.
    pub created_at: DateTime,
    /// When no video was open any more.
    pub settled_at: Option<DateTime>,
}

/// Only which.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Template")]
pub struct TemplateName {
    /// `tpl_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
}

/// State of a batch.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// Nothing begun yet.
    Queued,
    /// Under way, nothing delivered yet.
    Processing,
    /// Some delivered.
    Partial,
    /// All delivered.
    Completed,
    /// Ended by request, nothing delivered.
    Cancelled,
    /// Ended, nothing delivered.
    Failed,
}

/// Whether a batch's videos may be made.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Yes.
    Open,
    /// Only the pilot videos.
    Pilot,
    /// No, for now.
    Paused,
    /// No, for good.
    Closed,
}

/// Why a batch is paused or closed.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateReason {
    /// Somebody paused it.
    Person,
    /// Too many of its videos failed.
    StopLoss,
    /// Somebody cancelled it.
    Cancelled,
    /// Its pilot was declined.
    Declined,
    /// Nobody decided in time.
    Overdue,
}

/// The videos that are made before the rest.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Pilot {
    /// How many.
    pub total: i32,
    /// How many of them have ended.
    pub ended: i32,
    /// Somebody approves or declines.
    pub decision_awaited: bool,
}

/// How many videos are where.
#[derive(cynic::QueryFragment, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchCounts {
    /// All of them.
    pub total: i32,
    /// In the store, charged.
    pub delivered: i32,
    /// Ended without a file.
    pub failed: i32,
    /// Ended by request.
    pub cancelled: i32,
    /// Not ended yet.
    pub open: i32,
}

/// Where a batch's credits are.
#[derive(cynic::QueryFragment, Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchCredits {
    /// Still frozen.
    pub held: Long,
    /// Charged for delivered videos.
    pub captured: Long,
    /// Given back.
    pub released: Long,
}

/// Variables of [`BatchesPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct BatchesVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Of one state.
    pub state: Option<BatchState>,
    /// The next page.
    pub after: Option<String>,
}

/// Batches, newest first.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "BatchesVariables")]
pub struct BatchesPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: BatchesOf,
}

/// Batches of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "BatchesVariables")]
pub struct BatchesOf {
    /// One page.
    #[arguments(first: 20, after: $after, state: $state)]
    pub batches: BatchConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
pub struct BatchConnection {
    /// Where it goes on.
    pub page_info: PageInfo,
    /// The batches.
    pub nodes: Vec<Batch>,
}

/// Variables of [`Follow`].
#[derive(cynic::QueryVariables, Debug)]
pub struct FollowVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Which.
    pub batch: cynic::Id,
    /// The revision that is known.
    pub after_rev: Option<Long>,
}

/// Follows a batch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Subscription", variables = "FollowVariables")]
pub struct Follow {
    /// One event.
    #[arguments(workspaceId: $workspace, batchId: $batch, afterRev: $after_rev)]
    pub batch_progress: BatchProgress,
}

/// A batch at a revision, and the videos that changed since the one before.
#[derive(cynic::QueryFragment, Debug)]
pub struct BatchProgress {
    /// Resumes after this event.
    pub rev: Long,
    /// Its counts and state.
    pub batch: Batch,
    /// The changed videos.
    pub videos: Vec<Change>,
    /// Forget what you know.
    pub snapshot: bool,
}
