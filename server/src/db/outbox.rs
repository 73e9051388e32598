//! The outbox: messages that commit with their fact and are sent afterwards.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ActiveModelTrait as _, DbErr, Set};
use serde_json::Value;

use super::Tx;
use crate::kernel::ids;

/// A message to be sent once the transaction has committed.
#[derive(Clone, Debug)]
pub struct Message {
    /// Whose.
    pub workspace_id: Option<WorkspaceId>,
    /// `batch.settled` …
    pub topic: &'static str,
    /// Body.
    pub payload: Value,
}

/// Puts a message into the outbox.
///
/// # Errors
/// The database's failure.
pub async fn put_in_tx(tx: &Tx, at: UnixMs, message: Message) -> Result<(), DbErr> {
    entity::outbox::ActiveModel {
        id: Set(ids::mint(at)),
        workspace_id: Set(message.workspace_id),
        topic: Set(message.topic.to_owned()),
        payload: Set(message.payload),
        created_at: Set(at),
        sent_at: Set(None),
    }
    .insert(&**tx)
    .await
    .map(|_| ())
}
