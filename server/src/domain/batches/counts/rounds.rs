//! The next round of a settled batch: its failed videos are open again.

use entity::enums::Gate;
use entity::ids::BatchId;
use entity::values::UnixMs;
use sea_orm::Value;

use super::{Applied, LockedBatches};
use crate::db::Tx;
use crate::db::dialect::execute_exactly;
use crate::domain::batches::error::Error;
use crate::domain::batches::model::{Tally, batch_state};

/// Opens the next round of a locked, settled batch: its failed videos count as open, the gate is
/// OPEN, what was asked of the round before is forgotten, the stop-loss counts afresh. What ends
/// undelivered from here on is given back to the allowance of today.
///
/// # Errors
/// [`Error::Inconsistent`] when the batch is not settled; the database's failure.
pub async fn open_round_in_tx(
    tx: &Tx,
    locked: &LockedBatches,
    batch_id: BatchId,
    now: UnixMs,
) -> Result<Applied, Error> {
    let row = locked.get(batch_id).ok_or(Error::NotFound)?;
    if row.settled_at.is_none() {
        return Err(Error::Inconsistent("only a settled batch has a next round"));
    }
    let state = batch_state(&Tally {
        total: row.total,
        delivered: row.delivered,
        open: row.failed,
        ever_claimed: row.ever_claimed,
        cancel_requested: false,
    });
    let sql = "UPDATE batch_jobs SET rev = rev + 1, round = round + 1, failed = 0, state = $2, \
         settled_at = NULL, cancel_requested = $3, gate = $4, paused_from = NULL, \
         gate_reason = NULL, gate_since = $5, allowance_day = $6, window_delivered = delivered, \
         window_failed = 0 WHERE id = $1 AND round = $7 AND settled_at IS NOT NULL";
    let values: [Value; 7] = [
        row.id.into(),
        state.as_str().into(),
        false.into(),
        Gate::Open.as_str().into(),
        now.into(),
        now.day().into(),
        row.round.into(),
    ];
    execute_exactly(&**tx, sql, values, 1).await?;
    Ok(Applied {
        batch_id,
        workspace_id: row.workspace_id,
        rev: row.rev + 1,
        state,
        settled: false,
    })
}
