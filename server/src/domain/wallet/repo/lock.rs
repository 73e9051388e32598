//! Taking wallets. Every booking starts here: the wallet's row lock is what serialises all that
//! happens to its lots, holds and shares.

use std::collections::BTreeMap;

use entity::enums::Mode;
use entity::ids::{WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};
use uuid::Uuid;

use super::super::book::Book;
use crate::db::bulk::Rows;
use crate::db::{Tx, dialect};

/// Columns that [`book`] reads.
const BOOK: &str = "id, mode, wseq, available, held, debt, next_expiry";

/// Opens a wallet; 0 rows when the workspace has one in this mode.
pub(in super::super) async fn insert_wallet_in_tx(
    tx: &Tx,
    id: WalletId,
    workspace_id: WorkspaceId,
    mode: Mode,
    now: UnixMs,
) -> Result<u64, DbErr> {
    let sql = "INSERT INTO credit_wallet \
               (id, workspace_id, mode, available, held, debt, wseq, next_expiry, created_at) \
               VALUES ($1, $2, $3, 0, 0, 0, 0, NULL, $4) ON CONFLICT (workspace_id, mode) DO NOTHING";
    let values = [id.into(), workspace_id.into(), mode.as_str().into(), now.into()];
    dialect::execute(&**tx, sql, values).await
}

/// The wallet of a workspace in one mode.
pub(in super::super) async fn find<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    mode: Mode,
) -> Result<Option<WalletId>, DbErr> {
    let sql = "SELECT id FROM credit_wallet WHERE workspace_id = $1 AND mode = $2";
    let values = [workspace_id.into(), mode.as_str().into()];
    let row = connection.query_one_raw(dialect::statement(connection, sql, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// Locks wallets in the order of their ids and reads them.
pub(in super::super) async fn lock_in_tx(
    tx: &Tx,
    wallets: &[WalletId],
) -> Result<BTreeMap<WalletId, Book>, DbErr> {
    let backend = tx.get_database_backend();
    let mut values = Vec::new();
    let ids: Vec<Uuid> = wallets.iter().map(|wallet| wallet.0).collect();
    let source = Rows::new().ids("wallet_id", ids).source(backend, &mut values);
    // An UPDATE would lock in whatever order its plan meets the rows.
    let of = if dialect::for_update(backend).is_empty() { "" } else { " FOR UPDATE OF w" };
    let sql = format!(
        "SELECT {BOOK} FROM {source} JOIN credit_wallet AS w ON w.id = r.wallet_id ORDER BY w.id{of}"
    );
    let rows = tx.query_all_raw(dialect::statement(&**tx, sql, values)).await?;
    rows.iter().map(book).collect()
}

/// The guard of a freeze, its own statement and the first to touch the wallet: moves `needed`
/// from available to held only if that much can be spent at `now`. `None` when it refused.
pub(in super::super) async fn set_aside_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    needed: Credits,
    now: UnixMs,
) -> Result<Option<(WalletId, Book)>, DbErr> {
    let sql = format!(
        "UPDATE credit_wallet SET available = available - $2, held = held + $2 \
         WHERE id = $1 AND available >= $2 AND (next_expiry IS NULL OR next_expiry > $3) \
         RETURNING {BOOK}"
    );
    let values = [wallet_id.into(), needed.into(), now.into()];
    let row = tx.query_one_raw(dialect::statement(&**tx, sql, values)).await?;
    row.as_ref().map(book).transpose()
}

/// Wallets of one mode with credits that have lapsed by `now`, after a given id.
pub(in super::super) async fn due<C: ConnectionTrait>(
    connection: &C,
    mode: Mode,
    now: UnixMs,
    limit: u64,
) -> Result<Vec<WalletId>, DbErr> {
    let sql = "SELECT id FROM credit_wallet WHERE next_expiry IS NOT NULL AND next_expiry <= $1 \
               AND mode = $2 ORDER BY next_expiry, id LIMIT $3";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values = [now.into(), mode.as_str().into(), limit.into()];
    let rows = connection.query_all_raw(dialect::statement(connection, sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

fn book(row: &QueryResult) -> Result<(WalletId, Book), DbErr> {
    let wseq: i64 = row.try_get("", "wseq")?;
    let book = Book {
        mode: row.try_get("", "mode")?,
        locked_wseq: wseq,
        wseq,
        available: row.try_get("", "available")?,
        held: row.try_get("", "held")?,
        debt: row.try_get("", "debt")?,
        next_expiry: row.try_get("", "next_expiry")?,
        is_touched: false,
    };
    Ok((row.try_get("", "id")?, book))
}
