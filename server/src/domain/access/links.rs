//! One-time links: a new password, or a place in a workspace. The token is handed out once and
//! stored as SHA-256; a guarded UPDATE uses it up in the transaction of what it is for.

use entity::enums::{LinkPurpose, Role};
use entity::ids::{LinkId, UserId, WorkspaceId};
use entity::values::UnixMs;
use serde_json::json;

use super::invitations::SEALED_FOR;
use super::model::{Action, Caller, Email, Scope, check_password};
use super::people::DraftUser;
use super::repo::links::{Invitation, Link, NewLink};
use super::{Access, Error, Note, SignedIn, repo};
use crate::db::{Class, Tx};
use crate::kernel::ids;
use crate::kernel::language::Language;
use crate::kernel::secret::{Secret, random_token, sha256};

const HOUR_MS: i64 = 3_600_000;

/// A link just made.
#[derive(Clone, Debug)]
pub struct OneTimeLink {
    /// Which; may be shown.
    pub id: LinkId,
    /// What it is redeemed with; shown once.
    pub token: Secret,
    /// Useless from here on.
    pub expires_at: UnixMs,
}

/// The account of somebody who joins and has none yet.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Shown to other members.
    pub display_name: String,
    /// Their choice.
    pub password: Secret,
    /// In which language to speak to them.
    pub language: Language,
}

/// Somebody has joined.
#[derive(Clone, Debug)]
pub struct Joined {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// As what.
    pub role: Role,
    /// Who.
    pub user_id: UserId,
    /// Their first session, when the account is new.
    pub signed_in: Option<SignedIn>,
}

/// A link's row, owned, so that a transaction may be tried again.
pub(super) struct LinkRow {
    pub id: LinkId,
    email: Email,
    token_sha256: Vec<u8>,
    invitation: Option<Invitation>,
    created_at: UnixMs,
    expires_at: UnixMs,
}

/// Who takes an invitation.
enum Joiner {
    Known(UserId),
    New(Box<(DraftUser, SignedIn)>),
}

impl LinkRow {
    pub(super) fn as_new(&self) -> NewLink<'_> {
        NewLink {
            id: self.id,
            email: &self.email,
            token_sha256: self.token_sha256.clone(),
            invitation: self.invitation,
            created_at: self.created_at,
            expires_at: self.expires_at,
        }
    }
}

impl Access {
    /// Asks for a new password. Answers alike whether the address is known or not, after the same
    /// work: the request is noted for the operator, who hands out links.
    ///
    /// # Errors
    /// [`Error::TooManyAttempts`].
    pub async fn request_reset(&self, caller: &Caller, email: &str) -> Result<(), Error> {
        self.pay_request("reset.ip", caller).await?;
        let known = repo::users::by_email(self.db.reader(), &Email::normalise(email)).await?;
        let known = known.filter(|known| !known.user.is_disabled);
        let subject = known.map_or_else(|| String::from("unknown"), |k| k.user.id.to_string());
        let (subject, now) = (&subject, self.clock.now());
        self.db
            .tx(Class::Interactive, |tx| async move {
                let note = Note {
                    workspace_id: None,
                    action: "user.reset_requested",
                    subject: subject.clone(),
                    detail: json!({}),
                };
                Ok(caller.note_in_tx(&tx, now, note).await?)
            })
            .await
    }

    /// Makes a link for a new password, for the operator to hand over.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all but the operator; [`Error::NotFound`].
    pub async fn create_reset_link(
        &self,
        caller: &Caller,
        email: &str,
    ) -> Result<OneTimeLink, Error> {
        self.require_operator(caller)?;
        let user = self.user_of(email).await?;
        let (link, row) = self.draft_link(&user.email, None)?;
        let note = || Note {
            workspace_id: None,
            action: "user.reset_link",
            subject: user.id.to_string(),
            detail: json!({ "link": row.id.to_string() }),
        };
        self.insert_link(caller, &row, &note).await?;
        Ok(link)
    }

    /// Sets a new password, ends every session and every other reset link of the account.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`], [`Error::Password`].
    pub async fn redeem_reset_link(
        &self,
        caller: &Caller,
        token: &Secret,
        password: &Secret,
    ) -> Result<UserId, Error> {
        let (now, purpose) = (self.clock.now(), LinkPurpose::PasswordReset);
        let digest = sha256(token.reveal().as_bytes());
        // Looked at first, so that no hash is computed inside the transaction or for a bad link.
        let link = repo::links::peek(self.db.reader(), purpose, digest.clone(), now).await?;
        let email = link.ok_or(Error::LinkInvalid)?.email;
        check_password(password.reveal(), &email)?;
        let hash = self.passwords.hash(password).await?;
        let (digest, email, hash) = (&digest, &email, &hash);
        let (user_id, epoch) = self
            .db
            .tx(Class::Interactive, |tx| async move {
                let used = repo::links::use_up_in_tx(&tx, purpose, digest.clone(), now).await?;
                let link = used.ok_or(Error::LinkInvalid)?;
                let known = repo::users::by_email(&*tx, email.as_str()).await?;
                let id = known.ok_or(Error::LinkInvalid)?.user.id;
                repo::users::set_password_in_tx(&tx, id, hash).await?;
                let epoch = repo::users::bump_epoch_in_tx(&tx, id).await?;
                let ended = repo::sessions::revoke_all_in_tx(&tx, id, now).await?;
                repo::links::revoke_resets_in_tx(&tx, email, now).await?;
                let note = Note {
                    workspace_id: None,
                    action: "user.reset",
                    subject: id.to_string(),
                    detail: json!({ "link": link.id.to_string(), "endedSessions": ended }),
                };
                caller.note_in_tx(&tx, now, note).await?;
                Ok::<_, Error>((id, epoch))
            })
            .await?;
        self.announce(user_id, epoch).await;
        Ok(user_id)
    }

    /// Makes a link by which the person at `email` joins with `role`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the scope's role may add such a member; [`Error::Email`];
    /// [`Error::AlreadyMember`]; [`Error::InvitationLimit`].
    pub async fn add_member_link(
        &self,
        scope: &Scope,
        email: &str,
        role: Role,
    ) -> Result<OneTimeLink, Error> {
        if !scope.may(Action::to_change_member(None, Some(role))) {
            return Err(Error::Forbidden);
        }
        let email = Email::parse(email)?;
        let workspace_id = scope.workspace_id();
        if let Some(known) = repo::users::by_email(self.db.reader(), email.as_str()).await? {
            let user_id = known.user.id;
            if repo::members::role(self.db.reader(), workspace_id, user_id).await?.is_some() {
                return Err(Error::AlreadyMember);
            }
        }
        let created_by = scope.caller().actor.user_id();
        let invitation = Invitation { workspace_id, role, created_by };
        let (link, row) = self.draft_link(&email, Some(invitation))?;
        let sealed = self.key.seal(SEALED_FOR, &link.id.to_string(), &link.token)?;
        let (link_ref, row, sealed) = (&link, &row, sealed.as_slice());
        self.db
            .tx(Class::Interactive, |tx| async move {
                self.room_for_invitation_in_tx(&tx, workspace_id, row.created_at).await?;
                repo::links::insert_in_tx(&tx, &row.as_new()).await?;
                self.tell_invited_in_tx(&tx, workspace_id, (link_ref, sealed)).await?;
                let note = Note {
                    workspace_id: Some(workspace_id),
                    action: "member.invite",
                    subject: row.id.to_string(),
                    detail: json!({ "role": role.as_str() }),
                };
                Ok::<_, Error>(scope.caller().note_in_tx(&tx, row.created_at, note).await?)
            })
            .await?;
        Ok(link)
    }

    /// Joins a workspace: the signed-in person if the link was made for their address, or a new
    /// account for that address when nobody has signed in.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`], also when the link is somebody else's or who made it may no longer;
    /// [`Error::Unauthenticated`] when the address has an account or none was asked for;
    /// [`Error::AlreadyMember`]; what is wrong with the new account.
    pub async fn redeem_join_link(
        &self,
        caller: &Caller,
        token: &Secret,
        account: Option<&NewAccount>,
    ) -> Result<Joined, Error> {
        let (now, purpose) = (self.clock.now(), LinkPurpose::Join);
        let digest = sha256(token.reveal().as_bytes());
        let link = repo::links::peek(self.db.reader(), purpose, digest.clone(), now).await?;
        let joiner = self.joiner(caller, link.ok_or(Error::LinkInvalid)?, account).await?;
        let (digest, joiner_ref) = (&digest, &joiner);
        let (joined, epoch) = self
            .db
            .tx(Class::Interactive, |tx| async move {
                let used = repo::links::use_up_in_tx(&tx, purpose, digest.clone(), now).await?;
                let link = used.ok_or(Error::LinkInvalid)?;
                self.join_in_tx(&tx, caller, (link, joiner_ref)).await
            })
            .await?;
        self.announce(joined.user_id, epoch).await;
        let signed_in = match joiner {
            Joiner::Known(_) => None,
            Joiner::New(new) => Some(new.1),
        };
        Ok(Joined { signed_in, ..joined })
    }

    async fn joiner(
        &self,
        caller: &Caller,
        link: Link,
        account: Option<&NewAccount>,
    ) -> Result<Joiner, Error> {
        if caller.actor.user_id().is_some() {
            let me = self.me(caller).await?;
            return if me.email == link.email {
                Ok(Joiner::Known(me.id))
            } else {
                Err(Error::LinkInvalid)
            };
        }
        let taken = repo::users::by_email(self.db.reader(), link.email.as_str()).await?.is_some();
        let account = account.filter(|_| !taken).ok_or(Error::Unauthenticated)?;
        let NewAccount { display_name, password, language } = account;
        let draft = self.draft_user((link.email, display_name), *language, password).await?;
        let signed_in = self.draft_session(&draft.user)?;
        Ok(Joiner::New(Box::new((draft, signed_in))))
    }

    async fn join_in_tx(
        &self,
        tx: &Tx,
        caller: &Caller,
        (link, joiner): (Link, &Joiner),
    ) -> Result<(Joined, i64), Error> {
        let now = self.clock.now();
        let to = link.invitation.ok_or(Error::LinkInvalid)?;
        if repo::workspaces::by_id(&**tx, to.workspace_id).await?.is_none() {
            return Err(Error::LinkInvalid);
        }
        if let Some(inviter) = to.created_by {
            let theirs = repo::members::role(&**tx, to.workspace_id, inviter).await?;
            let needed = Action::to_change_member(None, Some(to.role));
            if !theirs.is_some_and(|role| needed.allowed(role)) {
                return Err(Error::LinkInvalid);
            }
        }
        let user_id = match joiner {
            Joiner::Known(id) => *id,
            Joiner::New(new) => {
                let (draft, signed_in) = new.as_ref();
                self.insert_user_in_tx(tx, draft).await?;
                self.open_session_in_tx(tx, caller, signed_in).await?;
                draft.user.id
            }
        };
        if !repo::members::insert_in_tx(tx, to.workspace_id, (user_id, to.role), now).await? {
            return Err(Error::AlreadyMember);
        }
        let note = Note {
            workspace_id: Some(to.workspace_id),
            action: "member.join",
            subject: user_id.to_string(),
            detail: json!({ "role": to.role.as_str(), "link": link.id.to_string() }),
        };
        caller.note_in_tx(tx, now, note).await?;
        let epoch = repo::users::bump_epoch_in_tx(tx, user_id).await?;
        let joined =
            Joined { workspace_id: to.workspace_id, role: to.role, user_id, signed_in: None };
        Ok((joined, epoch))
    }

    /// A link to hand out and the row to write.
    pub(super) fn draft_link(
        &self,
        email: &Email,
        invitation: Option<Invitation>,
    ) -> Result<(OneTimeLink, LinkRow), Error> {
        let now = self.clock.now();
        let token = random_token()?;
        let row = LinkRow {
            id: ids::mint(now),
            email: email.clone(),
            token_sha256: sha256(token.reveal().as_bytes()),
            invitation,
            created_at: now,
            expires_at: now.plus_ms(self.config.link_ttl_h.saturating_mul(HOUR_MS)),
        };
        Ok((OneTimeLink { id: row.id, token, expires_at: row.expires_at }, row))
    }

    async fn insert_link(
        &self,
        caller: &Caller,
        row: &LinkRow,
        note: &(impl Fn() -> Note + Sync),
    ) -> Result<(), Error> {
        self.db
            .tx(Class::Interactive, |tx| async move {
                repo::links::insert_in_tx(&tx, &row.as_new()).await?;
                Ok(caller.note_in_tx(&tx, row.created_at, note()).await?)
            })
            .await
    }
}
