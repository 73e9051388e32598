//! Who is signed in.

use super::scalars::Role;
use super::schema;

/// The caller.
#[derive(cynic::QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct WhoAmI {
    /// Null for nobody.
    pub me: Option<User>,
}

/// The caller.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct User {
    /// `usr_…`.
    pub id: cynic::Id,
    /// Their address.
    pub email: String,
    /// Shown to other members.
    pub display_name: String,
    /// Where they are a member, oldest first.
    pub memberships: Vec<Membership>,
}

/// One workspace of the caller.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Membership {
    /// Which.
    pub workspace_id: cynic::Id,
    /// Shown.
    pub workspace_name: String,
    /// As what.
    pub role: Role,
}

/// Variables of [`SignUp`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SignUpVariables {
    /// The account.
    pub input: SignUpInput,
}

/// A new account with its first workspace.
#[derive(cynic::InputObject, Debug)]
pub struct SignUpInput {
    /// Their address.
    pub email: String,
    /// 10 to 200 characters.
    pub password: String,
    /// Shown to other members.
    pub display_name: String,
    /// Name of the first workspace.
    pub workspace_name: String,
    /// `en` or `zh-CN`.
    pub locale: Option<String>,
}

/// Makes an account and signs in.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SignUpVariables")]
pub struct SignUp {
    /// What was made.
    #[arguments(input: $input)]
    pub sign_up: SignUpPayload,
}

/// The account that was made.
#[derive(cynic::QueryFragment, Debug)]
pub struct SignUpPayload {
    /// Who is signed in now.
    pub user: UserId,
}

/// Only which.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "User")]
pub struct UserId {
    /// `usr_…`.
    pub id: cynic::Id,
}

/// Variables of [`SignIn`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SignInVariables {
    /// Credentials.
    pub input: SignInInput,
}

/// Credentials.
#[derive(cynic::InputObject, Debug)]
pub struct SignInInput {
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// Signs in.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SignInVariables")]
pub struct SignIn {
    /// Who.
    #[arguments(input: $input)]
    pub sign_in: SignInPayload,
}

/// The account that was signed in to.
#[derive(cynic::QueryFragment, Debug)]
pub struct SignInPayload {
    /// Who is signed in now.
    pub user: UserId,
}

/// Ends this session.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct SignOut {
    /// Always done.
    pub sign_out: DonePayload,
}

/// Nothing more to say.
#[derive(cynic::QueryFragment, Debug)]
pub struct DonePayload {
    /// Always true.
    pub done: bool,
}
