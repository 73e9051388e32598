//! The gate of one batch, moved by a person's decision; its videos stay as they are.

use entity::batch_job;
use entity::enums::{Gate, GateReason};
use entity::ids::BatchId;
use entity::values::UnixMs;
use sea_orm::Value;

use super::{Applied, LockedBatches};
use crate::db::Tx;
use crate::db::audit::Deed;
use crate::db::dialect::execute_exactly;
use crate::db::outbox::{self, Message};
use crate::domain::batches::error::Error;
use crate::domain::batches::gate::Standing;
use crate::domain::batches::model::Step;

/// A gate that is to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GateMove {
    /// Of which batch.
    pub batch_id: BatchId,
    /// As it stands afterwards.
    pub to: Standing,
    /// What others are told.
    pub topic: &'static str,
}

/// Moves the gate of a locked batch and tells of it. A batch that goes on after its stop-loss has
/// struck is counted afresh, or the next failure would strike again.
///
/// # Errors
/// The database's failure.
pub async fn move_gate_in_tx(
    tx: &Tx,
    locked: &LockedBatches,
    moved: GateMove,
    now: UnixMs,
) -> Result<Applied, Error> {
    let row = locked.get(moved.batch_id).ok_or(Error::NotFound)?;
    let struck = row.gate_reason == Some(GateReason::StopLoss);
    let (delivered, failed) = match struck {
        true => (row.delivered, row.failed),
        false => (row.window_delivered, row.window_failed),
    };
    let sql = "UPDATE batch_jobs SET rev = rev + 1, gate = $2, paused_from = $3, gate_reason = $4, \
         gate_since = $5, window_delivered = $6, window_failed = $7 \
         WHERE id = $1 AND gate = $8 AND rev = $9 AND settled_at IS NULL";
    let values: [Value; 9] = [
        row.id.into(),
        moved.to.gate.as_str().into(),
        moved.to.paused_from.map(Gate::as_str).into(),
        moved.to.reason.map(GateReason::as_str).into(),
        moved.to.since.into(),
        delivered.into(),
        failed.into(),
        row.gate.as_str().into(),
        row.rev.into(),
    ];
    execute_exactly(&**tx, sql, values, 1).await?;
    outbox::put_in_tx(tx, now, message(row, moved.topic, moved.to)).await?;
    Ok(Applied {
        batch_id: row.id,
        workspace_id: row.workspace_id,
        rev: row.rev + 1,
        state: row.state,
        settled: false,
    })
}

/// What others are told of a gate that moved.
pub(in crate::domain::batches) fn message(
    row: &batch_job::Model,
    topic: &'static str,
    to: Standing,
) -> Message {
    Message {
        workspace_id: Some(row.workspace_id),
        topic,
        payload: serde_json::json!({
            "batchId": row.id.to_string(),
            "mode": row.mode.as_str(),
            "round": row.round,
            "gate": to.gate.as_str(),
            "reason": to.reason.map(GateReason::as_str),
        }),
    }
}

/// The server's own deed: too many of a batch's videos failed, so it waits for a person.
pub(super) fn stop_loss(row: &batch_job::Model, step: &Step) -> Deed<'static> {
    let open = row.total - step.delivered - step.failed - step.cancelled;
    Deed {
        workspace_id: Some(row.workspace_id),
        actor: "system",
        action: "batch.stop_loss",
        subject: row.id.to_string(),
        detail: serde_json::json!({
            "from": row.gate.as_str(),
            "failed": step.failed,
            "held": row.price_per_video.0.saturating_mul(open),
        }),
        request_id: "",
    }
}
