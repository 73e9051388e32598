//! People: their accounts, and what the operator does with them.

use entity::ids::UserId;
use entity::values::UnixMs;
use serde_json::json;

use super::links::OneTimeLink;
use super::model::{Actor, Caller, Email, Scope, check_name, check_password};
use super::password::NONE;
use super::{Access, Error, Note, repo};
use crate::db::{Class, Tx};
use crate::kernel::ids;
use crate::kernel::language::Language;
use crate::kernel::secret::Secret;

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// Their address; `{:?}` does not show it.
    pub email: Email,
    /// Shown to other members.
    pub display_name: String,
    /// In which language to speak to them.
    pub language: Language,
    /// Runs the installation.
    pub is_operator: bool,
    /// May no longer sign in.
    pub is_disabled: bool,
    /// Since when.
    pub created_at: UnixMs,
}

/// An account about to be made: checked, its password hashed, so that the transaction only writes.
pub(in crate::domain) struct DraftUser {
    pub user: User,
    password_hash: String,
}

impl Access {
    /// The caller's own account.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn me(&self, caller: &Caller) -> Result<User, Error> {
        let id = caller.actor.user_id().ok_or(Error::Unauthenticated)?;
        let found = repo::users::by_id(self.db.reader(), id).await?;
        found.filter(|user| !user.is_disabled).ok_or(Error::Unauthenticated)
    }

    /// Display names of people who made something of the scope's workspace, whether or not they
    /// are members still. The ids must come from that workspace's own rows, never from a request.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn names(
        &self,
        _read: &Scope,
        makers: &[UserId],
    ) -> Result<Vec<(UserId, String)>, Error> {
        Ok(repo::users::names(self.db.reader(), makers).await?)
    }

    /// Makes an account without a password, for an operator to hand over by a one-time link.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but the operator; an address that is none or taken; a bad name.
    pub async fn create_user(
        &self,
        caller: &Caller,
        (email, display_name): (&str, &str),
        language: Language,
    ) -> Result<(User, OneTimeLink), Error> {
        self.require_operator(caller)?;
        let user = self.new_user(Email::parse(email)?, display_name, language)?;
        let (link, row) = self.draft_link(&user.email, None)?;
        let (user_ref, row) = (&user, &row);
        self.db
            .tx(Class::Interactive, |tx| async move {
                repo::users::insert_in_tx(&tx, user_ref, NONE).await?;
                repo::links::insert_in_tx(&tx, &row.as_new()).await?;
                let note = Note {
                    workspace_id: None,
                    action: "user.create",
                    subject: user_ref.id.to_string(),
                    detail: json!({ "link": row.id.to_string() }),
                };
                Ok::<_, Error>(caller.note_in_tx(&tx, user_ref.created_at, note).await?)
            })
            .await?;
        Ok((user, link))
    }

    /// Makes somebody an operator, or takes it away. Only on the machine itself.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but [`Actor::Cli`]; [`Error::NotFound`].
    pub async fn set_operator(
        &self,
        caller: &Caller,
        email: &str,
        on: bool,
    ) -> Result<UserId, Error> {
        if caller.actor != Actor::Cli {
            return Err(Error::Forbidden);
        }
        let user = self.user_of(email).await?;
        let (id, now) = (user.id, self.clock.now());
        let epoch = self
            .db
            .tx(Class::Interactive, |tx| async move {
                repo::users::set_operator_in_tx(&tx, id, on).await?;
                let note = Note {
                    workspace_id: None,
                    action: "user.operator",
                    subject: id.to_string(),
                    detail: json!({ "on": on }),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok::<_, Error>(repo::users::bump_epoch_in_tx(&tx, id).await?)
            })
            .await?;
        self.announce(id, epoch).await;
        Ok(id)
    }

    /// Closes an account (its sessions end at once) or opens it again.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but the operator; [`Error::NotFound`].
    pub async fn set_disabled(
        &self,
        caller: &Caller,
        email: &str,
        disabled: bool,
    ) -> Result<UserId, Error> {
        self.require_operator(caller)?;
        let user = self.user_of(email).await?;
        let (id, now) = (user.id, self.clock.now());
        let epoch = self
            .db
            .tx(Class::Interactive, |tx| async move {
                repo::users::set_disabled_in_tx(&tx, id, disabled.then_some(now)).await?;
                let ended = repo::sessions::revoke_all_in_tx(&tx, id, now).await?;
                let note = Note {
                    workspace_id: None,
                    action: if disabled { "user.disable" } else { "user.enable" },
                    subject: id.to_string(),
                    detail: json!({ "endedSessions": ended }),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok::<_, Error>(repo::users::bump_epoch_in_tx(&tx, id).await?)
            })
            .await?;
        self.announce(id, epoch).await;
        Ok(id)
    }

    /// Checks and hashes everything an account of one's own needs.
    pub(in crate::domain) async fn draft_user(
        &self,
        (email, display_name): (Email, &str),
        language: Language,
        password: &Secret,
    ) -> Result<DraftUser, Error> {
        check_password(password.reveal(), &email)?;
        let user = self.new_user(email, display_name, language)?;
        Ok(DraftUser { user, password_hash: self.passwords.hash(password).await? })
    }

    /// Writes a drafted account.
    pub(in crate::domain) async fn insert_user_in_tx(
        &self,
        tx: &Tx,
        draft: &DraftUser,
    ) -> Result<(), Error> {
        repo::users::insert_in_tx(tx, &draft.user, &draft.password_hash).await
    }

    /// Counts a request that anybody may make, by client address.
    pub(in crate::domain) async fn pay_request(
        &self,
        purpose: &'static str,
        caller: &Caller,
    ) -> Result<(), Error> {
        self.slow_down.pay_request(purpose, caller.ip).await
    }

    pub(super) async fn user_of(&self, email: &str) -> Result<User, Error> {
        let found = repo::users::by_email(self.db.reader(), &Email::normalise(email)).await?;
        found.map(|known| known.user).ok_or(Error::NotFound)
    }

    fn new_user(
        &self,
        email: Email,
        display_name: &str,
        language: Language,
    ) -> Result<User, Error> {
        let now = self.clock.now();
        Ok(User {
            id: ids::mint(now),
            email,
            display_name: check_name("displayName", display_name)?,
            language,
            is_operator: false,
            is_disabled: false,
            created_at: now,
        })
    }
}
