//! Cookies and people: sign-up, sign-in, sign-out, what each sees of prices.

use reqwest::header::SET_COOKIE;
use serde_json::json;

use super::Cast;
use crate::harness::database::Database;
use crate::harness::server::{PASSWORD, Server, code, token_of};

crate::harness::both!(
    a_session_lives_from_sign_in_to_sign_out,
    a_sign_up_shows_what_it_made,
    viewers_see_no_prices,
);

const SIGN_IN: &str = "mutation($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) { user { email } } }";

async fn a_session_lives_from_sign_in_to_sign_out(database: Database) {
    let server = Server::start(database).await;
    let owner = server.founder("owner").await;
    let credentials = json!({ "email": "OWNER@example.com ", "password": PASSWORD });
    let stranger = server.stranger();
    let answer = stranger.post(&json!({ "query": SIGN_IN, "variables": credentials })).await;
    let line = answer.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"] {
        assert!(line.contains(attribute), "{line}");
    }
    assert!(!line.contains("Secure"), "on loopback there is no TLS");
    assert_ne!(token_of(&line), owner.client.token, "every sign-in has a session of its own");
    let (second, data) = stranger.enter(SIGN_IN, credentials).await;
    assert_eq!(data["signIn"]["user"]["email"], "owner@example.com");
    let me = "{ me { email displayName locale isOperator memberships { workspaceId role } } }";
    let seen = second.data(me, json!({})).await;
    assert_eq!(
        seen["me"],
        json!({ "email": "owner@example.com", "displayName": "owner", "locale": "en", "isOperator": false,
            "memberships": [{ "workspaceId": owner.workspace, "role": "OWNER" }] })
    );
    let out = second.post(&json!({ "query": "mutation { signOut { done } }" })).await;
    let line = out.headers()[SET_COOKIE].to_str().expect("text").to_owned();
    assert!(line.starts_with("reelmill_session=;") && line.contains("Max-Age=0"), "{line}");
    assert!(second.data(me, json!({})).await["me"].is_null(), "the session has ended");
    assert!(!owner.client.data(me, json!({})).await["me"].is_null(), "the other one has not");
    for (email, password) in
        [("owner@example.com", "wrong password"), ("nobody@example.com", PASSWORD)]
    {
        let wrong = json!({ "email": email, "password": password });
        let answer = stranger.post(&json!({ "query": SIGN_IN, "variables": wrong })).await;
        assert!(answer.headers().get(SET_COOKIE).is_none());
        assert_eq!(code(&answer.json().await.expect("JSON")), "INVALID_CREDENTIALS");
    }
}

/// What is selected below a sign-up or a sign-in runs as who has just entered.
async fn a_sign_up_shows_what_it_made(database: Database) {
    let server = Server::start(database).await;
    let input = json!({ "email": "new@example.com", "password": PASSWORD, "displayName": "New",
        "workspaceName": "Newcomers" });
    let query = "mutation($input: SignUpInput!) { signUp(input: $input) {
        user { email memberships { workspaceName role } }
        workspace { id role wallet { available held } audit { nodes { action } } } } }";
    let data = server.stranger().data(query, json!({ "input": input })).await;
    let made = &data["signUp"];
    assert_eq!(
        made["user"]["memberships"],
        json!([{ "workspaceName": "Newcomers", "role": "OWNER" }])
    );
    assert_eq!(made["workspace"]["role"], "OWNER");
    assert!(made["workspace"]["wallet"]["available"].as_i64().expect("credits") > 0);
    assert!(!made["workspace"]["audit"]["nodes"].as_array().expect("rows").is_empty());
    // Two sign-ins in one request are two people, each seeing their own.
    server.founder("other").await;
    let both = "mutation($p: String!) {
        a: signIn(input: { email: \"new@example.com\", password: $p }) { user { memberships { workspaceName } } }
        b: signIn(input: { email: \"other@example.com\", password: $p }) { user { memberships { workspaceName } } }
        signOut { done } }";
    let reply = server.stranger().reply(both, json!({ "p": PASSWORD })).await;
    let name =
        |alias: &str| reply["data"][alias]["user"]["memberships"][0]["workspaceName"].clone();
    assert_eq!((name("a"), name("b")), (json!("Newcomers"), json!("other")), "{reply:#}");
}

async fn viewers_see_no_prices(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { role batch(id: $batch) {
        name pricePerVideo credits { held captured released } quote { total } counts { total open } } } }";
    let asked = json!({ "ws": cast.owner.workspace, "batch": cast.batch });
    let seen = |role: &str, prices: bool| {
        let credits = json!({ "held": 6, "captured": 0, "released": 0 });
        json!({ "role": role, "batch": {
            "name": "Animals",
            "pricePerVideo": if prices { json!(1) } else { json!(null) },
            "credits": if prices { credits } else { json!(null) },
            "quote": if prices { json!({ "total": 6 }) } else { json!(null) },
            "counts": { "total": 6, "open": 6 },
        } })
    };
    let owner = cast.owner.client.data(query, asked.clone()).await;
    assert_eq!(owner["workspace"], seen("OWNER", true));
    let viewer = cast.viewer.client.data(query, asked.clone()).await;
    assert_eq!(viewer["workspace"], seen("VIEWER", false));
    let operator = cast.operator.client.data(query, asked.clone()).await;
    assert_eq!(operator["workspace"], seen("VIEWER", true));
    for closed in ["wallet { held }", "quote(id: \"QUOTE\") { total }", "audit { nodes { id } }"] {
        let closed = closed.replace("QUOTE", &cast.quote);
        let query = format!("{{ workspace(id: \"{}\") {{ {closed} }} }}", cast.owner.workspace);
        assert_eq!(cast.viewer.client.code(&query, json!({})).await, "FORBIDDEN", "{closed}");
        assert_eq!(cast.operator.client.code(&query, json!({})).await, "none", "{closed}");
    }
    // The operator reads, but files stay with the members.
    let query = "mutation($input: CreateAssetLinksInput!) { createAssetLinks(input: $input) { links { url } } }";
    let input =
        json!({ "workspaceId": cast.owner.workspace, "batchId": cast.batch, "videoIds": [] });
    assert_eq!(cast.operator.client.code(query, json!({ "input": input })).await, "FORBIDDEN");
}
