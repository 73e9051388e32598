//! graphql-transport-ws, as much of it as one page needs.

use serde::{Deserialize, Serialize};

use crate::api::refusal::{Error, Refusal, UNREADABLE};

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

/// The kind alone: read first, because an enum with a tag inside would have every type of the
/// page's events compiled a second time, for values that were buffered.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    name: String,
}

#[derive(Deserialize)]
struct Next<T> {
    payload: Payload<T>,
}

#[derive(Deserialize)]
struct Payload<T> {
    data: Option<T>,
    #[serde(default)]
    errors: Vec<Error>,
}

#[derive(Deserialize)]
struct Refused {
    payload: Vec<Error>,
}

/// Reads one message. There is one subscription a socket, so ids are not looked at.
#[must_use]
pub fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Said<T> {
    understand(text)
        .unwrap_or_else(|error| Said::Refused(Refusal::own(UNREADABLE, &error.to_string())))
}

fn understand<T: for<'de> Deserialize<'de>>(text: &str) -> serde_json::Result<Said<T>> {
    let kind: Kind = serde_json::from_str(text)?;
    Ok(match kind.name.as_str() {
        "connection_ack" => Said::Ack,
        "ping" => Said::Ping,
        "pong" => Said::Pong,
        "complete" => Said::Complete,
        "error" => Said::Refused(first(serde_json::from_str::<Refused>(text)?.payload)),
        "next" => match serde_json::from_str::<Next<T>>(text)?.payload {
            Payload { data: Some(data), errors } if errors.is_empty() => Said::Next(data),
            Payload { errors, .. } => Said::Refused(first(errors)),
        },
        other => Said::Refused(Refusal::own(UNREADABLE, other)),
    })
}

fn first(errors: Vec<Error>) -> Refusal {
    let found = errors.into_iter().next().map(Refusal::from);
    found.unwrap_or_else(|| Refusal::own(UNREADABLE, "an error without words"))
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
