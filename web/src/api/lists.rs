//! Saved lists of values.

use super::account::DonePayload;
use super::scalars::PlaceVariablesFields;
use super::schema;

/// Saved lists.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PlaceVariables")]
pub struct ValueLists {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: ValueListsOf,
}

/// Those of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace")]
pub struct ValueListsOf {
    /// One page.
    #[arguments(first: 100)]
    pub value_lists: SavedValueListConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
pub struct SavedValueListConnection {
    /// The lists.
    pub nodes: Vec<SavedValueList>,
}

/// A saved list.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SavedValueList {
    /// `vls_…`.
    pub id: cynic::Id,
    /// Shown.
    pub name: String,
    /// In order.
    pub values: Vec<String>,
    /// A change names it.
    pub version: i32,
}

/// Variables of [`CreateValueList`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateValueListVariables {
    /// The list.
    pub input: CreateValueListInput,
}

/// A list to be saved.
#[derive(cynic::InputObject, Debug)]
pub struct CreateValueListInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Shown.
    pub name: String,
    /// In order.
    pub values: Vec<String>,
}

/// Saves a list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateValueListVariables")]
pub struct CreateValueList {
    /// The answer.
    #[arguments(input: $input)]
    pub create_value_list: ValueListPayload,
}

/// Variables of [`UpdateValueList`].
#[derive(cynic::QueryVariables, Debug)]
pub struct UpdateValueListVariables {
    /// The list.
    pub input: UpdateValueListInput,
}

/// A list as it shall be.
#[derive(cynic::InputObject, Debug)]
pub struct UpdateValueListInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub value_list_id: cynic::Id,
    /// The version it was read at.
    pub expected_version: i32,
    /// Shown.
    pub name: String,
    /// In order.
    pub values: Vec<String>,
}

/// Changes a list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "UpdateValueListVariables")]
pub struct UpdateValueList {
    /// The answer.
    #[arguments(input: $input)]
    pub update_value_list: ValueListPayload,
}

/// The list as it is now.
#[derive(cynic::QueryFragment, Debug)]
pub struct ValueListPayload {
    /// What was saved.
    pub value_list: SavedValueList,
}

/// Variables of [`DeleteValueList`].
#[derive(cynic::QueryVariables, Debug)]
pub struct DeleteValueListVariables {
    /// Which.
    pub input: DeleteValueListInput,
}

/// A list to be deleted.
#[derive(cynic::InputObject, Debug)]
pub struct DeleteValueListInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub value_list_id: cynic::Id,
}

/// Deletes a list.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "DeleteValueListVariables")]
pub struct DeleteValueList {
    /// Always done.
    #[arguments(input: $input)]
    pub delete_value_list: DonePayload,
}
