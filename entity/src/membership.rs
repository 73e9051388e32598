//! `memberships`: A user's role in a workspace.

use sea_orm::entity::prelude::*;

use crate::enums::Role;
use crate::ids::{UserId, WorkspaceId};
use crate::values::UnixMs;

/// A user's role in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// Where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// Since.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
