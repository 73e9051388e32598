//! graphql-transport-ws, as much of it as one page needs.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::refusal::{Refusal, UNREADABLE, data, refused};
use crate::json::{self, Json};

/// Asked for when the socket is opened.
pub const PROTOCOL: &str = "graphql-transport-ws";
/// Where it is.
pub const PATH: &str = "/graphql/ws";

/// What the server said.
#[derive(Debug)]
pub enum Said<T> {
    /// The greeting was taken.
    Ack,
    /// An event of the subscription.
    Next(T),
    /// The subscription was refused, or an event could not be made.
    Refused(Refusal),
    /// The subscription is over.
    Complete,
    /// Wants a [`pong`].
    Ping,
    /// Answers our [`ping`].
    Pong,
}

/// Reads one message. There is one subscription a socket, so ids are not looked at.
#[must_use]
pub fn read<T: DeserializeOwned>(text: &str) -> Said<T> {
    understand(text).unwrap_or_else(Said::Refused)
}

fn understand<T: DeserializeOwned>(text: &str) -> Result<Said<T>, Refusal> {
    let message = json::parse(text)?;
    Ok(match message.text("type").unwrap_or_default() {
        "connection_ack" => Said::Ack,
        "ping" => Said::Ping,
        "pong" => Said::Pong,
        "complete" => Said::Complete,
        "error" => {
            let first = message.list("payload").first();
            let none = || Refusal::own(UNREADABLE, "an error without words");
            Said::Refused(first.map_or_else(none, refused))
        }
        "next" => Said::Next(data(message.get("payload").unwrap_or(&Json::Null))?.take()?),
        other => Said::Refused(Refusal::own(UNREADABLE, other)),
    })
}

/// The greeting. The session is the cookie, so nothing is in it.
#[must_use]
pub fn init() -> &'static str {
    r#"{"type":"connection_init"}"#
}

/// Whether anybody is there.
#[must_use]
pub fn ping() -> &'static str {
    r#"{"type":"ping"}"#
}

/// Somebody is.
#[must_use]
pub fn pong() -> &'static str {
    r#"{"type":"pong"}"#
}

#[derive(Serialize)]
struct Subscribe<'a, P> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'static str,
    payload: &'a P,
}

/// Subscribes to an operation.
#[must_use]
pub fn subscribe(operation: &impl Serialize) -> String {
    let message = Subscribe { kind: "subscribe", id: "1", payload: operation };
    serde_json::to_string(&message).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::batches::{Follow, FollowVariables};
    use crate::api::scalars::Long;
    use cynic::SubscriptionBuilder as _;

    fn read_number(text: &str) -> Said<i32> {
        read(text)
    }

    #[test]
    fn every_message_is_understood() {
        assert!(matches!(read_number(r#"{"type":"connection_ack"}"#), Said::Ack));
        assert!(matches!(
            read_number(r#"{"type":"next","id":"1","payload":{"data":7}}"#),
            Said::Next(7)
        ));
        assert!(matches!(read_number(r#"{"type":"complete","id":"1"}"#), Said::Complete));
        assert!(matches!(read_number(r#"{"type":"ping","payload":{"a":1}}"#), Said::Ping));
        let refused = r#"{"type":"error","id":"1","payload":[{"message":"no","extensions":{"code":"NOT_FOUND"}}]}"#;
        assert!(matches!(read_number(refused), Said::Refused(refusal) if refusal.is("NOT_FOUND")));
        let lost = r#"{"type":"next","id":"1","payload":{"data":null,"errors":[{"message":"x","extensions":{"code":"FORBIDDEN"}}]}}"#;
        assert!(matches!(read_number(lost), Said::Refused(refusal) if refusal.is("FORBIDDEN")));
        assert!(matches!(read_number("{"), Said::Refused(refusal) if refusal.is(UNREADABLE)));
    }

    #[test]
    fn a_resume_names_the_revision_that_is_known() {
        let operation = Follow::build(FollowVariables {
            workspace: "wks_1".into(),
            batch: "bat_1".into(),
            after_rev: Some(Long(7)),
        });
        let sent: serde_json::Value = serde_json::from_str(&subscribe(&operation)).unwrap();
        assert_eq!(sent["type"], "subscribe");
        let variables = &sent["payload"]["variables"];
        assert_eq!(variables["afterRev"], 7);
        let query = sent["payload"]["query"].as_str().unwrap();
        assert!(query.contains("batchProgress") && query.contains("afterRev"), "{query}");
    }
}
