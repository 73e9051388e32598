//! `attempts`: One submission of a video to one provider.

use sea_orm::entity::prelude::*;

use crate::enums::AttemptOutcome;
use crate::ids::{BatchId, VideoId, WorkspaceId};
use crate::values::UnixMs;

/// One submission of a video to one provider.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    /// Of what.
    #[sea_orm(primary_key, auto_increment = false)]
    pub video_id: VideoId,
    /// 1, 2, 3 ….
    #[sea_orm(primary_key, auto_increment = false)]
    pub attempt: i64,
    /// Of what.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// To whom.
    pub provider: String,
    /// Ours, committed before the call.
    pub reference: String,
    /// Theirs, committed before anything else happens.
    pub provider_job_id: Option<String>,
    /// How it ended.
    pub outcome: Option<AttemptOutcome>,
    /// Class of failure.
    pub error_code: Option<String>,
    /// Words of the provider, cut.
    pub error_detail: Option<String>,
    /// What the provider charged, minor units.
    pub cost_minor: Option<i64>,
    /// ISO 4217.
    pub cost_currency: Option<String>,
    /// Finished after its share was released.
    pub late: bool,
    /// → SUBMITTING.
    pub claimed_at: UnixMs,
    /// → RENDERING.
    pub submitted_at: Option<UnixMs>,
    /// → STORING.
    pub stored_from_at: Option<UnixMs>,
    /// → ended.
    pub ended_at: Option<UnixMs>,
    /// Offers that were passed over, and why: JSON as text.
    pub decision: Option<String>,
    /// What the provider may have charged where nothing was proven.
    pub suspected_cost_minor: Option<i64>,
    /// When its provider was first asked to stop, at the latest: noted before the call.
    pub stop_asked_at: Option<UnixMs>,
}

/// No relations: joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
