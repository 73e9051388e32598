//! `vouchers`: A code worth credits.

use sea_orm::entity::prelude::*;

use crate::ids::VoucherId;
use crate::values::{Credits, UnixMs};

/// A code worth credits.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "vouchers")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: VoucherId,
    /// SHA-256 of the code; the code itself is shown once and never stored.
    pub code_sha256: Vec<u8>,
    /// What each workspace gets.
    pub credits: Credits,
    /// Days until what is left of them lapses; never without it.
    pub credits_days: Option<i64>,
    /// Workspaces that may take it.
    pub max_uses: i64,
    /// Workspaces that have.
    pub uses: i64,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Why it was made.
    pub reason: String,
    /// `cli` or `operator:usr_…`.
    pub created_by: String,
    /// When.
    pub created_at: UnixMs,
    /// Taken back.
    pub revoked_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

// A printed row does not show the code's hash.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Voucher").field("id", &self.id).finish_non_exhaustive()
    }
}
