//! Edges between open states, and the lease.

use std::time::Duration;

use entity::enums::VideoState;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, Value};

use super::claim::lock_in_tx;
use super::error::Error;
use super::model::Held;
use super::write;
use crate::db::Tx;
use crate::db::dialect::{execute, execute_exactly, now_ms};
use crate::domain::batches::counts::{self, Applied, BatchDelta};
use crate::domain::batches::model::{Delta, Event, edge};
use crate::ports::provider::JobId;

/// SUBMITTING → RENDERING.
pub(super) async fn submitted_in_tx(
    tx: &Tx,
    held: &Held,
    job: &JobId,
    now: UnixMs,
) -> Result<Vec<Applied>, Error> {
    let applied = step_in_tx(tx, held, (VideoState::Submitting, Event::Submitted), now).await?;
    let sql = "UPDATE attempts SET provider_job_id = $1, submitted_at = $2 \
               WHERE video_id = $3 AND attempt = $4 AND outcome IS NULL";
    let fence = held.fence;
    let values: [Value; 4] =
        [job.0.clone().into(), now.into(), fence.video_id.into(), fence.attempt.into()];
    execute_exactly(&**tx, sql, values, 1).await?;
    Ok(applied)
}

/// RENDERING → STORING.
pub(super) async fn storing_in_tx(
    tx: &Tx,
    held: &Held,
    now: UnixMs,
) -> Result<Vec<Applied>, Error> {
    let applied = step_in_tx(tx, held, (VideoState::Rendering, Event::Finished), now).await?;
    let sql = "UPDATE attempts SET stored_from_at = $1 \
               WHERE video_id = $2 AND attempt = $3 AND outcome IS NULL";
    let fence = held.fence;
    let values: [Value; 3] = [now.into(), fence.video_id.into(), fence.attempt.into()];
    execute_exactly(&**tx, sql, values, 1).await?;
    Ok(applied)
}

async fn step_in_tx(
    tx: &Tx,
    held: &Held,
    (from, event): (VideoState, Event),
    now: UnixMs,
) -> Result<Vec<Applied>, Error> {
    let to = edge(from, event).ok_or(Error::Inconsistent("no such edge"))?;
    let locked = lock_in_tx(tx, held.batch_id).await?;
    let rev = locked.next_rev(held.batch_id).ok_or(Error::FenceLost)?;
    let sql = "UPDATE batch_items SET state = $1, rev = $2 \
               WHERE id = $3 AND attempt = $4 AND lease_epoch = $5 AND state = $6";
    let values: [Value; 6] = [
        to.as_str().into(),
        rev.into(),
        held.fence.video_id.into(),
        held.fence.attempt.into(),
        held.fence.lease_epoch.into(),
        from.as_str().into(),
    ];
    if execute(&**tx, sql, values).await? != 1 {
        return Err(Error::FenceLost);
    }
    let delta = BatchDelta { batch_id: held.batch_id, delta: Delta::default() };
    Ok(counts::apply_in_tx(tx, locked, &[delta], now).await?)
}

/// Lengthens the lease of a video that is still held. One row and no revision: nobody sees it.
pub(super) async fn renew_in_tx(tx: &Tx, held: &Held, lease: Duration) -> Result<(), Error> {
    let sql = format!(
        "UPDATE batch_items SET lease_until = {} + $1 \
         WHERE id = $2 AND attempt = $3 AND lease_epoch = $4 \
         AND state IN ('SUBMITTING', 'RENDERING', 'STORING')",
        now_ms(tx.get_database_backend())
    );
    let values: [Value; 4] = [
        write::ms(lease).into(),
        held.fence.video_id.into(),
        held.fence.attempt.into(),
        held.fence.lease_epoch.into(),
    ];
    if execute(&**tx, sql, values).await? == 1 { Ok(()) } else { Err(Error::FenceLost) }
}
