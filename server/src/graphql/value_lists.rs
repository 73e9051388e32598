//! Saved value lists.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{ValueListId, WorkspaceId};

use super::account::{DONE, DonePayload};
use super::call::ContextExt as _;
use super::error::Answer;
use super::people::Person;
use super::scalars::{DateTime, id, int};
use crate::domain::access::{Action, Scope};
use crate::domain::value_lists::{NewList, SavedList};

/// A named list of values that the workspace keeps.
pub struct ValueListShown {
    /// Where; made for reading.
    pub scope: Scope,
    /// What was read.
    pub row: SavedList,
}

/// A named list of values that the workspace keeps.
#[Object(name = "SavedValueList")]
impl ValueListShown {
    /// Opaque id, `vls_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// In order.
    async fn values(&self) -> &[String] {
        &self.row.values
    }
    /// How many.
    async fn size(&self) -> i32 {
        int(i64::try_from(self.row.values.len()).unwrap_or(i64::MAX))
    }
    /// A change names the version it was made from.
    async fn version(&self) -> i32 {
        int(self.row.version)
    }
    /// Who made it.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// When.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// Last change.
    async fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}

/// A list to be saved.
#[derive(InputObject)]
pub struct CreateValueListInput {
    /// Where.
    workspace_id: ID,
    /// Unique in the workspace, whatever its case.
    name: String,
    /// 1 to 5,000 values of up to 2,000 characters, together up to 256 KiB.
    values: Vec<String>,
}

/// A list as it shall be.
#[derive(InputObject)]
pub struct UpdateValueListInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    value_list_id: ID,
    /// The version it was read at.
    expected_version: i32,
    /// Unique in the workspace, whatever its case.
    name: String,
    /// All of them.
    values: Vec<String>,
}

/// A list to be deleted.
#[derive(InputObject)]
pub struct DeleteValueListInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    value_list_id: ID,
}

/// The list as it is now.
#[derive(SimpleObject)]
pub struct ValueListPayload {
    /// What was saved.
    value_list: ValueListShown,
}

/// Writes.
#[derive(Default)]
pub struct ValueListMutations;

#[Object]
impl ValueListMutations {
    /// Saves a list of values.
    async fn create_value_list(
        &self,
        ctx: &Context<'_>,
        input: CreateValueListInput,
    ) -> Answer<ValueListPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let new = NewList { name: input.name, values: input.values };
        let row = call.services.value_lists.create(&scope, new).await?;
        Ok(ValueListPayload { value_list: ValueListShown { scope, row } })
    }

    /// Changes a list of values; CONFLICT when somebody else did meanwhile.
    async fn update_value_list(
        &self,
        ctx: &Context<'_>,
        input: UpdateValueListInput,
    ) -> Answer<ValueListPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let list: ValueListId = id("valueListId", &input.value_list_id)?;
        let from = (list, i64::from(input.expected_version));
        let new = NewList { name: input.name, values: input.values };
        let row = call.services.value_lists.change(&scope, from, new).await?;
        Ok(ValueListPayload { value_list: ValueListShown { scope, row } })
    }

    /// Deletes a list of values; templates keep the values they have.
    async fn delete_value_list(
        &self,
        ctx: &Context<'_>,
        input: DeleteValueListInput,
    ) -> Answer<DonePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditTemplates).await?;
        let list: ValueListId = id("valueListId", &input.value_list_id)?;
        call.services.value_lists.delete(&scope, list).await?;
        Ok(DONE)
    }
}
