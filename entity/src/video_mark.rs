//! `video_marks`: What a member thinks of a video.

use sea_orm::entity::prelude::*;

use crate::enums::Mark;
use crate::ids::{BatchId, UserId, VideoId, WorkspaceId};
use crate::values::UnixMs;

/// What a member thinks of a video.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "video_marks")]
pub struct Model {
    /// Of what; the newest mark counts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: VideoId,
    /// Of what.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// The verdict.
    pub mark: Mark,
    /// Who.
    pub marked_by: UserId,
    /// When.
    pub marked_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
