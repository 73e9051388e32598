//! Audit rows: who did what, committed with the deed.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ActiveModelTrait as _, DbErr, Set};
use serde_json::Value;

use super::Tx;
use crate::kernel::ids;

/// One deed.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// Where, if anywhere.
    pub workspace_id: Option<WorkspaceId>,
    /// `usr_…`, `operator:usr_…`, `cli` or `system`.
    pub actor: &'a str,
    /// `batch.launch`, `credits.grant` …
    pub action: &'static str,
    /// Typed id of what it was done to.
    pub subject: String,
    /// Amounts and reasons; never a secret, an e-mail or a prompt.
    pub detail: Value,
    /// Ties it to the log.
    pub request_id: &'a str,
}

/// Writes the deed down.
///
/// # Errors
/// The database's failure.
pub async fn record_in_tx(tx: &Tx, at: UnixMs, deed: Deed<'_>) -> Result<(), DbErr> {
    entity::audit::ActiveModel {
        id: Set(ids::mint(at)),
        workspace_id: Set(deed.workspace_id),
        actor: Set(deed.actor.to_owned()),
        action: Set(deed.action.to_owned()),
        subject: Set(deed.subject),
        detail: Set(deed.detail),
        request_id: Set(deed.request_id.to_owned()),
        at: Set(at),
    }
    .insert(&**tx)
    .await
    .map(|_| ())
}
