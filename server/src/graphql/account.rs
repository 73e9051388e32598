//! Accounts: the caller, sign-up, sign-in, passwords.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::call::{Call, ContextExt as _};
use super::error::Answer;
use super::scalars::DateTime;
use super::sessions::SessionShown;
use super::words::RoleWord;
use super::workspace::WorkspaceShown;
use crate::domain::access::{Action, Membership, SignedIn, User};
use crate::domain::onboarding::SignUp;
use crate::kernel::language::Language;
use crate::kernel::secret::Secret;

/// The caller.
pub struct UserShown(pub User);

/// The caller.
#[Object(name = "User")]
impl UserShown {
    /// Opaque id, `usr_…`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Their address.
    async fn email(&self) -> &str {
        self.0.email.as_str()
    }
    /// Shown to other members.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }
    /// BCP 47: `en` or `zh-CN`.
    async fn locale(&self) -> &str {
        self.0.language.tag()
    }
    /// Runs the installation.
    async fn is_operator(&self) -> bool {
        self.0.is_operator
    }
    /// Since when.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
    /// Where they are signed in, the session that asks first. Empty for anybody but the caller.
    async fn sessions(&self, ctx: &Context<'_>) -> Answer<Vec<SessionShown>> {
        let call = ctx.call()?;
        if call.caller().actor.user_id() != Some(self.0.id) {
            return Ok(Vec::new());
        }
        let rows = call.services.access.sessions(&call.caller()).await?;
        Ok(rows.into_iter().map(SessionShown).collect())
    }
    /// Where they are a member, oldest first. Empty for anybody but the caller.
    async fn memberships(&self, ctx: &Context<'_>) -> Answer<Vec<MembershipShown>> {
        let call = ctx.call()?;
        if call.caller().actor.user_id() != Some(self.0.id) {
            return Ok(Vec::new());
        }
        let rows = call.services.access.memberships(&call.caller()).await?;
        Ok(rows.into_iter().map(MembershipShown::from).collect())
    }
}

/// One workspace of the caller. Its contents are read by `workspace(id)`.
#[derive(SimpleObject)]
#[graphql(name = "Membership")]
pub struct MembershipShown {
    /// Which.
    workspace_id: ID,
    /// Shown.
    workspace_name: String,
    /// As what.
    role: RoleWord,
}

impl From<Membership> for MembershipShown {
    fn from(row: Membership) -> Self {
        Self {
            workspace_id: row.workspace.id.into(),
            workspace_name: row.workspace.name,
            role: row.role.into(),
        }
    }
}

/// Reads.
#[derive(Default)]
pub struct AccountQueries;

#[Object]
impl AccountQueries {
    /// Who is signed in; null for nobody.
    async fn me(&self, ctx: &Context<'_>) -> Answer<Option<UserShown>> {
        let call = ctx.call()?;
        match call.caller().actor.user_id() {
            None => Ok(None),
            Some(_) => Ok(Some(UserShown(call.services.access.me(&call.caller()).await?))),
        }
    }
}

/// A new account with its first workspace.
#[derive(InputObject)]
pub struct SignUpInput {
    /// Their address.
    email: String,
    /// 10 to 200 characters.
    password: String,
    /// Shown to other members.
    display_name: String,
    /// Name of the first workspace.
    workspace_name: String,
    /// Line of business.
    industry: Option<String>,
    /// `en` or `zh-CN`; the request's language without it.
    locale: Option<String>,
}

/// Credentials.
#[derive(InputObject)]
pub struct SignInInput {
    /// Their address.
    email: String,
    /// Their password.
    password: String,
}

/// A request for a new password.
#[derive(InputObject)]
pub struct RequestPasswordResetInput {
    /// Of which account.
    email: String,
}

/// A new password by a one-time link.
#[derive(InputObject)]
pub struct RedeemPasswordResetInput {
    /// From the link.
    token: String,
    /// 10 to 200 characters.
    new_password: String,
}

/// The account that was made.
#[derive(SimpleObject)]
pub struct SignUpPayload {
    /// Who is signed in now.
    user: UserShown,
    /// Their first workspace.
    workspace: WorkspaceShown,
}

/// The account that was signed in to.
#[derive(SimpleObject)]
pub struct SignInPayload {
    /// Who is signed in now.
    user: UserShown,
}

/// Nothing more to say.
#[derive(SimpleObject)]
pub struct DonePayload {
    /// Always true.
    done: bool,
}

/// The one value of it.
pub const DONE: DonePayload = DonePayload { done: true };

/// Writes.
#[derive(Default)]
pub struct AccountMutations;

#[Object]
impl AccountMutations {
    /// Makes an account with a workspace and trial credits, and signs in: what is selected below
    /// and later fields of the same request run as the new account.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Answer<SignUpPayload> {
        let call = ctx.call()?;
        let up = call.services.onboarding.sign_up(&call.caller(), &input.read(call)).await?;
        let user = enter(call, up.signed_in).await?;
        let scope = call.scope(up.workspace_id, Action::Read).await?;
        let row = call.services.access.workspace(&scope).await?;
        Ok(SignUpPayload { user, workspace: WorkspaceShown { scope, row } })
    }

    /// Signs in: what is selected below and later fields of the same request run as who signed in.
    async fn sign_in(&self, ctx: &Context<'_>, input: SignInInput) -> Answer<SignInPayload> {
        let call = ctx.call()?;
        let password = Secret::new(input.password);
        let access = &call.services.access;
        let signed_in = access.sign_in(&call.caller(), &input.email, &password).await?;
        Ok(SignInPayload { user: enter(call, signed_in).await? })
    }

    /// Ends this session.
    async fn sign_out(&self, ctx: &Context<'_>) -> Answer<DonePayload> {
        let call = ctx.call()?;
        call.services.access.sign_out(&call.caller()).await?;
        call.leave();
        Ok(DONE)
    }

    /// Asks for a new password. Answers alike whether the address is known or not.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        input: RequestPasswordResetInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        call.services.access.request_reset(&call.caller(), &input.email).await?;
        Ok(DONE)
    }

    /// Sets a new password and ends every session of the account.
    async fn redeem_password_reset(
        &self,
        ctx: &Context<'_>,
        input: RedeemPasswordResetInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        let (token, password) = (Secret::new(input.token), Secret::new(input.new_password));
        call.services.access.redeem_reset_link(&call.caller(), &token, &password).await?;
        Ok(DONE)
    }
}

/// Goes on in the name of who signed in.
///
/// # Errors
/// The database's failure.
pub async fn enter(call: &Call, signed_in: SignedIn) -> Answer<UserShown> {
    call.enter(signed_in.session_token).await?;
    Ok(UserShown(signed_in.user))
}

/// The language a person asked for.
#[must_use]
pub fn language(locale: Option<&str>, call: &Call) -> Language {
    locale.map_or(call.caller().language, Language::from_header)
}

impl SignUpInput {
    fn read(self, call: &Call) -> SignUp {
        SignUp {
            language: language(self.locale.as_deref(), call),
            email: self.email,
            password: Secret::new(self.password),
            display_name: self.display_name,
            workspace_name: self.workspace_name,
            industry: self.industry,
        }
    }
}
