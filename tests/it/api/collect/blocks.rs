//! Videos by columns: the same as by pages, in order, each once.

use serde_json::{Value, json};

use crate::api::{Cast, video_ids};
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server};

crate::harness::both!(blocks_hold_what_pages_hold);

const BLOCKS: &str = "query($workspace: ID!, $batch: ID!, $first: Int, $after: Int) {
    workspace(id: $workspace) { batch(id: $batch) { videoBlocks(first: $first, after: $after) {
        ids ordinals states revs marks names texts values } } } }";

async fn blocks(who: &Founder, batch: &str, more: Value) -> Value {
    let mut asked = json!({ "workspace": who.workspace, "batch": batch });
    for (name, value) in more.as_object().expect("an object") {
        asked[name] = value.clone();
    }
    who.client.data(BLOCKS, asked).await["workspace"]["batch"]["videoBlocks"].take()
}

async fn blocks_hold_what_pages_hold(database: Database) {
    let cast = Cast::new(Server::start(database).await).await;
    let owner = &cast.owner;
    let mark = "mutation($input: MarkVideosInput!) { markVideos(input: $input) { batch { id } } }";
    let input = json!({ "workspaceId": owner.workspace, "batchId": cast.batch,
        "videoIds": [cast.videos[1]], "mark": "KEEP" });
    owner.client.data(mark, json!({ "input": input })).await;
    let all = blocks(owner, &cast.batch, json!({})).await;
    assert_eq!(all.as_array().expect("blocks").len(), 1);
    let block = &all[0];
    assert_eq!(block["ids"], json!(video_ids(owner, &cast.batch).await));
    assert_eq!(block["ordinals"], json!([0, 1, 2, 3, 4, 5]));
    assert_eq!(block["states"], json!(vec!["QUEUED"; 6]));
    assert_eq!(block["marks"], json!([null, "KEEP", null, null, null, null]));
    assert_eq!(block["names"], json!(["animal", "time"]));
    let read = |place: usize| {
        let text =
            |at: usize| &block["texts"][block["values"][at].as_u64().expect("a place") as usize];
        (text(place * 2).clone(), text(place * 2 + 1).clone())
    };
    assert_eq!(read(0), (json!("fox"), json!("dawn")));
    assert_eq!(read(5), (json!("crane"), json!("dusk")));
    assert_eq!(block["texts"].as_array().expect("texts").len(), 5, "each once");
    let rest = blocks(owner, &cast.batch, json!({ "after": 3 })).await;
    assert_eq!(rest[0]["ordinals"], json!([4, 5]));
    assert_eq!(blocks(owner, &cast.batch, json!({ "after": 5 })).await, json!([]));
    for (more, wanted) in [
        (json!({ "first": 11 }), "INVALID_INPUT"),
        (json!({ "first": 0 }), "INVALID_INPUT"),
        (json!({ "after": -1 }), "INVALID_INPUT"),
        (json!({}), "NOT_FOUND"),
    ] {
        let who = if wanted == "NOT_FOUND" { &cast.stranger } else { owner };
        let mut asked = json!({ "workspace": who.workspace, "batch": cast.batch });
        for (name, value) in more.as_object().expect("an object") {
            asked[name] = value.clone();
        }
        assert_eq!(who.client.code(BLOCKS, asked).await, wanted, "{more}");
    }
    one_video(&cast).await;
}

/// A video by its own id, for whoever reads its batch.
async fn one_video(cast: &Cast) {
    let query = "query($workspace: ID!, $video: ID!) { workspace(id: $workspace) {
        video(id: $video) { ordinal prompt values { name value } } } }";
    let ask = |whose: &Founder| json!({ "workspace": whose.workspace, "video": cast.videos[5] });
    let mine = json!({ "workspace": cast.owner.workspace, "video": cast.videos[5] });
    let data = cast.viewer.client.data(query, mine).await;
    assert_eq!(data["workspace"]["video"]["prompt"], "A crane at dusk");
    assert_eq!(cast.stranger.client.code(query, ask(&cast.stranger)).await, "NOT_FOUND");
}
