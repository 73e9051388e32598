//! Audit rows in the name of a caller.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::DbErr;
use serde_json::Value;

use super::model::Caller;
use crate::db::Tx;
use crate::db::audit::{self, Deed};

/// What was done, to what; who did it the caller says.
pub(in crate::domain) struct Note {
    pub workspace_id: Option<WorkspaceId>,
    pub action: &'static str,
    /// Typed id.
    pub subject: String,
    /// Never a secret, an e-mail or a prompt.
    pub detail: Value,
}

impl Caller {
    /// Writes down what this caller does, in the deed's own transaction.
    pub(in crate::domain) async fn note_in_tx(
        &self,
        tx: &Tx,
        at: UnixMs,
        note: Note,
    ) -> Result<(), DbErr> {
        let deed = Deed {
            workspace_id: note.workspace_id,
            actor: &self.actor.label(),
            action: note.action,
            subject: note.subject,
            detail: note.detail,
            request_id: &self.request_id,
        };
        audit::record_in_tx(tx, at, deed).await
    }
}
