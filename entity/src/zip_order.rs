//! `zip_orders`: Which videos a signed link to an archive means.

use sea_orm::entity::prelude::*;

use crate::ids::{BatchId, WorkspaceId, ZipId};
use crate::values::UnixMs;

/// Which videos a signed link to an archive means.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "zip_orders")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ZipId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Of what.
    pub batch_id: BatchId,
    /// Ordinals, rising; NULL: all of the batch.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub videos: Option<Json>,
    /// Only what is marked KEEP when it is fetched.
    pub kept_only: bool,
    /// Whether who asked sees prices.
    pub with_cost: bool,
    /// Who asked.
    pub created_by: String,
    /// When.
    pub created_at: UnixMs,
    /// Useless from here on.
    pub expires_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
