//! What is logged at the most talkative level, while a whole server works for people over HTTP and
//! with a provider over the network: no prompt, value, password, cookie, token of a link, key of a
//! provider or address of a person is in it.
//!
//! The server is a process of its own, so that every crate in it is heard and nothing of the test.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::database::Database;
use crate::harness::far_away;
use crate::harness::program::{self, Program};
use crate::harness::server::{Client, text};
use crate::harness::socket::Socket;

crate::harness::both!(the_log_tells_no_secret_and_no_prompt);

/// Words that a log could only have from what people said.
const PASSWORD: &str = "pwquagga battery";
const WRONG: &str = "wrongquagga battery";
const NEXT: &str = "nextquagga battery";
const EMAIL: &str = "okapi@example.com";
const OTHER: &str = "bongo@example.com";
const SOURCE: &str = "A numbat by the {place}";
const KEY: &str = "sk-keyofcassowary";
const WORDS: [&str; 9] =
    ["quagga", "okapi", "bongo", "numbat", "axolotl", "cassowary", "水豚", "potoo", "wombat"];

const SIGN_IN: &str = "mutation($email: String!, $password: String!) {
    signIn(input: { email: $email, password: $password }) { user { id } } }";
const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!) {
    batchProgress(workspaceId: $ws, batchId: $batch) {
        batch { settledAt } videos { prompt state values { name value } } } }";

async fn the_log_tells_no_secret_and_no_prompt(database: Database) {
    let data = tempfile::tempdir().expect("a folder");
    let provider = program::scripted_provider(data.path());
    far_away::settings(data.path(), provider.address);
    let program = Program::new(data.path(), &database.url)
        .with("REELMILL_LOG__FILTER", "trace")
        .with("REELMILL_LINE__STORE_TRIES", "2")
        .with("REELMILL_LINE__RETRY_BACKOFF_MS", "50");
    program.run(&["provider", "key", "far-away"], KEY);
    let server = program.serve();
    let secrets = busy_day(&Client::at(server.address)).await;
    server.stop();

    let log = std::fs::read_to_string(program.log()).expect("the log");
    for sign in ["request answered", "hyper_util", "TRACE"] {
        assert!(log.contains(sign), "the log is the one that is meant: no {sign} in it");
    }
    let told: Vec<_> = WORDS.into_iter().chain(secrets.iter().map(String::as_str)).collect();
    for word in told {
        let line = log.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "the log tells {word}: {}", line.unwrap_or_default());
    }
}

/// Everything that handles what must not be told, once, over HTTP; the secrets it was given.
async fn busy_day(nobody: &Client) -> Vec<String> {
    let (owner, workspace) = far_away::sign_up(nobody, EMAIL, PASSWORD).await;
    let (other, _) = far_away::sign_up(nobody, OTHER, PASSWORD).await;
    nobody.code(SIGN_IN, json!({ "email": EMAIL, "password": WRONG })).await;
    let join = join(&owner, &other, &workspace).await;
    let ask =
        "mutation($email: String!) { requestPasswordReset(input: { email: $email }) { done } }";
    nobody.data(ask, json!({ "email": EMAIL })).await;
    let redeem = "mutation($token: String!, $next: String!) {
        redeemPasswordReset(input: { token: $token, newPassword: $next }) { done } }";
    nobody.code(redeem, json!({ "token": "tokenofpotoo", "next": NEXT })).await;
    drafts(&owner, &workspace).await;
    malformed(&owner).await;
    let links = batch(&owner, &workspace).await;
    let tokens = [&owner, &other].map(|client| client.token.clone().expect("a session"));
    owner.data("mutation { signOut { done } }", json!({})).await;
    tokens.into_iter().chain([join]).chain(links).collect()
}

/// The token of a link that was used, once well and once in vain.
async fn join(owner: &Client, other: &Client, workspace: &str) -> String {
    let query = "mutation($ws: ID!, $email: String!) {
        createJoinLink(input: { workspaceId: $ws, email: $email, role: VIEWER }) { token } }";
    let link = owner.data(query, json!({ "ws": workspace, "email": OTHER })).await;
    let token = text(&link["createJoinLink"]["token"]);
    let query = "mutation($token: String!) { redeemJoinLink(input: { token: $token }) { role } }";
    other.data(query, json!({ "token": token })).await;
    other.code(query, json!({ "token": token })).await;
    token
}

fn selection() -> Value {
    // One is delivered, one refused, one tried again, one is not a video.
    let places = ["axolotl pond", "水豚 [refuse]", "axolotl [busy]", "axolotl [garbage]"];
    json!({ "lists": [{ "name": "place", "values": places }] })
}

/// Drafts, good and bad, by POST and by GET, and a CSV.
async fn drafts(owner: &Client, workspace: &str) {
    let check = "query($source: String!, $selection: SelectionInput) {
        checkTemplate(input: { source: $source, selection: $selection }) { problems { code } } }";
    let preview = "query($source: String!, $selection: SelectionInput) {
        previewTemplate(input: { source: $source, selection: $selection }) { prompt } }";
    for source in [SOURCE, "A numbat {", "A numbat by {nowhere}"] {
        let draft = json!({ "source": source, "selection": selection() });
        owner.data(check, draft.clone()).await;
        owner.reply(preview, draft.clone()).await;
        let asked = [("query", check.to_owned()), ("variables", draft.to_string())];
        let url = reqwest::Url::parse_with_params(&owner.url("/graphql"), &asked);
        let request = owner.http.get(url.expect("an address"));
        assert!(request.send().await.expect("an answer").status().is_success());
    }
    let csv = STANDARD.encode("place,colour\naxolotl,red\n水豚\n");
    let read = "query($csv: String!) { readTable(input: { csvBase64: $csv }) { rowCount } }";
    owner.reply(read, json!({ "csv": csv })).await;
    let create = "mutation($ws: ID!, $source: String!) { createTemplate(input: {
        workspaceId: $ws, name: \"numbat\", source: $source }) { template { id } } }";
    owner.reply(create, json!({ "ws": workspace, "source": "A numbat {" })).await;
}

/// What cannot be read is not repeated.
async fn malformed(owner: &Client) {
    for body in ["{\"query\": \"{ numbat", "numbat", "{\"query\": \"query numbat { numbat }\"}"] {
        let request = owner.http.post(owner.url("/graphql"));
        let request = request.header("content-type", "application/json").body(body);
        request.send().await.expect("an answer");
    }
    for path in ["/files/tokenofpotoo", "/numbat?token=potoo", "/graphql?query=%7Bpotoo%7D"] {
        owner.http.get(owner.url(path)).send().await.expect("an answer");
    }
    let stale = Client { token: Some(String::from("cookieofpotoo")), ..owner.clone() };
    drop(Socket::raw(crate::harness::socket::request(&stale)).await);
}

/// A batch from template to files; the tokens of the links to them.
async fn batch(owner: &Client, workspace: &str) -> Vec<String> {
    let batch = far_away::launch(owner, workspace, (SOURCE, selection())).await;
    follow(owner, workspace, &batch).await;
    let mut tokens = Vec::new();
    for link in far_away::links(owner, workspace, &batch).await {
        for path in [text(&link["url"]), text(&link["posterUrl"])] {
            let answer = owner.http.get(owner.url(&path)).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{}", answer.status());
            tokens.push(path.trim_start_matches("/files/").to_owned());
        }
    }
    assert_eq!(tokens.len(), 4, "two videos were delivered");
    tokens
}

/// Until it has settled; how its videos ended is as it was asked for.
async fn follow(owner: &Client, workspace: &str, batch: &str) {
    let asked = json!({ "ws": workspace, "batch": batch });
    let mut socket = Socket::open(owner).await;
    socket.subscribe("1", FOLLOW, asked.clone()).await;
    loop {
        let said = socket.said().await;
        let progress = &said["payload"]["data"]["batchProgress"];
        assert!(progress.is_object(), "{said:#}");
        if !progress["batch"]["settledAt"].is_null() {
            break;
        }
    }
    let counts = far_away::counts(owner, workspace, batch).await;
    assert_eq!((&counts["delivered"], &counts["failed"]), (&json!(2), &json!(2)));
}
