//! `GET /graphql/ws`: subscriptions over graphql-transport-ws.
//!
//! The protocol layer is our own over the schema's streams: the framework's has no time limit for
//! the greeting, no cap on subscriptions and no way to close a socket whose session has ended.
//!
//! Invariants: a socket with a cookie comes from this site; an end of its session or a change of
//! its user's role ends it, also while it waits for a client that does not read; what a client
//! does not read is not produced (its queue holds [`QUEUE`] messages); the streams of a socket
//! take turns in the order in which they have something to say.

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::response::{IntoResponse as _, Response};

use self::connection::Connection;
use self::protocol::Close;
use super::authenticate::Arrival;
use super::graphql::Api;
use super::refusal::Refusal;
use crate::kernel::error::ApiError;
use crate::kernel::language::Language;
use crate::kernel::reason::Reason;

mod connection;
mod protocol;

/// Messages a client may fall behind.
const QUEUE: usize = 8;
/// The default of 128 KiB a socket is what thousands of idle ones would cost.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Takes a socket.
pub(super) async fn upgrade(State(api): State<Api>, request: Request) -> Response {
    let headers = request.headers().clone();
    match accept(api, request).await {
        Ok(response) => response,
        Err(error) => Refusal::new(error, &headers).into_response(),
    }
}

async fn accept(api: Api, request: Request) -> Result<Response, ApiError> {
    let (mut parts, _) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let stranger = arrival.stranger(&api.app);
    let token = arrival.session(&api.app)?;
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await;
    let upgrade = upgrade.map_err(|_| not_a_socket())?;
    let language = stranger.language;
    let place = api.live.connect(stranger.ip)?;
    let most = api.live.limits.socket_message_bytes;
    let upgrade = upgrade
        .protocols([protocol::NAME])
        .read_buffer_size(READ_BUFFER_BYTES)
        .max_message_size(most)
        .max_frame_size(most);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _place = place;
        metrics::gauge!("reelmill_sockets_open").increment(1.0);
        if socket.protocol().is_some() {
            Box::pin(Connection::new(api, stranger, token).serve(socket)).await;
        } else {
            turn_away(socket, language).await;
        }
        metrics::gauge!("reelmill_sockets_open").decrement(1.0);
    }))
}

/// Tells a client of another protocol in the one way that its library can show.
async fn turn_away(mut socket: WebSocket, language: Language) {
    connection::close(&mut socket, Close::OtherProtocol, language).await;
}

fn not_a_socket() -> ApiError {
    crate::graphql::error::query_invalid(Reason::NotASocket)
}
