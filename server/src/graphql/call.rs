//! One request: who asks, with which services, and what it has to say besides its data.
//!
//! Invariant: everything resolvers need hangs off [`Call`], the one entry of the framework's type
//! map, put there by [`super::run`] and by the socket; so there is no entry that could be missing
//! for one field alone.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Context;
use entity::ids::{UserId, WorkspaceId};

use super::error::Answer;
use super::loaders::Loaders;
use super::rate::{Meter, Report};
use super::services::Services;
use crate::domain::access::{Action, Caller, Scope};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::secret::Secret;

/// One request.
pub struct Call {
    /// The use-cases.
    pub services: Services,
    /// Who asks.
    pub caller: Caller,
    /// Batched reads of this request.
    pub loaders: Loaders,
    meter: Meter,
    session: Mutex<Option<SessionChange>>,
    follows: Option<Arc<Follows>>,
}

/// What the reply does with the session cookie.
#[derive(Clone, Debug)]
pub enum SessionChange {
    /// Signed in: this token.
    Set(Secret),
    /// Signed out.
    Clear,
}

/// Workspaces that a socket follows; it is closed when its user may no longer read one of them.
#[derive(Default)]
pub struct Follows(Mutex<Vec<WorkspaceId>>);

/// How resolvers reach their request.
pub trait ContextExt<'a> {
    /// The request.
    ///
    /// # Errors
    /// `INTERNAL` when a transport forgot to put it there.
    fn call(&self) -> Answer<&'a Arc<Call>>;
}

impl<'a> ContextExt<'a> for Context<'a> {
    fn call(&self) -> Answer<&'a Arc<Call>> {
        self.data_opt::<Arc<Call>>().ok_or_else(|| ApiError::internal("a request without a call"))
    }
}

impl Call {
    /// A request over HTTP.
    #[must_use]
    pub fn new(services: Services, caller: Caller) -> Self {
        let loaders = Loaders::new(&services, &caller);
        Self {
            services,
            caller,
            loaders,
            meter: Meter::default(),
            session: Mutex::default(),
            follows: None,
        }
    }

    /// An operation on a socket: only subscriptions, and nothing is remembered between events.
    #[must_use]
    pub fn on_socket(services: Services, caller: Caller, follows: Arc<Follows>) -> Self {
        let call = Self { follows: Some(follows), ..Self::new(services, caller) };
        call.loaders.forget_everything();
        call
    }

    /// Whether this is an operation on a socket.
    #[must_use]
    pub const fn is_on_socket(&self) -> bool {
        self.follows.is_some()
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub fn user(&self) -> Answer<UserId> {
        self.caller.actor.user_id().ok_or(ApiError::new(ErrorCode::Unauthenticated))
    }

    /// Lets the caller do `action` in a workspace.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`, `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED`.
    pub async fn scope(&self, workspace: WorkspaceId, action: Action) -> Answer<Scope> {
        let scope = self.services.access.authorise(&self.caller, workspace, action).await?;
        self.services.rates.charge_workspace(&self.meter, workspace).await?;
        Ok(scope)
    }

    /// Lets only the operator pass; to others the workspace is as visible as ever.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`, `NOT_FOUND` to strangers, `FORBIDDEN` to members.
    pub async fn operator(&self, workspace: WorkspaceId) -> Answer<()> {
        if self.caller.actor.is_operator() {
            return Ok(());
        }
        self.scope(workspace, Action::Read).await?;
        Err(ApiError::new(ErrorCode::Forbidden))
    }

    /// The same caller as somebody who just signed in with this token.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn as_session(&self, token: &Secret) -> Answer<Caller> {
        let actor = self.services.access.authenticate(token.reveal()).await?;
        let actor = actor.ok_or(ApiError::new(ErrorCode::Unauthenticated))?;
        Ok(Caller { actor, ..self.caller.clone() })
    }

    /// Pays for the request.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub async fn charge(&self, cost: u64) -> Answer<()> {
        self.services.rates.charge(&self.meter, &self.caller, cost).await
    }

    /// What was paid.
    #[must_use]
    pub fn report(&self) -> Report {
        self.meter.report()
    }

    /// Says what the reply does with the session cookie.
    pub fn change_session(&self, change: SessionChange) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    /// What the reply does with the session cookie.
    #[must_use]
    pub fn session_change(&self) -> Option<SessionChange> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes that this socket follows something of a workspace.
    pub fn follow(&self, workspace: WorkspaceId) {
        if let Some(follows) = &self.follows {
            follows.add(workspace);
        }
    }
}

impl Follows {
    /// Every workspace followed so far on this socket.
    #[must_use]
    pub fn all(&self) -> Vec<WorkspaceId> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, workspace: WorkspaceId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(&workspace) {
            known.push(workspace);
        }
    }
}
