//! `quotes`: Exact count and price of one launch.

use sea_orm::entity::prelude::*;

use crate::enums::{Aspect, Mode, Resolution};
use crate::ids::{QuoteId, TemplateId, UserId, WorkspaceId};
use crate::values::{Credits, UnixMs};

/// Exact count and price of one launch.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quotes")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuoteId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Which wallet pays.
    pub mode: Mode,
    /// What.
    pub template_id: TemplateId,
    /// Pinned.
    pub template_version: i64,
    /// `prompt::Selection`, pinned.
    #[sea_orm(column_type = "JsonBinary")]
    pub selection: Json,
    /// Model code.
    pub model: String,
    /// Length of a video.
    pub seconds: i64,
    /// Shape.
    pub aspect: Aspect,
    /// Lines.
    pub resolution: Resolution,
    /// Seed that videos derive theirs from.
    pub seed: i64,
    /// Decided by the plan when quoted.
    pub watermark: bool,
    /// N×M×K after exclusions and sample.
    pub video_count: i64,
    /// Price of one.
    pub price_per_video: Credits,
    /// price_per_video × video_count.
    pub total: Credits,
    /// Price list it was made from.
    pub price_version: i64,
    /// Who asked.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// Cannot be launched from here on.
    pub expires_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
