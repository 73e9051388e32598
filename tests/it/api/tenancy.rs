//! What belongs to another workspace is not there: for every id a client can send.

use serde_json::json;

use super::{Cast, fingerprint};
use crate::harness::database::Database;
use crate::harness::server::{Server, code};

crate::harness::both!(ids_of_others_unknown_ids_and_damaged_ids);

/// Each place that takes an id, with `$ID` there; the stranger sends it with their own workspace.
const PLACES: &[(&str, &str)] = &[
    ("tpl", "{ workspace(id: \"$WS\") { template(id: \"$ID\") { name } } }"),
    ("bat", "{ workspace(id: \"$WS\") { batch(id: \"$ID\") { name } } }"),
    ("quo", "{ workspace(id: \"$WS\") { quote(id: \"$ID\") { total } } }"),
    (
        "tpl",
        "mutation { createQuote(input: { workspaceId: \"$WS\", templateId: \"$ID\" }) { quote { id } } }",
    ),
    (
        "quo",
        "mutation { launchBatch(input: { workspaceId: \"$WS\", quoteId: \"$ID\", idempotencyKey: \"k\" }) { batch { id } } }",
    ),
    (
        "bat",
        "mutation { cancelBatch(input: { workspaceId: \"$WS\", batchId: \"$ID\" }) { releasedCredits } }",
    ),
    (
        "bat",
        "mutation { createAssetLinks(input: { workspaceId: \"$WS\", batchId: \"$ID\", videoIds: [] }) { links { url } } }",
    ),
    (
        "bat",
        "mutation { createZipLink(input: { workspaceId: \"$WS\", batchId: \"$ID\" }) { url } }",
    ),
    (
        "bat",
        "mutation { createShareLink(input: { workspaceId: \"$WS\", batchId: \"$ID\" }) { url } }",
    ),
    (
        "bat",
        "mutation { markVideos(input: { workspaceId: \"$WS\", batchId: \"$ID\", videoIds: [\"vid_00000000000000000000000000\"], mark: KEEP }) { batch { id } } }",
    ),
    (
        "tpl",
        "mutation { renameTemplate(input: { workspaceId: \"$WS\", templateId: \"$ID\", name: \"mine\" }) { template { id } } }",
    ),
    (
        "tpl",
        "mutation { archiveTemplate(input: { workspaceId: \"$WS\", templateId: \"$ID\" }) { template { id } } }",
    ),
    (
        "tpl",
        "mutation { saveTemplateVersion(input: { workspaceId: \"$WS\", templateId: \"$ID\", expectedVersion: 1, source: \"a\" }) { template { id } } }",
    ),
    (
        "usr",
        "mutation { setMemberRole(input: { workspaceId: \"$WS\", userId: \"$ID\", role: ADMIN }) { done } }",
    ),
    ("usr", "mutation { removeMember(input: { workspaceId: \"$WS\", userId: \"$ID\" }) { done } }"),
    ("wks", "{ workspace(id: \"$ID\") { name } }"),
    (
        "wks",
        "mutation { updateWorkspace(input: { workspaceId: \"$ID\", name: \"mine\" }) { workspace { id } } }",
    ),
    (
        "wks",
        "mutation { createTemplate(input: { workspaceId: \"$ID\", name: \"x\", source: \"a\" }) { template { id } } }",
    ),
    (
        "wks",
        "mutation { grantCredits(input: { workspaceId: \"$ID\", amount: 1, reason: \"r\", reference: \"mine\" }) { available } }",
    ),
    (
        "wks",
        "mutation { adjustCredits(input: { workspaceId: \"$ID\", delta: 1, reason: \"r\", idempotencyKey: \"mine\" }) { available } }",
    ),
];

async fn ids_of_others_unknown_ids_and_damaged_ids(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let before = fingerprint(&cast.server).await;
    for (kind, query) in PLACES {
        let theirs = match *kind {
            "tpl" => &cast.template,
            "bat" => &cast.batch,
            "quo" => &cast.quote,
            "usr" => &cast.viewer.user,
            _ => &cast.owner.workspace,
        };
        let unknown = format!("{kind}_{}", "0".repeat(26));
        let other_kind = format!("vid_{}", "0".repeat(26));
        let cases = [
            (theirs.as_str(), "NOT_FOUND"),
            (unknown.as_str(), "NOT_FOUND"),
            (other_kind.as_str(), "INVALID_INPUT"),
            ("", "INVALID_INPUT"),
            ("1; DROP TABLE users", "INVALID_INPUT"),
        ];
        for (id, expected) in cases {
            let query = query.replace("$WS", &cast.stranger.workspace).replace("$ID", id);
            let reply = cast.stranger.client.reply(&query, json!({})).await;
            assert_eq!(code(&reply), expected, "{query}\n{reply:#}");
        }
    }
    assert_eq!(fingerprint(&cast.server).await, before);
    // A filter by somebody else's batch shows none of their ledger.
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { wallet { ledger(batchId: $batch) { nodes { amount } } } } }";
    let asked = json!({ "ws": cast.stranger.workspace, "batch": cast.batch });
    let data = cast.stranger.client.data(query, asked).await;
    assert_eq!(data["workspace"]["wallet"]["ledger"]["nodes"], json!([]));
    // Links to somebody else's videos inside one's own batch are left out.
    let own = super::template(&cast.stranger, "A {animal} at {time}").await;
    let quote = super::quote(&cast.stranger, &own).await;
    let batch = super::launch(&cast.stranger, &quote, "mine").await;
    let query = "mutation($input: CreateAssetLinksInput!) { createAssetLinks(input: $input) { links { url } } }";
    let input = json!({ "workspaceId": cast.stranger.workspace, "batchId": batch, "videoIds": cast.videos });
    let data = cast.stranger.client.data(query, json!({ "input": input })).await;
    assert_eq!(data["createAssetLinks"]["links"], json!([]));
}
