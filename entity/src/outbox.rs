//! `outbox`: A message that commits with its fact and is sent afterwards.

use sea_orm::entity::prelude::*;

use crate::ids::{OutboxId, WorkspaceId};
use crate::values::UnixMs;

/// A message that commits with its fact and is sent afterwards.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    /// Whose.
    pub workspace_id: Option<WorkspaceId>,
    /// `batch.settled` ….
    pub topic: String,
    /// Body.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// Written.
    pub created_at: UnixMs,
    /// Handed over.
    pub sent_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
