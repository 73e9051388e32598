//! The API as a client sees it: a whole server on a free port, nothing but HTTP and WebSocket, on
//! both databases.
//!
//! On SQLite alone: `audit` and `schema`, which read and write nothing, and the one test of `edge`
//! that holds the only writer.

use serde_json::{Value, json};

use crate::harness::server::{Founder, Server, text};

mod accounts;
mod audit;
mod collect;
mod control;
mod edge;
mod events;
mod files;
mod inputs;
mod limits;
mod loaders;
mod progress;
mod rates;
mod roots;
mod schema;
mod sharing;
mod sockets;
mod statements;
mod tenancy;
mod words;

/// A workspace with members of every kind, and a batch in it.
struct Cast {
    server: Server,
    owner: Founder,
    viewer: Founder,
    stranger: Founder,
    operator: Founder,
    template: String,
    quote: String,
    batch: String,
    videos: Vec<String>,
}

impl Cast {
    async fn new(server: Server) -> Self {
        let owner = server.founder("owner").await;
        let viewer = server.member(&owner, "viewer", "VIEWER").await;
        let stranger = server.founder("stranger").await;
        let operator = server.operator("operator").await;
        let template = template(&owner, "A {animal} at {time}").await;
        let quote = quote(&owner, &template).await;
        let batch = launch(&owner, &quote, "first").await;
        let videos = video_ids(&owner, &batch).await;
        Self { server, owner, viewer, stranger, operator, template, quote, batch, videos }
    }
}

/// Two variables, 2 × 3 values.
fn selection() -> Value {
    json!({ "lists": [
        { "name": "animal", "values": ["fox", "crane"] },
        { "name": "time", "values": ["dawn", "noon", "dusk"] },
    ] })
}

async fn template(owner: &Founder, source: &str) -> String {
    let input = json!({
        "workspaceId": owner.workspace, "name": "Animals", "source": source,
        "selection": selection(),
    });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["createTemplate"]["template"]["id"])
}

async fn quote(owner: &Founder, template: &str) -> String {
    let input = json!({ "workspaceId": owner.workspace, "templateId": template });
    let query =
        "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["createQuote"]["quote"]["id"])
}

async fn launch(owner: &Founder, quote: &str, key: &str) -> String {
    let input = json!({ "workspaceId": owner.workspace, "quoteId": quote, "idempotencyKey": key });
    let query =
        "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["launchBatch"]["batch"]["id"])
}

async fn video_ids(owner: &Founder, batch: &str) -> Vec<String> {
    let query =
        "query($workspace: ID!, $batch: ID!) { workspace(id: $workspace) { batch(id: $batch) {
        videos(first: 200) { nodes { id } } } } }";
    let asked = json!({ "workspace": owner.workspace, "batch": batch });
    let data = owner.client.data(query, asked).await;
    let nodes = data["workspace"]["batch"]["videos"]["nodes"].as_array().expect("videos").clone();
    nodes.iter().map(|node| text(&node["id"])).collect()
}

/// Row counts of every table and the values that a write could change without adding a row.
async fn fingerprint(server: &Server) -> Vec<String> {
    use sea_orm::ConnectionTrait as _;
    let sums = [
        "SELECT count(*) AS n FROM users",
        "SELECT count(*) AS n FROM sessions WHERE revoked_at IS NULL",
        "SELECT count(*) AS n FROM one_time_links WHERE used_at IS NULL",
        "SELECT count(*) AS n FROM memberships WHERE role = 'VIEWER'",
        "SELECT count(*) AS n FROM memberships",
        "SELECT count(*) AS n FROM workspaces WHERE name = 'owner' AND plan = 'trial'",
        "SELECT count(*) AS n FROM templates WHERE archived_at IS NULL AND name = 'Animals'",
        "SELECT count(*) AS n FROM template_versions",
        "SELECT count(*) AS n FROM quotes",
        "SELECT CAST(COALESCE(sum(rev), 0) AS BIGINT) AS n FROM batch_jobs",
        "SELECT count(*) AS n FROM batch_items WHERE state = 'QUEUED'",
        "SELECT CAST(COALESCE(sum(wseq), 0) AS BIGINT) AS n FROM credit_wallet",
        "SELECT count(*) AS n FROM credit_ledger",
        "SELECT count(*) AS n FROM outbox",
        "SELECT count(*) AS n FROM idempotency_keys",
        "SELECT count(*) AS n FROM audit_log",
        "SELECT count(*) AS n FROM video_external_access_log",
        "SELECT count(*) AS n FROM video_marks",
        "SELECT count(*) AS n FROM zip_orders",
        "SELECT count(*) AS n FROM share_links WHERE revoked_at IS NULL",
    ];
    let connection = server.app.db.reader();
    let mut found = Vec::new();
    for sql in sums {
        let asked = server::db::dialect::statement(connection, sql, []);
        let row = connection.query_one_raw(asked).await.expect("an answer").expect("a row");
        found.push(format!("{sql}: {}", row.try_get::<i64>("", "n").expect("a number")));
    }
    found
}
