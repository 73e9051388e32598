//! `assets`: The stored file of a delivered video.

use sea_orm::entity::prelude::*;

use crate::ids::{AssetId, BatchId, VideoId, WorkspaceId};
use crate::values::UnixMs;

/// The stored file of a delivered video.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assets")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetId,
    /// A video ends in one asset.
    pub video_id: VideoId,
    /// Of what.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which attempt made it.
    pub attempt: i64,
    /// `workspace/batch/video/attempt.mp4` in the store.
    pub object_key: String,
    /// Still picture.
    pub poster_key: String,
    /// Length of the stored object.
    pub bytes: i64,
    /// Of the stored object.
    pub sha256: Vec<u8>,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Probed.
    pub duration_ms: i64,
    /// Probed.
    pub codec: String,
    /// Delivered.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
