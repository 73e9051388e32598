//! What is refused before a query runs: methods, media types, bodies, other sites.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::fingerprint;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, code};

const SIGN_OUT: &str = "mutation { signOut { done } }";

async fn house() -> (Server, Founder) {
    let server = Server::start(Database::sqlite().await).await;
    let owner = server.founder("owner").await;
    (server, owner)
}

/// A client that adds nothing of its own, as a browser driven by another site would be.
fn bare(owner: &Founder) -> reqwest::RequestBuilder {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let cookie = format!("other=1; reelmill_session={}", owner.client.token.as_ref().expect("one"));
    client.post(owner.client.url("/graphql")).header(COOKIE, cookie)
}

#[tokio::test]
async fn only_json_is_read() {
    let (server, owner) = house().await;
    let before = fingerprint(&server).await;
    let body = json!({ "query": SIGN_OUT }).to_string();
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/jsonp",
    ] {
        let client = &owner.client;
        let request = client.http.post(client.url("/graphql")).header(CONTENT_TYPE, kind);
        let answer = request.body(body.clone()).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(code(&reply), "MEDIA_TYPE_UNSUPPORTED");
    }
    assert_eq!(fingerprint(&server).await, before);
    let client = &owner.client;
    let kind = "Application/JSON; charset=utf-8";
    let request = client.http.post(client.url("/graphql")).header(CONTENT_TYPE, kind);
    let answer = request.body(body).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn only_post_runs_anything() {
    let (server, owner) = house().await;
    let before = fingerprint(&server).await;
    let client = &owner.client;
    let query = "/graphql?query=mutation%7BsignOut%7Bdone%7D%7D";
    for method in [reqwest::Method::GET, reqwest::Method::PUT, reqwest::Method::DELETE] {
        let request = client.http.request(method, client.url(query));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()["allow"], "POST");
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(code(&reply), "METHOD_NOT_ALLOWED");
    }
    assert_eq!(fingerprint(&server).await, before);
}

#[tokio::test]
async fn a_body_has_a_limit_and_one_request() {
    let (server, owner) = house().await;
    let before = fingerprint(&server).await;
    let limit = server.app.config.server.body_limit_bytes;
    let of = |length: usize| {
        let head = "{\"query\":\"{__typename}\",\"operationName\":null,\"variables\":{\"x\":\"";
        let tail = "\"}}";
        format!("{head}{}{tail}", "x".repeat(length - head.len() - tail.len()))
    };
    let client = &owner.client;
    for (length, status, expected) in [
        (limit, StatusCode::OK, "none"),
        (limit + 1, StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE"),
    ] {
        let request = client.http.post(client.url("/graphql"));
        let request = request.header(CONTENT_TYPE, "application/json").body(of(length));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{length} bytes");
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(code(&reply), expected);
    }
    let batch = json!([{ "query": SIGN_OUT }, { "query": SIGN_OUT }]);
    let answer = client.post(&batch).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(code(&answer.json().await.expect("JSON")), "QUERY_INVALID");
    for damaged in ["", "{", "{\"query\": 7}", "null", "\"secret\""] {
        let request = client.http.post(client.url("/graphql"));
        let request = request.header(CONTENT_TYPE, "application/json").body(damaged);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{damaged}");
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(code(&reply), "QUERY_INVALID");
        assert!(!reply.to_string().contains("secret"), "a body is not quoted");
    }
    assert_eq!(fingerprint(&server).await, before);
}

#[tokio::test]
async fn a_request_with_a_cookie_comes_from_this_site() {
    let (server, owner) = house().await;
    let before = fingerprint(&server).await;
    let body = json!({ "query": SIGN_OUT });
    let own = format!("http://{}", owner.client.address);
    let foreign: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in foreign {
        let request = headers.iter().fold(bare(&owner), |request, (k, v)| request.header(*k, *v));
        let answer = request.json(&body).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{headers:?}");
        assert_eq!(code(&answer.json().await.expect("JSON")), "CROSS_SITE");
    }
    assert_eq!(fingerprint(&server).await, before, "somebody else's site signed the owner out");
    let me = json!({ "query": "{ me { id } }" });
    let requests = [
        bare(&owner).header(ORIGIN, own),
        bare(&owner).header("sec-fetch-site", "same-origin"),
        bare(&owner).header("sec-fetch-site", "none"),
        bare(&owner).header("x-reelmill-request", "1"),
    ];
    for request in requests {
        let answer = request.json(&me).send().await.expect("an answer");
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(reply["data"]["me"]["id"], owner.user, "{reply:#}");
    }
}

/// A mistake of the client is coded and shows where; the older media type keeps status 200.
#[tokio::test]
async fn a_query_that_is_none_gets_a_place_and_a_code() {
    let (_server, owner) = house().await;
    let client = &owner.client;
    for query in
        ["{ nothing }", "{ me { id }", "{ workspace { id } }", "query($x: Int!) { me { id } }"]
    {
        let reply = client.reply(query, json!({})).await;
        assert_eq!(code(&reply), "QUERY_INVALID", "{query}: {reply:#}");
        assert!(reply["errors"][0]["locations"][0]["line"].is_number(), "{query}: {reply:#}");
    }
    let modern = client.http.post(client.url("/graphql"));
    let modern =
        modern.header("accept", "application/graphql-response+json, application/json;q=0.9");
    let answer = modern.json(&json!({ "query": "{ nothing }" })).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers()[CONTENT_TYPE], "application/graphql-response+json");
    let chinese = client.http.post(client.url("/graphql")).header("accept-language", "zh-CN");
    let query = json!({ "query": "{ workspace(id: \"x\") { name } }" });
    let answer = chinese.json(&query).send().await.expect("an answer");
    let reply: Value = answer.json().await.expect("JSON");
    assert_eq!(code(&reply), "INVALID_INPUT");
    assert!(reply["errors"][0]["message"].as_str().expect("words").contains('：'));
}

/// Whoever waits too long is told so in words and by a code, and the place is free again.
#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_coded_refusal() {
    let clock = server::kernel::clock::Clock::system();
    let database = Database::sqlite().await;
    let server = Server::start_with(database, clock, |config| {
        config.server.request_timeout_s = 1;
    })
    .await;
    let owner = server.founder("owner").await;
    let (held, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let db = server.app.db.clone();
    let writing = {
        let (held, go) = (Arc::clone(&held), Arc::clone(&go));
        let work = move |_tx: server::db::Tx| {
            let (held, go) = (Arc::clone(&held), Arc::clone(&go));
            async move {
                held.notify_one();
                go.notified().await;
                Ok::<_, sea_orm::DbErr>(())
            }
        };
        tokio::spawn(async move { db.tx(server::db::Class::Money, work).await })
    };
    held.notified().await;
    let waiting = owner.client.post(&json!({ "query": SIGN_OUT })).await;
    assert_eq!(waiting.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(waiting.headers()[CONTENT_TYPE], "application/json");
    let reply: Value = waiting.json().await.expect("JSON");
    assert_eq!(code(&reply), "UNAVAILABLE");
    assert_eq!(reply["errors"][0]["extensions"]["limitS"], 1);
    assert!(!reply["errors"][0]["message"].as_str().expect("words").is_empty());
    go.notify_one();
    writing.await.expect("no panic").expect("the transaction");
    let me = owner.client.reply("{ me { id } }", json!({})).await;
    assert_eq!(me["data"]["me"]["id"], owner.user, "what was given up did not happen: {me:#}");
    let again = owner.client.reply(SIGN_OUT, json!({})).await;
    assert_eq!(again["data"]["signOut"]["done"], true, "others may write again: {again:#}");
}

/// What went wrong inside stays inside: neither statement nor driver is named to a client.
#[tokio::test]
async fn a_failure_of_ours_says_nothing_of_itself() {
    let (server, owner) = house().await;
    server.database.run("ALTER TABLE templates RENAME TO elsewhere").await;
    let query = format!(
        "{{ workspace(id: \"{}\") {{ templates {{ nodes {{ id }} }} }} }}",
        owner.workspace
    );
    let reply = owner.client.reply(&query, json!({})).await;
    assert_eq!(code(&reply), "INTERNAL");
    let shown = reply["errors"].to_string().to_lowercase();
    for inner in ["select", "no such table", "sqlite", "elsewhere", "sqlx"] {
        assert!(!shown.contains(inner), "{shown}");
    }
}
