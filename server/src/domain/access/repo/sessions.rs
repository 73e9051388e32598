//! `sessions`

use entity::ids::{SessionId, UserId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, execute_exactly, statement};
use crate::domain::access::model::Actor;

/// A session to be written; the token itself stays with the browser.
pub(in crate::domain::access) struct NewSession<'a> {
    pub id: SessionId,
    pub user_id: UserId,
    pub token_sha256: Vec<u8>,
    pub created_at: UnixMs,
    pub expires_at: UnixMs,
    pub user_agent: &'a str,
}

/// Who a live session belongs to.
pub(in crate::domain::access) struct Live {
    pub actor: Actor,
    pub session_id: SessionId,
    pub last_seen_at: UnixMs,
}

pub(in crate::domain::access) async fn insert_in_tx(
    tx: &Tx,
    session: &NewSession<'_>,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO sessions (id, user_id, token_sha256, created_at, last_seen_at, expires_at, user_agent) \
               VALUES ($1, $2, $3, $4, $4, $5, $6)";
    execute_exactly(
        &**tx,
        sql,
        [
            session.id.into(),
            session.user_id.into(),
            session.token_sha256.clone().into(),
            session.created_at.into(),
            session.expires_at.into(),
            session.user_agent.into(),
        ],
        1,
    )
    .await
}

pub(in crate::domain::access) async fn live<C: ConnectionTrait>(
    connection: &C,
    token_sha256: Vec<u8>,
    now: UnixMs,
) -> Result<Option<Live>, DbErr> {
    let sql = "SELECT s.id, s.user_id, s.last_seen_at, u.is_operator, u.access_epoch \
               FROM sessions s JOIN users u ON u.id = s.user_id \
               WHERE s.token_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 \
                 AND u.disabled_at IS NULL";
    let found = statement(connection, sql, [token_sha256.into(), now.into()]);
    let Some(row) = connection.query_one_raw(found).await? else { return Ok(None) };
    let session_id = row.try_get("", "id")?;
    let actor = Actor::User {
        user_id: row.try_get("", "user_id")?,
        session_id,
        is_operator: row.try_get("", "is_operator")?,
        access_epoch: row.try_get("", "access_epoch")?,
    };
    Ok(Some(Live { actor, session_id, last_seen_at: row.try_get("", "last_seen_at")? }))
}

/// Which of these sessions live, and whom they stand for.
pub(in crate::domain::access) async fn standing<C: ConnectionTrait>(
    connection: &C,
    ids: &[SessionId],
    now: UnixMs,
) -> Result<Vec<(SessionId, Actor)>, DbErr> {
    let mut values: Vec<Value> = vec![now.into()];
    let rows = Rows::new().ids("id", ids.iter().map(|id| id.0).collect());
    let source = rows.source(connection.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT s.id, s.user_id, u.is_operator, u.access_epoch \
         FROM {source} JOIN sessions s ON s.id = r.id JOIN users u ON u.id = s.user_id \
         WHERE s.revoked_at IS NULL AND s.expires_at > $1 AND u.disabled_at IS NULL"
    );
    let found = connection.query_all_raw(statement(connection, sql, values)).await?;
    let mut standing = Vec::with_capacity(found.len());
    for row in found {
        let session_id = row.try_get("", "id")?;
        let actor = Actor::User {
            user_id: row.try_get("", "user_id")?,
            session_id,
            is_operator: row.try_get("", "is_operator")?,
            access_epoch: row.try_get("", "access_epoch")?,
        };
        standing.push((session_id, actor));
    }
    Ok(standing)
}

/// A session as its owner's list shows it.
pub(in crate::domain::access) struct Shown {
    pub id: SessionId,
    pub created_at: UnixMs,
    pub last_seen_at: UnixMs,
    pub expires_at: UnixMs,
    pub user_agent: String,
}

/// Live sessions of a user, the most recently used first.
pub(in crate::domain::access) async fn of_user<C: ConnectionTrait>(
    connection: &C,
    user_id: UserId,
    (now, limit): (UnixMs, i64),
) -> Result<Vec<Shown>, DbErr> {
    let sql = "SELECT id, created_at, last_seen_at, expires_at, user_agent FROM sessions \
               WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 \
               ORDER BY last_seen_at DESC, id DESC LIMIT $3";
    let values = [user_id.into(), now.into(), limit.into()];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Shown {
                id: row.try_get("", "id")?,
                created_at: row.try_get("", "created_at")?,
                last_seen_at: row.try_get("", "last_seen_at")?,
                expires_at: row.try_get("", "expires_at")?,
                user_agent: row.try_get("", "user_agent")?,
            })
        })
        .collect()
}

/// True when it was this user's and live until now.
pub(in crate::domain::access) async fn revoke_own_in_tx(
    tx: &Tx,
    user_id: UserId,
    id: SessionId,
    now: UnixMs,
) -> Result<bool, DbErr> {
    let sql = "UPDATE sessions SET revoked_at = $3 \
               WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL AND expires_at > $3";
    Ok(execute(&**tx, sql, [id.into(), user_id.into(), now.into()]).await? == 1)
}

/// Ends every session of a user but one; returns how many there were.
pub(in crate::domain::access) async fn revoke_others_in_tx(
    tx: &Tx,
    user_id: UserId,
    kept: SessionId,
    now: UnixMs,
) -> Result<u64, DbErr> {
    let sql = "UPDATE sessions SET revoked_at = $3 \
               WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3";
    execute(&**tx, sql, [user_id.into(), kept.into(), now.into()]).await
}

/// True when it was live until now.
pub(in crate::domain::access) async fn revoke_in_tx(
    tx: &Tx,
    id: SessionId,
    now: UnixMs,
) -> Result<bool, DbErr> {
    let sql = "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    Ok(execute(&**tx, sql, [id.into(), now.into()]).await? == 1)
}

/// Ends every session of a user; returns how many there were.
pub(in crate::domain::access) async fn revoke_all_in_tx(
    tx: &Tx,
    user_id: UserId,
    now: UnixMs,
) -> Result<u64, DbErr> {
    let sql = "UPDATE sessions SET revoked_at = $2 \
               WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    execute(&**tx, sql, [user_id.into(), now.into()]).await
}

/// Notes when sessions were last used; never backwards.
pub(in crate::domain::access) async fn note_seen_in_tx(
    tx: &Tx,
    seen: &[(SessionId, UnixMs)],
) -> Result<u64, DbErr> {
    let ids: Vec<Uuid> = seen.iter().map(|(id, _)| id.0).collect();
    let moments = seen.iter().map(|(_, at)| at.0).collect();
    let mut values: Vec<Value> = Vec::new();
    let rows = Rows::new().ids("id", ids).ints("at", moments);
    let source = rows.source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "UPDATE sessions SET last_seen_at = r.at FROM {source} \
         WHERE sessions.id = r.id AND sessions.last_seen_at < r.at"
    );
    execute(&**tx, sql, values).await
}

/// Drops sessions that ended before `before`.
pub(in crate::domain::access) async fn forget_in_tx(tx: &Tx, before: UnixMs) -> Result<u64, DbErr> {
    let sql = "DELETE FROM sessions WHERE expires_at < $1 OR revoked_at < $1";
    execute(&**tx, sql, [before.into()]).await
}
