//! `trial_allowances`: Trials started per address and day, so that a trial stays a trial.

use sea_orm::entity::prelude::*;

/// Trials started per address and day, so that a trial stays a trial.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trial_allowances")]
pub struct Model {
    /// Keyed hash of the client address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ip_sha256: Vec<u8>,
    /// UTC day number since 1970-01-01.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// Trials started.
    pub used: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
