//! Videos of a batch.

use super::scalars::Long;
use super::schema;

/// Up to a hundred videos that follow one another, by columns.
#[derive(cynic::QueryFragment, Clone, Debug, Default, PartialEq)]
pub struct VideoBlock {
    /// `vid_…`.
    pub ids: Vec<cynic::Id>,
    /// Places in the batch, from 0.
    pub ordinals: Vec<i32>,
    /// Where each stands.
    pub states: Vec<VideoState>,
    /// Revision of the batch at the newest change of each.
    pub revs: Vec<Long>,
    /// The newest mark of each.
    pub marks: Vec<Option<Mark>>,
    /// The variables.
    pub names: Vec<String>,
    /// Every value of this block, once.
    pub texts: Vec<String>,
    /// For each video, for each of `names`: which of `texts`; -1 where it has none.
    pub values: Vec<i32>,
}

/// A video that changed.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Video")]
pub struct Change {
    /// Place in the batch, from 0.
    pub ordinal: i32,
    /// Where it stands.
    pub state: VideoState,
    /// Revision of the batch at this change.
    pub rev: Long,
}

/// What a member thinks of a video.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mark {
    /// To be used.
    Keep,
    /// Not to be used.
    Reject,
}

/// Variables of [`OneVideo`].
#[derive(cynic::QueryVariables, Debug)]
pub struct OneVideoVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Which.
    pub video: cynic::Id,
}

/// A video.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "OneVideoVariables")]
pub struct OneVideo {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: VideoOf,
}

/// A video of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "OneVideoVariables")]
pub struct VideoOf {
    /// Everything known of it.
    #[arguments(id: $video)]
    pub video: Video,
}

/// One combination of a batch, with everything that is known of it.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Video {
    /// `vid_…`.
    pub id: cynic::Id,
    /// Place in the batch, from 0.
    pub ordinal: i32,
    /// The prompt it is made from.
    pub prompt: String,
    /// What the prompt was made of, in the order of the axes.
    pub values: Vec<BoundValue>,
    /// Seed given to the model.
    pub seed: Long,
    /// Where it stands.
    pub state: VideoState,
    /// Submissions so far.
    pub attempt: i32,
    /// Why it failed.
    pub error: Option<VideoError>,
    /// Its file.
    pub asset: Option<Asset>,
}

/// A variable and its value in one video.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct BoundValue {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// State of a video.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VideoState {
    /// Waits for its turn.
    Queued,
    /// On its way to the provider.
    Submitting,
    /// Being made.
    Rendering,
    /// Being brought into the store.
    Storing,
    /// In the store, charged.
    Delivered,
    /// Ended without a file, not charged.
    Failed,
    /// Ended by request, not charged.
    Cancelled,
    /// May have been submitted; being reconciled.
    OutcomeUnknown,
}

/// Why a video failed. It was not charged.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct VideoError {
    /// For programs.
    pub code: String,
    /// What happened.
    pub message: String,
    /// What to do next.
    pub next_step: String,
}

/// The stored file of a delivered video.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Length of the file.
    pub bytes: Long,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}
