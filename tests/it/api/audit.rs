//! GraphQL over HTTP, judged by others: npm `graphql-http`'s audit, every entry of it.

use serde_json::json;

use crate::harness::database::Database;
use crate::harness::node;
use crate::harness::server::Server;

/// Entries of the audit at the version that is locked.
const ENTRIES: u64 = 61;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_audit_of_graphql_over_http_passes_whole() {
    let server = Server::start(Database::sqlite().await).await;
    let found = node::run("audit.mjs", &[&server.stranger().url("/graphql")]).await;
    println!("graphql-http's audit: {} of {} pass", found["ok"], found["total"]);
    assert_eq!(found, json!({ "total": ENTRIES, "ok": ENTRIES, "rest": [] }), "{found:#}");
}
