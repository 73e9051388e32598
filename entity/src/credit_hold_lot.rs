//! `credit_hold_lot`: The part of a hold that came from one lot.

use sea_orm::entity::prelude::*;

use crate::ids::{HoldId, LotId};
use crate::values::Credits;

/// The part of a hold that came from one lot.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_hold_lot")]
pub struct Model {
    /// Of what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hold_id: HoldId,
    /// From where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub lot_id: LotId,
    /// Burn order: captures rise, releases fall.
    pub ord: i64,
    /// Drawn.
    pub amount: Credits,
    /// Charged.
    pub captured: Credits,
    /// Given back.
    pub released: Credits,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
