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

/// OUTCOME_UNKNOWN → RENDERING or STORING: the provider has the job. `held` is a fresh look's.
pub(super) async fn found_in_tx(
    tx: &Tx,
    held: &Held,
    (job, event): (&JobId, Event),
    now: UnixMs,
) -> Result<Vec<Applied>, Error> {
    let applied = step_in_tx(tx, held, (VideoState::OutcomeUnknown, event), now).await?;
    let sql = "UPDATE attempts SET provider_job_id = $1, \
               submitted_at = COALESCE(submitted_at, CAST($2 AS BIGINT)), \
               stored_from_at = CASE WHEN $3 = 1 THEN CAST($2 AS BIGINT) ELSE stored_from_at END \
               WHERE video_id = $4 AND attempt = $5 AND outcome IS NULL \
               AND (provider_job_id IS NULL OR provider_job_id = $1)";
    let fence = held.fence;
    let values: [Value; 5] = [
        job.0.clone().into(),
        now.into(),
        i64::from(event == Event::FoundFinished).into(),
        fence.video_id.into(),
        fence.attempt.into(),
    ];
    execute_exactly(&**tx, sql, values, 1).await?;
    Ok(applied)
}

/// A look found the attempt's job, whatever has become of it: its id is committed before anything
/// is concluded. `held` is that look's.
pub(super) async fn name_in_tx(tx: &Tx, held: &Held, job: &JobId) -> Result<(), Error> {
    stands_in_tx(tx, held, "'OUTCOME_UNKNOWN'").await?;
    let sql = "UPDATE attempts SET provider_job_id = $1 \
               WHERE video_id = $2 AND attempt = $3 AND outcome IS NULL \
               AND (provider_job_id IS NULL OR provider_job_id = $1)";
    let fence = held.fence;
    let values: [Value; 3] = [job.0.clone().into(), fence.video_id.into(), fence.attempt.into()];
    if execute(&**tx, sql, values).await? == 1 { Ok(()) } else { Err(Error::FenceLost) }
}

/// The provider is about to be asked to stop. Where a stop deletes the job and this process dies
/// before it can say so, this is what tells a stopped job from a lost one.
pub(super) async fn ask_to_stop_in_tx(tx: &Tx, held: &Held, now: UnixMs) -> Result<(), Error> {
    stands_in_tx(tx, held, "'RENDERING', 'STORING'").await?;
    let sql = "UPDATE attempts SET stop_asked_at = COALESCE(stop_asked_at, CAST($1 AS BIGINT)) \
               WHERE video_id = $2 AND attempt = $3 AND outcome IS NULL";
    let values: [Value; 3] = [now.into(), held.fence.video_id.into(), held.fence.attempt.into()];
    execute_exactly(&**tx, sql, values, 1).await?;
    Ok(())
}

/// The fence stands, and stands until the end of the transaction: the row is locked by being
/// written as it is. For writes that change the attempt alone.
async fn stands_in_tx(tx: &Tx, held: &Held, states: &str) -> Result<(), Error> {
    let sql = format!(
        "UPDATE batch_items SET lease_epoch = lease_epoch \
         WHERE id = $1 AND attempt = $2 AND lease_epoch = $3 AND state IN ({states})"
    );
    let fence = held.fence;
    let values: [Value; 3] =
        [fence.video_id.into(), fence.attempt.into(), fence.lease_epoch.into()];
    if execute(&**tx, sql, values).await? == 1 { Ok(()) } else { Err(Error::FenceLost) }
}

/// A look at a video whose outcome is unknown: the next epoch, for `pause`. One row and no
/// revision: nobody sees it. `None` when somebody else looks, or it is unknown no longer.
pub(super) async fn look_in_tx(
    tx: &Tx,
    held: &Held,
    (owner, pause): (&str, Duration),
) -> Result<Option<Held>, Error> {
    let now = now_ms(tx.get_database_backend());
    let sql = format!(
        "UPDATE batch_items SET lease_epoch = lease_epoch + 1, lease_owner = $1, \
         lease_until = {now} + $2 WHERE id = $3 AND attempt = $4 AND lease_epoch = $5 \
         AND state = 'OUTCOME_UNKNOWN' AND (lease_until IS NULL OR lease_until <= {now})"
    );
    let values: [Value; 5] = [
        owner.into(),
        write::ms(pause).into(),
        held.fence.video_id.into(),
        held.fence.attempt.into(),
        held.fence.lease_epoch.into(),
    ];
    if execute(&**tx, sql, values).await? != 1 {
        return Ok(None);
    }
    let fence = Fence { lease_epoch: held.fence.lease_epoch + 1, ..held.fence };
    Ok(Some(Held { fence, ..*held }))
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
         cost_minor = COALESCE(r.minor, a.cost_minor), \
         cost_currency = COALESCE(r.currency, a.cost_currency) \
         FROM {source} WHERE a.video_id = r.vid AND a.attempt = r.att AND EXISTS \
         (SELECT 1 FROM batch_items v WHERE v.id = r.vid \
          AND (v.state IN ('FAILED', 'CANCELLED') OR r.att <= v.attempts_before)) \
         RETURNING video_id, attempt"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "video_id")?, row.try_get("", "attempt")?))).collect()
}
