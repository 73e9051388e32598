//! `share_links`: A revocable link that shows videos to whoever has it.

use sea_orm::entity::prelude::*;

use crate::ids::{BatchId, ShareId, UserId, WorkspaceId};
use crate::values::UnixMs;

/// A revocable link that shows videos to whoever has it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "share_links")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShareId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Of what.
    pub batch_id: BatchId,
    /// SHA-256 of the token; the token itself is never stored.
    pub token_sha256: Vec<u8>,
    /// Ordinals, rising; NULL: all of the batch.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub videos: Option<Json>,
    /// Only what is marked KEEP when it is opened.
    pub kept_only: bool,
    /// Whether prompts are shown.
    pub show_prompts: bool,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Withdrawn.
    pub revoked_at: Option<UnixMs>,
    /// By whom.
    pub revoked_by: Option<UserId>,
    /// How often its first page was shown.
    pub opened: i64,
    /// The last time.
    pub last_opened_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
