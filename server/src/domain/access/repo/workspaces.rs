//! `workspaces`, and the audit rows that belong to one.

use entity::ids::{AuditId, UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult};

use crate::db::Tx;
use crate::db::dialect::{execute, execute_exactly, statement};
use crate::domain::access::workspaces::{AuditEntry, Membership, Workspace};

const COLUMNS: &str = "w.id, w.name, w.industry, w.plan, w.created_at";

fn read(row: &QueryResult) -> Result<Workspace, DbErr> {
    Ok(Workspace {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        industry: row.try_get("", "industry")?,
        plan: row.try_get("", "plan")?,
        created_at: row.try_get("", "created_at")?,
    })
}

pub(in crate::domain::access) async fn by_id<C: ConnectionTrait>(
    connection: &C,
    id: WorkspaceId,
) -> Result<Option<Workspace>, DbErr> {
    let sql =
        format!("SELECT {COLUMNS} FROM workspaces w WHERE w.id = $1 AND w.deleted_at IS NULL");
    let row = connection.query_one_raw(statement(connection, sql, [id.into()])).await?;
    row.as_ref().map(read).transpose()
}

/// Every workspace, for the operator.
pub(in crate::domain::access) async fn list<C: ConnectionTrait>(
    connection: &C,
    after: Option<WorkspaceId>,
    fetch: u64,
) -> Result<Vec<Workspace>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM workspaces w WHERE w.id > $1 AND w.deleted_at IS NULL \
         ORDER BY w.id LIMIT $2"
    );
    let after = after.unwrap_or(WorkspaceId(uuid::Uuid::nil()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let found = statement(connection, sql, [after.into(), fetch.into()]);
    connection.query_all_raw(found).await?.iter().map(read).collect()
}

/// Where a user is a member.
pub(in crate::domain::access) async fn of_user<C: ConnectionTrait>(
    connection: &C,
    user_id: UserId,
    limit: i64,
) -> Result<Vec<Membership>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS}, m.role FROM memberships m JOIN workspaces w ON w.id = m.workspace_id \
         WHERE m.user_id = $1 AND w.deleted_at IS NULL ORDER BY w.id LIMIT $2"
    );
    let found = statement(connection, sql, [user_id.into(), limit.into()]);
    let rows = connection.query_all_raw(found).await?;
    rows.iter()
        .map(|row| Ok(Membership { workspace: read(row)?, role: row.try_get("", "role")? }))
        .collect()
}

pub(in crate::domain) async fn insert_in_tx(
    tx: &Tx,
    workspace: &Workspace,
    created_by: UserId,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO workspaces (id, name, industry, plan, created_by, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    execute_exactly(
        &**tx,
        sql,
        [
            workspace.id.into(),
            workspace.name.clone().into(),
            workspace.industry.clone().into(),
            workspace.plan.clone().into(),
            created_by.into(),
            workspace.created_at.into(),
        ],
        1,
    )
    .await
}

/// False when there is no such workspace.
pub(in crate::domain::access) async fn edit_in_tx(
    tx: &Tx,
    id: WorkspaceId,
    (name, industry): (&str, Option<&str>),
) -> Result<bool, DbErr> {
    let sql = "UPDATE workspaces SET name = $2, industry = $3 WHERE id = $1 AND deleted_at IS NULL";
    let values = [id.into(), name.into(), industry.map(str::to_owned).into()];
    Ok(execute(&**tx, sql, values).await? == 1)
}

/// Newest first.
pub(in crate::domain::access) async fn audit<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    before: Option<AuditId>,
    fetch: u64,
) -> Result<Vec<AuditEntry>, DbErr> {
    let sql = "SELECT id, actor, action, subject, detail, request_id, at FROM audit_log \
               WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    let before = before.unwrap_or(AuditId(uuid::Uuid::max()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let values = [workspace_id.into(), before.into(), fetch.into()];
    let rows = connection.query_all_raw(statement(connection, sql, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(AuditEntry {
                id: row.try_get("", "id")?,
                actor: row.try_get("", "actor")?,
                action: row.try_get("", "action")?,
                subject: row.try_get("", "subject")?,
                detail: row.try_get("", "detail")?,
                request_id: row.try_get("", "request_id")?,
                at: row.try_get("", "at")?,
            })
        })
        .collect()
}
