//! `credit_wallet`: A workspace's credits in one mode.

use sea_orm::entity::prelude::*;

use crate::enums::Mode;
use crate::ids::{WalletId, WorkspaceId};
use crate::values::{Credits, UnixMs};

/// A workspace's credits in one mode.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_wallet")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WalletId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Live and test never meet.
    pub mode: Mode,
    /// Can be spent.
    pub available: Credits,
    /// Frozen for open videos.
    pub held: Credits,
    /// Owed after a clawback; paid first by the next grant.
    pub debt: Credits,
    /// Number of the newest ledger row: gapless.
    pub wseq: i64,
    /// Not later than the earliest expiry of a lot with credits remaining; found afresh when it passes.
    pub next_expiry: Option<UnixMs>,
    /// Opened.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
