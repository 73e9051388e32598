//! `one_time_links` that lead into a workspace. Every query starts from the workspace.

use entity::enums::Role;
use entity::ids::{LinkId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::Tx;
use crate::db::dialect::{self, execute, statement};
use crate::domain::access::invitations::Invited;
use crate::domain::access::model::Email;

/// Invitations that still work at a moment, newest first.
pub(in crate::domain::access) async fn open<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    (now, before, fetch): (UnixMs, Option<LinkId>, u64),
) -> Result<Vec<Invited>, DbErr> {
    let sql = "SELECT id, email, role, created_by, created_at, expires_at FROM one_time_links \
               WHERE workspace_id = $1 AND purpose = 'JOIN' AND used_at IS NULL \
                 AND expires_at > $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    let before = before.unwrap_or(LinkId(uuid::Uuid::max()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let values = [workspace_id.into(), now.into(), before.into(), fetch.into()];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Invited {
                id: row.try_get("", "id")?,
                email: Email::stored(row.try_get("", "email")?),
                role: row.try_get("", "role")?,
                created_by: row.try_get("", "created_by")?,
                created_at: row.try_get("", "created_at")?,
                expires_at: row.try_get("", "expires_at")?,
            })
        })
        .collect()
}

/// As what an open invitation of this workspace invites.
pub(in crate::domain::access) async fn role_of<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    id: LinkId,
) -> Result<Option<Role>, DbErr> {
    let sql = "SELECT role FROM one_time_links WHERE id = $1 AND workspace_id = $2 \
               AND purpose = 'JOIN' AND used_at IS NULL";
    let row = connection
        .query_one_raw(statement(connection, sql, [id.into(), workspace_id.into()]))
        .await?;
    row.map(|row| row.try_get("", "role")).transpose()
}

/// True when it was open until now.
pub(in crate::domain::access) async fn revoke_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    id: LinkId,
    now: UnixMs,
) -> Result<bool, DbErr> {
    let sql = "UPDATE one_time_links SET used_at = $3 WHERE id = $1 AND workspace_id = $2 \
               AND purpose = 'JOIN' AND used_at IS NULL AND expires_at > $3";
    Ok(execute(&**tx, sql, [id.into(), workspace_id.into(), now.into()]).await? == 1)
}

/// Keeps two who invite at once from counting at the same moment.
pub(in crate::domain::access) async fn lock_workspace_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
) -> Result<(), DbErr> {
    let lock = dialect::for_no_key_update(tx.get_database_backend());
    let sql = format!("SELECT id FROM workspaces WHERE id = $1{lock}");
    tx.query_all_raw(statement(&**tx, sql, [workspace_id.into()])).await.map(drop)
}

/// Invitations that still work.
pub(in crate::domain::access) async fn count_open_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    now: UnixMs,
) -> Result<i64, DbErr> {
    let sql = "SELECT count(*) AS n FROM one_time_links WHERE workspace_id = $1 \
               AND purpose = 'JOIN' AND used_at IS NULL AND expires_at > $2";
    let row = tx.query_one_raw(statement(&**tx, sql, [workspace_id.into(), now.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}
