//! Progress over the `graphql-transport-ws` protocol.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

use super::{Client, NOT_A_PAGE};
use crate::failure::{Failure, While as _};
use crate::interrupt;

const PROTOCOL: &str = "graphql-transport-ws";
/// How often a wait looks whether somebody pressed Ctrl-C.
const GLANCE: Duration = Duration::from_millis(200);
/// A server that says nothing this long is taken for gone: it pings more often.
const SILENCE: Duration = Duration::from_secs(90);

/// One subscription on a socket of its own.
pub struct Subscription {
    socket: WebSocket<TcpStream>,
    heard: Instant,
}

/// What came in.
pub enum Event {
    /// The subscription's data.
    Next(Value),
    /// The server has nothing more to say.
    Complete,
    /// Nothing within a moment.
    Quiet,
}

impl Subscription {
    /// Connects with the client's session and subscribes.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub fn open(client: &Client, query: &str, variables: Value) -> Result<Self, Failure> {
        let host = client.address().trim_start_matches("http://");
        let stream = TcpStream::connect(host).or_fail("reach the API")?;
        stream.set_nodelay(true).or_fail("set up a socket")?;
        let mut request = format!("ws://{host}/graphql/ws")
            .into_client_request()
            .or_fail("make a WebSocket request")?;
        let headers = request.headers_mut();
        headers.insert("Sec-WebSocket-Protocol", HeaderValue::from_static(PROTOCOL));
        headers.insert(NOT_A_PAGE.0, HeaderValue::from_static(NOT_A_PAGE.1));
        if let Some(cookie) = client.cookie() {
            headers.insert("Cookie", HeaderValue::from_str(&cookie).or_fail("use the session")?);
        }
        let (socket, _) = tungstenite::client(request, stream).or_fail("open a WebSocket")?;
        socket.get_ref().set_read_timeout(Some(GLANCE)).or_fail("set up a socket")?;
        let mut subscription = Self { socket, heard: Instant::now() };
        subscription.start(query, variables)?;
        Ok(subscription)
    }

    fn start(&mut self, query: &str, variables: Value) -> Result<(), Failure> {
        self.send(&json!({ "type": "connection_init", "payload": {} }))?;
        while self.message()?.is_none_or(|message| message["type"] != "connection_ack") {}
        let payload = json!({ "documentId": super::id_of(query), "variables": variables });
        self.send(&json!({ "id": "1", "type": "subscribe", "payload": payload }))
    }

    fn send(&mut self, message: &Value) -> Result<(), Failure> {
        self.socket.send(Message::text(message.to_string())).or_fail("write to the WebSocket")
    }

    /// The next event, or [`Event::Quiet`] after a moment.
    ///
    /// # Errors
    /// The socket broke, the server refused, or somebody pressed Ctrl-C.
    pub fn next(&mut self) -> Result<Event, Failure> {
        let Some(mut message) = self.message()? else { return Ok(Event::Quiet) };
        match message["type"].as_str() {
            Some("next") => match message["payload"]["errors"].get(0) {
                Some(error) => Err(Failure::new(format!("the server refused: {error}"))),
                None => Ok(Event::Next(message["payload"]["data"].take())),
            },
            Some("complete") => Ok(Event::Complete),
            Some("error") => {
                Err(Failure::new(format!("the server refused: {}", message["payload"])))
            }
            Some("ping") => {
                self.send(&json!({ "type": "pong" }))?;
                Ok(Event::Quiet)
            }
            _ => Ok(Event::Quiet),
        }
    }

    /// One message of the protocol; none after a moment.
    fn message(&mut self) -> Result<Option<Value>, Failure> {
        interrupt::check()?;
        match self.socket.read() {
            Ok(Message::Text(text)) => {
                self.heard = Instant::now();
                serde_json::from_str(&text).map(Some).or_fail("read a WebSocket message")
            }
            Ok(Message::Close(frame)) => Err(Failure::new(match frame {
                Some(frame) => format!("the server closed the socket: {}", frame.reason),
                None => "the server closed the socket".to_owned(),
            })),
            Ok(_) => {
                self.heard = Instant::now();
                Ok(None)
            }
            Err(Error::Io(error)) if is_quiet(error.kind()) => {
                if self.heard.elapsed() > SILENCE {
                    return Err(Failure::new("the server has gone silent"));
                }
                Ok(None)
            }
            Err(error) => Err(error).or_fail("read from the WebSocket"),
        }
    }
}

fn is_quiet(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(kind, Interrupted | TimedOut | WouldBlock)
}
