//! A person's own sessions: where they are signed in, and ending one or all the others.
//!
//! Nobody sees or ends anybody else's: another person's session is [`Error::NotFound`]. Ending one
//! bumps the access epoch, so its sockets are closed within a second (`http::live`).

use std::sync::PoisonError;

use entity::ids::{SessionId, UserId};
use entity::values::UnixMs;
use serde_json::json;

use super::device::Device;
use super::model::{Actor, Caller};
use super::{Access, Error, Note, repo};
use crate::db::Class;

/// Most sessions a list shows; the most recently used ones.
const MAX_SHOWN: i64 = 200;

/// A signed-in browser, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSeen {
    /// Which.
    pub id: SessionId,
    /// What it is.
    pub device: Device,
    /// Sign-in.
    pub created_at: UnixMs,
    /// Last request, to the minute.
    pub last_seen_at: UnixMs,
    /// Its absolute end.
    pub expires_at: UnixMs,
    /// The one that asks.
    pub is_current: bool,
}

impl Access {
    /// The caller's live sessions, the one that asks first, then by last use; at most 200.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn sessions(&self, caller: &Caller) -> Result<Vec<SessionSeen>, Error> {
        let (user_id, current) = signed_in(caller)?;
        let now = self.clock.now();
        let rows = repo::sessions::of_user(self.db.reader(), user_id, (now, MAX_SHOWN)).await?;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut shown: Vec<SessionSeen> = rows
            .into_iter()
            .map(|row| {
                let is_current = row.id == current;
                let noted = seen.get(&row.id).copied().unwrap_or(row.last_seen_at);
                SessionSeen {
                    id: row.id,
                    device: Device::of(&row.user_agent),
                    created_at: row.created_at,
                    last_seen_at: if is_current { now } else { noted.max(row.last_seen_at) },
                    expires_at: row.expires_at,
                    is_current,
                }
            })
            .collect();
        shown.sort_by_key(|row| (!row.is_current, std::cmp::Reverse(row.last_seen_at)));
        Ok(shown)
    }

    /// Ends one of the caller's sessions, also the one that asks.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no live session of theirs.
    pub async fn end_session(&self, caller: &Caller, id: SessionId) -> Result<(), Error> {
        let (user_id, _) = signed_in(caller)?;
        let now = self.clock.now();
        let epoch = self
            .db
            .tx(Class::Interactive, |tx| async move {
                if !repo::sessions::revoke_own_in_tx(&tx, user_id, id, now).await? {
                    return Err(Error::NotFound);
                }
                let note = Note {
                    workspace_id: None,
                    action: "session.end",
                    subject: id.to_string(),
                    detail: json!({}),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok(repo::users::bump_epoch_in_tx(&tx, user_id).await?)
            })
            .await?;
        self.announce(user_id, epoch).await;
        Ok(())
    }

    /// Ends all of the caller's sessions but the one that asks; returns how many there were.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<u64, Error> {
        let (user_id, current) = signed_in(caller)?;
        let now = self.clock.now();
        let (ended, epoch) = self
            .db
            .tx(Class::Interactive, |tx| async move {
                let ended = repo::sessions::revoke_others_in_tx(&tx, user_id, current, now).await?;
                let note = Note {
                    workspace_id: None,
                    action: "session.end_others",
                    subject: user_id.to_string(),
                    detail: json!({ "endedSessions": ended }),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok::<_, Error>((ended, repo::users::bump_epoch_in_tx(&tx, user_id).await?))
            })
            .await?;
        self.announce(user_id, epoch).await;
        Ok(ended)
    }
}

const fn signed_in(caller: &Caller) -> Result<(UserId, SessionId), Error> {
    match caller.actor {
        Actor::User { user_id, session_id, .. } => Ok((user_id, session_id)),
        _ => Err(Error::Unauthenticated),
    }
}
