//! The words in which the two databases differ at run time.

use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};

/// The database's own clock in milliseconds, as an SQL expression. Leases use it, so that two
/// processes with different clocks agree on who holds one.
#[must_use]
pub const fn now_ms(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        _ => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    }
}

/// ` FOR UPDATE` where rows can be locked; empty on SQLite, whose write transaction is exclusive.
#[must_use]
pub const fn for_update(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "",
        _ => " FOR UPDATE",
    }
}

/// As [`for_update`], but letting pass whoever only refers to the row by a foreign key.
#[must_use]
pub const fn for_no_key_update(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "",
        _ => " FOR NO KEY UPDATE",
    }
}

/// A statement with `$1 …` parameters, which both databases read.
#[must_use]
pub fn statement<C, I>(connection: &C, sql: impl Into<String>, values: I) -> Statement
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

/// Runs a statement and returns how many rows it changed.
///
/// # Errors
/// The database's failure.
pub async fn execute<C, I>(connection: &C, sql: impl Into<String>, values: I) -> Result<u64, DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    let statement = statement(connection, sql, values);
    connection.execute_raw(statement).await.map(|done| done.rows_affected())
}

/// Runs a statement that must change exactly `expected` rows.
///
/// # Errors
/// The database's failure, or [`DbErr::RecordNotUpdated`] when the count differs.
pub async fn execute_exactly<C, I>(
    connection: &C,
    sql: impl Into<String>,
    values: I,
    expected: u64,
) -> Result<(), DbErr>
where
    C: ConnectionTrait,
    I: IntoIterator<Item = Value>,
{
    if execute(connection, sql, values).await? == expected {
        Ok(())
    } else {
        Err(DbErr::RecordNotUpdated)
    }
}

/// The database's clock.
///
/// # Errors
/// The database's failure.
pub async fn database_now<C: ConnectionTrait>(connection: &C) -> Result<UnixMs, DbErr> {
    let sql = format!("SELECT {} AS now_ms", now_ms(connection.get_database_backend()));
    let row = connection.query_one_raw(statement(connection, sql, [])).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound(String::from("clock")))?;
    row.try_get("", "now_ms").map(UnixMs)
}

/// When the newest record of an SQLite file was written: of the audit log, whose ids rise with
/// time, and of every wallet's ledger. `None` before there is one, and before the schema is there.
///
/// # Errors
/// The database's failure.
pub async fn newest_in_file<C: ConnectionTrait>(connection: &C) -> Result<Option<UnixMs>, DbErr> {
    let tables = "SELECT count(*) AS n FROM sqlite_master \
                  WHERE name IN ('audit_log', 'credit_wallet', 'credit_ledger')";
    let newest = "SELECT max(t.at) AS n FROM (\
                    SELECT * FROM (SELECT at FROM audit_log ORDER BY id DESC LIMIT 1) UNION ALL \
                    SELECT l.created_at FROM credit_wallet w JOIN credit_ledger l \
                      ON l.wallet_id = w.id AND l.wseq = w.wseq) AS t";
    let number = async |sql: &str| {
        let row = connection.query_one_raw(statement(connection, sql, [])).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound(String::from("number")))?;
        row.try_get::<Option<i64>>("", "n")
    };
    if number(tables).await? != Some(3) {
        return Ok(None);
    }
    Ok(number(newest).await?.map(UnixMs))
}
