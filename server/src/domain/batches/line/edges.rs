//! Edges between open states, and the lease.

use std::collections::HashSet;
use std::time::Duration;

use entity::enums::VideoState;
use entity::ids::VideoId;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr, Value};

use super::claim::lock_in_tx;
use super::error::Error;
use super::model::{Fence, Held};
use super::write;
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, now_ms, statement};
use crate::domain::batches::counts::{self, Applied, BatchDelta};
use crate::domain::batches::model::{Delta, Event, edge};
use crate::ports::provider::{Cost, JobId};

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

/// Marks attempts whose file came after their share was released: no asset, no charge, but its
/// cost is noted. Returns those that were; a video that waits for another attempt of the same round
/// is none.
pub(super) async fn mark_late_in_tx(
    tx: &Tx,
    lost: &[(Fence, Option<Cost>)],
    now: UnixMs,
) -> Result<HashSet<(VideoId, i64)>, DbErr> {
    if lost.is_empty() {
        return Ok(HashSet::new());
    }
    let costs = || lost.iter().map(|(_, cost)| cost);
    let mut values: Vec<Value> = vec![true.into(), now.into()];
    let source = Rows::new()
        .ids("vid", lost.iter().map(|(fence, _)| fence.video_id.0).collect())
        .ints("att", lost.iter().map(|(fence, _)| fence.attempt).collect())
        .maybe_ints("minor", costs().map(|cost| cost.map(|cost| cost.minor)).collect())
        .maybe_texts(
            "currency",
            costs().map(|cost| cost.map(|cost| cost.currency.to_owned())).collect(),
        )
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "UPDATE attempts AS a SET late = $1, ended_at = COALESCE(a.ended_at, CAST($2 AS BIGINT)), \
         cost_minor = r.minor, cost_currency = r.currency \
         FROM {source} WHERE a.video_id = r.vid AND a.attempt = r.att AND EXISTS \
         (SELECT 1 FROM batch_items v WHERE v.id = r.vid \
          AND (v.state IN ('FAILED', 'CANCELLED') OR r.att <= v.attempts_before)) \
         RETURNING video_id, attempt"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "video_id")?, row.try_get("", "attempt")?))).collect()
}
