//! `credit_lot`: One grant of credits.

use sea_orm::entity::prelude::*;

use crate::enums::LotSource;
use crate::ids::{HoldId, LotId, WalletId};
use crate::values::{Credits, UnixMs};

/// One grant of credits.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_lot")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LotId,
    /// Whose.
    pub wallet_id: WalletId,
    /// Where it came from.
    pub source: LotSource,
    /// The business object it stands for; unique per wallet, so that a grant happens once.
    pub source_ref: String,
    /// Burned in rising order: trial 10, promo 20, subscription 30, purchased 50.
    pub priority: i64,
    /// Size; grows only on grace lots.
    pub granted: Credits,
    /// Free to freeze.
    pub remaining: Credits,
    /// Part of open holds.
    pub held: Credits,
    /// Captured.
    pub consumed: Credits,
    /// Lapsed.
    pub expired: Credits,
    /// Taken back by an adjustment.
    pub clawed: Credits,
    /// Remaining credits lapse here; held ones do not.
    pub expires_at: Option<UnixMs>,
    /// GRACE: the hold whose release it caught.
    pub grace_hold: Option<HoldId>,
    /// GRACE: the expired lot it stands in for.
    pub grace_lot: Option<LotId>,
    /// Granted.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
