//! What a booking needs to know. Read under the wallet's lock, so nothing here can change before
//! it is written.

use std::collections::BTreeMap;

use entity::credit_lot::Model as Lot;
use entity::ids::{BatchId, HoldId, LotId, VideoId, WalletId};
use entity::values::{Credits, UnixMs};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbBackend, DbErr, EntityTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::super::model::{Part, Resolution};
use crate::db::bulk::Rows;
use crate::db::{Tx, dialect};

/// Order in which lots burn: priority, soonest expiry (never is last), oldest, id.
const BURN: &str = "priority, expires_at IS NULL, expires_at, created_at, id";

/// The first lots in burn order that together have `needed` credits, with what each has.
pub(in super::super) async fn lots_to_burn_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    needed: Credits,
    now: UnixMs,
) -> Result<Vec<(LotId, Credits)>, DbErr> {
    let sql = format!(
        "SELECT id, remaining FROM (SELECT id, remaining, CAST(sum(remaining) OVER burn AS BIGINT) \
         - remaining AS before FROM credit_lot WHERE wallet_id = $1 AND remaining > 0 \
         AND (expires_at IS NULL OR expires_at > $3) \
         WINDOW burn AS (ORDER BY {BURN} ROWS UNBOUNDED PRECEDING)) AS burning \
         WHERE before < $2 ORDER BY before"
    );
    let values = [wallet_id.into(), needed.into(), now.into()];
    let rows = tx.query_all_raw(dialect::statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "remaining")?))).collect()
}

/// Lots of locked wallets with credits that have lapsed by `now`.
pub(in super::super) async fn lapsed_in_tx(
    tx: &Tx,
    wallets: impl Iterator<Item = WalletId>,
    now: UnixMs,
) -> Result<Vec<(WalletId, LotId, Credits)>, DbErr> {
    let mut values = vec![now.into()];
    let ids: Vec<Uuid> = wallets.map(|wallet| wallet.0).collect();
    let source = Rows::new().ids("id", ids).source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT l.wallet_id, l.id, l.remaining FROM {source} \
         JOIN credit_lot AS l ON l.wallet_id = r.id \
         WHERE l.remaining > 0 AND l.expires_at IS NOT NULL AND l.expires_at <= $1 \
         ORDER BY l.wallet_id, l.priority, l.expires_at, l.created_at, l.id"
    );
    let rows = tx.query_all_raw(dialect::statement(&**tx, sql, values)).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok((row.try_get("", "wallet_id")?, row.try_get("", "id")?, row.try_get("", "remaining")?))
    };
    rows.iter().map(read).collect()
}

/// Earliest expiry of a lot with credits remaining, by wallet; wallets without one are absent.
pub(in super::super) async fn next_expiries_in_tx(
    tx: &Tx,
    wallets: impl Iterator<Item = WalletId>,
) -> Result<BTreeMap<WalletId, UnixMs>, DbErr> {
    let mut values = Vec::new();
    let ids: Vec<Uuid> = wallets.map(|wallet| wallet.0).collect();
    let source = Rows::new().ids("id", ids).source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT l.wallet_id, min(l.expires_at) AS next_expiry FROM {source} \
         JOIN credit_lot AS l ON l.wallet_id = r.id \
         WHERE l.remaining > 0 AND l.expires_at IS NOT NULL GROUP BY l.wallet_id"
    );
    let rows = tx.query_all_raw(dialect::statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "wallet_id")?, row.try_get("", "next_expiry")?)))
        .collect()
}

/// A share that this statement has just ended.
pub(in super::super) struct Ended {
    pub(in super::super) hold_id: HoldId,
    pub(in super::super) amount: Credits,
}

/// Ends shares that are still open, and only those: who asks second finds none. By video.
pub(in super::super) async fn end_shares_in_tx(
    tx: &Tx,
    resolutions: &[Resolution],
    now: UnixMs,
) -> Result<BTreeMap<VideoId, Ended>, DbErr> {
    let backend = tx.get_database_backend();
    let mut values = vec![now.into()];
    let states = resolutions.iter().map(|one| one.verdict.share_state().as_str().to_owned());
    let source = Rows::new()
        .ids("asked", resolutions.iter().map(|one| one.video_id.0).collect())
        .texts("state", states.collect())
        .source(backend, &mut values);
    let sql = match backend {
        DbBackend::Sqlite => END_SHARES,
        _ => {
            tx.execute_unprepared(BY_INDEX).await?;
            END_SHARES_BY_PLACE
        }
    };
    let query = dialect::statement(&**tx, sql.replace("{rows}", &source), values);
    let rows = tx.query_all_raw(query).await?;
    let read = |row: &sea_orm::QueryResult| {
        let ended =
            Ended { hold_id: row.try_get("", "hold_id")?, amount: row.try_get("", "amount")? };
        Ok((row.try_get("", "video_id")?, ended))
    };
    rows.iter().map(read).collect()
}

const END_SHARES: &str = "UPDATE credit_hold_item AS i SET state = r.state, resolved_at = $1 \
     FROM {rows} WHERE i.video_id = r.asked AND i.state = 'OPEN' \
     RETURNING video_id, hold_id, amount";

/// The same for PostgreSQL, in a form that can only be carried out by looking each share up.
///
/// Statements are planned once per connection. How many shares are open swings between none and
/// very many, and a plan made in a quiet hour for the plain form reads *all* open shares, flush
/// after flush, until the next ANALYZE. LIMIT keeps the look-up from being joined in bulk; the
/// place of a row (ctid) stands still because the wallet is locked.
const END_SHARES_BY_PLACE: &str = "UPDATE credit_hold_item AS i SET state = hit.state, resolved_at = $1 \
     FROM (SELECT open.place, r.state FROM {rows} CROSS JOIN LATERAL (SELECT ctid AS place \
     FROM credit_hold_item WHERE video_id = r.asked AND state = 'OPEN' LIMIT 1) AS open) AS hit \
     WHERE i.ctid = hit.place AND i.state = 'OPEN' RETURNING video_id, hold_id, amount";

/// An empty table is cheaper to scan than to look up, and would be planned so.
const BY_INDEX: &str = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off";

/// A hold with what it still has from each of its lots, in burn order.
pub(in super::super) struct OpenHold {
    pub(in super::super) wallet_id: WalletId,
    pub(in super::super) batch_id: BatchId,
    pub(in super::super) parts: Vec<Part>,
}

/// The holds with these ids.
pub(in super::super) async fn holds_in_tx(
    tx: &Tx,
    holds: impl Iterator<Item = HoldId>,
) -> Result<BTreeMap<HoldId, OpenHold>, DbErr> {
    let mut values = Vec::new();
    let ids: Vec<Uuid> = holds.map(|hold| hold.0).collect();
    let source = Rows::new().ids("id", ids).source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT h.id, h.wallet_id, h.batch_id, p.lot_id, p.amount - p.captured - p.released AS room, \
         l.expires_at, l.priority FROM {source} JOIN credit_hold AS h ON h.id = r.id \
         JOIN credit_hold_lot AS p ON p.hold_id = h.id JOIN credit_lot AS l ON l.id = p.lot_id \
         ORDER BY h.id, p.ord"
    );
    let rows = tx.query_all_raw(dialect::statement(&**tx, sql, values)).await?;
    let mut found: BTreeMap<HoldId, OpenHold> = BTreeMap::new();
    for row in &rows {
        let (wallet_id, batch_id) = (row.try_get("", "wallet_id")?, row.try_get("", "batch_id")?);
        let hold = found.entry(row.try_get("", "id")?).or_insert_with(|| OpenHold {
            wallet_id,
            batch_id,
            parts: Vec::new(),
        });
        hold.parts.push(Part {
            lot_id: row.try_get("", "lot_id")?,
            room: row.try_get("", "room")?,
            expires_at: row.try_get("", "expires_at")?,
            priority: row.try_get("", "priority")?,
        });
    }
    Ok(found)
}

/// Every grace lot made for these holds.
pub(in super::super) async fn grace_lots_in_tx(
    tx: &Tx,
    holds: impl Iterator<Item = HoldId>,
) -> Result<Vec<Lot>, DbErr> {
    let ids: Vec<HoldId> = holds.collect();
    entity::credit_lot::Entity::find()
        .filter(entity::credit_lot::Column::GraceHold.is_in(ids))
        .all(&**tx)
        .await
}

/// The lot granted under a reference.
pub(in super::super) async fn lot_by_ref_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    source_ref: &str,
) -> Result<Option<Lot>, DbErr> {
    entity::credit_lot::Entity::find()
        .filter(entity::credit_lot::Column::WalletId.eq(wallet_id))
        .filter(entity::credit_lot::Column::SourceRef.eq(source_ref))
        .one(&**tx)
        .await
}
