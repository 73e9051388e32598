//! Where the caller is signed in.

use super::account::DonePayload;
use super::scalars::DateTime;
use super::schema;

/// Where the caller is signed in.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Sessions {
    /// Null for nobody.
    pub me: Option<SessionsOf>,
}

/// The caller's sessions.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "User")]
pub struct SessionsOf {
    /// The one that asks first.
    pub sessions: Vec<Session>,
}

/// A signed-in browser.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Session {
    /// `ses_…`.
    pub id: cynic::Id,
    /// In words.
    pub device: String,
    /// Sign-in.
    pub created_at: DateTime,
    /// Last request.
    pub last_seen_at: DateTime,
    /// This one.
    pub is_current: bool,
}

/// Variables of [`EndSession`].
#[derive(cynic::QueryVariables, Debug)]
pub struct EndSessionVariables {
    /// Which.
    pub input: EndSessionInput,
}

/// A session that is to end.
#[derive(cynic::InputObject, Debug)]
pub struct EndSessionInput {
    /// Which.
    pub session_id: cynic::Id,
}

/// Ends a session.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "EndSessionVariables")]
pub struct EndSession {
    /// Always done.
    #[arguments(input: $input)]
    pub end_session: DonePayload,
}

/// Ends all other sessions.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation")]
pub struct EndOtherSessions {
    /// How many there were.
    pub end_other_sessions: EndOtherSessionsPayload,
}

/// What was ended.
#[derive(cynic::QueryFragment, Debug)]
pub struct EndOtherSessionsPayload {
    /// How many there were.
    pub ended: i32,
}
