//! HTTP/1.1 as far as a test needs it: bodies with a length, and answers that can break.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Most bytes of a request.
const MOST: usize = 1 << 20;

/// One request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// A header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is sent back.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// An ordinary answer.
    Whole(Reply),
    /// The same answer twice on the wire.
    Twice(Reply),
    /// The length of the whole, half of the body, and the end of the connection.
    Cut(Reply),
    /// The end of the connection.
    Nothing,
}

/// Status, headers, body.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        let headers = vec![("content-type", String::from("application/json"))];
        Self { status, headers, body: body.to_string().into_bytes() }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Scripted\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        head
    }
}

/// One connection.
pub(crate) struct Line {
    socket: TcpStream,
    ahead: Vec<u8>,
}

impl Line {
    pub(crate) const fn new(socket: TcpStream) -> Self {
        Self { socket, ahead: Vec::new() }
    }

    /// The next request; `None` at the end of the connection.
    pub(crate) async fn request(&mut self) -> io::Result<Option<Request>> {
        let head_end = loop {
            if let Some(at) = find(&self.ahead, b"\r\n\r\n") {
                break at;
            }
            if !self.more().await? {
                return Ok(None);
            }
        };
        let head = String::from_utf8_lossy(&self.ahead[..head_end]).into_owned();
        let mut request = parse(&head).ok_or(io::ErrorKind::InvalidData)?;
        let length: usize = match request.header("content-length") {
            Some(text) => text.parse().map_err(|_| io::ErrorKind::InvalidData)?,
            None => 0,
        };
        let end = head_end + 4 + length;
        while self.ahead.len() < end {
            if !self.more().await? {
                return Ok(None);
            }
        }
        request.body = self.ahead[head_end + 4..end].to_vec();
        self.ahead.drain(..end);
        Ok(Some(request))
    }

    /// Sends; false when the connection is over.
    pub(crate) async fn answer(&mut self, answer: Answer) -> io::Result<bool> {
        match answer {
            Answer::Nothing => Ok(false),
            Answer::Whole(reply) => self.send(&reply, reply.body.len()).await.map(|()| true),
            Answer::Twice(reply) => {
                self.send(&reply, reply.body.len()).await?;
                self.send(&reply, reply.body.len()).await.map(|()| true)
            }
            Answer::Cut(reply) => {
                self.send(&reply, reply.body.len() / 2).await?;
                Ok(false)
            }
        }
    }

    async fn send(&mut self, reply: &Reply, bytes: usize) -> io::Result<()> {
        self.socket.write_all(reply.head().as_bytes()).await?;
        self.socket.write_all(&reply.body[..bytes]).await?;
        self.socket.flush().await
    }

    async fn more(&mut self) -> io::Result<bool> {
        if self.ahead.len() > MOST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(self.socket.read_buf(&mut self.ahead).await? > 0)
    }
}

/// Where `what` begins.
pub(crate) fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn parse(head: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    Some(Request { method, path: path.to_owned(), query, headers, body: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read() {
        let request = parse("GET /v1/videos?limit=2&after=x HTTP/1.1\r\nHost: a\r\nX-Y:  z ");
        let request = request.expect("a request");
        assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", "/v1/videos"));
        assert_eq!((request.asked("limit"), request.header("x-y")), (Some("2"), Some("z")));
    }
}
