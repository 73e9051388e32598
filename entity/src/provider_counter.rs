//! `provider_counters`: Submissions in flight at one provider.

use sea_orm::entity::prelude::*;

/// Submissions in flight at one provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_counters")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider: String,
    /// Now.
    pub in_flight: i64,
    /// Most at once.
    pub cap: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
