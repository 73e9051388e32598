//! `template_versions`: One immutable version of a template.

use sea_orm::entity::prelude::*;

use crate::ids::{TemplateId, TemplateVersionId, UserId, WorkspaceId};
use crate::values::UnixMs;

/// One immutable version of a template.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "template_versions")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TemplateVersionId,
    /// Of what.
    pub template_id: TemplateId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// 1, 2, 3 ….
    pub version: i64,
    /// The prompt text as typed.
    pub source: String,
    /// Value lists and selection saved with it (`prompt::Selection`).
    #[sea_orm(column_type = "JsonBinary")]
    pub selection: Json,
    /// Author.
    pub created_by: UserId,
    /// Made.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
