//! A client of graphql-transport-ws.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::server::Client;

/// How long a test waits for one message.
const PATIENCE: Duration = Duration::from_secs(20);

/// A socket that was opened.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a server said.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// A message of the protocol.
    Said(Value),
    /// It hung up with this code; 1006 without one.
    Closed(u16),
}

/// A request for a socket, to be changed by a test.
pub fn request(client: &Client) -> Request {
    let url = format!("ws://{}/graphql/ws", client.address);
    let mut request = url.into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    headers.insert("x-reelmill-request", HeaderValue::from_static("1"));
    if let Some(token) = &client.token {
        let cookie = format!("reelmill_session={token}");
        headers.insert("cookie", HeaderValue::from_str(&cookie).expect("a header"));
    }
    request
}

impl Socket {
    /// Opens and greets.
    pub async fn open(client: &Client) -> Self {
        let mut socket = Self::raw(request(client)).await.expect("a socket");
        socket.say(json!({ "type": "connection_init" })).await;
        assert_eq!(socket.hear().await, Heard::Said(json!({ "type": "connection_ack" })));
        socket
    }

    /// Opens without a word; the status it was refused with otherwise, or 1002 when client and
    /// server have no protocol in common.
    pub async fn raw(request: Request) -> Result<Self, u16> {
        use tokio_tungstenite::tungstenite::Error;
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(Error::Protocol(_)) => Err(1002),
            Err(other) => panic!("neither a socket nor an answer: {other}"),
        }
    }

    pub async fn say(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    pub async fn text(&mut self, message: String) {
        self.0.send(Message::text(message)).await.expect("the socket takes a message");
    }

    /// Whether the other side took a message within this time.
    pub async fn try_say(&mut self, message: &Value, time: Duration) -> bool {
        matches!(timeout(time, self.0.send(Message::text(message.to_string()))).await, Ok(Ok(())))
    }

    /// Follows something under an id.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next message or the end.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let message = timeout(PATIENCE, self.0.next()).await.expect("a word in time");
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Said(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map_or(1006, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(1006),
            }
        }
    }

    /// Nothing is said for this long.
    pub async fn is_quiet(&mut self, time: Duration) -> bool {
        timeout(time, self.hear()).await.is_err()
    }

    /// The next message, which must be one.
    pub async fn said(&mut self) -> Value {
        match self.hear().await {
            Heard::Said(message) => message,
            Heard::Closed(code) => panic!("the socket was closed with {code}"),
        }
    }
}
