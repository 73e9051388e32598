//! Invitations: what stands open, taking one back, what its holder is shown.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{LinkId, WorkspaceId};

use super::account::{DONE, DonePayload};
use super::call::ContextExt as _;
use super::error::Answer;
use super::people::Person;
use super::scalars::{DateTime, id};
use super::words::RoleWord;
use crate::domain::access::{Action, InvitationSeen, Invited, Scope};
use crate::kernel::secret::Secret;

/// An invitation that nobody has taken yet.
pub struct InvitationShown {
    /// Where; made for managing members.
    pub scope: Scope,
    /// What was read.
    pub row: Invited,
}

/// An invitation that nobody has taken yet.
#[Object(name = "Invitation")]
impl InvitationShown {
    /// Opaque id, `lnk_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Whom.
    async fn email(&self) -> &str {
        self.row.email.as_str()
    }
    /// As what.
    async fn role(&self) -> RoleWord {
        self.row.role.into()
    }
    /// By whom; null when the operator made it.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        match self.row.created_by {
            Some(id) => Person::load(ctx, &self.scope, id).await,
            None => Ok(None),
        }
    }
    /// When.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// Useless from here on.
    async fn expires_at(&self) -> DateTime {
        self.row.expires_at.into()
    }
}

/// What whoever holds an invitation's token is shown.
#[derive(SimpleObject)]
#[graphql(name = "InvitationSeen")]
pub struct InvitationSeenShown {
    /// Where to.
    workspace_name: String,
    /// As what.
    role: RoleWord,
    /// For whom: nobody else can take it.
    email: String,
    /// Useless from here on.
    expires_at: DateTime,
    /// Whether the address has an account, which then has to sign in.
    has_account: bool,
}

impl From<InvitationSeen> for InvitationSeenShown {
    fn from(seen: InvitationSeen) -> Self {
        Self {
            workspace_name: seen.workspace_name,
            role: seen.role.into(),
            email: seen.email.as_str().to_owned(),
            expires_at: seen.expires_at.into(),
            has_account: seen.has_account,
        }
    }
}

/// Reads.
#[derive(Default)]
pub struct InvitationQueries;

#[Object]
impl InvitationQueries {
    /// What a token of an invitation leads to, without using it; `LINK_INVALID` for every other.
    async fn invitation(&self, ctx: &Context<'_>, token: String) -> Answer<InvitationSeenShown> {
        let access = &ctx.call()?.services.access;
        Ok(access.look_at_invitation(&Secret::new(token)).await?.into())
    }
}

/// An invitation that is taken back.
#[derive(InputObject)]
pub struct RevokeInvitationInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    invitation_id: ID,
}

/// Writes.
#[derive(Default)]
pub struct InvitationMutations;

#[Object]
impl InvitationMutations {
    /// Takes an invitation back; its link is worthless from here on.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        input: RevokeInvitationInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ManageMembers).await?;
        let invitation: LinkId = id("invitationId", &input.invitation_id)?;
        call.services.access.revoke_invitation(&scope, invitation).await?;
        Ok(DONE)
    }
}
