//! `idempotency_keys`: A spending request that has been carried out.

use sea_orm::entity::prelude::*;

use crate::ids::WorkspaceId;
use crate::values::UnixMs;

/// A spending request that has been carried out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// Scope.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// `launchBatch` ….
    #[sea_orm(primary_key, auto_increment = false)]
    pub operation: String,
    /// As sent.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Of the canonical input.
    pub input_sha256: Vec<u8>,
    /// The object it made; a repeat reads that again.
    pub result_id: Uuid,
    /// Kept 7 days.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
