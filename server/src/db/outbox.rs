//! The outbox: messages that commit with their fact, to be sent afterwards.
//!
//! Deliberately absent: the sender and the removal of what was sent; they come with webhooks.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait as _, DbErr, Set};
use serde_json::Value;

use super::bulk::Rows;
use super::{Tx, dialect};
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

/// Puts many messages into the outbox, in order, in one statement.
///
/// # Errors
/// The database's failure.
pub async fn put_many_in_tx(tx: &Tx, at: UnixMs, messages: Vec<Message>) -> Result<(), DbErr> {
    let expected = messages.len();
    if expected == 0 {
        return Ok(());
    }
    let mut values: Vec<sea_orm::Value> = vec![at.into()];
    let source = Rows::new()
        .ids("id", ids::mint_many(at, expected))
        .maybe_ids("workspace_id", messages.iter().map(|m| m.workspace_id.map(|id| id.0)).collect())
        .texts("topic", messages.iter().map(|message| message.topic.to_owned()).collect())
        .json("payload", messages.iter().map(|message| message.payload.to_string()).collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO outbox (id, workspace_id, topic, payload, created_at) \
         SELECT r.id, r.workspace_id, r.topic, r.payload, CAST($1 AS BIGINT) FROM {source}"
    );
    dialect::execute_exactly(&**tx, sql, values, expected as u64).await
}
