//! `templates`: Named prompt text with variables.

use sea_orm::entity::prelude::*;

use crate::ids::{TemplateId, UserId, WorkspaceId};
use crate::values::UnixMs;

/// Named prompt text with variables.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "templates")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Shown.
    pub name: String,
    /// Optional: what the videos are for.
    pub purpose: Option<String>,
    /// Newest row of template_versions.
    pub latest_version: i64,
    /// Author.
    pub created_by: UserId,
    /// Made.
    pub created_at: UnixMs,
    /// Newest version made.
    pub updated_at: UnixMs,
    /// Hidden from lists, kept for its batches.
    pub archived_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
