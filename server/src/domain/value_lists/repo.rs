//! The only queries of saved lists. Each starts from the workspace.

use entity::ids::{ValueListId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::SavedList;
use crate::db::Tx;
use crate::db::dialect::{self, execute, execute_exactly, statement};

const COLUMNS: &str = "id, name, list, version, created_by, created_at, updated_at";

fn read(row: &QueryResult) -> Result<SavedList, DbErr> {
    let list: serde_json::Value = row.try_get("", "list")?;
    let values = serde_json::from_value(list).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(SavedList {
        id: row.try_get("", "id")?,
        name: row.try_get("", "name")?,
        values,
        version: row.try_get("", "version")?,
        created_by: row.try_get("", "created_by")?,
        created_at: row.try_get("", "created_at")?,
        updated_at: row.try_get("", "updated_at")?,
    })
}

/// Lists of a workspace, newest first.
pub(super) async fn list<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    (before, fetch): (Option<ValueListId>, u64),
) -> Result<Vec<SavedList>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM value_lists WHERE workspace_id = $1 AND id < $2 \
         ORDER BY id DESC LIMIT $3"
    );
    let before = before.unwrap_or(ValueListId(uuid::Uuid::max()));
    let fetch = i64::try_from(fetch).unwrap_or(i64::MAX);
    let values = [workspace_id.into(), before.into(), fetch.into()];
    connection.query_all_raw(statement(connection, sql, values)).await?.iter().map(read).collect()
}

/// One list of a workspace.
pub(super) async fn by_id<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    id: ValueListId,
) -> Result<Option<SavedList>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM value_lists WHERE workspace_id = $1 AND id = $2");
    let found = statement(connection, sql, [workspace_id.into(), id.into()]);
    connection.query_one_raw(found).await?.as_ref().map(read).transpose()
}

/// Keeps two who save at once from counting at the same moment.
pub(super) async fn lock_workspace_in_tx(tx: &Tx, workspace_id: WorkspaceId) -> Result<(), DbErr> {
    let lock = dialect::for_no_key_update(tx.get_database_backend());
    let sql = format!("SELECT id FROM workspaces WHERE id = $1{lock}");
    tx.query_all_raw(statement(&**tx, sql, [workspace_id.into()])).await.map(drop)
}

/// How many lists a workspace has.
pub(super) async fn count_in_tx(tx: &Tx, workspace_id: WorkspaceId) -> Result<i64, DbErr> {
    let sql = "SELECT count(*) AS n FROM value_lists WHERE workspace_id = $1";
    let row = tx.query_one_raw(statement(&**tx, sql, [workspace_id.into()])).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

pub(super) async fn insert_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    list: &SavedList,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO value_lists (id, workspace_id, name, name_key, list, size, version, \
               created_by, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8, $8)";
    let values: [Value; 8] = [
        list.id.into(),
        workspace_id.into(),
        list.name.clone().into(),
        list.name.to_lowercase().into(),
        serde_json::json!(list.values).into(),
        size(list).into(),
        list.created_by.into(),
        list.created_at.into(),
    ];
    execute_exactly(&**tx, sql, values, 1).await
}

/// True when it still had the expected version.
pub(super) async fn change_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    (list, expected): (&SavedList, i64),
) -> Result<bool, DbErr> {
    let sql = "UPDATE value_lists SET name = $4, name_key = $5, list = $6, size = $7, \
               version = version + 1, updated_at = $8 \
               WHERE workspace_id = $1 AND id = $2 AND version = $3";
    let values: [Value; 8] = [
        workspace_id.into(),
        list.id.into(),
        expected.into(),
        list.name.clone().into(),
        list.name.to_lowercase().into(),
        serde_json::json!(list.values).into(),
        size(list).into(),
        list.updated_at.into(),
    ];
    Ok(execute(&**tx, sql, values).await? == 1)
}

/// True when it was there.
pub(super) async fn delete_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    id: ValueListId,
) -> Result<bool, DbErr> {
    let sql = "DELETE FROM value_lists WHERE workspace_id = $1 AND id = $2";
    Ok(execute(&**tx, sql, [workspace_id.into(), id.into()]).await? == 1)
}

fn size(list: &SavedList) -> i64 {
    i64::try_from(list.values.len()).unwrap_or(i64::MAX)
}
