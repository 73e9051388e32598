//! `spend_limits`: Limits that a workspace sets itself.

use sea_orm::entity::prelude::*;

use crate::ids::WalletId;
use crate::values::{Credits, UnixMs};

/// Limits that a workspace sets itself.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spend_limits")]
pub struct Model {
    /// Of which wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Most credits launched in a UTC day, less what was given back.
    pub daily: Option<Credits>,
    /// The same in a UTC month.
    pub monthly: Option<Credits>,
    /// Told when less than this is available.
    pub low_balance: Option<Credits>,
    /// When it was told; empty again once enough is available.
    pub low_since: Option<UnixMs>,
    /// Last set.
    pub changed_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
