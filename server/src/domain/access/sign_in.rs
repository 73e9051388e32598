//! Sessions: made by sign-in, found again by their cookie, ended by sign-out.

use std::collections::HashMap;
use std::sync::PoisonError;

use entity::ids::{SessionId, UserId};
use entity::values::UnixMs;
use serde_json::json;

use super::model::{Actor, Caller, Email};
use super::people::User;
use super::repo::sessions::NewSession;
use super::{Access, Error, Note, repo};
use crate::db::{Class, Tx};
use crate::kernel::ids;
use crate::kernel::secret::{Secret, random_token, sha256};

/// A session's use is written down at most this often, milliseconds.
const SEEN_EVERY_MS: i64 = 60_000;
/// Sessions whose use waits to be written down; past it the next minute's use will do.
const MAX_SEEN: usize = 100_000;
/// Ended sessions and links are kept this long, for those who look into an incident.
const KEPT_MS: i64 = 30 * UnixMs::DAY_MS;
/// Characters of the browser's name that are kept.
const USER_AGENT_CHARS: usize = 200;

/// A session just made.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie; never stored here.
    pub session_token: Secret,
    /// Which session.
    pub session_id: SessionId,
    /// Its absolute end.
    pub expires_at: UnixMs,
    /// Whose.
    pub user: User,
}

impl Access {
    /// Signs in with address and password.
    ///
    /// # Errors
    /// [`Error::InvalidCredentials`] alike, after the same work, for an unknown address, a wrong
    /// password and a disabled account; [`Error::TooManyAttempts`]; [`Error::Busy`].
    pub async fn sign_in(
        &self,
        caller: &Caller,
        email: &str,
        password: &Secret,
    ) -> Result<SignedIn, Error> {
        let email = Email::normalise(email);
        let paid = self.slow_down.pay_guess(&email, caller.ip).await?;
        let known = repo::users::by_email(self.db.reader(), &email).await?;
        let stored = known.as_ref().map(|known| known.password_hash.as_str());
        let right = match self.passwords.verify(password, stored).await {
            Ok(right) => right,
            Err(error) => {
                self.slow_down.give_back(paid).await;
                return Err(error);
            }
        };
        let known = known.filter(|known| right && !known.user.is_disabled);
        let Some(known) = known else {
            metrics::counter!("reelmill_sign_ins_refused_total").increment(1);
            return Err(Error::InvalidCredentials);
        };
        self.slow_down.give_back(paid).await;
        let signed_in = self.draft_session(&known.user)?;
        let (signed_in_ref, known) = (&signed_in, &known);
        self.db
            .tx(Class::Interactive, |tx| async move {
                let id = known.user.id;
                // A reset or a closed account may have come in between: then this password is old.
                if !repo::users::holds_password_in_tx(&tx, id, &known.password_hash).await? {
                    return Err(Error::InvalidCredentials);
                }
                self.open_session_in_tx(&tx, caller, signed_in_ref).await
            })
            .await?;
        Ok(signed_in)
    }

    /// Ends the caller's session; without effect when it has ended.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn sign_out(&self, caller: &Caller) -> Result<(), Error> {
        let Actor::User { user_id, session_id, .. } = caller.actor else {
            return Err(Error::Unauthenticated);
        };
        let now = self.clock.now();
        let epoch = self
            .db
            .tx(Class::Interactive, |tx| async move {
                if !repo::sessions::revoke_in_tx(&tx, session_id, now).await? {
                    return Ok::<_, Error>(None);
                }
                let note = Note {
                    workspace_id: None,
                    action: "session.sign_out",
                    subject: session_id.to_string(),
                    detail: json!({}),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok(Some(repo::users::bump_epoch_in_tx(&tx, user_id).await?))
            })
            .await?;
        if let Some(epoch) = epoch {
            self.announce(user_id, epoch).await;
        }
        Ok(())
    }

    /// Who a cookie's token stands for; `None` for a token that is unknown, ended or revoked.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn authenticate(&self, session_token: &str) -> Result<Option<Actor>, Error> {
        // 43 characters are 256 bits; anything else is none of ours and not worth a query.
        if session_token.len() != 43 {
            return Ok(None);
        }
        let now = self.clock.now();
        let digest = sha256(session_token.as_bytes());
        let Some(live) = repo::sessions::live(self.db.reader(), digest, now).await? else {
            return Ok(None);
        };
        if now.since_ms(live.last_seen_at) >= SEEN_EVERY_MS {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.len() < MAX_SEEN {
                seen.insert(live.session_id, now);
            }
        }
        Ok(Some(live.actor))
    }

    /// Which of these sessions live, and whom each stands for now. For open connections, which
    /// were authenticated once; it is no use of the session.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn standing(
        &self,
        sessions: &[SessionId],
    ) -> Result<HashMap<SessionId, Actor>, Error> {
        if sessions.is_empty() {
            return Ok(HashMap::new());
        }
        let now = self.clock.now();
        let found = repo::sessions::standing(self.db.reader(), sessions, now).await?;
        Ok(found.into_iter().collect())
    }

    /// Writes down when sessions were last used, all in one transaction, and forgets what ended
    /// long ago. For the sweep; once a minute is enough. Returns how many rows it touched.
    ///
    /// # Errors
    /// The database's failure; what was to be written is then noted again by the next use.
    pub async fn sweep(&self) -> Result<u64, Error> {
        let seen: Vec<(SessionId, UnixMs)> = {
            let mut waiting = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.drain().collect()
        };
        let before = self.clock.now().plus_ms(-KEPT_MS);
        let seen = &seen;
        self.db
            .tx(Class::Telemetry, |tx| async move {
                let mut touched = repo::sessions::forget_in_tx(&tx, before).await?;
                touched += repo::links::forget_in_tx(&tx, before).await?;
                if !seen.is_empty() {
                    touched += repo::sessions::note_seen_in_tx(&tx, seen).await?;
                }
                Ok(touched)
            })
            .await
    }

    /// A session to be opened by [`Self::open_session_in_tx`].
    pub(in crate::domain) fn draft_session(&self, user: &User) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        Ok(SignedIn {
            session_token: random_token()?,
            session_id: ids::mint(now),
            expires_at: now.plus_ms(self.config.session_ttl_d.saturating_mul(UnixMs::DAY_MS)),
            user: user.clone(),
        })
    }

    /// Writes the session and its audit row.
    pub(in crate::domain) async fn open_session_in_tx(
        &self,
        tx: &Tx,
        caller: &Caller,
        drafted: &SignedIn,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let user_agent: String = caller.user_agent.chars().take(USER_AGENT_CHARS).collect();
        let session = NewSession {
            id: drafted.session_id,
            user_id: drafted.user.id,
            token_sha256: sha256(drafted.session_token.reveal().as_bytes()),
            created_at: now,
            expires_at: drafted.expires_at,
            user_agent: &user_agent,
        };
        repo::sessions::insert_in_tx(tx, &session).await?;
        let caller = caller.become_user(drafted.user.id, drafted.session_id);
        let note = Note {
            workspace_id: None,
            action: "session.sign_in",
            subject: drafted.session_id.to_string(),
            detail: json!({}),
        };
        Ok(caller.note_in_tx(tx, now, note).await?)
    }
}

impl Caller {
    /// The same request, from now on in this person's name.
    pub(in crate::domain) fn become_user(&self, user_id: UserId, session_id: SessionId) -> Self {
        let actor = Actor::User { user_id, session_id, is_operator: false, access_epoch: 0 };
        Self { actor, ..self.clone() }
    }
}
