//! `memberships`, always by their workspace.

use entity::enums::Role;
use entity::ids::{UserId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr};

use crate::db::Tx;
use crate::db::dialect::{self, execute, statement};
use crate::domain::access::members::Member;
use crate::domain::access::model::Email;

/// The role of a user in a workspace that is not closed.
pub(in crate::domain::access) async fn role<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    user_id: UserId,
) -> Result<Option<Role>, DbErr> {
    let sql = "SELECT m.role FROM workspaces w JOIN memberships m ON m.workspace_id = w.id \
               WHERE w.id = $1 AND w.deleted_at IS NULL AND m.user_id = $2";
    let values = [workspace_id.into(), user_id.into()];
    let row = connection.query_one_raw(statement(connection, sql, values)).await?;
    row.map(|row| row.try_get("", "role")).transpose()
}

pub(in crate::domain::access) async fn list<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    (after, fetch): (Option<UserId>, u64),
) -> Result<Vec<Member>, DbErr> {
    let sql = "SELECT m.user_id, m.role, m.created_at, u.email, u.display_name \
               FROM memberships m JOIN users u ON u.id = m.user_id \
               WHERE m.workspace_id = $1 AND m.user_id > $2 ORDER BY m.user_id LIMIT $3";
    let after = after.unwrap_or(UserId(uuid::Uuid::nil()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let values = [workspace_id.into(), after.into(), fetch.into()];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                user_id: row.try_get("", "user_id")?,
                email: Email::stored(row.try_get("", "email")?),
                display_name: row.try_get("", "display_name")?,
                role: row.try_get("", "role")?,
                since: row.try_get("", "created_at")?,
            })
        })
        .collect()
}

/// False when they are a member already.
pub(in crate::domain::access) async fn insert_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    (user_id, role): (UserId, Role),
    now: UnixMs,
) -> Result<bool, DbErr> {
    let sql = "INSERT INTO memberships (workspace_id, user_id, role, created_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    let values = [workspace_id.into(), user_id.into(), role.as_str().into(), now.into()];
    Ok(execute(&**tx, sql, values).await? == 1)
}

/// Keeps the owners of a workspace from changing under two hands at once: without it, two owners
/// who demote each other on PostgreSQL would each still see the other one.
pub(in crate::domain::access) async fn lock_owners_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
) -> Result<(), DbErr> {
    let lock = dialect::for_update(tx.get_database_backend());
    let sql = format!(
        "SELECT user_id FROM memberships WHERE workspace_id = $1 AND role = 'OWNER' \
         ORDER BY user_id{lock}"
    );
    tx.query_all_raw(statement(&**tx, sql, [workspace_id.into()])).await.map(drop)
}

/// Holds only while somebody else is an owner too; the guard of the last owner.
const ANOTHER_OWNER: &str = "EXISTS (SELECT 1 FROM memberships o WHERE o.workspace_id = $1 \
     AND o.role = 'OWNER' AND o.user_id <> $2)";

/// Changes a role from what it was seen to be; the last owner stays one.
pub(in crate::domain::access) async fn set_role_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
    (from, to): (Role, Role),
) -> Result<bool, DbErr> {
    let sql = format!(
        "UPDATE memberships SET role = $4 \
         WHERE workspace_id = $1 AND user_id = $2 AND role = $3 \
           AND ($3 <> 'OWNER' OR $4 = 'OWNER' OR {ANOTHER_OWNER})"
    );
    let values = [workspace_id.into(), user_id.into(), from.as_str().into(), to.as_str().into()];
    Ok(execute(&**tx, sql, values).await? == 1)
}

/// Removes a member with the role they were seen to have; the last owner stays.
pub(in crate::domain::access) async fn remove_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
    from: Role,
) -> Result<bool, DbErr> {
    let sql = format!(
        "DELETE FROM memberships WHERE workspace_id = $1 AND user_id = $2 AND role = $3 \
           AND ($3 <> 'OWNER' OR {ANOTHER_OWNER})"
    );
    let values = [workspace_id.into(), user_id.into(), from.as_str().into()];
    Ok(execute(&**tx, sql, values).await? == 1)
}
