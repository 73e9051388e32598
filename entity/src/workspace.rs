//! `workspaces`: The tenant.

use sea_orm::entity::prelude::*;

use crate::ids::{UserId, WorkspaceId};
use crate::values::UnixMs;

/// The tenant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WorkspaceId,
    /// Shown.
    pub name: String,
    /// Optional line of business.
    pub industry: Option<String>,
    /// Code of the catalogue entry.
    pub plan: String,
    /// Contracted differences to the plan (Enterprise).
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub entitlement: Option<Json>,
    /// Founder.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// Closed.
    pub deleted_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
