//! `sessions`: A signed-in browser.

use sea_orm::entity::prelude::*;

use crate::ids::{SessionId, UserId};
use crate::values::UnixMs;

/// A signed-in browser.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// SHA-256 of the cookie's token; the token itself is never stored.
    pub token_sha256: Vec<u8>,
    /// Sign-in.
    pub created_at: UnixMs,
    /// Last request, to the minute.
    pub last_seen_at: UnixMs,
    /// Absolute end.
    pub expires_at: UnixMs,
    /// Sign-out or revocation.
    pub revoked_at: Option<UnixMs>,
    /// First 200 characters of the header.
    pub user_agent: String,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

// A printed row shows no trace of the token.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("id", &self.id).finish_non_exhaustive()
    }
}
