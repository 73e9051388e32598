//! `one_time_links`: A link that works once: password reset, or joining a workspace.

use sea_orm::entity::prelude::*;

use crate::enums::{LinkPurpose, Role};
use crate::ids::{LinkId, UserId, WorkspaceId};
use crate::values::UnixMs;

/// A link that works once: password reset, or joining a workspace.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
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
    /// Member who invited (JOIN); must still be allowed to when it is used.
    pub created_by: Option<UserId>,
    /// Made.
    pub created_at: UnixMs,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Set by the one use, or by what made it worthless.
    pub used_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

// A printed row shows neither the address nor the token's hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OneTimeLink").field("id", &self.id).finish_non_exhaustive()
    }
}
