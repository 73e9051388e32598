//! The public API as any client uses it: GraphQL over HTTP with the session cookie, files by
//! link, progress by subscription ([`socket`]).

pub mod queries;
pub mod socket;

use std::io::Read;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use ureq::Agent;
use ureq::http::Response;

use crate::failure::{Failure, While as _};

/// The cookie that stands for a session.
const SESSION: &str = "reelmill_session";
/// Says that the request does not come from somebody else's page.
pub const NOT_A_PAGE: (&str, &str) = ("X-Reelmill-Request", "1");
/// An answer larger than this is a mistake, bytes.
const ANSWER_LIMIT: u64 = 64 << 20;

/// A client of one server; signed in once a mutation has set the cookie.
pub struct Client {
    agent: Agent,
    address: String,
    session: Option<String>,
}

/// A refusal in GraphQL's `errors`.
#[derive(Debug)]
pub struct Refusal {
    /// `extensions.code`; empty if there is none.
    pub code: String,
    /// For people.
    pub message: String,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(format!("the server refused: {} [{}]", refusal.message, refusal.code))
    }
}

impl Client {
    /// A client that is nobody yet.
    pub fn new(address: &str) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(60)))
            .http_status_as_error(false)
            // Everything is on loopback; a proxy of the environment is for something else.
            .proxy(None)
            .build();
        Self { agent: config.into(), address: address.to_owned(), session: None }
    }

    /// `http://127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The `Cookie` header of this session.
    pub fn cookie(&self) -> Option<String> {
        self.session.as_ref().map(|token| format!("{SESSION}={token}"))
    }

    /// Runs an operation and returns its data; a refusal is a failure.
    ///
    /// # Errors
    /// The server does not answer, or refuses.
    pub fn run(&mut self, query: &str, variables: Value) -> Result<Value, Failure> {
        Ok(self.ask(query, variables)??)
    }

    /// Runs an operation; a refusal is for the caller to judge.
    ///
    /// # Errors
    /// The server does not answer.
    pub fn ask(
        &mut self,
        query: &str,
        variables: Value,
    ) -> Result<Result<Value, Refusal>, Failure> {
        let body = json!({ "documentId": id_of(query), "variables": variables }).to_string();
        let mut request = self.agent.post(format!("{}/graphql", self.address));
        request = request.header("Content-Type", "application/json");
        request = request.header(NOT_A_PAGE.0, NOT_A_PAGE.1);
        if let Some(cookie) = self.cookie() {
            request = request.header("Cookie", cookie);
        }
        let mut response = request.send(body).or_fail("reach the API")?;
        self.keep_session(&response);
        let status = response.status();
        let text = response.body_mut().with_config().limit(ANSWER_LIMIT).read_to_string();
        let text = text.or_fail("read the API's answer")?;
        let answer: Value = serde_json::from_str(&text)
            .map_err(|_| Failure::new(format!("the API answered {status}: {}", cut(&text))))?;
        if answer["data"].is_null() && answer["errors"].is_null() {
            return Err(Failure::new(format!("the API answered {status}: {}", cut(&text))));
        }
        Ok(read_answer(answer))
    }

    fn keep_session<B>(&mut self, response: &Response<B>) {
        let set = response.headers().get_all("set-cookie").into_iter();
        for header in set.filter_map(|value| value.to_str().ok()) {
            if let Some(token) = session_in(header) {
                self.session = Some(token.to_owned());
            }
        }
    }

    /// Opens a file by its link, which may be relative.
    ///
    /// # Errors
    /// The server does not answer or refuses.
    pub fn open(&self, link: &str) -> Result<impl Read, Failure> {
        let url = match link.strip_prefix('/') {
            Some(_) => format!("{}{link}", self.address),
            None => link.to_owned(),
        };
        // The link is all the right there is: no cookie goes with it.
        let response = self.agent.get(url).call().or_fail("fetch a file")?;
        if response.status() != 200 {
            return Err(Failure::new(format!("a file's link answered {}", response.status())));
        }
        Ok(response.into_body().into_reader())
    }
}

fn read_answer(mut answer: Value) -> Result<Value, Refusal> {
    match answer["errors"].get(0) {
        None => Ok(answer["data"].take()),
        Some(error) => Err(Refusal {
            code: error["extensions"]["code"].as_str().unwrap_or_default().to_owned(),
            message: error["message"].as_str().unwrap_or_default().to_owned(),
        }),
    }
}

fn session_in(header: &str) -> Option<&str> {
    let (pair, _) = header.split_once(';').unwrap_or((header, ""));
    let (name, token) = pair.split_once('=')?;
    (name.trim() == SESSION && !token.is_empty()).then_some(token)
}

fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

/// What the server knows a document by.
pub fn id_of(query: &str) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(query.as_bytes());
    digest.iter().fold(String::from("sha256:"), |mut id, byte| {
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_found_among_attributes() {
        assert_eq!(session_in("reelmill_session=abc; HttpOnly; Path=/"), Some("abc"));
        assert_eq!(session_in("reelmill_session=; Max-Age=0"), None);
        assert_eq!(session_in("other=abc"), None);
    }

    #[test]
    fn a_refusal_keeps_its_code() {
        let answer = json!({"data": null, "errors": [
            {"message": "Too little.", "extensions": {"code": "INSUFFICIENT_CREDITS"}}]});
        let refusal = read_answer(answer).unwrap_err();
        assert_eq!(refusal.code, "INSUFFICIENT_CREDITS");
        assert_eq!(read_answer(json!({"data": {"me": null}})).unwrap(), json!({"me": null}));
    }
}
