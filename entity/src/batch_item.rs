//! `batch_items`: One video of a batch.

use sea_orm::entity::prelude::*;

use crate::enums::VideoState;
use crate::ids::{BatchId, VideoId, WorkspaceId};
use crate::values::UnixMs;

/// One video of a batch.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batch_items")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VideoId,
    /// Of what.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// 0 … total−1, in selection order.
    pub ordinal: i64,
    /// Expanded prompt.
    pub prompt: String,
    /// Variable → value, an object.
    #[sea_orm(column_type = "JsonBinary")]
    pub bindings: Json,
    /// Seed given to the model.
    pub seed: i64,
    /// Where it stands.
    pub state: VideoState,
    /// Grows only when something is submitted.
    pub attempt: i64,
    /// Grows with every claim; fences every later write of the claimant.
    pub lease_epoch: i64,
    /// Process that holds the lease.
    pub lease_owner: Option<String>,
    /// By the database's clock.
    pub lease_until: Option<UnixMs>,
    /// Not to be claimed earlier (back-off).
    pub not_before: UnixMs,
    /// Round of its current share.
    pub round: i64,
    /// Batch revision of its newest change.
    pub rev: i64,
    /// FAILED: closed code.
    pub error_code: Option<String>,
    /// FAILED: reason, without secrets.
    pub error_detail: Option<String>,
    /// Terminal since.
    pub ended_at: Option<UnixMs>,
    /// Claimed while the gate is PILOT.
    pub pilot: bool,
    /// Attempts of earlier rounds.
    pub attempts_before: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
