//! `spend_limits`, and what the holds of a period come to.

use entity::ids::WalletId;
use entity::values::{Credits, UnixMs};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::super::limits::{Crossing, NewLimits};
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, statement};

/// The limits of a wallet, and since when it is low.
pub(in super::super) async fn read<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
) -> Result<Option<(NewLimits, Option<UnixMs>)>, DbErr> {
    let sql =
        "SELECT daily, monthly, low_balance, low_since FROM spend_limits WHERE wallet_id = $1";
    let row = connection.query_one_raw(statement(connection, sql, [wallet_id.into()])).await?;
    let read = |row: QueryResult| {
        let limits = NewLimits {
            daily: row.try_get("", "daily")?,
            monthly: row.try_get("", "monthly")?,
            low_balance: row.try_get("", "low_balance")?,
        };
        Ok((limits, row.try_get("", "low_since")?))
    };
    row.map(read).transpose()
}

/// Credits that holds since the beginning of the day and of the month set aside and did not give
/// back.
pub(in super::super) async fn spent<C: ConnectionTrait>(
    connection: &C,
    wallet_id: WalletId,
    (day, month): (UnixMs, UnixMs),
) -> Result<(Credits, Credits), DbErr> {
    let sql = "SELECT CAST(COALESCE(sum(CASE WHEN h.created_at >= $2 THEN h.amount - h.released \
               ELSE 0 END), 0) AS BIGINT) AS today, \
               CAST(COALESCE(sum(h.amount - h.released), 0) AS BIGINT) AS month \
               FROM credit_hold AS h WHERE h.wallet_id = $1 AND h.created_at >= $3";
    let values = [wallet_id.into(), day.into(), month.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(String::from("a sum")))?;
    Ok((row.try_get("", "today")?, row.try_get("", "month")?))
}

/// Sets all three.
pub(in super::super) async fn write_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    limits: &NewLimits,
    now: UnixMs,
) -> Result<(), DbErr> {
    // A new line has not been crossed yet, whatever was told of the old one.
    let sql = "INSERT INTO spend_limits (wallet_id, daily, monthly, low_balance, low_since, changed_at) \
               VALUES ($1, $2, $3, $4, NULL, $5) ON CONFLICT (wallet_id) DO UPDATE SET \
               daily = excluded.daily, monthly = excluded.monthly, changed_at = excluded.changed_at, \
               low_since = CASE WHEN spend_limits.low_balance = excluded.low_balance \
                 THEN spend_limits.low_since ELSE NULL END, low_balance = excluded.low_balance";
    let values: [Value; 5] = [
        wallet_id.into(),
        limits.daily.into(),
        limits.monthly.into(),
        limits.low_balance.into(),
        now.into(),
    ];
    execute_exactly(&**tx, sql, values, 1).await
}

/// Wallets that are on the other side of their line than was told.
pub(in super::super) async fn crossings_in_tx(
    tx: &Tx,
    wallets: &[(WalletId, Credits)],
) -> Result<Vec<Crossing>, DbErr> {
    if wallets.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = Vec::new();
    let source = Rows::new()
        .ids("wallet_id", wallets.iter().map(|(id, _)| id.0).collect())
        .ints("available", wallets.iter().map(|(_, available)| available.0).collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT s.wallet_id, w.workspace_id, w.mode, s.low_balance, r.available, \
         CASE WHEN r.available < s.low_balance THEN 1 ELSE 0 END AS falls \
         FROM {source} JOIN spend_limits AS s ON s.wallet_id = r.wallet_id \
         JOIN credit_wallet AS w ON w.id = s.wallet_id \
         WHERE (s.low_since IS NULL AND r.available < s.low_balance) \
            OR (s.low_since IS NOT NULL AND r.available >= s.low_balance) ORDER BY s.wallet_id"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Crossing {
                wallet_id: row.try_get("", "wallet_id")?,
                workspace_id: row.try_get("", "workspace_id")?,
                mode: row.try_get("", "mode")?,
                low_balance: row.try_get("", "low_balance")?,
                available: row.try_get("", "available")?,
                falls: row.try_get::<i32>("", "falls")? == 1,
            })
        })
        .collect()
}

/// Notes on which side a wallet is; false when that was noted already.
pub(in super::super) async fn mark_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    (falls, now): (bool, UnixMs),
) -> Result<bool, DbErr> {
    let done = if falls {
        let sql = "UPDATE spend_limits SET low_since = $2 WHERE wallet_id = $1 AND low_since IS NULL \
                   AND low_balance IS NOT NULL";
        execute(&**tx, sql, [wallet_id.into(), now.into()]).await?
    } else {
        let sql = "UPDATE spend_limits SET low_since = NULL WHERE wallet_id = $1 AND low_since IS NOT NULL";
        execute(&**tx, sql, [wallet_id.into()]).await?
    };
    Ok(done == 1)
}
