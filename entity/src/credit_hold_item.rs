//! `credit_hold_item`: One video's share of a hold.

use sea_orm::entity::prelude::*;

use crate::enums::ShareState;
use crate::ids::{HoldId, VideoId};
use crate::values::{Credits, UnixMs};

/// One video's share of a hold.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_hold_item")]
pub struct Model {
    /// Of what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hold_id: HoldId,
    /// For whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: VideoId,
    /// Price of the video.
    pub amount: Credits,
    /// Resolved once.
    pub state: ShareState,
    /// When.
    pub resolved_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
