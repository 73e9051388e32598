//! Invitations: those that stand open, and one as its link shows it.

use super::account::DonePayload;
use super::scalars::{DateTime, PlaceVariablesFields, Role};
use super::schema;

/// Invitations that stand open.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PlaceVariables")]
pub struct Invitations {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: InvitationsOf,
}

/// Those of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace")]
pub struct InvitationsOf {
    /// One page.
    #[arguments(first: 100)]
    pub invitations: InvitationConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
pub struct InvitationConnection {
    /// The invitations.
    pub nodes: Vec<Invitation>,
}

/// An invitation that nobody has taken yet.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Invitation {
    /// `lnk_…`.
    pub id: cynic::Id,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Useless from here on.
    pub expires_at: DateTime,
}

/// Variables of [`RevokeInvitation`].
#[derive(cynic::QueryVariables, Debug)]
pub struct RevokeInvitationVariables {
    /// Which.
    pub input: RevokeInvitationInput,
}

/// An invitation that is taken back.
#[derive(cynic::InputObject, Debug)]
pub struct RevokeInvitationInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Which.
    pub invitation_id: cynic::Id,
}

/// Takes an invitation back.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RevokeInvitationVariables")]
pub struct RevokeInvitation {
    /// Always done.
    #[arguments(input: $input)]
    pub revoke_invitation: DonePayload,
}

/// Variables of [`LookAtInvitation`].
#[derive(cynic::QueryVariables, Debug)]
pub struct LookAtInvitationVariables {
    /// From the address.
    pub token: String,
}

/// What a token invites to.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "LookAtInvitationVariables")]
pub struct LookAtInvitation {
    /// The answer.
    #[arguments(token: $token)]
    pub invitation: InvitationSeen,
}

/// What a token invites to.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct InvitationSeen {
    /// Where to.
    pub workspace_name: String,
    /// As what.
    pub role: Role,
    /// For whom.
    pub email: String,
    /// Whether the address has to sign in.
    pub has_account: bool,
}

/// Variables of [`Join`].
#[derive(cynic::QueryVariables, Debug)]
pub struct JoinVariables {
    /// By which token, as whom.
    pub input: RedeemJoinLinkInput,
}

/// An invitation that is followed.
#[derive(cynic::InputObject, Debug)]
pub struct RedeemJoinLinkInput {
    /// From the address.
    pub token: String,
    /// For who has no account yet.
    pub display_name: Option<String>,
    /// For who has no account yet.
    pub password: Option<String>,
    /// For who has no account yet.
    pub locale: Option<String>,
}

/// Joins.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "JoinVariables")]
pub struct Join {
    /// The answer.
    #[arguments(input: $input)]
    pub redeem_join_link: JoinedPayload,
}

/// The workspace that was joined.
#[derive(cynic::QueryFragment, Debug)]
pub struct JoinedPayload {
    /// Which.
    pub workspace_id: cynic::Id,
}
