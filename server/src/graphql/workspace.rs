//! A workspace: the root of everything a tenant owns.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::WorkspaceId;
use std::sync::Arc;

use super::audit::AuditEntryShown;
use super::batches::{self, BatchShown};
use super::call::ContextExt as _;
use super::collect::ShareLinkShown;
use super::error::Answer;
use super::invitations::InvitationShown;
use super::members::MemberShown;
use super::page::{Listed, args, listed};
use super::people;
use super::plans::{PlanShown, plan_shown};
use super::quotes::QuoteShown;
use super::scalars::{DateTime, id};
use super::templates::TemplateShown;
use super::trail::{self, BatchDeedShown};
use super::value_lists::ValueListShown;
use super::videos::VideoShown;
use super::wallet::WalletShown;
use super::words::{BatchStateWord, ModeWord, RoleWord};
use crate::domain::access::{Action, Scope, Workspace};
use crate::domain::batches::BatchFilter;
use crate::kernel::error::ApiError;

/// A workspace.
pub struct WorkspaceShown {
    /// Made for reading.
    pub scope: Scope,
    /// What was read.
    pub row: Workspace,
}

/// A workspace.
#[Object(name = "Workspace")]
impl WorkspaceShown {
    /// Opaque id, `wks_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// Line of business.
    async fn industry(&self) -> Option<&str> {
        self.row.industry.as_deref()
    }
    /// Founded.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// What the caller is here.
    async fn role(&self) -> RoleWord {
        self.scope.role().into()
    }
    /// Its plan, with the limits in effect here.
    async fn plan(&self, ctx: &Context<'_>) -> Answer<PlanShown> {
        let call = ctx.call()?;
        let plans = &call.services.plans;
        let limits = plans.entitlement(self.row.id).await?;
        let plan = plans.catalogue().find(&self.row.plan);
        let plan = plan.ok_or_else(|| ApiError::internal("a plan left the catalogue"))?;
        Ok(plan_shown(plan, limits, call))
    }
    /// Its members.
    async fn members(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<MemberShown>> {
        let asked = args(first, after.as_deref())?;
        let page = ctx.call()?.services.access.members(&self.scope, &asked).await?;
        Ok(listed(&asked, page, |row| row.cursor_key(), MemberShown))
    }
    /// Invitations that still work, newest first. For admins.
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<InvitationShown>> {
        let asked = args(first, after.as_deref())?;
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::ManageMembers).await?;
        let page = call.services.access.invitations(&scope, &asked).await?;
        let node = |row| InvitationShown { scope: scope.clone(), row };
        Ok(listed(&asked, page, |row| row.cursor_key(), node))
    }
    /// Its templates that are not archived, newest first.
    async fn templates(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<TemplateShown>> {
        let asked = args(first, after.as_deref())?;
        let page = ctx.call()?.services.templates.list(&self.scope, &asked).await?;
        people::warm(ctx, &self.scope, page.rows.iter().map(|row| row.created_by)).await?;
        let node = |row| TemplateShown { scope: self.scope.clone(), row };
        Ok(listed(&asked, page, |row| row.id.to_string(), node))
    }
    /// One template, archived or not.
    async fn template(&self, ctx: &Context<'_>, id: ID) -> Answer<TemplateShown> {
        let templates = &ctx.call()?.services.templates;
        let row = templates.get(&self.scope, read(&id)?).await?;
        Ok(TemplateShown { scope: self.scope.clone(), row })
    }
    /// Lists of values it keeps, newest first.
    async fn value_lists(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<ValueListShown>> {
        let asked = args(first, after.as_deref())?;
        let page = ctx.call()?.services.value_lists.list(&self.scope, &asked).await?;
        people::warm(ctx, &self.scope, page.rows.iter().map(|row| row.created_by)).await?;
        let node = |row| ValueListShown { scope: self.scope.clone(), row };
        Ok(listed(&asked, page, |row| row.id.to_string(), node))
    }
    /// One list of values.
    async fn value_list(&self, ctx: &Context<'_>, id: ID) -> Answer<ValueListShown> {
        let lists = &ctx.call()?.services.value_lists;
        let row = lists.get(&self.scope, read(&id)?).await?;
        Ok(ValueListShown { scope: self.scope.clone(), row })
    }
    /// Its batches, newest first; of one state if named.
    async fn batches(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        state: Option<BatchStateWord>,
    ) -> Answer<Listed<BatchShown>> {
        let asked = args(first, after.as_deref())?;
        let filter = BatchFilter { state: state.map(Into::into) };
        let page = ctx.call()?.services.batches.list(&self.scope, filter, &asked).await?;
        batches::warm(ctx, &self.scope, &page.rows).await?;
        let node = |row| BatchShown { scope: self.scope.clone(), row: Arc::new(row) };
        Ok(listed(&asked, page, |row| row.id.to_string(), node))
    }
    /// One batch.
    async fn batch(&self, ctx: &Context<'_>, id: ID) -> Answer<BatchShown> {
        let batches = &ctx.call()?.services.batches;
        let row = Arc::new(batches.get(&self.scope, read(&id)?).await?);
        Ok(BatchShown { scope: self.scope.clone(), row })
    }
    /// One video, whatever its batch.
    async fn video(&self, ctx: &Context<'_>, id: ID) -> Answer<VideoShown> {
        let batches = &ctx.call()?.services.batches;
        let row = batches.video(&self.scope, read(&id)?).await?;
        let batch = Arc::new(batches.get(&self.scope, row.batch_id).await?);
        Ok(VideoShown { scope: self.scope.clone(), batch, row })
    }
    /// One quote. For roles that see prices.
    async fn quote(&self, ctx: &Context<'_>, id: ID) -> Answer<QuoteShown> {
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::ReadMoney).await?;
        let row = call.services.batches.get_quote(&scope, read(&id)?).await?;
        Ok(QuoteShown { scope, row })
    }
    /// Its wallet in one mode. For roles that see prices.
    async fn wallet(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "ModeWord::Live")] mode: ModeWord,
    ) -> Answer<WalletShown> {
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::ReadMoney).await?;
        let balance = call.services.wallet.balance(&scope, mode.into()).await?;
        Ok(WalletShown { scope, balance })
    }
    /// Links that show videos to others, newest first, also those that are over; of one batch if
    /// named. For roles that may make them.
    async fn share_links(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        batch_id: Option<ID>,
    ) -> Answer<Listed<ShareLinkShown>> {
        let asked = args(first, after.as_deref())?;
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::Share).await?;
        let batch = batch_id.map(|text| id("batchId", &text)).transpose()?;
        let page = call.services.collect.shares(&scope, (batch, &asked)).await?;
        people::warm(ctx, &scope, page.rows.iter().map(|row| row.created_by)).await?;
        let node = |row| ShareLinkShown { scope: scope.clone(), row };
        Ok(listed(&asked, page, |row| row.id.to_string(), node))
    }
    /// Who did what to a batch, newest first, with the credits that moved. For roles that see prices.
    async fn batch_trail(
        &self,
        ctx: &Context<'_>,
        batch_id: ID,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<BatchDeedShown>> {
        let asked = args(first, after.as_deref())?;
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::ReadMoney).await?;
        let batch = id("batchId", &batch_id)?;
        let page = call.services.collect.trail(&scope, (batch, &asked)).await?;
        people::warm_as(ctx, &scope, ("by", page.rows.iter().filter_map(trail::doer))).await?;
        let node = |row| BatchDeedShown { scope: scope.clone(), row };
        Ok(listed(&asked, page, |row| row.id.to_string(), node))
    }
    /// Who did what here, newest first. For admins.
    async fn audit(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<AuditEntryShown>> {
        let asked = args(first, after.as_deref())?;
        let call = ctx.call()?;
        let scope = call.scope(self.row.id, Action::ReadAudit).await?;
        let page = call.services.access.audit(&scope, &asked).await?;
        Ok(listed(&asked, page, |row| row.cursor_key(), AuditEntryShown))
    }
}

fn read<Id: std::str::FromStr>(text: &ID) -> Answer<Id> {
    id("id", text)
}

/// Reads.
#[derive(Default)]
pub struct WorkspaceQueries;

#[Object]
impl WorkspaceQueries {
    /// A workspace the caller is a member of; NOT_FOUND for every other.
    async fn workspace(&self, ctx: &Context<'_>, id: ID) -> Answer<WorkspaceShown> {
        let call = ctx.call()?;
        call.user()?;
        let scope = call.scope(read(&id)?, Action::Read).await?;
        let row = call.services.access.workspace(&scope).await?;
        Ok(WorkspaceShown { scope, row })
    }

    /// Operator only: every workspace, oldest first.
    async fn workspaces(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<WorkspaceEntry>> {
        let call = ctx.call()?;
        call.user()?;
        call.services.access.require_operator(&call.caller())?;
        let asked = args(first, after.as_deref())?;
        let page = call.services.access.all_workspaces(&call.caller(), &asked).await?;
        Ok(listed(&asked, page, |row| row.cursor_key(), WorkspaceEntry::from))
    }
}

/// A workspace as the operator's list shows it.
#[derive(SimpleObject)]
pub struct WorkspaceEntry {
    /// Which.
    id: ID,
    /// Shown.
    name: String,
    /// Code of its plan.
    plan: String,
    /// Founded.
    created_at: DateTime,
}

impl From<Workspace> for WorkspaceEntry {
    fn from(row: Workspace) -> Self {
        let Workspace { id, name, plan, created_at, .. } = row;
        Self { id: id.into(), name, plan, created_at: created_at.into() }
    }
}

/// Another name or line of business.
#[derive(InputObject)]
pub struct UpdateWorkspaceInput {
    /// Which.
    workspace_id: ID,
    /// Shown.
    name: String,
    /// Line of business; none without it.
    industry: Option<String>,
}

/// The workspace as it is now.
#[derive(SimpleObject)]
pub struct UpdateWorkspacePayload {
    /// Which was changed.
    workspace: WorkspaceShown,
}

/// Writes.
#[derive(Default)]
pub struct WorkspaceMutations;

#[Object]
impl WorkspaceMutations {
    /// Changes name and line of business.
    async fn update_workspace(
        &self,
        ctx: &Context<'_>,
        input: UpdateWorkspaceInput,
    ) -> Answer<UpdateWorkspacePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditWorkspace).await?;
        let UpdateWorkspaceInput { name, industry, .. } = input;
        let row = call.services.access.edit_workspace(&scope, &name, industry.as_deref()).await?;
        Ok(UpdateWorkspacePayload { workspace: WorkspaceShown { scope, row } })
    }
}
