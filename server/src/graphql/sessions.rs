//! A person's own sessions.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::SessionId;

use super::account::{DONE, DonePayload};
use super::call::ContextExt as _;
use super::error::Answer;
use super::scalars::{DateTime, id, int};
use crate::domain::access::{Actor, SessionSeen};

/// A signed-in browser of the caller.
pub struct SessionShown(pub SessionSeen);

/// A signed-in browser of the caller.
#[Object(name = "Session")]
impl SessionShown {
    /// Opaque id, `ses_…`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// What it is, in words of the request's language, from what the browser calls itself.
    async fn device(&self, ctx: &Context<'_>) -> Answer<String> {
        Ok(self.0.device.words(ctx.call()?.caller().language))
    }
    /// Sign-in.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
    /// Last request, to the minute.
    async fn last_seen_at(&self) -> DateTime {
        self.0.last_seen_at.into()
    }
    /// Its absolute end.
    async fn expires_at(&self) -> DateTime {
        self.0.expires_at.into()
    }
    /// The one that asks.
    async fn is_current(&self) -> bool {
        self.0.is_current
    }
}

/// A session that is to end.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// Which of the caller's own.
    session_id: ID,
}

/// What was ended.
#[derive(SimpleObject)]
pub struct EndOtherSessionsPayload {
    /// How many there were.
    ended: i32,
}

/// Writes.
#[derive(Default)]
pub struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Ends one of the caller's sessions; its live connections close within a second.
    async fn end_session(&self, ctx: &Context<'_>, input: EndSessionInput) -> Answer<DonePayload> {
        let call = ctx.call()?;
        call.user()?;
        let session: SessionId = id("sessionId", &input.session_id)?;
        let caller = call.caller();
        call.services.access.end_session(&caller, session).await?;
        if matches!(caller.actor, Actor::User { session_id, .. } if session_id == session) {
            call.leave();
        }
        Ok(DONE)
    }

    /// Ends all of the caller's sessions but this one.
    async fn end_other_sessions(&self, ctx: &Context<'_>) -> Answer<EndOtherSessionsPayload> {
        let call = ctx.call()?;
        let ended = call.services.access.end_other_sessions(&call.caller()).await?;
        Ok(EndOtherSessionsPayload { ended: int(i64::try_from(ended).unwrap_or(i64::MAX)) })
    }
}
