//! Idempotency keys: inserted in the effect's own transaction, before anything else in it.
//!
//! The primary key (workspace, operation, key) decides the race: the second of two equal requests
//! waits for the first to commit, then finds its row. Refusals roll the row back with everything
//! else, so they are not remembered. Rows live 7 days; the sweep drops older ones.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr};
use uuid::Uuid;

use super::{Tx, dialect};
use crate::kernel::secret::sha256;

/// How long a key is remembered.
pub const KEPT_MS: i64 = 7 * UnixMs::DAY_MS;

/// Longest key, characters.
pub const MAX_KEY_CHARS: usize = 200;

/// What a request with a key is about to do.
#[derive(Clone, Debug)]
pub struct Claim<'a> {
    /// Scope.
    pub workspace_id: WorkspaceId,
    /// `launchBatch` …
    pub operation: &'static str,
    /// As sent, 1 … [`MAX_KEY_CHARS`] characters.
    pub key: &'a str,
    /// Canonical form of the input; other input under the same key is a conflict.
    pub input: &'a [u8],
    /// Id the effect's object will have.
    pub result_id: Uuid,
}

/// Whether the effect is still to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// First time: carry on.
    Fresh,
    /// Done before, with the same input: read this object again.
    Replay(Uuid),
    /// Done before, with other input.
    Conflict,
}

/// Takes the key, or finds out what was done under it.
///
/// # Errors
/// The database's failure.
pub async fn claim_in_tx(tx: &Tx, now: UnixMs, claim: &Claim<'_>) -> Result<Verdict, DbErr> {
    let digest = sha256(claim.input);
    let inserted = dialect::execute(
        &**tx,
        "INSERT INTO idempotency_keys (workspace_id, operation, key, input_sha256, result_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        [
            claim.workspace_id.into(),
            claim.operation.into(),
            claim.key.into(),
            digest.clone().into(),
            claim.result_id.into(),
            now.into(),
        ],
    )
    .await?;
    if inserted == 1 {
        return Ok(Verdict::Fresh);
    }
    let found = tx
        .query_one_raw(dialect::statement(
            &**tx,
            "SELECT input_sha256, result_id FROM idempotency_keys \
             WHERE workspace_id = $1 AND operation = $2 AND key = $3",
            [claim.workspace_id.into(), claim.operation.into(), claim.key.into()],
        ))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound(String::from("idempotency key")))?;
    let known: Vec<u8> = found.try_get("", "input_sha256")?;
    if known == digest {
        found.try_get("", "result_id").map(Verdict::Replay)
    } else {
        Ok(Verdict::Conflict)
    }
}
