//! Videos of a batch.

use super::scalars::Long;
use super::schema;

/// One combination of a batch.
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
    /// Revision of the batch at its newest change.
    pub rev: Long,
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
    /// `ast_…`.
    pub id: cynic::Id,
    /// Length of the file.
    pub bytes: Long,
    /// Length of the picture, milliseconds.
    pub duration_ms: i32,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
}
