//! Lane and provider counters: caps that hold across processes.
//!
//! They are moved by guarded UPDATE at the end of a claim, given back at the end of a settlement,
//! and derived again by the sweep, so that a lost decrement cannot narrow a lane for ever.

use std::collections::BTreeMap;

use entity::ids::WorkspaceId;
use sea_orm::{ConnectionTrait as _, DbErr, Value};
use uuid::Uuid;

use super::error::Error;
use super::route::{Candidate, Roomy};
use super::write;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, for_update, statement};
use crate::db::{Class, Db, Tx};

/// As in the partial index `batch_items_in_flight`.
pub(super) const IN_FLIGHT: &str = "('SUBMITTING', 'RENDERING', 'STORING', 'OUTCOME_UNKNOWN')";

/// How many more videos the lane takes, and each of the offers.
pub(super) async fn room_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    offers: &[Candidate],
) -> Result<(i64, Vec<Roomy>), DbErr> {
    let mut values: Vec<Value> = vec![workspace_id.into()];
    let names = write::placeholders(&mut values, offers.iter().map(|one| one.name.into()));
    if offers.is_empty() {
        return Ok((0, Vec::new()));
    }
    let sql = format!(
        "SELECT l.cap - l.in_flight AS lane, p.provider AS provider, p.cap - p.in_flight AS room \
         FROM lanes l CROSS JOIN provider_counters p \
         WHERE l.workspace_id = $1 AND p.provider IN ({names})"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    let mut rooms: BTreeMap<String, i64> = BTreeMap::new();
    let mut lane = 0;
    for row in &rows {
        lane = row.try_get("", "lane")?;
        rooms.insert(row.try_get("", "provider")?, row.try_get("", "room")?);
    }
    let roomy = offers.iter().map(|candidate| Roomy {
        candidate: *candidate,
        room: rooms.get(candidate.name).copied().unwrap_or(0),
    });
    Ok((lane, roomy.collect()))
}

/// Takes room for `videos`, guarded by both caps.
pub(super) async fn take_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    provider: &str,
    videos: i64,
) -> Result<(), Error> {
    let lane = "UPDATE lanes SET in_flight = in_flight + $1 \
                WHERE workspace_id = $2 AND in_flight + $1 <= cap";
    if execute(&**tx, lane, [videos.into(), workspace_id.into()]).await? != 1 {
        return Err(Error::NoRoom);
    }
    let submissions = "UPDATE provider_counters SET in_flight = in_flight + $1 \
                       WHERE provider = $2 AND in_flight + $1 <= cap";
    if execute(&**tx, submissions, [videos.into(), provider.into()]).await? != 1 {
        return Err(Error::NoRoom);
    }
    Ok(())
}

/// Gives room back. Never below zero: a counter that drifted is the sweep's to set right.
pub(super) async fn give_back_in_tx(
    tx: &Tx,
    lanes: &BTreeMap<WorkspaceId, i64>,
    providers: &BTreeMap<&'static str, i64>,
) -> Result<(), DbErr> {
    if lanes.is_empty() {
        return Ok(());
    }
    let backend = tx.get_database_backend();
    let mut values: Vec<Value> = Vec::new();
    let source = Rows::new()
        .ids("id", lanes.keys().map(|id| id.0).collect::<Vec<Uuid>>())
        .ints("videos", lanes.values().copied().collect())
        .source(backend, &mut values);
    // An UPDATE locks in no order; the inner SELECT does.
    let sql = format!(
        "WITH r AS (SELECT l.workspace_id AS id, r.videos AS videos FROM lanes l \
         JOIN {source} ON l.workspace_id = r.id ORDER BY l.workspace_id{}) \
         UPDATE lanes SET in_flight = CASE WHEN in_flight >= r.videos THEN in_flight - r.videos \
         ELSE 0 END FROM r WHERE lanes.workspace_id = r.id",
        if for_update(backend).is_empty() { "" } else { " FOR UPDATE OF l" }
    );
    execute_exactly(&**tx, sql, values, lanes.len() as u64).await?;
    for (provider, videos) in providers {
        let sql = "UPDATE provider_counters SET in_flight = \
                   CASE WHEN in_flight >= $1 THEN in_flight - $1 ELSE 0 END WHERE provider = $2";
        let values = [Value::from(*videos), Value::from(*provider)];
        execute_exactly(&**tx, sql, values, 1).await?;
    }
    Ok(())
}

/// Makes sure the provider has a counter with this cap.
///
/// # Errors
/// The database's failure.
pub async fn ensure_provider(db: &Db, provider: &'static str, cap: i64) -> Result<(), Error> {
    db.tx(Class::Money, |tx| async move {
        let sql = "INSERT INTO provider_counters (provider, in_flight, cap) VALUES ($1, 0, $2) \
                   ON CONFLICT (provider) DO UPDATE SET cap = excluded.cap";
        execute_exactly(&*tx, sql, [provider.into(), cap.into()], 1).await?;
        Ok(())
    })
    .await
}

/// Sets counters right that differ from the videos in flight; returns how many did.
///
/// One snapshot finds them; each is then counted again under its own lock. Whatever changes the
/// videos in flight moves the counter last in the same transaction, so under that lock the count
/// is exact.
///
/// # Errors
/// The database's failure.
pub async fn rederive(db: &Db) -> Result<u64, Error> {
    let mut changed = 0;
    for lane in drifted_lanes(db).await? {
        changed += db.tx(Class::Telemetry, |tx| async move { lane_in_tx(&tx, lane).await }).await?;
    }
    for provider in drifted_providers(db).await? {
        let provider = &provider;
        changed += db
            .tx(Class::Telemetry, |tx| async move { provider_in_tx(&tx, provider).await })
            .await?;
    }
    Ok(changed)
}

async fn drifted_lanes(db: &Db) -> Result<Vec<WorkspaceId>, DbErr> {
    let sql = format!(
        "SELECT l.workspace_id AS id FROM lanes l LEFT JOIN \
         (SELECT workspace_id, count(*) AS n FROM batch_items WHERE state IN {IN_FLIGHT} \
          GROUP BY workspace_id) f ON f.workspace_id = l.workspace_id \
         WHERE l.in_flight <> COALESCE(f.n, 0)"
    );
    let found = db.reader().query_all_raw(statement(db.reader(), sql, [])).await?;
    found.iter().map(|row| row.try_get("", "id")).collect()
}

async fn drifted_providers(db: &Db) -> Result<Vec<String>, DbErr> {
    let sql = format!(
        "SELECT p.provider AS provider FROM provider_counters p LEFT JOIN \
         (SELECT a.provider, count(*) AS n FROM batch_items v \
          JOIN attempts a ON a.video_id = v.id AND a.attempt = v.attempt \
          WHERE v.state IN {IN_FLIGHT} GROUP BY a.provider) f ON f.provider = p.provider \
         WHERE p.in_flight <> COALESCE(f.n, 0)"
    );
    let found = db.reader().query_all_raw(statement(db.reader(), sql, [])).await?;
    found.iter().map(|row| row.try_get("", "provider")).collect()
}

async fn lane_in_tx(tx: &Tx, lane: WorkspaceId) -> Result<u64, Error> {
    let lock = format!(
        "SELECT in_flight FROM lanes WHERE workspace_id = $1{}",
        for_update(tx.get_database_backend())
    );
    tx.query_one_raw(statement(&**tx, lock, [lane.into()])).await?;
    let sql = format!(
        "UPDATE lanes SET in_flight = f.n FROM (SELECT CAST(count(*) AS BIGINT) AS n \
         FROM batch_items WHERE workspace_id = $1 AND state IN {IN_FLIGHT}) f \
         WHERE lanes.workspace_id = $1 AND lanes.in_flight <> f.n"
    );
    Ok(execute(&**tx, sql, [lane.into()]).await?)
}

async fn provider_in_tx(tx: &Tx, provider: &str) -> Result<u64, Error> {
    let lock = format!(
        "SELECT in_flight FROM provider_counters WHERE provider = $1{}",
        for_update(tx.get_database_backend())
    );
    tx.query_one_raw(statement(&**tx, lock, [provider.into()])).await?;
    let sql = format!(
        "UPDATE provider_counters SET in_flight = f.n FROM (SELECT CAST(count(*) AS BIGINT) AS n \
         FROM batch_items v JOIN attempts a ON a.video_id = v.id AND a.attempt = v.attempt \
         WHERE a.provider = $1 AND v.state IN {IN_FLIGHT}) f \
         WHERE provider_counters.provider = $1 AND provider_counters.in_flight <> f.n"
    );
    Ok(execute(&**tx, sql, [provider.into()]).await?)
}
