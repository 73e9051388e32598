//! Saved value lists: named lists of values that a workspace keeps for its templates.
//!
//! A template does not refer to a list: its values are copied into the form, so that a list may
//! change or go without touching a template, a quote or a batch.
//!
//! Invariants: every query starts from the workspace; a change names the version it was made from;
//! of two lists of one name the unique index refuses the second.

use entity::ids::{UserId, ValueListId};
use entity::values::UnixMs;
use serde_json::json;

use crate::db::{Class, Db, Tx};
use crate::domain::access::{Action, Note, Scope};
use crate::kernel::clock::Clock;
use crate::kernel::ids;
use crate::kernel::page::{Page, PageArgs};

mod error;
mod repo;

pub use error::Error;

/// Most lists of a workspace.
pub const MAX_LISTS: i64 = 500;
/// Most values of a list.
pub const MAX_VALUES: usize = 5_000;
/// Most bytes of a list's values together.
pub const MAX_BYTES: usize = 256 * 1024;
/// Most characters of a value.
pub const MAX_VALUE_CHARS: usize = 2_000;
/// Most characters of a name.
pub const MAX_NAME_CHARS: usize = 80;

/// A saved list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedList {
    /// Which.
    pub id: ValueListId,
    /// Shown.
    pub name: String,
    /// In order.
    pub values: Vec<String>,
    /// Grows with every change.
    pub version: i64,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: UnixMs,
    /// Last change.
    pub updated_at: UnixMs,
}

/// What a list shall be.
#[derive(Clone, Debug)]
pub struct NewList {
    /// Shown; unique in the workspace whatever its case.
    pub name: String,
    /// In order; empty ones are left out.
    pub values: Vec<String>,
}

/// Use-cases of saved lists. Cheap to clone.
#[derive(Clone)]
pub struct ValueLists {
    db: Db,
    clock: Clock,
}

impl ValueLists {
    /// Built once, in `app`.
    #[must_use]
    pub const fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// The workspace's lists, newest first.
    ///
    /// # Errors
    /// [`Error::Cursor`].
    pub async fn list(&self, scope: &Scope, page: &PageArgs) -> Result<Page<SavedList>, Error> {
        let before =
            page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        let range = (before, page.fetch());
        Ok(page.cut(repo::list(self.db.reader(), scope.workspace_id(), range).await?))
    }

    /// One list.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, scope: &Scope, id: ValueListId) -> Result<SavedList, Error> {
        let found = repo::by_id(self.db.reader(), scope.workspace_id(), id).await?;
        found.ok_or(Error::NotFound)
    }

    /// Saves a new list.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below producer, [`Error::NameTaken`], [`Error::TooManyLists`], and what
    /// is wrong with name or values.
    pub async fn create(&self, scope: &Scope, new: NewList) -> Result<SavedList, Error> {
        let user_id = author(scope)?;
        let new = new.checked()?;
        let now = self.clock.now();
        let list = SavedList {
            id: ids::mint(now),
            name: new.name,
            values: new.values,
            version: 1,
            created_by: user_id,
            created_at: now,
            updated_at: now,
        };
        let list_ref = &list;
        self.db
            .tx(Class::Interactive, |tx| async move {
                let workspace_id = scope.workspace_id();
                repo::lock_workspace_in_tx(&tx, workspace_id).await?;
                if repo::count_in_tx(&tx, workspace_id).await? >= MAX_LISTS {
                    return Err(Error::TooManyLists);
                }
                repo::insert_in_tx(&tx, workspace_id, list_ref).await.map_err(Error::on_unique)?;
                note_in_tx(&tx, scope, ("list.create", list_ref), now).await
            })
            .await?;
        Ok(list)
    }

    /// Replaces name and values of a list, from the version it was read at.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] when somebody changed it meanwhile; those of
    /// [`Self::create`].
    pub async fn change(
        &self,
        scope: &Scope,
        (id, expected): (ValueListId, i64),
        new: NewList,
    ) -> Result<SavedList, Error> {
        author(scope)?;
        let new = new.checked()?;
        let known = self.get(scope, id).await?;
        let now = self.clock.now();
        let version = expected.saturating_add(1);
        let list =
            SavedList { name: new.name, values: new.values, version, updated_at: now, ..known };
        let list_ref = &list;
        self.db
            .tx(Class::Interactive, |tx| async move {
                let done = repo::change_in_tx(&tx, scope.workspace_id(), (list_ref, expected));
                if !done.await.map_err(Error::on_unique)? {
                    return Err(Error::Conflict);
                }
                note_in_tx(&tx, scope, ("list.change", list_ref), now).await
            })
            .await?;
        Ok(list)
    }

    /// Deletes a list; templates keep the values they have.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub async fn delete(&self, scope: &Scope, id: ValueListId) -> Result<(), Error> {
        author(scope)?;
        let known = &self.get(scope, id).await?;
        let now = self.clock.now();
        self.db
            .tx(Class::Interactive, |tx| async move {
                if !repo::delete_in_tx(&tx, scope.workspace_id(), id).await? {
                    return Err(Error::NotFound);
                }
                note_in_tx(&tx, scope, ("list.delete", known), now).await
            })
            .await
    }
}

impl NewList {
    /// Trimmed, without empty values, within the limits.
    fn checked(self) -> Result<Self, Error> {
        let name = self.name.trim().to_owned();
        let letters = name.chars().count();
        if !(1..=MAX_NAME_CHARS).contains(&letters) || name.chars().any(char::is_control) {
            return Err(Error::Name);
        }
        let values = self.values.iter().map(|value| value.trim().to_owned());
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        if !(1..=MAX_VALUES).contains(&values.len()) {
            return Err(Error::Count);
        }
        let bytes: usize = values.iter().map(String::len).sum();
        if values.iter().any(|value| value.chars().count() > MAX_VALUE_CHARS) || bytes > MAX_BYTES {
            return Err(Error::TooLarge);
        }
        if values.iter().any(|value| value.chars().any(|c| c.is_control() && c != '\t')) {
            return Err(Error::Control);
        }
        Ok(Self { name, values })
    }
}

fn author(scope: &Scope) -> Result<UserId, Error> {
    let user = scope.caller().actor.user_id().filter(|_| scope.may(Action::EditTemplates));
    user.ok_or(Error::Forbidden)
}

async fn note_in_tx(
    tx: &Tx,
    scope: &Scope,
    (action, list): (&'static str, &SavedList),
    now: UnixMs,
) -> Result<(), Error> {
    let note = Note {
        workspace_id: Some(scope.workspace_id()),
        action,
        subject: list.id.to_string(),
        detail: json!({ "values": list.values.len(), "version": list.version }),
    };
    Ok(scope.caller().note_in_tx(tx, now, note).await?)
}
