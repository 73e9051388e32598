//! `audit_log`: Who did what.

use sea_orm::entity::prelude::*;

use crate::ids::{AuditId, WorkspaceId};
use crate::values::UnixMs;

/// Who did what.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_log")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    /// Where, if anywhere.
    pub workspace_id: Option<WorkspaceId>,
    /// `usr_…`, `operator:usr_…`, `cli` or `system`.
    pub actor: String,
    /// `batch.launch`, `credits.grant` ….
    pub action: String,
    /// Typed id of what it was done to.
    pub subject: String,
    /// Amounts and reasons; never a secret or a prompt.
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    /// Ties it to the log.
    pub request_id: String,
    /// When.
    pub at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
