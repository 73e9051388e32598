//! Invitations that stand open: who sees them, taking one back, and what its holder is shown
//! before they accept. An invitation is a JOIN link ([`super::links`]).
//!
//! The message to the invited person waits in the outbox. It names the invitation; the token is in
//! it sealed under the installation's key, and the address is read from the row when it is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use entity::enums::{LinkPurpose, Role};
use entity::ids::{LinkId, UserId, WorkspaceId};
use entity::values::UnixMs;
use serde_json::json;

use super::links::OneTimeLink;
use super::model::{Action, Email, Scope};
use super::{Access, Error, Note, repo};
use crate::db::outbox::{self, Message};
use crate::db::{Class, Tx};
use crate::kernel::page::{Page, PageArgs};
use crate::kernel::secret::{Secret, sha256};

/// What tokens in the outbox are sealed for; their context is the invitation's id.
pub const SEALED_FOR: &str = "invitation";

/// An invitation that nobody has taken yet.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Which.
    pub id: LinkId,
    /// Whom; `{:?}` does not show it.
    pub email: Email,
    /// As what.
    pub role: Role,
    /// By whom; nobody when it was made on the machine.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: UnixMs,
    /// Useless from here on.
    pub expires_at: UnixMs,
}

impl Invited {
    /// Key of this row in [`Access::invitations`].
    #[must_use]
    pub fn cursor_key(&self) -> String {
        self.id.to_string()
    }
}

/// What somebody who holds an invitation's token is shown.
#[derive(Clone, Debug)]
pub struct InvitationSeen {
    /// Where to.
    pub workspace_name: String,
    /// As what.
    pub role: Role,
    /// For whom.
    pub email: Email,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Whether the address has an account, which then has to sign in.
    pub has_account: bool,
}

impl Access {
    /// Invitations that still work, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below admin; [`Error::Cursor`].
    pub async fn invitations(
        &self,
        scope: &Scope,
        page: &PageArgs,
    ) -> Result<Page<Invited>, Error> {
        if !scope.may(Action::ManageMembers) {
            return Err(Error::Forbidden);
        }
        let before =
            page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        let (id, now) = (scope.workspace_id(), self.clock.now());
        let rows = repo::invitations::open(self.db.reader(), id, (now, before, page.fetch()));
        Ok(page.cut(rows.await?))
    }

    /// Takes an invitation back: its link is worthless from here on.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is no open invitation of this workspace; [`Error::Forbidden`]
    /// when the scope's role could not have made it.
    pub async fn revoke_invitation(&self, scope: &Scope, id: LinkId) -> Result<(), Error> {
        let (workspace_id, now) = (scope.workspace_id(), self.clock.now());
        self.db
            .tx(Class::Interactive, |tx| async move {
                // The role of an invitation never changes, so it may be read before the guard.
                let role = repo::invitations::role_of(&*tx, workspace_id, id).await?;
                let role = role.ok_or(Error::NotFound)?;
                if !scope.may(Action::to_change_member(None, Some(role))) {
                    return Err(Error::Forbidden);
                }
                if !repo::invitations::revoke_in_tx(&tx, workspace_id, id, now).await? {
                    return Err(Error::NotFound);
                }
                let note = Note {
                    workspace_id: Some(workspace_id),
                    action: "member.uninvite",
                    subject: id.to_string(),
                    detail: json!({ "role": role.as_str() }),
                };
                Ok(scope.caller().note_in_tx(&tx, now, note).await?)
            })
            .await
    }

    /// What a token invites to, without using it.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`], also when who made it may no longer invite.
    pub async fn look_at_invitation(&self, token: &Secret) -> Result<InvitationSeen, Error> {
        let now = self.clock.now();
        let digest = sha256(token.reveal().as_bytes());
        let reader = self.db.reader();
        let link = repo::links::peek(reader, LinkPurpose::Join, digest, now).await?;
        let link = link.ok_or(Error::LinkInvalid)?;
        let to = link.invitation.ok_or(Error::LinkInvalid)?;
        let workspace = repo::workspaces::by_id(reader, to.workspace_id).await?;
        let workspace = workspace.ok_or(Error::LinkInvalid)?;
        if let Some(inviter) = to.created_by {
            let theirs = repo::members::role(reader, to.workspace_id, inviter).await?;
            let needed = Action::to_change_member(None, Some(to.role));
            if !theirs.is_some_and(|role| needed.allowed(role)) {
                return Err(Error::LinkInvalid);
            }
        }
        let has_account = repo::users::by_email(reader, link.email.as_str()).await?.is_some();
        Ok(InvitationSeen {
            workspace_name: workspace.name,
            role: to.role,
            email: link.email,
            expires_at: link.expires_at,
            has_account,
        })
    }

    /// Refuses one more open invitation than the installation allows. The workspace's row is locked,
    /// so that two who invite at once are counted one after the other.
    pub(super) async fn room_for_invitation_in_tx(
        &self,
        tx: &Tx,
        workspace_id: WorkspaceId,
        now: UnixMs,
    ) -> Result<(), Error> {
        let limit = self.config.max_invitations;
        repo::invitations::lock_workspace_in_tx(tx, workspace_id).await?;
        if repo::invitations::count_open_in_tx(tx, workspace_id, now).await? >= limit {
            return Err(Error::InvitationLimit { limit });
        }
        Ok(())
    }

    /// The message to the invited person, in the invitation's own transaction.
    pub(super) async fn tell_invited_in_tx(
        &self,
        tx: &Tx,
        workspace_id: WorkspaceId,
        (link, sealed): (&OneTimeLink, &[u8]),
    ) -> Result<(), Error> {
        let message = Message {
            workspace_id: Some(workspace_id),
            topic: "member.invited",
            payload: json!({
                "invitationId": link.id.to_string(),
                "sealedToken": STANDARD.encode(sealed),
            }),
        };
        Ok(outbox::put_in_tx(tx, self.clock.now(), message).await?)
    }
}
