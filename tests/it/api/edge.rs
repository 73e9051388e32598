//! What is refused before a query runs: methods, media types, bodies, other sites.

use std::sync::Arc;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, COOKIE, ORIGIN};
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::fingerprint;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, code};

crate::harness::both!(
    only_json_is_read,
    only_post_runs_anything,
    a_body_has_a_limit_and_one_request,
    a_request_with_a_cookie_comes_from_this_site,
    a_query_that_is_none_gets_a_place_and_a_code,
    a_failure_of_ours_says_nothing_of_itself,
    a_get_asks_and_changes_nothing,
    what_ran_is_200_and_what_did_not_has_no_data,
    documents_are_known_by_their_digest,
    where_only_known_documents_run_no_other_does,
);

const SIGN_OUT: &str = "mutation { signOut { done } }";

async fn house(database: Database) -> (Server, Founder) {
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    (server, owner)
}

/// A client that adds nothing of its own, as a browser driven by another site would be.
fn bare(owner: &Founder) -> reqwest::RequestBuilder {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let cookie = format!("other=1; reelmill_session={}", owner.client.token.as_ref().expect("one"));
    client.post(owner.client.url("/graphql")).header(COOKIE, cookie)
}

async fn only_json_is_read(database: Database) {
    let (server, owner) = house(database).await;
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

async fn only_post_runs_anything(database: Database) {
    let (server, owner) = house(database).await;
    let before = fingerprint(&server).await;
    let client = &owner.client;
    let query = "/graphql?query=mutation%7BsignOut%7Bdone%7D%7D";
    for (method, allowed) in [
        (reqwest::Method::GET, "POST"),
        (reqwest::Method::PUT, "GET, POST"),
        (reqwest::Method::DELETE, "GET, POST"),
        (reqwest::Method::PATCH, "GET, POST"),
    ] {
        let request = client.http.request(method, client.url(query));
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()["allow"], allowed);
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(code(&reply), "METHOD_NOT_ALLOWED");
    }
    assert_eq!(fingerprint(&server).await, before);
}

async fn a_body_has_a_limit_and_one_request(database: Database) {
    let (server, owner) = house(database).await;
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

async fn a_request_with_a_cookie_comes_from_this_site(database: Database) {
    let (server, owner) = house(database).await;
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
async fn a_query_that_is_none_gets_a_place_and_a_code(database: Database) {
    let (_server, owner) = house(database).await;
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
    let kind = "application/graphql-response+json; charset=utf-8";
    assert_eq!(answer.headers()[CONTENT_TYPE], kind);
    let chinese = client.http.post(client.url("/graphql")).header("accept-language", "zh-CN");
    let query = json!({ "query": "{ workspace(id: \"x\") { name } }" });
    let answer = chinese.json(&query).send().await.expect("an answer");
    let reply: Value = answer.json().await.expect("JSON");
    assert_eq!(code(&reply), "INVALID_INPUT");
    assert!(reply["errors"][0]["message"].as_str().expect("words").contains('：'));
}

/// Whoever waits too long is told so in words and by a code, and the place is free again.
/// It takes the one writer of SQLite to keep a request waiting as long as a test likes.
#[tokio::test]
async fn an_answer_that_takes_too_long_is_a_coded_refusal() {
    let clock = server::kernel::clock::Clock::system();
    let server = Server::start_with(Database::sqlite().await, clock, |config| {
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
async fn a_failure_of_ours_says_nothing_of_itself(database: Database) {
    let (server, owner) = house(database).await;
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

async fn a_get_asks_and_changes_nothing(database: Database) {
    let (server, owner) = house(database).await;
    let before = fingerprint(&server).await;
    let get = async |path: &str, accept: &str| {
        let request = owner.client.http.get(owner.client.url(path)).header("accept", accept);
        let answer = request.send().await.expect("an answer");
        let kind = answer.headers()[CONTENT_TYPE].to_str().expect("text").to_owned();
        (answer.status(), kind, answer.json::<Value>().await.expect("JSON"))
    };
    let (status, kind, reply) = get("/graphql?query=%7Bme%7Bemail%7D%7D", "*/*").await;
    assert_eq!((status, &*kind), (StatusCode::OK, "application/json"));
    assert_eq!(reply["data"]["me"]["email"], "owner@example.com");
    assert_eq!(reply["extensions"]["cost"]["requested"], 1);
    let modern = "application/graphql-response+json";
    let (status, kind, reply) = get("/graphql?query=%7Bnothing%7D", modern).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(kind.starts_with(modern) && reply.get("data").is_none(), "{kind} {reply:#}");
    let (status, _, reply) = get("/graphql?query=%7Bnothing%7D", "application/json").await;
    assert_eq!((status, &*code(&reply)), (StatusCode::OK, "QUERY_INVALID"));
    // Whichever operation of the text would run decides, and no other.
    let both = "/graphql?query=query%20A%7B__typename%7Dmutation%20B%7BsignOut%7Bdone%7D%7D";
    let (status, ..) = get(&format!("{both}&operationName=A"), "*/*").await;
    assert_eq!(status, StatusCode::OK);
    for accept in ["*/*", modern, "text/event-stream"] {
        let (status, _, reply) = get(&format!("{both}&operationName=B"), accept).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{accept}");
        assert_eq!(code(&reply), "METHOD_NOT_ALLOWED");
    }
    let (status, _, reply) = get("/graphql?query=%7B__typename%7D", "text/html").await;
    assert_eq!((status, &*code(&reply)), (StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE"));
    let (status, _, reply) = get("/graphql", "*/*").await;
    assert_eq!((status, &*code(&reply)), (StatusCode::BAD_REQUEST, "QUERY_INVALID"));
    // A page of another site can make a browser send this, with the cookie.
    let foreign = reqwest::Client::builder().no_proxy().build().expect("a client");
    let cookie = format!("reelmill_session={}", owner.client.token.as_ref().expect("one"));
    let request = foreign.get(owner.client.url("/graphql?query=%7Bme%7Bemail%7D%7D"));
    let request = request.header(COOKIE, cookie).header("sec-fetch-site", "cross-site");
    assert_eq!(request.send().await.expect("an answer").status(), StatusCode::FORBIDDEN);
    assert_eq!(fingerprint(&server).await, before);
}

/// Fields of the database that fail leave a reply that ran; a reply that did not has no data.
async fn what_ran_is_200_and_what_did_not_has_no_data(database: Database) {
    let (_server, owner) = house(database).await;
    for kind in ["application/json", "application/graphql-response+json"] {
        let ask = async |query: &str| {
            let request = owner.client.http.post(owner.client.url("/graphql"));
            let body = json!({ "query": query });
            let answer = request.header("accept", kind).json(&body).send().await.expect("one");
            (answer.status(), answer.json::<Value>().await.expect("JSON"))
        };
        let (status, reply) = ask("{ workspace(id: \"wks_x\") { id } }").await;
        assert_eq!((status, &*code(&reply)), (StatusCode::OK, "INVALID_INPUT"), "{reply:#}");
        assert!(reply.get("data").is_some(), "{reply:#}");
        let (status, reply) =
            ask("subscription { batchProgress(workspaceId: \"w\", batchId: \"b\") { rev } }").await;
        assert_eq!(status == StatusCode::OK, kind == "application/json");
        assert_eq!((&*code(&reply), reply.get("data")), ("QUERY_INVALID", None));
    }
    let latin = "application/json; charset=iso-8859-1";
    let request = owner.client.http.post(owner.client.url("/graphql")).header(CONTENT_TYPE, latin);
    let answer = request.body("{\"query\":\"{__typename}\"}").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

/// Our own clients name their documents by SHA-256; nobody can add to the set by asking.
async fn documents_are_known_by_their_digest(database: Database) {
    let (_server, owner) = house(database).await;
    let known = include_str!("../../../server/documents/my_workspaces.graphql");
    let id = format!("sha256:{}", server::graphql::documents::digest(known));
    let ask = async |body: Value| {
        let answer = owner.client.post(&body).await;
        (answer.status(), answer.json::<Value>().await.expect("JSON"))
    };
    let (status, reply) = ask(json!({ "documentId": id })).await;
    assert_eq!(status, StatusCode::OK);
    let here = &reply["data"]["me"]["memberships"][0]["workspaceId"];
    assert_eq!(*here, json!(owner.workspace), "{reply:#}");
    let hash = id.trim_start_matches("sha256:");
    let by_extension = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let (_, reply) = ask(json!({ "extensions": by_extension })).await;
    assert!(reply["data"]["me"]["memberships"].is_array(), "{reply:#}");
    let get = owner.client.http.get(owner.client.url(&format!("/graphql?documentId={id}")));
    assert_eq!(get.send().await.expect("an answer").status(), StatusCode::OK);
    let text = "{ __typename }";
    let hash = server::graphql::documents::digest(text);
    let by_extension = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    for _ in 0..2 {
        let (status, reply) = ask(json!({ "extensions": by_extension })).await;
        assert_eq!((status, &*code(&reply)), (StatusCode::BAD_REQUEST, "DOCUMENT_UNKNOWN"));
        let (status, _) = ask(json!({ "query": text, "extensions": by_extension })).await;
        assert_eq!(status, StatusCode::OK);
    }
    let (status, reply) =
        ask(json!({ "query": "{ me { id } }", "extensions": by_extension })).await;
    assert_eq!((status, &*code(&reply)), (StatusCode::BAD_REQUEST, "QUERY_INVALID"));
}

async fn where_only_known_documents_run_no_other_does(database: Database) {
    let clock = server::kernel::clock::Clock::system();
    let server = Server::start_with(database, clock, |config| {
        config.graphql.only_documents = true;
    })
    .await;
    let client = server.stranger();
    let answer = client.post(&json!({ "query": "{ __typename }" })).await;
    assert_eq!(code(&answer.json().await.expect("JSON")), "DOCUMENT_UNKNOWN");
    let known = include_str!("../../../server/documents/my_workspaces.graphql");
    let answer = client.post(&json!({ "query": known })).await;
    assert_eq!(code(&answer.json().await.expect("JSON")), "none");
}
