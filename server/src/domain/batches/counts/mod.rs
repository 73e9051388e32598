//! The one place where a batch's counts, state and revision change after its launch.
//!
//! Settle, cancel and claim all come through here: lock the batches ([`lock_in_tx`]), change their
//! videos with the revisions it hands out, then [`apply_in_tx`] what became of them. With the
//! counts move, in the same transaction and in bulk: state, `settled_at`, the daily allowance
//! (given back for every video that ends undelivered), the open-batch counter, the stop-loss, and
//! one `batch.settled` message per batch and round. Gates that a person moves are in `gates`, the
//! opening of a next round is in `rounds`.
//!
//! Lock order kept here: allowance and open-batch counter → batch rows, each by id. The wallets of
//! batches whose videos end must be locked before; counts change only under that lock, so which
//! counters will be needed is known before the batch rows are locked.

use std::collections::BTreeMap;

use entity::batch_job;
use entity::enums::{BatchState, Gate, GateReason};
use entity::ids::{BatchId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr, FromQueryResult as _, Value};

mod gates;
mod rounds;

pub(super) use gates::message as gate_message;
pub use gates::{GateMove, move_gate_in_tx};
pub use rounds::open_round_in_tx;

use super::error::Error;
use super::model::{Delta, Step};
use crate::db::Tx;
use crate::db::audit;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute_exactly, for_update, statement};
use crate::db::outbox::{self, Message};

/// What a transaction is about to do to one batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent {
    /// Which.
    pub batch_id: BatchId,
    /// At most this many of its videos end (0 for a claim or an edge between open states).
    pub ending: i64,
    /// Whether some of them may end undelivered.
    pub undelivered: bool,
}

/// Batch rows locked by this transaction, in id order.
#[derive(Debug)]
pub struct LockedBatches(Vec<batch_job::Model>);

/// What one transaction did to one batch's videos.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchDelta {
    /// Which.
    pub batch_id: BatchId,
    /// What happened.
    pub delta: Delta,
}

/// A batch after [`apply_in_tx`]: announce `(batch_id, rev)` on the bus after commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Which.
    pub batch_id: BatchId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// The new revision, the one [`LockedBatches::next_rev`] promised.
    pub rev: i64,
    /// The new state.
    pub state: BatchState,
    /// Whether this transaction settled it.
    pub settled: bool,
}

impl LockedBatches {
    /// The row of a batch that exists.
    #[must_use]
    pub fn get(&self, batch_id: BatchId) -> Option<&batch_job::Model> {
        let place = self.0.binary_search_by_key(&batch_id, |row| row.id).ok()?;
        self.0.get(place)
    }

    /// Every row, by id.
    #[must_use]
    pub fn rows(&self) -> &[batch_job::Model] {
        &self.0
    }

    /// The revision that videos changed by this transaction must carry.
    #[must_use]
    pub fn next_rev(&self, batch_id: BatchId) -> Option<i64> {
        self.get(batch_id).map(|row| row.rev + 1)
    }
}

/// Locks the counters that may be needed, then the batches. Duplicates are fine.
///
/// # Errors
/// The database's failure.
pub async fn lock_in_tx(tx: &Tx, intents: &[Intent]) -> Result<LockedBatches, DbErr> {
    let intents = merged(intents);
    if !for_update(tx.get_database_backend()).is_empty() {
        lock_counters_in_tx(tx, &intents).await?;
    }
    let ids = intents.iter().map(|intent| intent.batch_id.0).collect();
    let mut values: Vec<Value> = Vec::new();
    let source = Rows::new().ids("id", ids).source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT * FROM batch_jobs WHERE id IN (SELECT r.id FROM {source}) ORDER BY id{}",
        for_update(tx.get_database_backend())
    );
    let found = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    let rows = found.iter().map(|row| batch_job::Model::from_query_result(row, ""));
    rows.collect::<Result<Vec<_>, _>>().map(LockedBatches)
}

fn merged(intents: &[Intent]) -> Vec<Intent> {
    let mut by_id: BTreeMap<BatchId, Intent> = BTreeMap::new();
    for intent in intents {
        let known = by_id.entry(intent.batch_id).or_insert(Intent {
            batch_id: intent.batch_id,
            ending: 0,
            undelivered: false,
        });
        known.ending += intent.ending;
        known.undelivered |= intent.undelivered;
    }
    by_id.into_values().collect()
}

/// PostgreSQL: takes the allowance and open-batch rows that the transaction may move.
async fn lock_counters_in_tx(tx: &Tx, intents: &[Intent]) -> Result<(), DbErr> {
    let ending: Vec<&Intent> = intents.iter().filter(|intent| intent.ending > 0).collect();
    if ending.is_empty() {
        return Ok(());
    }
    let source = |values: &mut Vec<Value>| {
        Rows::new()
            .ids("id", ending.iter().map(|intent| intent.batch_id.0).collect())
            .ints("ending", ending.iter().map(|intent| intent.ending).collect())
            .ints("undelivered", ending.iter().map(|intent| intent.undelivered.into()).collect())
            .source(tx.get_database_backend(), values)
    };
    if ending.iter().any(|intent| intent.undelivered) {
        let mut values = Vec::new();
        let sql = format!(
            "SELECT d.used FROM daily_allowances d WHERE (d.workspace_id, d.day) IN \
             (SELECT b.workspace_id, b.allowance_day FROM batch_jobs b JOIN {} ON b.id = r.id \
              WHERE r.undelivered = 1) ORDER BY d.workspace_id, d.day FOR UPDATE OF d",
            source(&mut values)
        );
        tx.query_all_raw(statement(&**tx, sql, values)).await?;
    }
    let mut values = Vec::new();
    let sql = format!(
        "SELECT o.open_count FROM open_batches o WHERE o.workspace_id IN \
         (SELECT b.workspace_id FROM batch_jobs b JOIN {} ON b.id = r.id \
          WHERE b.total - b.delivered - b.failed - b.cancelled <= r.ending) \
         ORDER BY o.workspace_id FOR UPDATE OF o",
        source(&mut values)
    );
    tx.query_all_raw(statement(&**tx, sql, values)).await.map(|_| ())
}

/// Writes what became of the locked batches. A batch without a delta keeps its revision.
///
/// # Errors
/// [`Error::Inconsistent`] when more videos would end than a batch has, or one of a settled batch;
/// the database's failure.
pub async fn apply_in_tx(
    tx: &Tx,
    locked: LockedBatches,
    deltas: &[BatchDelta],
    now: UnixMs,
) -> Result<Vec<Applied>, Error> {
    let mut by_batch: BTreeMap<BatchId, Delta> = BTreeMap::new();
    for change in deltas {
        by_batch.entry(change.batch_id).or_default().add(change.delta);
    }
    let mut steps = Vec::with_capacity(by_batch.len());
    for (batch_id, delta) in by_batch {
        let row = locked.get(batch_id).ok_or(Error::Inconsistent("a batch was not locked"))?;
        steps.push((row, delta, Step::of(row, delta, now)?));
    }
    if steps.is_empty() {
        return Ok(Vec::new());
    }
    write_batches_in_tx(tx, &steps, now).await?;
    give_back_allowance_in_tx(tx, &steps).await?;
    let settled: Vec<_> = steps.iter().filter(|(_, _, step)| step.settles).collect();
    if !settled.is_empty() {
        close_open_batches_in_tx(tx, &settled).await?;
    }
    let messages = steps.iter().flat_map(|(row, _, step)| messages(row, step)).collect();
    outbox::put_many_in_tx(tx, now, messages).await?;
    for (row, _, step) in steps.iter().filter(|(_, _, step)| step.loses) {
        audit::record_in_tx(tx, now, gates::stop_loss(row, step)).await?;
    }
    Ok(steps.iter().map(|(row, _, step)| applied(row, step)).collect())
}

type Change<'a> = (&'a batch_job::Model, Delta, Step);

fn applied(row: &batch_job::Model, step: &Step) -> Applied {
    Applied {
        batch_id: row.id,
        workspace_id: row.workspace_id,
        rev: step.rev,
        state: step.state,
        settled: step.settles,
    }
}

async fn write_batches_in_tx(tx: &Tx, steps: &[Change<'_>], now: UnixMs) -> Result<(), DbErr> {
    let column = |read: fn(&Step) -> i64| steps.iter().map(|(_, _, step)| read(step)).collect();
    let texts = |read: fn(&Step) -> &'static str| {
        steps.iter().map(|(_, _, step)| read(step).to_owned()).collect()
    };
    let maybe = |read: fn(&Step) -> Option<&'static str>| {
        steps.iter().map(|(_, _, step)| read(step).map(str::to_owned)).collect()
    };
    let mut values: Vec<Value> = vec![now.into()];
    let source = Rows::new()
        .ids("id", steps.iter().map(|(row, _, _)| row.id.0).collect())
        .ints("rev", column(|step| step.rev))
        .ints("delivered", column(|step| step.delivered))
        .ints("failed", column(|step| step.failed))
        .ints("cancelled", column(|step| step.cancelled))
        .ints("claimed", column(|step| step.ever_claimed.into()))
        .ints("cancel", column(|step| step.cancel_requested.into()))
        .ints("settles", column(|step| step.settles.into()))
        .texts("state", texts(|step| step.state.as_str()))
        .texts("gate", texts(|step| step.standing.gate.as_str()))
        .maybe_texts("paused_from", maybe(|step| step.standing.paused_from.map(Gate::as_str)))
        .maybe_texts("reason", maybe(|step| step.standing.reason.map(GateReason::as_str)))
        .ints("since", column(|step| step.standing.since.0))
        .ints("pilot_ended", column(|step| step.pilot_ended))
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "UPDATE batch_jobs AS b SET rev = r.rev, delivered = r.delivered, failed = r.failed, \
         cancelled = r.cancelled, ever_claimed = (r.claimed = 1), \
         cancel_requested = (r.cancel = 1), state = r.state, gate = r.gate, \
         paused_from = r.paused_from, gate_reason = r.reason, gate_since = r.since, \
         pilot_ended = r.pilot_ended, \
         settled_at = CASE WHEN r.settles = 1 THEN CAST($1 AS BIGINT) ELSE b.settled_at END \
         FROM {source} WHERE b.id = r.id"
    );
    execute_exactly(&**tx, sql, values, steps.len() as u64).await
}

async fn give_back_allowance_in_tx(tx: &Tx, steps: &[Change<'_>]) -> Result<(), DbErr> {
    let mut days: BTreeMap<(WorkspaceId, i64), i64> = BTreeMap::new();
    for (row, delta, _) in steps.iter().filter(|(_, delta, _)| delta.undelivered() > 0) {
        *days.entry((row.workspace_id, row.allowance_day)).or_default() += delta.undelivered();
    }
    if days.is_empty() {
        return Ok(());
    }
    let expected = days.len() as u64;
    let mut values: Vec<Value> = Vec::new();
    let source = Rows::new()
        .ids("workspace_id", days.keys().map(|(workspace_id, _)| workspace_id.0).collect())
        .ints("day", days.keys().map(|(_, day)| *day).collect())
        .ints("videos", days.into_values().collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "UPDATE daily_allowances AS d SET used = d.used - r.videos FROM {source} \
         WHERE d.workspace_id = r.workspace_id AND d.day = r.day"
    );
    execute_exactly(&**tx, sql, values, expected).await
}

async fn close_open_batches_in_tx(tx: &Tx, settled: &[&Change<'_>]) -> Result<(), DbErr> {
    let mut closed: BTreeMap<WorkspaceId, i64> = BTreeMap::new();
    for (row, _, _) in settled {
        *closed.entry(row.workspace_id).or_default() += 1;
    }
    let expected = closed.len() as u64;
    let mut values: Vec<Value> = Vec::new();
    let source = Rows::new()
        .ids("workspace_id", closed.keys().map(|workspace_id| workspace_id.0).collect())
        .ints("batches", closed.into_values().collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "UPDATE open_batches AS o SET open_count = o.open_count - r.batches FROM {source} \
         WHERE o.workspace_id = r.workspace_id"
    );
    execute_exactly(&**tx, sql, values, expected).await
}

/// What others are told of a change.
fn messages(row: &batch_job::Model, step: &Step) -> Vec<Message> {
    let mut messages = Vec::new();
    if step.loses {
        messages.push(gates::message(row, "batch.paused", step.standing));
    }
    if step.pilot_done {
        messages.push(pilot_message(row));
    }
    if step.settles {
        messages.push(settled_message(row, step));
    }
    messages
}

fn pilot_message(row: &batch_job::Model) -> Message {
    Message {
        workspace_id: Some(row.workspace_id),
        topic: "batch.pilot_done",
        payload: serde_json::json!({
            "batchId": row.id.to_string(),
            "mode": row.mode.as_str(),
            "pilotVideos": row.pilot_total,
        }),
    }
}

fn settled_message(row: &batch_job::Model, step: &Step) -> Message {
    Message {
        workspace_id: Some(row.workspace_id),
        topic: "batch.settled",
        payload: serde_json::json!({
            "batchId": row.id.to_string(),
            "mode": row.mode.as_str(),
            "round": row.round,
            "state": step.state.as_str(),
            "total": row.total,
            "delivered": step.delivered,
            "failed": step.failed,
            "cancelled": step.cancelled,
        }),
    }
}
