//! `one_time_links`: A link that works once: password reset, or joining a workspace.

use sea_orm::entity::prelude::*;

use crate::enums::{LinkPurpose, Role};
use crate::ids::{LinkId, WorkspaceId};
use crate::values::UnixMs;

/// A link that works once: password reset, or joining a workspace.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_links")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkId,
    /// What it does.
    pub purpose: LinkPurpose,
    /// SHA-256 of the token in the link.
    pub token_sha256: Vec<u8>,
    /// The address it was made for.
    pub email: String,
    /// Where it leads (JOIN).
    pub workspace_id: Option<WorkspaceId>,
    /// With which role (JOIN).
    pub role: Option<Role>,
    /// Made.
    pub created_at: UnixMs,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Set by the one use.
    pub used_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
