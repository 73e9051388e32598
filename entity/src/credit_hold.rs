//! `credit_hold`: Credits frozen for one round of a batch.

use sea_orm::entity::prelude::*;

use crate::ids::{BatchId, HoldId, WalletId};
use crate::values::{Credits, UnixMs};

/// Credits frozen for one round of a batch.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_hold")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoldId,
    /// From where.
    pub wallet_id: WalletId,
    /// For what.
    pub batch_id: BatchId,
    /// 1 is the launch, each retry the next.
    pub round: i64,
    /// Frozen.
    pub amount: Credits,
    /// Charged.
    pub captured: Credits,
    /// Given back.
    pub released: Credits,
    /// Frozen.
    pub created_at: UnixMs,
    /// When captured + released reached amount.
    pub closed_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
