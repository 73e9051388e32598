//! A server whose videos are made by the scripted provider over the network, and what people ask
//! of it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::server::{Client, text};

/// What keeps a trial from providers that cost something.
const EMBEDDED_ONLY: &str = ", embeddedOnly = true";
/// Longest a batch may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Writes the settings of a server that has no other provider, and that lets trials use it.
pub fn settings(folder: &Path, provider: SocketAddr) {
    let plans = include_str!("../../../server/src/domain/plans/catalogue.toml");
    assert!(plans.contains(EMBEDDED_ONLY), "a trial buys nothing");
    let path = folder.join("plans.toml");
    std::fs::write(&path, plans.replace(EMBEDDED_ONLY, "")).expect("written");
    let plans = format!("[access]\nplans = '{}'\n", path.display());
    write(folder, &format!("{plans}[providers]\nembedded = false\n{}", offer(provider)));
}

/// Writes the settings of a server with the plans of every installation, where it comes before the
/// embedded provider, or instead of it.
pub fn settings_with_plans(folder: &Path, provider: SocketAddr, embedded: bool) {
    let head = format!("[providers]\nembedded = {embedded}\nembedded_order = 9\n");
    write(folder, &format!("{head}{}", offer(provider)));
}

fn offer(provider: SocketAddr) -> String {
    format!(
        "[[providers.offers]]\nname = 'far-away'\norder = 1\n\
         adapter = 'openai-videos'\nmodel = 'animatic-1'\nprovider_model = 'any'\n\
         base_url = 'http://{provider}/v1'\nprivate = true\ncost_minor_per_s = 10\ncap = 4\n\
         find_by_reference = true\ncancel = 'running'\npoll_ms = 100\nsubmit_timeout_s = 5\n"
    )
}

fn write(folder: &Path, text: &str) {
    std::fs::write(folder.join("settings.toml"), text).expect("written");
}

/// Somebody new, and their workspace.
pub async fn sign_up(nobody: &Client, email: &str, password: &str) -> (Client, String) {
    let query = "mutation($email: String!, $password: String!) { signUp(input: {
        email: $email, password: $password, displayName: \"wombat\", workspaceName: \"wombats\" })
        { workspace { id } } }";
    let (client, data) = nobody.enter(query, json!({ "email": email, "password": password })).await;
    (client, text(&data["signUp"]["workspace"]["id"]))
}

/// From template and selection to a batch of 2 s videos.
pub async fn launch(owner: &Client, workspace: &str, asked: (&str, Value)) -> String {
    let reply = try_launch(owner, workspace, asked).await;
    assert!(reply.get("errors").is_none(), "{reply:#}");
    text(&reply["data"]["launchBatch"]["batch"]["id"])
}

/// The whole reply to such a launch.
pub async fn try_launch(
    owner: &Client,
    workspace: &str,
    (source, selection): (&str, Value),
) -> Value {
    let input = json!({
        "workspaceId": workspace, "name": "wombats", "source": source, "selection": selection,
    });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.data(query, json!({ "input": input })).await;
    let input = json!({
        "workspaceId": workspace, "templateId": data["createTemplate"]["template"]["id"],
        "seconds": 2, "seed": 7,
    });
    let query =
        "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
    let data = owner.data(query, json!({ "input": input })).await;
    let input = json!({
        "workspaceId": workspace, "quoteId": data["createQuote"]["quote"]["id"],
        "idempotencyKey": "keyofpotoo",
    });
    let query =
        "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";
    owner.reply(query, json!({ "input": input })).await
}

/// How many of its videos are where.
pub async fn counts(owner: &Client, workspace: &str, batch: &str) -> Value {
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { batch(id: $batch) {
        settledAt counts { delivered failed } } } }";
    let mut data = owner.data(query, json!({ "ws": workspace, "batch": batch })).await;
    data["workspace"]["batch"]["counts"].take()
}

/// Links to every file of a batch, as soon as so many videos were delivered.
pub async fn delivered(owner: &Client, workspace: &str, (batch, many): (&str, i64)) -> Vec<Value> {
    let started = Instant::now();
    while counts(owner, workspace, batch).await["delivered"] != many {
        assert!(started.elapsed() < PATIENCE, "not delivered");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    links(owner, workspace, batch).await
}

/// Links to every file of a batch.
pub async fn links(owner: &Client, workspace: &str, batch: &str) -> Vec<Value> {
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { batch(id: $batch) {
        videos(first: 50, state: DELIVERED) { nodes { id } } } } }";
    let data = owner.data(query, json!({ "ws": workspace, "batch": batch })).await;
    let videos = data["workspace"]["batch"]["videos"]["nodes"].as_array().expect("videos").clone();
    let ids: Vec<&Value> = videos.iter().map(|video| &video["id"]).collect();
    let query = "mutation($ws: ID!, $batch: ID!, $ids: [ID!]!) { createAssetLinks(input: {
        workspaceId: $ws, batchId: $batch, videoIds: $ids }) { links { url posterUrl } } }";
    let asked = json!({ "ws": workspace, "batch": batch, "ids": ids });
    let data = owner.data(query, asked).await;
    data["createAssetLinks"]["links"].as_array().expect("links").clone()
}
