//! `model_prices`: The price of a model from a moment on.

use sea_orm::entity::prelude::*;

use crate::enums::Resolution;
use crate::ids::{PriceId, WorkspaceId};
use crate::values::{Credits, UnixMs};

/// The price of a model from a moment on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "model_prices")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PriceId,
    /// Price list version, pinned by quotes.
    pub version: i64,
    /// Model code, e.g. `animatic-1`.
    pub model: String,
    /// `360p` or `720p`.
    pub resolution: Resolution,
    /// Set: an override for this workspace alone.
    pub workspace_id: Option<WorkspaceId>,
    /// Price of one started block.
    pub credits_per_block: Credits,
    /// Seconds in a block.
    pub block_s: i64,
    /// Applies from here on.
    pub effective_from: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
