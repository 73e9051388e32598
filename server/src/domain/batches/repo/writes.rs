//! Guarded writes of launch and cancel. Each states how many rows it must touch.

use entity::enums::Role;
use entity::ids::{BatchId, UserId, VideoId, WorkspaceId};
use entity::quote;
use entity::values::UnixMs;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, DbErr, IntoActiveModel as _, Value};

use super::super::error::Error;
use super::super::expand::Prepared;
use super::super::model::{Batch, Quote};
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, statement};

pub(in super::super) async fn insert_quote_in_tx(tx: &Tx, quote: &Quote) -> Result<(), DbErr> {
    let row: quote::ActiveModel = quote.clone().into_active_model().reset_all();
    row.insert(&**tx).await.map(|_| ())
}

/// The member's role as this transaction sees it.
pub(in super::super) async fn role_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
) -> Result<Option<Role>, DbErr> {
    let sql = "SELECT role FROM memberships WHERE workspace_id = $1 AND user_id = $2";
    let row =
        tx.query_one_raw(statement(&**tx, sql, [workspace_id.into(), user_id.into()])).await?;
    row.map(|row| row.try_get("", "role")).transpose()
}

/// False when the quote has a batch already: the unique index decides.
pub(in super::super) async fn insert_batch_in_tx(tx: &Tx, batch: &Batch) -> Result<bool, DbErr> {
    let sql = "INSERT INTO batch_jobs (id, workspace_id, wallet_id, quote_id, template_id, \
         template_version, name, mode, model, seconds, aspect, resolution, seed, watermark, \
         variables, price_per_video, priority, gate, paused_from, round, state, total, delivered, \
         failed, cancelled, ever_claimed, cancel_requested, rev, allowance_day, created_by, \
         created_at, settled_at, gate_since, pilot_total, stop_loss_bp, stop_loss_min, embedded_only) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         NULL, $19, $20, $21, 0, 0, 0, $22, $22, $23, $24, $25, $26, NULL, $26, $27, $28, \
         $29, $30) \
         ON CONFLICT (quote_id) DO NOTHING";
    let values: [Value; 30] = [
        batch.id.into(),
        batch.workspace_id.into(),
        batch.wallet_id.into(),
        batch.quote_id.into(),
        batch.template_id.into(),
        batch.template_version.into(),
        batch.name.as_str().into(),
        batch.mode.as_str().into(),
        batch.model.as_str().into(),
        batch.seconds.into(),
        batch.aspect.as_str().into(),
        batch.resolution.as_str().into(),
        batch.seed.into(),
        batch.watermark.into(),
        batch.variables.clone().into(),
        batch.price_per_video.into(),
        batch.priority.as_str().into(),
        batch.gate.as_str().into(),
        batch.round.into(),
        batch.state.as_str().into(),
        batch.total.into(),
        false.into(),
        batch.rev.into(),
        batch.allowance_day.into(),
        batch.created_by.into(),
        batch.created_at.into(),
        batch.pilot_total.into(),
        batch.stop_loss_bp.into(),
        batch.stop_loss_min.into(),
        batch.embedded_only.into(),
    ];
    execute(&**tx, sql, values).await.map(|inserted| inserted == 1)
}

/// Videos to be counted on a day.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Draw {
    pub workspace_id: WorkspaceId,
    pub day: i64,
    pub videos: i64,
}

/// Draws videos from a day's allowance, or refuses.
pub(in super::super) async fn use_allowance_in_tx(
    tx: &Tx,
    draw: Draw,
    limit: i64,
) -> Result<(), Error> {
    let whose: [Value; 2] = [draw.workspace_id.into(), draw.day.into()];
    let drawn = execute(
        &**tx,
        "INSERT INTO daily_allowances (workspace_id, day, used) \
         SELECT $1, CAST($2 AS BIGINT), CAST($3 AS BIGINT) \
         WHERE CAST($3 AS BIGINT) <= CAST($4 AS BIGINT) \
         ON CONFLICT (workspace_id, day) DO UPDATE SET used = daily_allowances.used + excluded.used \
         WHERE daily_allowances.used + excluded.used <= CAST($4 AS BIGINT)",
        whose.iter().cloned().chain([draw.videos.into(), limit.into()]),
    )
    .await?;
    if drawn == 1 {
        return Ok(());
    }
    let sql = "SELECT used FROM daily_allowances WHERE workspace_id = $1 AND day = $2";
    let row = tx.query_one_raw(statement(&**tx, sql, whose)).await?;
    let used = row.map_or(Ok(0), |row| row.try_get("", "used"))?;
    Err(Error::DailyLimit { used, limit })
}

/// Counts one more unsettled batch, or refuses.
pub(in super::super) async fn open_batch_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    limit: i64,
) -> Result<(), Error> {
    let opened = execute(
        &**tx,
        "INSERT INTO open_batches (workspace_id, open_count) \
         SELECT $1, 1 WHERE CAST($2 AS BIGINT) >= 1 \
         ON CONFLICT (workspace_id) DO UPDATE SET open_count = open_batches.open_count + 1 \
         WHERE open_batches.open_count < CAST($2 AS BIGINT)",
        [workspace_id.into(), limit.into()],
    )
    .await?;
    if opened == 1 { Ok(()) } else { Err(Error::OpenBatchLimit { limit }) }
}

/// Writes every video in one statement.
pub(in super::super) async fn insert_videos_in_tx(
    tx: &Tx,
    batch: &Batch,
    prepared: &Prepared,
) -> Result<(), DbErr> {
    let mut values: Vec<Value> =
        vec![batch.id.into(), batch.workspace_id.into(), batch.round.into(), batch.rev.into()];
    let source = Rows::new()
        .ids("id", prepared.ids.iter().map(|id| id.0).collect())
        .ints("ordinal", (0..batch.total).collect())
        .texts("prompt", prepared.prompts.clone())
        .json("bindings", prepared.bindings.clone())
        .ints("seed", prepared.seeds.clone())
        .ints("pilot", prepared.pilot.clone())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO batch_items (id, batch_id, workspace_id, ordinal, prompt, bindings, seed, \
         state, attempt, lease_epoch, not_before, round, rev, pilot) \
         SELECT r.id, $1, $2, r.ordinal, r.prompt, r.bindings, r.seed, 'QUEUED', 0, 0, 0, \
         CAST($3 AS BIGINT), CAST($4 AS BIGINT), (r.pilot = 1) FROM {source}"
    );
    execute_exactly(&**tx, sql, values, prepared.ids.len() as u64).await
}

/// Ends every QUEUED video of a locked batch and says which, and whether it was of the pilot.
pub(in super::super) async fn cancel_queued_in_tx(
    tx: &Tx,
    batch: &Batch,
    now: UnixMs,
) -> Result<Vec<(VideoId, bool)>, DbErr> {
    let sql = "UPDATE batch_items SET state = 'CANCELLED', rev = $2, ended_at = $3 \
         WHERE batch_id = $1 AND state = 'QUEUED' RETURNING id, pilot";
    let values = [batch.id.into(), (batch.rev + 1).into(), now.into()];
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "pilot")?))).collect()
}

/// The failed videos of a batch, by id.
pub(in super::super) async fn failed_in_tx(
    tx: &Tx,
    batch_id: BatchId,
) -> Result<Vec<VideoId>, DbErr> {
    let sql = "SELECT id FROM batch_items WHERE batch_id = $1 AND state = 'FAILED' ORDER BY id";
    let rows = tx.query_all_raw(statement(&**tx, sql, [batch_id.into()])).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// Queues the failed videos of a locked batch for its next round: all that were counted, or none.
/// Their attempts go on counting, but those of earlier rounds are no longer held against them.
pub(in super::super) async fn queue_failed_in_tx(
    tx: &Tx,
    batch: &Batch,
    (round, rev): (i64, i64),
) -> Result<(), DbErr> {
    let sql = "UPDATE batch_items SET state = 'QUEUED', round = $2, rev = $3, not_before = 0, \
         attempts_before = attempt, error_code = NULL, error_detail = NULL, ended_at = NULL, \
         lease_owner = NULL, lease_until = NULL WHERE batch_id = $1 AND state = 'FAILED'";
    let values = [batch.id.into(), round.into(), rev.into()];
    execute_exactly(&**tx, sql, values, batch.failed.unsigned_abs()).await
}
