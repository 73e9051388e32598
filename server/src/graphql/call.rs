//! One request: who asks, with which services, and what it has to say besides its data.
//!
//! Invariant: everything resolvers need hangs off [`Call`], the one entry of the framework's type
//! map, put there by [`super::run`] and by the socket; so there is no entry that could be missing
//! for one field alone.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::Context;
use entity::ids::{UserId, WorkspaceId};

use super::error::Answer;
use super::following::{Following, Follows};
use super::loaders::Loaders;
use super::rate::{Meter, Report};
use super::services::Services;
use crate::domain::access::{Action, Actor, Caller, Scope};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::secret::Secret;

/// One request.
pub struct Call {
    /// The use-cases.
    pub services: Services,
    identity: Mutex<Identity>,
    meter: Meter,
    session: Mutex<Option<SessionChange>>,
    transport: Transport,
    /// What it tells as a subscription.
    pub following: Following,
    begun: AtomicBool,
    to_follow: AtomicBool,
}

/// Who asks, and what was read in their name. A sign-in replaces both.
#[derive(Clone)]
struct Identity {
    caller: Arc<Caller>,
    loaders: Arc<Loaders>,
}

impl Identity {
    fn new(services: &Services, caller: Caller) -> Self {
        Self { loaders: Arc::new(Loaders::new(services, &caller)), caller: Arc::new(caller) }
    }
}

/// How a request came, which decides what kinds of operation it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `POST`, answered at once: queries and mutations.
    Post,
    /// `GET`, answered at once: queries alone.
    Get,
    /// `POST` answered by a stream of events: anything.
    PostEvents,
    /// `GET` answered by a stream of events: all but mutations.
    GetEvents,
    /// A socket: subscriptions alone.
    Socket,
}

impl Transport {
    /// Whether replies go on after the first.
    #[must_use]
    pub const fn is_stream(self) -> bool {
        matches!(self, Self::PostEvents | Self::GetEvents | Self::Socket)
    }
}

/// What the reply does with the session cookie.
#[derive(Clone, Debug)]
pub enum SessionChange {
    /// Signed in: this token.
    Set(Secret),
    /// Signed out.
    Clear,
}

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
    /// A request of `caller` that came by `transport`.
    #[must_use]
    pub fn new(services: Services, caller: Caller, transport: Transport) -> Self {
        let identity = Identity::new(&services, caller);
        if transport.is_stream() {
            // The next event must not show what the last one saw.
            identity.loaders.forget_everything();
        }
        Self {
            services,
            identity: Mutex::new(identity),
            meter: Meter::default(),
            session: Mutex::default(),
            transport,
            following: Following::default(),
            begun: AtomicBool::new(false),
            to_follow: AtomicBool::new(false),
        }
    }

    /// The same on a connection that follows more than this, going on after `resume` if given.
    #[must_use]
    pub fn following(self, follows: &Arc<Follows>, resume: Option<i64>) -> Self {
        Self { following: Following::new(follows, resume), ..self }
    }

    /// How the request came.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        self.transport
    }

    /// Who asks: after a sign-in in the same request, who signed in.
    #[must_use]
    pub fn caller(&self) -> Arc<Caller> {
        Arc::clone(&self.identity().caller)
    }

    /// Batched reads of this request, in the name of [`Self::caller`].
    #[must_use]
    pub fn loaders(&self) -> Arc<Loaders> {
        Arc::clone(&self.identity().loaders)
    }

    fn identity(&self) -> std::sync::MutexGuard<'_, Identity> {
        self.identity.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request was found sound and runs: from here on its reply has `data`.
    pub fn begin(&self) {
        self.begun.store(true, Ordering::Relaxed);
    }

    /// Whether anything ran.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Relaxed)
    }

    /// The request holds a subscription, and this transport answers once.
    pub fn refuse_to_follow(&self) {
        self.to_follow.store(true, Ordering::Relaxed);
    }

    /// Whether [`Self::refuse_to_follow`] was called: a transport of events would do.
    #[must_use]
    pub fn wants_events(&self) -> bool {
        self.to_follow.load(Ordering::Relaxed)
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub fn user(&self) -> Answer<UserId> {
        self.caller().actor.user_id().ok_or(ApiError::new(ErrorCode::Unauthenticated))
    }

    /// Lets the caller do `action` in a workspace.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`, `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED`.
    pub async fn scope(&self, workspace: WorkspaceId, action: Action) -> Answer<Scope> {
        let scope = self.services.access.authorise(&self.caller(), workspace, action).await?;
        self.services.rates.charge_workspace(&self.meter, workspace).await?;
        Ok(scope)
    }

    /// Lets only the operator pass; to others the workspace is as visible as ever.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`, `NOT_FOUND` to strangers, `FORBIDDEN` to members.
    pub async fn operator(&self, workspace: WorkspaceId) -> Answer<()> {
        if self.caller().actor.is_operator() {
            return Ok(());
        }
        self.scope(workspace, Action::Read).await?;
        Err(ApiError::new(ErrorCode::Forbidden))
    }

    /// Somebody signed in with this token: what follows in this request runs in their name, and
    /// the reply sets the cookie.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn enter(&self, token: Secret) -> Answer<()> {
        let actor = self.services.access.authenticate(token.reveal()).await?;
        let actor = actor.ok_or(ApiError::new(ErrorCode::Unauthenticated))?;
        let caller = Caller { actor, ..Caller::clone(&self.caller()) };
        *self.identity() = Identity::new(&self.services, caller);
        self.change_session(SessionChange::Set(token));
        Ok(())
    }

    /// The session was ended: what follows in this request runs in nobody's name, and the reply
    /// clears the cookie.
    pub fn leave(&self) {
        let caller = Caller { actor: Actor::Anonymous, ..Caller::clone(&self.caller()) };
        *self.identity() = Identity::new(&self.services, caller);
        self.change_session(SessionChange::Clear);
    }

    /// Pays for the request.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub async fn charge(&self, cost: u64) -> Answer<()> {
        self.services.rates.charge(&self.meter, &self.caller(), cost).await
    }

    /// What was paid.
    #[must_use]
    pub fn report(&self) -> Report {
        self.meter.report()
    }

    fn change_session(&self, change: SessionChange) {
        *self.session.lock().unwrap_or_else(PoisonError::into_inner) = Some(change);
    }

    /// What the reply does with the session cookie.
    #[must_use]
    pub fn session_change(&self) -> Option<SessionChange> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
