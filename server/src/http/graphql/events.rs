//! Answers as events: graphql-sse, one connection an operation.
//!
//! `event: next` with a reply, `event: complete` at the end, a comment now and then so that
//! nobody in between takes the connection for dead. What does not run is refused by status, before
//! a stream begins. Mutations are not for streams: a stream's head has gone out before they could
//! set a cookie.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use entity::ids::UserId;
use futures_util::Stream;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::accept::Media;
use super::reply::{Outcome, answered};
use super::{Api, Put};
use crate::graphql::Transport;
use crate::http::live::Guard;
use crate::http::live::follower::{Event, Outlet, Question, Said, follow};
use crate::http::rate_limit;
use crate::kernel::error::ApiError;
use crate::kernel::places::Place;

/// Events a client may fall behind.
const QUEUE: usize = 2;
/// Longest silence.
const SILENCE: Duration = Duration::from_secs(15);

/// What lives as long as its stream.
struct Open {
    api: Api,
    guard: Guard,
    events: mpsc::Receiver<Event>,
    task: AbortHandle,
    _held: Held,
}

/// The places it takes.
struct Held {
    _address: Option<Place<IpAddr>>,
    _connection: Option<Place<UserId>>,
    _subscription: Option<Place<UserId>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Follows the request; what is refused before anything ran is answered in `media`.
///
/// # Errors
/// `CONNECTION_LIMIT`, `SUBSCRIPTION_LIMIT`.
pub(super) async fn stream(api: &Api, put: Put, media: Media) -> Result<Response, ApiError> {
    let Put { request, caller, transport } = put;
    let (user, live) = (caller.actor.user_id(), &api.live);
    let held = Held {
        _address: live.connect(caller.ip)?,
        _connection: live.admit(user)?,
        _subscription: live.permit(user)?,
    };
    let mut guard = Guard::new(api.app.access.clone(), caller.clone());
    guard.watch(live.sessions.watch(&caller.actor));
    let transport = match transport {
        Transport::Get => Transport::GetEvents,
        _ => Transport::PostEvents,
    };
    let question = Question::new(request, caller, transport).noting(&guard.follows);
    let (sender, mut events) = mpsc::channel(QUEUE);
    let outlet = Outlet { id: Arc::from(""), number: 0, sender };
    let task = tokio::spawn(follow(api.clone(), question, outlet)).abort_handle();
    let first = events.recv().await;
    let open = Open { api: api.clone(), guard, events, task, _held: held };
    match first.map(|event| event.said) {
        Some(Said::Refused(refused)) => {
            let (response, report) = &*refused;
            let mut reply = answered(&Outcome { response, ran: false }, media);
            rate_limit::tell(reply.headers_mut(), report);
            Ok(reply)
        }
        first => Ok(begin(first, open)),
    }
}

fn begin(first: Option<Said>, open: Open) -> Response {
    let mut response = Body::from_stream(bytes_of(first, open)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, Media::Events.header());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies gather a response before they pass it on unless they are told not to.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

fn bytes_of(
    first: Option<Said>,
    mut open: Open,
) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> {
    async_stream::stream! {
        let stopping = open.api.app.stopping.clone();
        let mut said = first;
        loop {
            match said {
                Some(Said::Next(text)) => yield Ok(event("next", &text)),
                Some(Said::Complete) => {
                    yield Ok(event("complete", ""));
                    return;
                }
                Some(Said::Refused(_)) | None => return,
            }
            said = loop {
                tokio::select! {
                    biased;
                    () = stopping.cancelled() => return,
                    _ = open.guard.ended() => return,
                    next = timeout(SILENCE, open.events.recv()) => match next {
                        Ok(event) => break event.map(|event| event.said),
                        Err(_) => yield Ok(Bytes::from_static(b":\n\n")),
                    },
                }
            };
        }
    }
}

fn event(name: &str, data: &str) -> Bytes {
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
