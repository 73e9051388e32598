//! `GET /graphql/ws`: subscriptions over graphql-transport-ws.
//!
//! The protocol layer is our own over the schema's streams: the framework's has no time limit for
//! the greeting, no cap on subscriptions and no way to close a socket whose session has ended.
//!
//! Invariants: a socket with a cookie comes from this site; session and role are looked at every
//! second; what a client does not read is not produced (its queue holds [`QUEUE`] messages).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use entity::ids::UserId;

use self::connection::Connection;
use super::authenticate::Arrival;
use super::graphql::Api;
use super::refusal::Refusal;
use crate::config;
use crate::kernel::error::ApiError;

mod connection;
mod protocol;

/// Messages a client may fall behind.
const QUEUE: usize = 16;
/// The default of 128 KiB a socket is what thousands of idle ones would cost.
const READ_BUFFER_BYTES: usize = 8 * 1024;

/// Limits of sockets, and how many subscriptions everybody has.
#[derive(Clone)]
pub(super) struct Sockets {
    pub limits: Arc<config::Graphql>,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

/// One subscription of a user; given back when dropped.
pub(super) struct Permit {
    user: Option<UserId>,
    open: Arc<Mutex<HashMap<UserId, usize>>>,
}

impl Sockets {
    pub fn new(limits: Arc<config::Graphql>) -> Self {
        Self { limits, open: Arc::default() }
    }

    /// One more subscription of `user`, if they may have one. Strangers can follow nothing, so
    /// only their socket's own limit holds for them.
    fn permit(&self, user: Option<UserId>) -> Option<Permit> {
        if let Some(user) = user {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            let count = open.entry(user).or_default();
            if *count >= self.limits.subscriptions_per_user {
                return None;
            }
            *count += 1;
        }
        Some(Permit { user, open: Arc::clone(&self.open) })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let Some(user) = self.user else { return };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&user);
            }
        }
    }
}

/// Takes a socket.
pub(super) async fn upgrade(State(api): State<Api>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let headers = parts.headers.clone();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let stranger = arrival.stranger(&api.app);
    let token = match arrival.session(&api.app) {
        Ok(token) => token,
        Err(error) => return Refusal::new(error, &headers).into_response(),
    };
    if !offers_our_protocol(&headers) {
        let error = crate::graphql::error::query_invalid(protocol::NAME);
        return Refusal::new(error, &headers).into_response();
    }
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(_) => return Refusal::new(not_a_socket(), &headers).into_response(),
    };
    let most = api.sockets.limits.socket_message_bytes;
    upgrade
        .protocols([protocol::NAME])
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(most)
        .max_frame_size(most)
        .on_upgrade(move |socket| Connection::new(api, stranger, token).serve(socket))
}

fn offers_our_protocol(headers: &axum::http::HeaderMap) -> bool {
    let lines = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter();
    let offered = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    offered.map(str::trim).any(|name| name == protocol::NAME)
}

fn not_a_socket() -> ApiError {
    crate::graphql::error::query_invalid("a WebSocket upgrade is wanted here")
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_user_has_so_many_subscriptions_and_gets_them_back() {
        let limits = config::Graphql { subscriptions_per_user: 2, ..config::Graphql::default() };
        let sockets = Sockets::new(Arc::new(limits));
        let user = Some(UserId(Uuid::from_u128(1)));
        let first = sockets.permit(user).expect("one");
        let _second = sockets.permit(user).expect("two");
        assert!(sockets.permit(user).is_none());
        assert!(sockets.permit(Some(UserId(Uuid::from_u128(2)))).is_some());
        drop(first);
        assert!(sockets.permit(user).is_some());
    }
}
