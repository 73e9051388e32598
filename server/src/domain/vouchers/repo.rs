//! The only queries of vouchers.

use entity::ids::{UserId, VoucherId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::{NewVouchers, Voucher, code};
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, statement};
use crate::kernel::secret::{Secret, sha256};

const COLUMNS: &str = "id, credits, credits_days, max_uses, uses, expires_at, reason, created_at, \
                       revoked_at";

fn read(row: &QueryResult) -> Result<Voucher, DbErr> {
    Ok(Voucher {
        id: row.try_get("", "id")?,
        credits: row.try_get("", "credits")?,
        credits_days: row.try_get("", "credits_days")?,
        max_uses: row.try_get("", "max_uses")?,
        uses: row.try_get("", "uses")?,
        expires_at: row.try_get("", "expires_at")?,
        reason: row.try_get("", "reason")?,
        created_at: row.try_get("", "created_at")?,
        revoked_at: row.try_get("", "revoked_at")?,
    })
}

/// Writes vouchers of the same terms.
pub(super) async fn insert_in_tx(
    tx: &Tx,
    new: &NewVouchers,
    (made, actor, now): (&[(VoucherId, Secret)], &str, UnixMs),
) -> Result<(), DbErr> {
    let mut values: Vec<Value> = vec![
        new.credits.into(),
        new.credits_days.into(),
        new.max_uses.into(),
        now.plus_ms(new.days.saturating_mul(UnixMs::DAY_MS)).into(),
        new.reason.trim().into(),
        actor.into(),
        now.into(),
    ];
    let digest = |code: &Secret| sha256(code::normal(code).unwrap_or_default().as_bytes());
    let source = Rows::new()
        .ids("id", made.iter().map(|(id, _)| id.0).collect())
        .bytes("code", made.iter().map(|(_, code)| digest(code)).collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO vouchers (id, code_sha256, credits, credits_days, max_uses, uses, expires_at, \
         reason, created_by, created_at) SELECT r.id, r.code, CAST($1 AS BIGINT), \
         CAST($2 AS BIGINT), CAST($3 AS BIGINT), 0, CAST($4 AS BIGINT), $5, $6, \
         CAST($7 AS BIGINT) FROM {source}"
    );
    execute_exactly(&**tx, sql, values, made.len() as u64).await
}

/// Vouchers before an id, newest first.
pub(super) async fn list<C: ConnectionTrait>(
    connection: &C,
    before: Option<VoucherId>,
    fetch: u64,
) -> Result<Vec<Voucher>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM vouchers WHERE id < $1 ORDER BY id DESC LIMIT $2");
    let before = before.unwrap_or(VoucherId(uuid::Uuid::max()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let found = statement(connection, sql, [before.into(), fetch.into()]);
    connection.query_all_raw(found).await?.iter().map(read).collect()
}

/// The voucher of a code.
pub(super) async fn by_digest_in_tx(tx: &Tx, digest: Vec<u8>) -> Result<Option<Voucher>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM vouchers WHERE code_sha256 = $1");
    let row = tx.query_one_raw(statement(&**tx, sql, [digest.into()])).await?;
    row.as_ref().map(read).transpose()
}

/// True when this workspace had not taken it: of two who try, one gets it.
pub(super) async fn take_in_tx(
    tx: &Tx,
    (voucher_id, workspace_id): (VoucherId, WorkspaceId),
    user_id: UserId,
    now: UnixMs,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO voucher_uses (voucher_id, workspace_id, user_id, at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (voucher_id, workspace_id) DO NOTHING";
    let values = [voucher_id.into(), workspace_id.into(), user_id.into(), now.into()];
    Ok(execute(&**tx, sql, values).await? == 1)
}

/// Counts one more use; false when there is none left, or the voucher is over.
pub(super) async fn count_in_tx(tx: &Tx, id: VoucherId, now: UnixMs) -> Result<bool, DbErr> {
    let sql = "UPDATE vouchers SET uses = uses + 1 \
               WHERE id = $1 AND uses < max_uses AND revoked_at IS NULL AND expires_at > $2";
    Ok(execute(&**tx, sql, [id.into(), now.into()]).await? == 1)
}

/// True when it was not taken back before.
pub(super) async fn revoke_in_tx(tx: &Tx, id: VoucherId, now: UnixMs) -> Result<bool, DbErr> {
    let sql = "UPDATE vouchers SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    Ok(execute(&**tx, sql, [id.into(), now.into()]).await? == 1)
}
