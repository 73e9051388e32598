//! `video_external_access_log`: One link handed out, or one use of it.

use sea_orm::entity::prelude::*;

use crate::enums::AccessKind;
use crate::ids::{AccessId, AssetId, WorkspaceId};
use crate::values::UnixMs;

/// One link handed out, or one use of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "video_external_access_log")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccessId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Of what.
    pub asset_id: AssetId,
    /// What happened.
    pub kind: AccessKind,
    /// Who issued it.
    pub actor: String,
    /// End of the link.
    pub expires_at: UnixMs,
    /// Keyed hash of the client address.
    pub ip_sha256: Option<Vec<u8>>,
    /// First 200 characters.
    pub user_agent: String,
    /// As asked for.
    pub byte_range: Option<String>,
    /// When.
    pub at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
