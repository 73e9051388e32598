//! What is done with videos: marks, archives, links for others, the trail; and the same form again.

use super::batches::TemplateName;
use super::scalars::{Aspect, DateTime, Long, Resolution};
use super::schema;
use super::selection::StoredSelection;
use super::videos::Mark;

/// Variables of [`MarkVideos`].
#[derive(cynic::QueryVariables, Debug)]
pub struct MarkVariables {
    /// Which.
    pub input: MarkVideosInput,
}

/// Videos to be marked.
#[derive(cynic::InputObject, Debug)]
pub struct MarkVideosInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Of which batch.
    pub batch_id: cynic::Id,
    /// Which of its videos.
    pub video_ids: Vec<cynic::Id>,
    /// The verdict; marks are taken away without it.
    pub mark: Option<Mark>,
}

/// Marks videos.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "MarkVariables")]
pub struct MarkVideos {
    /// The answer.
    #[arguments(input: $input)]
    pub mark_videos: MarkVideosPayload,
}

/// What was marked.
#[derive(cynic::QueryFragment, Debug)]
pub struct MarkVideosPayload {
    /// Its batch.
    pub batch: Which,
}

/// Only which.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Batch")]
pub struct Which {
    /// `bat_…`.
    pub id: cynic::Id,
}

/// Variables of [`CreateZipLink`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ZipVariables {
    /// Which.
    pub input: CreateZipLinkInput,
}

/// What goes into an archive.
#[derive(cynic::InputObject, Debug)]
pub struct CreateZipLinkInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Of which batch.
    pub batch_id: cynic::Id,
    /// Which of its videos; all without it.
    pub video_ids: Option<Vec<cynic::Id>>,
    /// Only what is kept.
    pub kept_only: bool,
}

/// Makes a link to an archive.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ZipVariables")]
pub struct CreateZipLink {
    /// The answer.
    #[arguments(input: $input)]
    pub create_zip_link: CreateZipLinkPayload,
}

/// The link.
#[derive(cynic::QueryFragment, Debug)]
pub struct CreateZipLinkPayload {
    /// Path on this server.
    pub url: String,
}

/// Variables of [`CreateShareLink`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ShareVariables {
    /// Which.
    pub input: CreateShareLinkInput,
}

/// What a link is to show.
#[derive(cynic::InputObject, Debug)]
pub struct CreateShareLinkInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Of which batch.
    pub batch_id: cynic::Id,
    /// Which of its videos; all without it.
    pub video_ids: Option<Vec<cynic::Id>>,
    /// Only what is kept when it is opened.
    pub kept_only: bool,
    /// Whether prompts are shown.
    pub show_prompts: bool,
    /// Its life.
    pub days: i32,
}

/// Makes a share link.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "ShareVariables")]
pub struct CreateShareLink {
    /// The answer.
    #[arguments(input: $input)]
    pub create_share_link: CreateShareLinkPayload,
}

/// The link that was made.
#[derive(cynic::QueryFragment, Debug)]
pub struct CreateShareLinkPayload {
    /// Path on this server, shown this once.
    pub url: String,
}

/// Variables of [`ShareLinks`] and [`Trail`].
#[derive(cynic::QueryVariables, Debug)]
pub struct OfBatchVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Of which batch.
    pub batch: cynic::Id,
}

/// The newest share links of a batch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "OfBatchVariables")]
pub struct ShareLinks {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: ShareLinksOf,
}

/// Links of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "OfBatchVariables")]
pub struct ShareLinksOf {
    /// The newest.
    #[arguments(first: 50, batchId: $batch)]
    pub share_links: ShareLinkConnection,
}

/// The links.
#[derive(cynic::QueryFragment, Debug)]
pub struct ShareLinkConnection {
    /// The links.
    pub nodes: Vec<ShareLink>,
}

/// A link that shows videos to whoever has it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct ShareLink {
    /// `shr_…`.
    pub id: cynic::Id,
    /// How many videos were chosen; nothing for the whole batch.
    pub chosen: Option<i32>,
    /// Shows only what is kept.
    pub kept_only: bool,
    /// Made.
    pub created_at: DateTime,
    /// Useless from here on.
    pub expires_at: DateTime,
    /// Withdrawn.
    pub revoked_at: Option<DateTime>,
    /// How often it was opened.
    pub opened: Long,
}

/// Variables of [`RevokeShareLink`].
#[derive(cynic::QueryVariables, Debug)]
pub struct RevokeVariables {
    /// Which.
    pub input: RevokeShareLinkInput,
}

/// A link to be withdrawn.
#[derive(cynic::InputObject, Debug)]
pub struct RevokeShareLinkInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub share_id: cynic::Id,
}

/// Withdraws a link.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RevokeVariables")]
pub struct RevokeShareLink {
    /// The answer.
    #[arguments(input: $input)]
    pub revoke_share_link: RevokeShareLinkPayload,
}

/// The link that was withdrawn.
#[derive(cynic::QueryFragment, Debug)]
pub struct RevokeShareLinkPayload {
    /// As it is now.
    pub link: ShareLink,
}

/// What was done to a batch.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "OfBatchVariables")]
pub struct Trail {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: TrailOf,
}

/// Deeds of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "OfBatchVariables")]
pub struct TrailOf {
    /// The newest.
    #[arguments(first: 100, batchId: $batch)]
    pub batch_trail: BatchDeedConnection,
}

/// The deeds.
#[derive(cynic::QueryFragment, Debug)]
pub struct BatchDeedConnection {
    /// The deeds.
    pub nodes: Vec<BatchDeed>,
}

/// Somebody did something to a batch.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BatchDeed {
    /// What.
    pub kind: BatchDeedKind,
    /// Who; nobody where the server or an operator did it.
    pub by: Option<Doer>,
    /// When.
    pub at: DateTime,
    /// Videos it was about.
    pub videos: Option<i32>,
    /// Credits it froze.
    pub frozen_credits: Option<Long>,
    /// Credits it gave back.
    pub released_credits: Option<Long>,
    /// Credits that stayed frozen.
    pub held_credits: Option<Long>,
}

/// Who did it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "Person")]
pub struct Doer {
    /// Shown to other members.
    pub display_name: String,
}

/// What was done to a batch.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchDeedKind {
    /// It began.
    Launched,
    /// Begins nothing more for now.
    Paused,
    /// The server paused it: too many videos failed.
    StoppedByLoss,
    /// Goes on.
    Resumed,
    /// The rest follows the pilot.
    Approved,
    /// Ended after its pilot.
    Declined,
    /// Ended by request.
    Cancelled,
    /// Nobody decided in time.
    ClosedOverdue,
    /// Its failed videos are tried again.
    Retried,
    /// A link shows it to others.
    Shared,
    /// Such a link was withdrawn.
    Unshared,
}

/// Variables of [`Again`].
#[derive(cynic::QueryVariables, Debug)]
pub struct AgainVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Which batch.
    pub batch: cynic::Id,
}

/// What a batch was launched with.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "AgainVariables")]
pub struct Again {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: AgainOf,
}

/// A batch of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "AgainVariables")]
pub struct AgainOf {
    /// The batch.
    #[arguments(id: $batch)]
    pub batch: Launched,
}

/// A batch as a form is filled with it again.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Batch")]
pub struct Launched {
    /// Model code.
    pub model: String,
    /// Length of each video.
    pub seconds: i32,
    /// Shape of each video.
    pub aspect: Aspect,
    /// Lines of each video.
    pub resolution: Resolution,
    /// From what.
    pub template: Option<TemplateName>,
    /// Version it was launched with.
    pub template_version: i32,
    /// The combinations.
    pub selection: Option<StoredSelection>,
}
