//! The only queries of onboarding: the rows a workspace starts with, and the counter of trials.

use entity::ids::WorkspaceId;
use sea_orm::DbErr;

use crate::db::Tx;
use crate::db::dialect::{execute, execute_exactly};
use crate::domain::plans::Entitlement;

/// Counts one more trial; false when `limit` are started already. The statement decides: of two
/// who come at once for the last one, one gets it.
pub(super) async fn count_trial_in_tx(
    tx: &Tx,
    (ip_sha256, day): (Vec<u8>, i64),
    limit: i64,
) -> Result<bool, DbErr> {
    if limit <= 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO trial_allowances (ip_sha256, day, used) VALUES ($1, $2, 1) \
               ON CONFLICT (ip_sha256, day) DO UPDATE SET used = trial_allowances.used + 1 \
               WHERE trial_allowances.used < $3";
    Ok(execute(&**tx, sql, [ip_sha256.into(), day.into(), limit.into()]).await? == 1)
}

/// The workspace's place in the work queue and its count of open batches.
pub(super) async fn insert_counters_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    limits: &Entitlement,
) -> Result<(), DbErr> {
    let lane = "INSERT INTO lanes (workspace_id, in_flight, cap, weight) VALUES ($1, 0, $2, $3)";
    let values = [workspace_id.into(), limits.concurrency.into(), limits.weight.into()];
    execute_exactly(&**tx, lane, values, 1).await?;
    let open = "INSERT INTO open_batches (workspace_id, open_count) VALUES ($1, 0)";
    execute_exactly(&**tx, open, [workspace_id.into()], 1).await
}

/// Forgets the counts of days before `day`.
pub(super) async fn forget_trials_in_tx(tx: &Tx, day: i64) -> Result<u64, DbErr> {
    execute(&**tx, "DELETE FROM trial_allowances WHERE day < $1", [day.into()]).await
}
