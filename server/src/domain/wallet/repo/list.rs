//! Reads for the API. Every query starts from the workspace.

use entity::credit_ledger::Model as Transfer;
use entity::credit_lot::Model as Lot;
use entity::enums::{Mode, TransferKind};
use entity::ids::{BatchId, LotId, WalletId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, Value};
use uuid::Uuid;

use super::super::model::{Balance, BatchCredits, LedgerFilter};
use crate::db::bulk::Rows;
use crate::db::dialect;

/// Kinds that are rare enough to have an index of their own; the same words as in the schema.
const RARE: &str = "l.kind IN ('GRANT','FREEZE','EXPIRE','ADJUST','DEBT')";

/// The wallet's numbers, without what has lapsed by `now`.
pub(in super::super) async fn balance<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    mode: Mode,
    now: UnixMs,
) -> Result<Option<Balance>, DbErr> {
    let sql = "SELECT w.id, w.mode, w.held, w.debt, CAST(w.available - COALESCE((SELECT \
               sum(l.remaining) FROM credit_lot AS l WHERE l.wallet_id = w.id AND l.remaining > 0 \
               AND l.expires_at IS NOT NULL AND l.expires_at <= $3), 0) AS BIGINT) AS available \
               FROM credit_wallet AS w WHERE w.workspace_id = $1 AND w.mode = $2";
    let values = [workspace_id.into(), mode.as_str().into(), now.into()];
    let row = connection.query_one_raw(dialect::statement(connection, sql, values)).await?;
    let read = |row: sea_orm::QueryResult| {
        Ok(Balance {
            wallet_id: row.try_get("", "id")?,
            mode: row.try_get("", "mode")?,
            available: row.try_get("", "available")?,
            held: row.try_get("", "held")?,
            debt: row.try_get("", "debt")?,
        })
    };
    row.map(read).transpose()
}

/// Which part of a list: rows after this key, at most so many.
pub(in super::super) struct Slice<Key> {
    pub(in super::super) after: Option<Key>,
    pub(in super::super) limit: i64,
}

/// Lots of a wallet, newest first.
pub(in super::super) async fn lots<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
    slice: Slice<LotId>,
) -> Result<Vec<Lot>, DbErr> {
    let mut values: Vec<Value> = vec![wallet_id.into(), slice.limit.into()];
    let after = match slice.after {
        Some(id) => {
            values.push(id.into());
            " AND id < $3"
        }
        None => "",
    };
    let sql =
        format!("SELECT * FROM credit_lot WHERE wallet_id = $1{after} ORDER BY id DESC LIMIT $2");
    let rows = connection.query_all_raw(dialect::statement(connection, sql, values)).await?;
    rows.iter().map(|row| Lot::from_query_result(row, "")).collect()
}

/// Ledger rows of a wallet, newest first; the key is the row's number.
pub(in super::super) async fn ledger<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
    filter: LedgerFilter,
    slice: Slice<i64>,
) -> Result<Vec<Transfer>, DbErr> {
    let mut values: Vec<Value> = vec![wallet_id.into(), slice.limit.into()];
    let mut sql = String::from("SELECT l.* FROM credit_ledger AS l WHERE l.wallet_id = $1");
    if let Some(wseq) = slice.after {
        values.push(wseq.into());
        sql.push_str(&format!(" AND l.wseq < ${}", values.len()));
    }
    if let Some(kind) = filter.kind {
        // The word comes from a closed list; as a literal it lets the planner use the index.
        sql.push_str(&format!(" AND l.kind = '{}'", kind.as_str()));
        if !matches!(kind, TransferKind::Capture | TransferKind::Release) {
            sql.push_str(&format!(" AND {RARE}"));
        }
    }
    if let Some(batch_id) = filter.batch_id {
        values.push(batch_id.into());
        // Through the holds, which have an index by batch; the ledger has one by hold.
        let holds = "SELECT h.id FROM credit_hold AS h WHERE h.batch_id =";
        sql.push_str(&format!(" AND l.hold_id IN ({holds} ${})", values.len()));
    }
    sql.push_str(" ORDER BY l.wseq DESC LIMIT $2");
    let rows = connection.query_all_raw(dialect::statement(connection, sql, values)).await?;
    rows.iter().map(|row| Transfer::from_query_result(row, "")).collect()
}

/// Credits of batches over all their rounds; batches of other workspaces are absent.
pub(in super::super) async fn by_batch<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    batches: &[BatchId],
) -> Result<Vec<BatchCredits>, DbErr> {
    let mut values: Vec<Value> = vec![workspace_id.into()];
    let ids: Vec<Uuid> = batches.iter().map(|batch| batch.0).collect();
    let source = Rows::new().ids("id", ids).source(connection.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT h.batch_id, CAST(sum(h.amount - h.captured - h.released) AS BIGINT) AS held, \
         CAST(sum(h.captured) AS BIGINT) AS captured, CAST(sum(h.released) AS BIGINT) AS released \
         FROM {source} JOIN credit_hold AS h ON h.batch_id = r.id \
         JOIN credit_wallet AS w ON w.id = h.wallet_id AND w.workspace_id = $1 GROUP BY h.batch_id"
    );
    let rows = connection.query_all_raw(dialect::statement(connection, sql, values)).await?;
    let read = |row: &sea_orm::QueryResult| {
        Ok(BatchCredits {
            batch_id: row.try_get("", "batch_id")?,
            held: row.try_get("", "held")?,
            captured: row.try_get("", "captured")?,
            released: row.try_get("", "released")?,
        })
    };
    rows.iter().map(read).collect()
}
