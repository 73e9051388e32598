//! Captures of a period, and the ledger in its own order.

use entity::credit_ledger::Model as Transfer;
use entity::enums::TransferKind;
use entity::ids::{BatchId, WalletId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult as _, Value};

use super::super::spend::{Period, SLOT_MS, Slot};
use crate::db::dialect::statement;

/// Captured credits by quarter of an hour, model and template.
///
/// A batch captures between its making and its settling, so the batches of the period are found
/// first and their rows read by hold: the ledger has no index by time, which every settlement
/// would have to pay for.
pub(in super::super) async fn slots<C: ConnectionTrait>(
    connection: &C,
    period: &Period,
) -> Result<Vec<Slot>, DbErr> {
    let sql = format!(
        "SELECT l.created_at / {SLOT_MS} AS slot, b.model, b.template_id, \
         COALESCE(t.name, '') AS template, CAST(sum(l.amount) AS BIGINT) AS credits, \
         CAST(count(DISTINCT l.video_id) AS BIGINT) AS videos \
         FROM batch_jobs AS b JOIN credit_hold AS h ON h.batch_id = b.id AND h.wallet_id = $1 \
         JOIN credit_ledger AS l ON l.hold_id = h.id AND l.wallet_id = $1 AND l.kind = 'CAPTURE' \
           AND l.created_at >= $3 AND l.created_at < $4 \
         LEFT JOIN templates AS t ON t.id = b.template_id AND t.workspace_id = $2 \
         WHERE b.workspace_id = $2 AND (b.settled_at IS NULL OR b.settled_at >= $3) \
         GROUP BY l.created_at / {SLOT_MS}, b.model, b.template_id, t.name"
    );
    let values: [Value; 4] = [
        period.wallet_id.into(),
        period.workspace_id.into(),
        period.from.into(),
        period.until.into(),
    ];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Slot {
                number: row.try_get("", "slot")?,
                model: row.try_get("", "model")?,
                template_id: row.try_get("", "template_id")?,
                template: row.try_get("", "template")?,
                credits: row.try_get("", "credits")?,
                videos: row.try_get("", "videos")?,
            })
        })
        .collect()
}

/// Which rows of a ledger a statement holds.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Wanted {
    pub(in super::super) wallet_id: WalletId,
    pub(in super::super) from: UnixMs,
    pub(in super::super) until: UnixMs,
    pub(in super::super) kind: Option<TransferKind>,
    pub(in super::super) batch_id: Option<BatchId>,
    /// The newest row when the statement was asked for.
    pub(in super::super) last: i64,
}

/// The next rows in the ledger's own order, each with the name of its batch.
pub(in super::super) async fn rows<C: ConnectionTrait>(
    connection: &C,
    wanted: &Wanted,
    (after, limit): (i64, i64),
) -> Result<Vec<(Transfer, Option<String>)>, DbErr> {
    let mut values: Vec<Value> = vec![
        wanted.wallet_id.into(),
        after.into(),
        wanted.last.into(),
        wanted.from.into(),
        wanted.until.into(),
        limit.into(),
    ];
    let mut sql = String::from(
        "SELECT l.*, b.name AS batch_name FROM credit_ledger AS l \
         LEFT JOIN batch_jobs AS b ON b.id = l.batch_id \
         WHERE l.wallet_id = $1 AND l.wseq > $2 AND l.wseq <= $3 \
           AND l.created_at >= $4 AND l.created_at < $5",
    );
    if let Some(kind) = wanted.kind {
        // The word comes from a closed list.
        sql.push_str(&format!(" AND l.kind = '{}'", kind.as_str()));
    }
    if let Some(batch_id) = wanted.batch_id {
        values.push(batch_id.into());
        let holds = "SELECT h.id FROM credit_hold AS h WHERE h.batch_id =";
        sql.push_str(&format!(" AND l.hold_id IN ({holds} ${})", values.len()));
    }
    sql.push_str(" ORDER BY l.wseq LIMIT $6");
    let found = connection.query_all_raw(statement(connection, sql, values)).await?;
    found
        .iter()
        .map(|row| Ok((Transfer::from_query_result(row, "")?, row.try_get("", "batch_name")?)))
        .collect()
}

/// The number of a wallet's newest row.
pub(in super::super) async fn newest<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
) -> Result<i64, DbErr> {
    let sql = "SELECT wseq FROM credit_wallet WHERE id = $1";
    let row = connection.query_one_raw(statement(connection, sql, [wallet_id.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "wseq"))
}

/// Whether this wallet ever paid for a batch.
pub(in super::super) async fn paid_for<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
    batch_id: BatchId,
) -> Result<bool, DbErr> {
    let sql = "SELECT 1 AS one FROM credit_hold WHERE batch_id = $2 AND wallet_id = $1 LIMIT 1";
    let values = [wallet_id.into(), batch_id.into()];
    Ok(connection.query_one_raw(statement(connection, sql, values)).await?.is_some())
}
