//! What whoever runs a server relies on: probes, numbers, ids of requests, headers.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use server::kernel::clock::Clock;

use crate::harness::database::Database;
use crate::harness::server::{Client, Server};

async fn get(client: &Client, path: &str) -> (StatusCode, HeaderMap, String) {
    get_with(client, path, &[]).await
}

async fn get_with(
    client: &Client,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, String) {
    let request = client.http.get(client.url(path));
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.text().await.expect("a body"))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

/// The value of a sample whose line starts like this.
fn sample(metrics: &str, start: &str) -> Option<f64> {
    let line = metrics.lines().find(|line| line.starts_with(start))?;
    line.rsplit_once(' ')?.1.parse().ok()
}

#[tokio::test]
async fn probes_tell_alive_from_ready() {
    let server = Server::start(Database::sqlite().await).await;
    let client = server.stranger();
    assert_eq!(get(&client, "/healthz").await.2, "ok\n");
    let (status, _, body) = get(&client, "/readyz").await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, "ready\n"));
}

#[tokio::test]
async fn a_server_without_its_database_is_alive_and_not_ready() {
    let server = Server::start(Database::postgres().await).await;
    let client = server.stranger();
    server.app.db.reader().clone().close().await.expect("closed");
    assert_eq!(get(&client, "/healthz").await.0, StatusCode::OK);
    let (status, _, body) = get(&client, "/readyz").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let body: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(body["error"]["code"], "UNAVAILABLE");
    assert_eq!(body["error"]["what"], "database");
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_what_was_asked() {
    let server = Server::start(Database::sqlite().await).await;
    let owner = server.founder("counted").await;
    owner.client.data("{ me { id } }", json!({})).await;
    get(&owner.client, "/files/a-token-of-mine").await;
    get(&owner.client, "/no/such/path/of-mine").await;
    let (status, headers, text) = get(&owner.client, "/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(header(&headers, "content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for (route, status) in [("/graphql", 200), ("/files/{token}", 404)] {
        let start =
            format!("reelmill_http_request_seconds_count{{route=\"{route}\",status=\"{status}\"}}");
        assert!(sample(&text, &start) >= Some(1.0), "{start}\n{text}");
    }
    assert!(text.contains("reelmill_http_request_seconds_bucket{"), "{text}");
    assert!(!text.contains("of-mine"), "{text}");
    assert!(!text.contains("example.com"), "{text}");
}

#[tokio::test]
async fn the_numbers_can_be_switched_off() {
    let database = Database::sqlite().await;
    let closed = |config: &mut server::config::Config| config.server.metrics = false;
    let server = Server::start_with(database, Clock::system(), closed).await;
    let (status, _, body) = get(&server.stranger(), "/metrics").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!body.contains("reelmill_"), "{body}");
}

#[tokio::test]
async fn every_reply_carries_an_id_and_a_plain_one_of_the_caller_is_kept() {
    let server = Server::start(Database::sqlite().await).await;
    let client = server.stranger();
    let id_for = async |path: &str, sent: Option<&str>| {
        let sent: Vec<_> = sent.iter().map(|id| ("x-request-id", *id)).collect();
        let (_, headers, _) = get_with(&client, path, &sent).await;
        header(&headers, "x-request-id").to_owned()
    };
    for path in ["/healthz", "/graphql", "/files/none", "/no/such"] {
        let (one, two) = (id_for(path, None).await, id_for(path, None).await);
        assert_eq!(one.len(), 32, "{path}: {one}");
        assert_ne!(one, two, "{path}");
    }
    for kept in ["a-1_B234", &"x".repeat(64)] {
        assert_eq!(id_for("/healthz", Some(kept)).await, kept);
    }
    let (short, long) = ("a".repeat(7), "a".repeat(65));
    for refused in [short.as_str(), &long, "with a space", "quote\"quote", "émoji-12345", ""] {
        let given = id_for("/healthz", Some(refused)).await;
        assert_eq!(given.len(), 32, "{refused:?} was answered with {given:?}");
    }
}

/// The id of a request is in the audit row of what it did.
#[tokio::test]
async fn the_id_of_a_request_is_in_the_books() {
    let server = Server::start(Database::sqlite().await).await;
    let owner = server.founder("booked").await;
    let query = "mutation($ws: ID!) { createTemplate(input: { workspaceId: $ws, name: \"x\", source: \"x\" }) { template { id } } }";
    let body = json!({ "query": query, "variables": { "ws": owner.workspace } });
    let request = owner.client.http.post(owner.client.url("/graphql")).json(&body);
    let answer = request.header("x-request-id", "booked-42").send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let sign_out = json!({ "query": "mutation { signOut { done } }" });
    let request = owner.client.http.post(owner.client.url("/graphql")).json(&sign_out);
    request.header("x-request-id", "booked-43").send().await.expect("an answer");
    let sql = "SELECT count(*) FROM audit_log WHERE request_id = 'booked-43'";
    let rows = crate::wallet::stage::number(&server.app.db, sql, []).await;
    assert_eq!(rows, 1, "the sign-out is written down under its request");
}

#[tokio::test]
async fn browsers_are_told_what_this_server_never_asks_for() {
    let server = Server::start(Database::sqlite().await).await;
    let client = server.stranger();
    for path in ["/healthz", "/readyz", "/metrics", "/graphql", "/files/none", "/no/such", "/"] {
        let (_, headers, _) = get(&client, path).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&headers, name), value, "{path}: {name}");
        }
        let policy = header(&headers, "content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(headers.get("permissions-policy").is_some(), "{path}");
        assert!(headers.get("server").is_none(), "{path}");
        assert!(headers.get("strict-transport-security").is_none(), "{path}: over plain HTTP");
    }
}

#[tokio::test]
async fn a_server_behind_tls_says_so() {
    let secure = |config: &mut server::config::Config| {
        config.server.public_url = Some(String::from("https://reelmill.example"));
    };
    let database = Database::sqlite().await;
    let server = Server::start_with(database, Clock::system(), secure).await;
    let client = server.stranger();
    for path in ["/healthz", "/graphql", "/no/such"] {
        let (_, headers, _) = get(&client, path).await;
        let told = header(&headers, "strict-transport-security");
        assert_eq!(told, "max-age=31536000; includeSubDomains", "{path}");
    }
    let query = "mutation { signUp(input: { email: \"tls@example.com\", password: \"correct horse battery\", displayName: \"t\", workspaceName: \"t\" }) { user { id } } }";
    let answer = client.post(&json!({ "query": query })).await;
    let cookie = header(answer.headers(), "set-cookie").to_owned();
    for word in ["HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(cookie.contains(word), "{cookie}");
    }
}

/// On SQLite a commit that was answered survives a loss of power; on PostgreSQL its own settings
/// decide.
#[tokio::test]
async fn a_commit_is_on_the_disk_before_it_is_answered() {
    use sea_orm::ConnectionTrait as _;
    let database = Database::sqlite().await;
    let ask = |tx: server::db::Tx| async move {
        let sql = |text: &str| sea_orm::Statement::from_string(sea_orm::DbBackend::Sqlite, text);
        let level = tx.query_one_raw(sql("PRAGMA synchronous")).await?.expect("a row");
        let journal = tx.query_one_raw(sql("PRAGMA journal_mode")).await?.expect("a row");
        Ok::<(i64, String), sea_orm::DbErr>((
            level.try_get_by_index(0)?,
            journal.try_get_by_index(0)?,
        ))
    };
    let (level, journal) =
        database.db.tx(server::db::Class::Interactive, ask).await.expect("answered");
    assert_eq!((level, journal.as_str()), (2, "wal"), "FULL, in the connection that writes");
}
