//! Members of a workspace, and what was done in it.

use super::account::DonePayload;
use super::scalars::{DateTime, Role};
use super::schema;

/// Variables of [`MembersPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct MembersVariables {
    /// Where.
    pub workspace: cynic::Id,
}

/// Members.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "MembersVariables")]
pub struct MembersPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: MembersOf,
}

/// Members of a workspace.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Workspace")]
pub struct MembersOf {
    /// Shown.
    pub name: String,
    /// One page.
    #[arguments(first: 100)]
    pub members: MemberConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct MemberConnection {
    /// The members.
    pub nodes: Vec<Member>,
}

/// A user in a workspace.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Member {
    /// Who.
    pub user_id: cynic::Id,
    /// Their address.
    pub email: String,
    /// Shown.
    pub display_name: String,
    /// As what.
    pub role: Role,
    /// Since when.
    pub since: DateTime,
}

/// Variables of [`CreateJoinLink`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateJoinLinkVariables {
    /// Whom.
    pub input: CreateJoinLinkInput,
}

/// An invitation.
#[derive(cynic::InputObject, Debug)]
pub struct CreateJoinLinkInput {
    /// Where to.
    pub workspace_id: cynic::Id,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
}

/// Makes a link by which a person joins.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateJoinLinkVariables")]
pub struct CreateJoinLink {
    /// The answer.
    #[arguments(input: $input)]
    pub create_join_link: JoinLinkPayload,
}

/// A link that works once.
#[derive(cynic::QueryFragment, Clone, Debug)]
pub struct JoinLinkPayload {
    /// Shown this once.
    pub token: String,
    /// Useless from here on.
    pub expires_at: DateTime,
}

/// Variables of [`SetMemberRole`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SetMemberRoleVariables {
    /// Whose.
    pub input: SetMemberRoleInput,
}

/// Another role.
#[derive(cynic::InputObject, Debug)]
pub struct SetMemberRoleInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Whose.
    pub user_id: cynic::Id,
    /// The new one.
    pub role: Role,
}

/// Gives a member another role.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SetMemberRoleVariables")]
pub struct SetMemberRole {
    /// Always done.
    #[arguments(input: $input)]
    pub set_member_role: DonePayload,
}

/// Variables of [`RemoveMember`].
#[derive(cynic::QueryVariables, Debug)]
pub struct RemoveMemberVariables {
    /// Who.
    pub input: RemoveMemberInput,
}

/// A member who leaves.
#[derive(cynic::InputObject, Debug)]
pub struct RemoveMemberInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Who.
    pub user_id: cynic::Id,
}

/// Takes a member out.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RemoveMemberVariables")]
pub struct RemoveMember {
    /// Always done.
    #[arguments(input: $input)]
    pub remove_member: DonePayload,
}
