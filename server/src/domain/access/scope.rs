//! May they? Where every use-case starts.

use entity::enums::Role;
use entity::ids::{UserId, WorkspaceId};

use super::model::{Action, Actor, Caller, Scope};
use super::{Access, Error, repo};

impl Access {
    /// Lets a caller do `action` in a workspace.
    ///
    /// The operator reads everywhere (not files); on the machine itself everything may be done,
    /// because whoever is there has the database anyway.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`]; [`Error::NotFound`] to who is no member; [`Error::Forbidden`]
    /// when the role does not allow it.
    pub async fn authorise(
        &self,
        caller: &Caller,
        workspace_id: WorkspaceId,
        action: Action,
    ) -> Result<Scope, Error> {
        let role = match caller.actor {
            Actor::Anonymous => return Err(Error::Unauthenticated),
            Actor::System => return Err(Error::Forbidden),
            Actor::Cli => self.existing(workspace_id).await?.then_some(Role::Owner),
            Actor::User { user_id, is_operator, .. } => {
                let role = repo::members::role(self.db.reader(), workspace_id, user_id).await?;
                if role.is_none() && is_operator && self.existing(workspace_id).await? {
                    // No more than this: a viewer's place in lists, and the reads named here.
                    return if action.open_to_operator() {
                        Ok(Scope::new(workspace_id, Role::Viewer, caller.clone()))
                    } else {
                        Err(Error::Forbidden)
                    };
                }
                role
            }
        };
        let role = role.ok_or(Error::NotFound)?;
        if action.allowed(role) {
            Ok(Scope::new(workspace_id, role, caller.clone()))
        } else {
            Err(Error::Forbidden)
        }
    }

    /// Lets only the operator pass.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`], [`Error::Forbidden`].
    pub fn require_operator(&self, caller: &Caller) -> Result<(), Error> {
        match caller.actor {
            Actor::Anonymous => Err(Error::Unauthenticated),
            _ if caller.actor.is_operator() => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }

    /// The user's access epoch now; `None` for who may no longer sign in. A socket opened under
    /// another epoch has to be authorised again.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn epoch(&self, user_id: UserId) -> Result<Option<i64>, Error> {
        Ok(repo::users::epoch(self.db.reader(), user_id).await?)
    }

    async fn existing(&self, workspace_id: WorkspaceId) -> Result<bool, Error> {
        Ok(repo::workspaces::by_id(self.db.reader(), workspace_id).await?.is_some())
    }
}
