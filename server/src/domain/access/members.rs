//! The members of a workspace. Those below owner are changed by admins, owners by owners alone,
//! and the last owner by nobody.

use entity::enums::Role;
use entity::ids::{UserId, WorkspaceId};
use entity::values::UnixMs;
use serde_json::{Value, json};

use super::model::{Action, Email, Scope};
use super::{Access, Error, Note, repo};
use crate::db::{Class, Tx};
use crate::kernel::page::{Page, PageArgs};

/// A user in a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user_id: UserId,
    /// Their address; `{:?}` does not show it.
    pub email: Email,
    /// Shown.
    pub display_name: String,
    /// As what.
    pub role: Role,
    /// Since when.
    pub since: UnixMs,
}

impl Member {
    /// Key of this row in [`Access::members`].
    #[must_use]
    pub fn cursor_key(&self) -> String {
        self.user_id.to_string()
    }
}

impl Access {
    /// The members, in the order of their accounts.
    ///
    /// # Errors
    /// [`Error::Cursor`].
    pub async fn members(&self, scope: &Scope, page: &PageArgs) -> Result<Page<Member>, Error> {
        let after = page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        let range = (after, page.fetch());
        let rows = repo::members::list(self.db.reader(), scope.workspace_id(), range).await?;
        Ok(page.cut(rows))
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// [`Error::NotFound`] for who is no member here; [`Error::Forbidden`];
    /// [`Error::LastOwner`].
    pub async fn set_role(&self, scope: &Scope, user_id: UserId, to: Role) -> Result<(), Error> {
        self.change_member(scope, user_id, Some(to)).await
    }

    /// Takes a member out. Everybody but the last owner may also leave.
    ///
    /// # Errors
    /// As [`Self::set_role`].
    pub async fn remove_member(&self, scope: &Scope, user_id: UserId) -> Result<(), Error> {
        self.change_member(scope, user_id, None).await
    }

    async fn change_member(
        &self,
        scope: &Scope,
        user_id: UserId,
        to: Option<Role>,
    ) -> Result<(), Error> {
        let workspace_id = scope.workspace_id();
        let now = self.clock.now();
        let epoch = self
            .db
            .tx(Class::Interactive, |tx| async move {
                repo::members::lock_owners_in_tx(&tx, workspace_id).await?;
                let from = repo::members::role(&*tx, workspace_id, user_id).await?;
                let from = from.ok_or(Error::NotFound)?;
                let leaves = to.is_none() && scope.caller().actor.user_id() == Some(user_id);
                if !leaves && !scope.may(Action::to_change_member(Some(from), to)) {
                    return Err(Error::Forbidden);
                }
                write_in_tx(&tx, workspace_id, user_id, (from, to)).await?;
                let note = Note {
                    workspace_id: Some(workspace_id),
                    action: if to.is_some() { "member.role" } else { "member.remove" },
                    subject: user_id.to_string(),
                    detail: json!({
                        "from": from.as_str(),
                        "to": to.map_or(Value::Null, |role| role.as_str().into()),
                    }),
                };
                scope.caller().note_in_tx(&tx, now, note).await?;
                Ok(repo::users::bump_epoch_in_tx(&tx, user_id).await?)
            })
            .await?;
        self.announce(user_id, epoch).await;
        Ok(())
    }
}

/// The statement itself refuses to take the last owner away.
async fn write_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    user_id: UserId,
    (from, to): (Role, Option<Role>),
) -> Result<(), Error> {
    let written = match to {
        Some(to) => repo::members::set_role_in_tx(tx, workspace_id, user_id, (from, to)).await?,
        None => repo::members::remove_in_tx(tx, workspace_id, user_id, from).await?,
    };
    match (written, from) {
        (true, _) => Ok(()),
        (false, Role::Owner) => Err(Error::LastOwner),
        (false, _) => Err(Error::Conflict),
    }
}
