//! Marks: all or none, the newest counts, and another's videos cannot be marked.

use serde_json::{Value, json};

use super::work;
use crate::api::Cast;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, text};

crate::harness::both!(marks_are_kept_counted_filtered_and_taken_away);

const MARK: &str = "mutation($input: MarkVideosInput!) { markVideos(input: $input) {
    batch { id marks { kept rejected } } } }";

fn input(workspace: &str, batch: &str, videos: &[String], mark: Value) -> Value {
    json!({ "input": {
        "workspaceId": workspace, "batchId": batch, "videoIds": videos, "mark": mark,
    } })
}

/// Ids of the videos with these marks.
async fn listed(owner: &Founder, batch: &str, filter: &str) -> Vec<String> {
    let query = "query($workspace: ID!, $batch: ID!, $mark: MarkFilter) {
        workspace(id: $workspace) { batch(id: $batch) { videos(mark: $mark) { nodes { id } } } } }";
    let asked = json!({ "workspace": owner.workspace, "batch": batch, "mark": filter });
    let data = owner.client.data(query, asked).await;
    let nodes = data["workspace"]["batch"]["videos"]["nodes"].as_array().expect("videos").clone();
    nodes.iter().map(|node| text(&node["id"])).collect()
}

async fn marks_are_kept_counted_filtered_and_taken_away(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let (owner, videos) = (&cast.owner, &cast.videos);
    let producer = cast.server.member(owner, "producer", "PRODUCER").await;
    let mark = async |who: &Founder, some: &[String], mark: Value| {
        let asked = input(&owner.workspace, &cast.batch, some, mark);
        let data = who.client.data(MARK, asked).await;
        let marks = &data["markVideos"]["batch"]["marks"];
        (marks["kept"].as_i64().expect("kept"), marks["rejected"].as_i64().expect("rejected"))
    };
    assert_eq!(mark(owner, &videos[..4], json!("KEEP")).await, (4, 0));
    let twice = [videos[3].clone(), videos[3].clone(), videos[4].clone()];
    assert_eq!(mark(&producer, &twice, json!("REJECT")).await, (3, 2));
    assert_eq!(listed(owner, &cast.batch, "KEEP").await, videos[..3]);
    assert_eq!(listed(owner, &cast.batch, "REJECT").await, videos[3..5]);
    assert_eq!(listed(owner, &cast.batch, "NONE").await, videos[5..]);
    reviewed(&cast, &producer).await;
    // One that is not of the batch, and nothing is marked.
    let own = work(&cast, "a fox", &[]).await;
    let mixed = [videos[5].clone(), own.videos[0].clone()];
    for (who, workspace, some, wanted) in [
        (owner, &owner.workspace, &mixed[..], "NOT_FOUND"),
        (owner, &owner.workspace, &[], "INVALID_INPUT"),
        (&cast.viewer, &owner.workspace, &videos[..1], "FORBIDDEN"),
        (&cast.stranger, &cast.stranger.workspace, &videos[..1], "NOT_FOUND"),
    ] {
        let asked = input(workspace, &cast.batch, some, json!("KEEP"));
        assert_eq!(who.client.code(MARK, asked).await, wanted);
    }
    assert_eq!(listed(owner, &cast.batch, "KEEP").await, videos[..3]);
    assert_eq!(mark(owner, &videos[..2], Value::Null).await, (1, 2));
    assert_eq!(mark(owner, &videos[..2], Value::Null).await, (1, 2));
}

/// A viewer sees who marked what.
async fn reviewed(cast: &Cast, producer: &Founder) {
    let query = "query($workspace: ID!, $batch: ID!) { workspace(id: $workspace) {
        batches { nodes { marks { kept } selection { takes } } }
        batch(id: $batch) { videos { nodes { review { mark at by { id } } } } } } }";
    let asked = json!({ "workspace": cast.owner.workspace, "batch": cast.batch });
    let data = cast.viewer.client.data(query, asked).await;
    let nodes = &data["workspace"]["batch"]["videos"]["nodes"];
    assert_eq!(nodes[0]["review"]["mark"], "KEEP");
    assert_eq!(nodes[3]["review"]["mark"], "REJECT");
    assert_eq!(nodes[3]["review"]["by"]["id"], json!(producer.user));
    assert_eq!(nodes[5]["review"], Value::Null);
    assert_eq!(data["workspace"]["batches"]["nodes"][0]["marks"]["kept"], 3);
}
