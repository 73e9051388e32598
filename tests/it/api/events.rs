//! Progress as server-sent events (graphql-sse, one connection an operation).

use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::{Value, json};
use server::config::Rate;
use server::kernel::clock::Clock;

use super::Cast;
use crate::harness::database::Database;
use crate::harness::node;
use crate::harness::server::{Client, Server, code};

crate::harness::both!(
    events_are_followed_to_the_end,
    a_stream_ends_with_its_session,
    what_does_not_run_is_refused_by_status,
    streams_are_counted,
    streams_are_charged,
    the_client_of_the_protocol_follows_through_two_cuts,
    the_client_of_events_follows_to_the_end,
);

const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!) {
    batchProgress(workspaceId: $ws, batchId: $batch) { rev batch { state } } }";
const CANCEL: &str = "mutation($ws: ID!, $batch: ID!) { cancelBatch(input: { workspaceId: $ws, batchId: $batch }) { releasedCredits } }";

fn asked(cast: &Cast) -> Value {
    json!({ "ws": cast.owner.workspace, "batch": cast.batch })
}

async fn open(client: &Client, accept: &str, query: &str, variables: Value) -> reqwest::Response {
    let request = client.http.post(client.url("/graphql")).header("accept", accept);
    let body = json!({ "query": query, "variables": variables });
    request.json(&body).send().await.expect("an answer")
}

async fn rest(answer: reqwest::Response) -> String {
    let text = tokio::time::timeout(Duration::from_secs(20), answer.text()).await;
    text.expect("an end in time").expect("text")
}

async fn events_are_followed_to_the_end(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    for accept in ["text/event-stream", "application/json, text/event-stream"] {
        let answer = open(&cast.owner.client, accept, FOLLOW, asked(&cast)).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[CONTENT_TYPE], "text/event-stream; charset=utf-8");
        let reading = tokio::spawn(rest(answer));
        tokio::time::sleep(Duration::from_millis(300)).await;
        cast.owner.client.reply(CANCEL, asked(&cast)).await;
        let text = reading.await.expect("it ends");
        let replies: Vec<Value> = text
            .lines()
            .filter_map(|line| line.strip_prefix("data: {"))
            .map(|line| serde_json::from_str(&format!("{{{line}")).expect("JSON"))
            .collect();
        let last = replies.last().expect("an event");
        assert_eq!(last["data"]["batchProgress"]["batch"]["state"], "CANCELLED", "{text}");
        assert!(text.starts_with("event: next\ndata: {"), "{text}");
        assert!(text.ends_with("event: complete\ndata: \n\n"), "{text}");
    }
}

async fn a_stream_ends_with_its_session(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let answer = open(&cast.owner.client, "text/event-stream", FOLLOW, asked(&cast)).await;
    let mut bytes = std::pin::pin!(answer.bytes_stream());
    assert!(bytes.next().await.expect("an event").is_ok());
    cast.owner.client.data("mutation { signOut { done } }", json!({})).await;
    let begun = std::time::Instant::now();
    let end = tokio::time::timeout(Duration::from_secs(10), bytes.next()).await;
    assert!(end.expect("an end in time").is_none(), "nothing comes after it");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

async fn what_does_not_run_is_refused_by_status(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let stream = "text/event-stream";
    for (client, query, expected) in [
        (&cast.server.stranger(), FOLLOW, "UNAUTHENTICATED"),
        (&cast.stranger.client, FOLLOW, "NOT_FOUND"),
        (&cast.owner.client, "subscription { nothing { rev } }", "QUERY_INVALID"),
        (&cast.owner.client, "mutation { signOut { done } }", "QUERY_INVALID"),
    ] {
        let answer = open(client, stream, query, asked(&cast)).await;
        assert!(answer.status().is_client_error(), "{expected}: {}", answer.status());
        assert_eq!(code(&answer.json().await.expect("JSON")), expected);
    }
    // A query may be answered by events too.
    let answer = open(&cast.owner.client, stream, "{ me { email } }", json!({})).await;
    let text = rest(answer).await;
    assert!(text.contains("owner@example.com") && text.contains("event: complete"), "{text}");
}

async fn streams_are_counted(database: Database) {
    let server = Server::start_with(database, Clock::system(), |config| {
        config.graphql.sockets_per_user = 2;
    })
    .await;
    let cast = Cast::new(server).await;
    let stream = "text/event-stream";
    let _one = open(&cast.owner.client, stream, FOLLOW, asked(&cast)).await;
    let _two = open(&cast.owner.client, stream, FOLLOW, asked(&cast)).await;
    let refused = open(&cast.owner.client, stream, FOLLOW, asked(&cast)).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(code(&refused.json().await.expect("JSON")), "CONNECTION_LIMIT");
}

async fn streams_are_charged(database: Database) {
    let stream = "text/event-stream";
    let clock = Clock::manual(Clock::system().now());
    let server = Server::start_with(database, clock, |config| {
        config.rates.user = Rate { burst: 1, per_s: 1 };
    })
    .await;
    let poor = server.founder("poor").await;
    poor.client.reply("{ me { email } }", json!({})).await;
    let refused = open(&poor.client, stream, "{ me { email } }", json!({})).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(RETRY_AFTER));
}

/// Npm `graphql-ws`, its connection cut twice, against a batch that moves all the while.
async fn the_client_of_the_protocol_follows_through_two_cuts(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let url = format!("ws://{}/graphql/ws", cast.owner.client.address);
    let token = cast.owner.client.token.clone().expect("a session");
    let script = {
        let (ws, batch) = (cast.owner.workspace.clone(), cast.batch.clone());
        tokio::spawn(async move { node::run("progress.mjs", &[&url, &token, &ws, &batch]).await })
    };
    for round in 0..200_i64 {
        super::progress::bump(&cast, round % 6, round % 3 != 0).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
        if script.is_finished() {
            break;
        }
    }
    cast.owner.client.data(CANCEL, asked(&cast)).await;
    let told = script.await.expect("a client");
    assert_eq!(told["cuts"], 2, "{told:#}");
    assert_eq!(told["state"], "CANCELLED", "{told:#}");
    assert_eq!(told["gaps"], json!([]), "{told:#}");
    assert!(told["events"].as_u64().expect("a count") >= 12, "{told:#}");
    // What the client pieced together is what is there.
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { batch(id: $batch) { rev
        videos(first: 200) { nodes { ordinal rev } } } } }";
    let data = cast.owner.client.data(query, asked(&cast)).await;
    let batch = &data["workspace"]["batch"];
    assert_eq!(told["rev"], batch["rev"]);
    assert_eq!(told["videos"], batch["videos"]["nodes"]);
}

/// Npm `graphql-sse` in the same role, uncut.
async fn the_client_of_events_follows_to_the_end(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let url = cast.owner.client.url("/graphql");
    let token = cast.owner.client.token.clone().expect("a session");
    let (ws, batch) = (cast.owner.workspace.clone(), cast.batch.clone());
    let script =
        tokio::spawn(async move { node::run("events.mjs", &[&url, &token, &ws, &batch]).await });
    for round in 0..200_i64 {
        super::progress::bump(&cast, round % 6, true).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        if script.is_finished() || round == 60 {
            break;
        }
    }
    cast.owner.client.data(CANCEL, asked(&cast)).await;
    let told = script.await.expect("a client");
    assert_eq!((&told["state"], &told["completed"]), (&json!("CANCELLED"), &json!(true)));
    assert!(told["events"].as_u64().expect("a count") >= 2, "{told:#}");
}
