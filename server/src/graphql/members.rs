//! Members of a workspace.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{UserId, WorkspaceId};

use super::account::{DONE, DonePayload, enter, language};
use super::call::{Call, ContextExt as _};
use super::error::{Answer, invalid_input};
use super::scalars::{DateTime, id};
use super::words::RoleWord;
use crate::domain::access::{Action, Member, NewAccount};
use crate::kernel::reason::Reason;
use crate::kernel::secret::Secret;

/// A user in a workspace.
pub struct MemberShown(pub Member);

/// A user in a workspace.
#[Object(name = "Member")]
impl MemberShown {
    /// Who.
    async fn user_id(&self) -> ID {
        self.0.user_id.into()
    }
    /// Their address.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }
    /// Shown.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }
    /// As what.
    async fn role(&self) -> RoleWord {
        self.0.role.into()
    }
    /// Since when.
    async fn since(&self) -> DateTime {
        self.0.since.into()
    }
}

/// An invitation.
#[derive(InputObject)]
pub struct CreateJoinLinkInput {
    /// Where to.
    workspace_id: ID,
    /// Whom.
    email: String,
    /// As what.
    role: RoleWord,
}

/// An invitation that is followed.
#[derive(InputObject)]
pub struct RedeemJoinLinkInput {
    /// From the link.
    token: String,
    /// For who has no account yet: shown to other members.
    display_name: Option<String>,
    /// For who has no account yet: 10 to 200 characters.
    password: Option<String>,
    /// For who has no account yet: `en` or `zh-CN`.
    locale: Option<String>,
}

/// Another role.
#[derive(InputObject)]
pub struct SetMemberRoleInput {
    /// Where.
    workspace_id: ID,
    /// Whose.
    user_id: ID,
    /// The new one.
    role: RoleWord,
}

/// A member who leaves.
#[derive(InputObject)]
pub struct RemoveMemberInput {
    /// Where.
    workspace_id: ID,
    /// Who; everybody but the last owner may also take themselves out.
    user_id: ID,
}

/// A link that works once.
#[derive(SimpleObject)]
pub struct JoinLinkPayload {
    /// Goes into `redeemJoinLink`; shown this once.
    token: String,
    /// Useless from here on.
    expires_at: DateTime,
}

/// The workspace that was joined.
#[derive(SimpleObject)]
pub struct JoinedPayload {
    /// Which.
    workspace_id: ID,
    /// As what.
    role: RoleWord,
}

/// Writes.
#[derive(Default)]
pub struct MemberMutations;

#[Object]
impl MemberMutations {
    /// Makes a link by which a person joins.
    async fn create_join_link(
        &self,
        ctx: &Context<'_>,
        input: CreateJoinLinkInput,
    ) -> Answer<JoinLinkPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ManageMembers).await?;
        let access = &call.services.access;
        let link = access.add_member_link(&scope, &input.email, input.role.into()).await?;
        let token = link.token.reveal().to_owned();
        Ok(JoinLinkPayload { token, expires_at: link.expires_at.into() })
    }

    /// Joins: as who is signed in, or with a new account for the address the link was made for.
    async fn redeem_join_link(
        &self,
        ctx: &Context<'_>,
        input: RedeemJoinLinkInput,
    ) -> Answer<JoinedPayload> {
        let call = ctx.call()?;
        let token = Secret::new(input.token.clone());
        let account = input.account(call)?;
        let access = &call.services.access;
        let joined = access.redeem_join_link(&call.caller(), &token, account.as_ref()).await?;
        if let Some(signed_in) = joined.signed_in {
            enter(call, signed_in).await?;
        }
        Ok(JoinedPayload { workspace_id: joined.workspace_id.into(), role: joined.role.into() })
    }

    /// Gives a member another role.
    async fn set_member_role(
        &self,
        ctx: &Context<'_>,
        input: SetMemberRoleInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ManageMembers).await?;
        let user: UserId = id("userId", &input.user_id)?;
        call.services.access.set_role(&scope, user, input.role.into()).await?;
        Ok(DONE)
    }

    /// Takes a member out.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        input: RemoveMemberInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        // Anybody may leave; who may remove others is decided with the member's row at hand.
        let scope = call.scope(workspace, Action::Read).await?;
        let user: UserId = id("userId", &input.user_id)?;
        call.services.access.remove_member(&scope, user).await?;
        Ok(DONE)
    }
}

impl RedeemJoinLinkInput {
    fn account(self, call: &Call) -> Answer<Option<NewAccount>> {
        let language = language(self.locale.as_deref(), call);
        match (self.display_name, self.password) {
            (None, None) => Ok(None),
            (Some(display_name), Some(password)) => {
                Ok(Some(NewAccount { display_name, password: Secret::new(password), language }))
            }
            _ => Err(invalid_input("displayName", Reason::NameAndPassword)),
        }
    }
}
