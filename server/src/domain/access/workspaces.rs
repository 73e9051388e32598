//! Workspaces as their members see them, and all of them as the operator does.

use entity::enums::Role;
use entity::ids::{AuditId, UserId, WorkspaceId};
use entity::values::UnixMs;
use serde_json::{Value, json};

use super::model::{Action, Caller, Scope, check_name};
use super::{Access, Error, Note, repo};
use crate::db::{Class, Tx};
use crate::kernel::page::{Page, PageArgs};

/// Most workspaces a person's list shows.
const MAX_MEMBERSHIPS: i64 = 500;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Which.
    pub id: WorkspaceId,
    /// Shown.
    pub name: String,
    /// Optional line of business.
    pub industry: Option<String>,
    /// Code of its plan.
    pub plan: String,
    /// Since when.
    pub created_at: UnixMs,
}

/// A workspace and what the person asked about is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub workspace: Workspace,
    /// As what.
    pub role: Role,
}

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Which.
    pub id: AuditId,
    /// `usr_…`, `operator:usr_…`, `cli`, `anonymous` or `system`.
    pub actor: String,
    /// `member.role` …
    pub action: String,
    /// Typed id of what it was done to.
    pub subject: String,
    /// Amounts and reasons.
    pub detail: Value,
    /// Ties it to the log.
    pub request_id: String,
    /// When.
    pub at: UnixMs,
}

impl AuditEntry {
    /// Key of this row in [`Access::audit`].
    #[must_use]
    pub fn cursor_key(&self) -> String {
        self.id.to_string()
    }
}

impl Workspace {
    /// Key of this row in [`Access::all_workspaces`].
    #[must_use]
    pub fn cursor_key(&self) -> String {
        self.id.to_string()
    }
}

impl Access {
    /// The workspaces the caller is a member of, oldest first, at most 500.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub async fn memberships(&self, caller: &Caller) -> Result<Vec<Membership>, Error> {
        let user_id = caller.actor.user_id().ok_or(Error::Unauthenticated)?;
        Ok(repo::workspaces::of_user(self.db.reader(), user_id, MAX_MEMBERSHIPS).await?)
    }

    /// The workspace of a scope.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it was closed meanwhile.
    pub async fn workspace(&self, scope: &Scope) -> Result<Workspace, Error> {
        let found = repo::workspaces::by_id(self.db.reader(), scope.workspace_id()).await?;
        found.ok_or(Error::NotFound)
    }

    /// Changes name and line of business.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Text`], [`Error::NotFound`].
    pub async fn edit_workspace(
        &self,
        scope: &Scope,
        name: &str,
        industry: Option<&str>,
    ) -> Result<Workspace, Error> {
        if !scope.may(Action::EditWorkspace) {
            return Err(Error::Forbidden);
        }
        let name = check_name("name", name)?;
        let industry = industry.map(|text| check_name("industry", text)).transpose()?;
        let (id, now) = (scope.workspace_id(), self.clock.now());
        let (name, industry) = (&name, industry.as_deref());
        self.db
            .tx(Class::Interactive, |tx| async move {
                if !repo::workspaces::edit_in_tx(&tx, id, (name, industry)).await? {
                    return Err(Error::NotFound);
                }
                let note = Note {
                    workspace_id: Some(id),
                    action: "workspace.edit",
                    subject: id.to_string(),
                    detail: json!({}),
                };
                scope.caller().note_in_tx(&tx, now, note).await?;
                repo::workspaces::by_id(&*tx, id).await?.ok_or(Error::NotFound)
            })
            .await
    }

    /// What was done in a workspace, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Cursor`].
    pub async fn audit(&self, scope: &Scope, page: &PageArgs) -> Result<Page<AuditEntry>, Error> {
        let operator = scope.caller().actor.is_operator();
        if !operator && !scope.may(Action::ReadAudit) {
            return Err(Error::Forbidden);
        }
        let before =
            page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        let id = scope.workspace_id();
        let rows = repo::workspaces::audit(self.db.reader(), id, before, page.fetch()).await?;
        Ok(page.cut(rows))
    }

    /// Every workspace, oldest first, for the operator.
    ///
    /// # Errors
    /// [`Error::Forbidden`] to all others; [`Error::Cursor`].
    pub async fn all_workspaces(
        &self,
        caller: &Caller,
        page: &PageArgs,
    ) -> Result<Page<Workspace>, Error> {
        self.require_operator(caller)?;
        let after = page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        let rows = repo::workspaces::list(self.db.reader(), after, page.fetch()).await?;
        Ok(page.cut(rows))
    }

    /// Writes a new workspace and its first owner.
    pub(in crate::domain) async fn insert_workspace_in_tx(
        &self,
        tx: &Tx,
        workspace: &Workspace,
        owner: UserId,
    ) -> Result<(), Error> {
        repo::workspaces::insert_in_tx(tx, workspace, owner).await?;
        let (id, now) = (workspace.id, workspace.created_at);
        if repo::members::insert_in_tx(tx, id, (owner, Role::Owner), now).await? {
            Ok(())
        } else {
            Err(Error::AlreadyMember)
        }
    }
}
