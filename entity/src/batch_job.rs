//! `batch_jobs`: One launch.

use sea_orm::entity::prelude::*;

use crate::enums::{Aspect, BatchState, Gate, GateReason, Mode, Priority, Resolution};
use crate::ids::{BatchId, QuoteId, TemplateId, UserId, WalletId, WorkspaceId};
use crate::values::{Credits, UnixMs};

/// One launch.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "batch_jobs")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Who pays.
    pub wallet_id: WalletId,
    /// A quote is launched once.
    pub quote_id: QuoteId,
    /// From what.
    pub template_id: TemplateId,
    /// Pinned.
    pub template_version: i64,
    /// Shown.
    pub name: String,
    /// Live or test.
    pub mode: Mode,
    /// Model code.
    pub model: String,
    /// Length of a video.
    pub seconds: i64,
    /// Shape.
    pub aspect: Aspect,
    /// Lines.
    pub resolution: Resolution,
    /// Base seed.
    pub seed: i64,
    /// Drawn into every video.
    pub watermark: bool,
    /// Names of the bindings in axis order, an array.
    #[sea_orm(column_type = "JsonBinary")]
    pub variables: Json,
    /// The quoted price is the price.
    pub price_per_video: Credits,
    /// Order inside a lane.
    pub priority: Priority,
    /// Whether videos may be claimed.
    pub gate: Gate,
    /// The gate that resume returns to.
    pub paused_from: Option<Gate>,
    /// Current round.
    pub round: i64,
    /// Always batch_state(total, delivered, open, ever_claimed, cancel_requested).
    pub state: BatchState,
    /// Videos.
    pub total: i64,
    /// Ended DELIVERED.
    pub delivered: i64,
    /// Ended FAILED.
    pub failed: i64,
    /// Ended CANCELLED.
    pub cancelled: i64,
    /// A worker has touched it.
    pub ever_claimed: bool,
    /// Asked to stop.
    pub cancel_requested: bool,
    /// Bumped under the row's lock by every change of its videos.
    pub rev: i64,
    /// UTC day whose allowance it drew on.
    pub allowance_day: i64,
    /// Who launched.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// When no video was open any more.
    pub settled_at: Option<UnixMs>,
    /// When the gate came to stand as it does.
    pub gate_since: UnixMs,
    /// PAUSED, CLOSED: why.
    pub gate_reason: Option<GateReason>,
    /// Pilot videos; 0 without a pilot.
    pub pilot_total: i64,
    /// Those that ended in round 1; all of them: a decision is awaited.
    pub pilot_ended: i64,
    /// Failed videos in 10,000 finished ones above which the batch pauses.
    pub stop_loss_bp: Option<i64>,
    /// Finished videos below which nothing is concluded.
    pub stop_loss_min: Option<i64>,
    /// Delivered when the stop-loss began to count.
    pub window_delivered: i64,
    /// Failed when the stop-loss began to count.
    pub window_failed: i64,
    /// Only the embedded provider makes its videos.
    pub embedded_only: bool,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
