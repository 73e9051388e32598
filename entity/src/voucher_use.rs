//! `voucher_uses`: A voucher that a workspace has taken.

use sea_orm::entity::prelude::*;

use crate::ids::{UserId, VoucherId, WorkspaceId};
use crate::values::UnixMs;

/// A voucher that a workspace has taken.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "voucher_uses")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voucher_id: VoucherId,
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: WorkspaceId,
    /// By whose hand.
    pub user_id: UserId,
    /// When.
    pub at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
