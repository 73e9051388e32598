//! `credit_ledger`: One transfer; append-only for ever.

use sea_orm::entity::prelude::*;

use crate::enums::{Account, TransferKind};
use crate::ids::{BatchId, HoldId, LotId, VideoId, WalletId};
use crate::values::{Credits, UnixMs};

/// One transfer; append-only for ever.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_ledger")]
pub struct Model {
    /// Whose books.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wallet_id: WalletId,
    /// Gapless per wallet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub wseq: i64,
    /// What happened.
    pub kind: TransferKind,
    /// From.
    pub debit_account: Account,
    /// To.
    pub credit_account: Account,
    /// How much.
    pub amount: Credits,
    /// Running balance.
    pub available_after: Credits,
    /// Running held.
    pub held_after: Credits,
    /// Which lot moved.
    pub lot_id: Option<LotId>,
    /// Which hold.
    pub hold_id: Option<HoldId>,
    /// With hold_id: which share.
    pub video_id: Option<VideoId>,
    /// For reading by batch.
    pub batch_id: Option<BatchId>,
    /// Position inside one intention (a share may draw on several lots).
    pub leg: i64,
    /// `usr_…`, `system` or `operator:usr_…`.
    pub actor: String,
    /// Words, for grants and adjustments.
    pub reason: String,
    /// When.
    pub created_at: UnixMs,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
