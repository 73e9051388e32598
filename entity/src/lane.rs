//! `lanes`: A workspace's place in the work queue.

use sea_orm::entity::prelude::*;

use crate::ids::WorkspaceId;

/// A workspace's place in the work queue.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lanes")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// Videos in SUBMITTING … OUTCOME_UNKNOWN.
    pub in_flight: i64,
    /// Most at once, from the plan.
    pub cap: i64,
    /// Share of the line, from the plan.
    pub weight: i64,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
