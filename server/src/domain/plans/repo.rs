//! The only queries of plans. Every one starts from its workspace.

use entity::enums::Resolution;
use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::Value;

use super::model::{Entitlement, Price};
use crate::db::dialect::{execute, statement};
use crate::db::{Tx, dialect};

/// What a workspace has.
pub(super) struct Held {
    pub plan: String,
    pub contract: Option<Value>,
}

pub(super) async fn held<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
) -> Result<Option<Held>, DbErr> {
    read_held(connection, workspace_id, "").await
}

/// The same, and nobody else changes it until the transaction ends.
pub(super) async fn held_for_update_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
) -> Result<Option<Held>, DbErr> {
    let lock = dialect::for_no_key_update(tx.get_database_backend());
    read_held(&**tx, workspace_id, lock).await
}

async fn read_held<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    lock: &str,
) -> Result<Option<Held>, DbErr> {
    let sql = format!(
        "SELECT plan, entitlement FROM workspaces WHERE id = $1 AND deleted_at IS NULL{lock}"
    );
    let row = connection.query_one_raw(statement(connection, sql, [workspace_id.into()])).await?;
    row.map(|row| {
        Ok(Held { plan: row.try_get("", "plan")?, contract: row.try_get("", "entitlement")? })
    })
    .transpose()
}

/// Sets the plan and moves the lane to its limits; false when there is no such workspace.
pub(super) async fn set_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    held: &Held,
    limits: &Entitlement,
) -> Result<bool, DbErr> {
    let changed = execute(
        &**tx,
        "UPDATE workspaces SET plan = $2, entitlement = $3 WHERE id = $1 AND deleted_at IS NULL",
        [workspace_id.into(), held.plan.clone().into(), held.contract.clone().into()],
    )
    .await?;
    if changed != 1 {
        return Ok(false);
    }
    dialect::execute_exactly(
        &**tx,
        "UPDATE lanes SET cap = $2, weight = $3 WHERE workspace_id = $1",
        [workspace_id.into(), limits.concurrency.into(), limits.weight.into()],
        1,
    )
    .await?;
    Ok(true)
}

/// A workspace's own price wins over the list; among equals the newest that is in effect.
pub(super) async fn price<C: ConnectionTrait>(
    connection: &C,
    workspace_id: WorkspaceId,
    model: &str,
    resolution: Resolution,
    at: UnixMs,
) -> Result<Option<Price>, DbErr> {
    let row = connection
        .query_one_raw(statement(
            connection,
            "SELECT version, credits_per_block, block_s FROM model_prices \
             WHERE (workspace_id IS NULL OR workspace_id = $1) \
               AND model = $2 AND resolution = $3 AND effective_from <= $4 \
             ORDER BY CASE WHEN workspace_id IS NULL THEN 1 ELSE 0 END, effective_from DESC LIMIT 1",
            [workspace_id.into(), model.into(), resolution.as_str().into(), at.into()],
        ))
        .await?;
    row.map(|row| {
        Ok(Price {
            version: row.try_get("", "version")?,
            credits_per_block: row.try_get("", "credits_per_block")?,
            block_s: row.try_get("", "block_s")?,
        })
    })
    .transpose()
}
