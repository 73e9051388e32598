//! The words of graphql-transport-ws.

use async_graphql::ServerError;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::graphql::Asked;

/// The one protocol spoken here.
pub(super) const NAME: &str = "graphql-transport-ws";

/// What a client says.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum FromClient {
    ConnectionInit { payload: Option<Value> },
    Ping { payload: Option<Value> },
    Pong {},
    Subscribe { id: String, payload: Box<Asked> },
    Complete { id: String },
}

/// What we say.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ToClient<'a> {
    ConnectionAck,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Value>,
    },
    Error {
        id: &'a str,
        payload: &'a [ServerError],
    },
    Complete {
        id: &'a str,
    },
}

impl ToClient<'_> {
    /// A reply that is text already: many sockets are told the same.
    pub fn next(id: &str, payload: &str) -> Message {
        let id = serde_json::to_string(id).unwrap_or_default();
        let mut text = String::with_capacity(id.len() + payload.len() + 40);
        for part in [r#"{"type":"next","id":"#, &id, r#","payload":"#, payload, "}"] {
            text.push_str(part);
        }
        Message::Text(text.into())
    }

    /// As it goes over the wire.
    pub fn message(&self) -> Message {
        Message::Text(serde_json::to_string(self).unwrap_or_default().into())
    }
}

/// Why we hang up; numbers of the protocol and of RFC 6455.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server stops.
    GoingAway,
    /// The database has not answered for a while.
    Broken,
    /// Not a message of the protocol.
    BadMessage,
    /// Subscribed before saying hello.
    Unauthorized,
    /// The session or the role has ended, or the token names none.
    Forbidden,
    /// Speaks another protocol.
    OtherProtocol,
    /// Never said hello.
    NoGreeting,
    /// Answers no ping.
    Silent,
    /// Two subscriptions of one id.
    Duplicate,
    /// Said hello twice.
    SecondInit,
    /// Said hello on more sockets than a user may have.
    TooMany,
}

impl Close {
    /// The closing frame. Reasons are fixed: nothing a client sent is sent back.
    pub fn message(self) -> Message {
        let (code, reason) = match self {
            Self::GoingAway => (1001, "Going away"),
            Self::Broken => (1011, "Internal error"),
            Self::BadMessage => (4400, "Invalid message"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::OtherProtocol => (4406, "Subprotocol not acceptable"),
            Self::NoGreeting => (4408, "Connection initialisation timeout"),
            Self::Silent => (4408, "Nobody is there"),
            Self::Duplicate => (4409, "Subscriber already exists"),
            Self::SecondInit => (4429, "Too many initialisation requests"),
            Self::TooMany => (4429, "Too many connections"),
        };
        Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }))
    }
}
