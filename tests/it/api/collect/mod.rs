//! Collecting: archives, shares, marks, and what a form is filled with again.

use entity::ids::{AssetId, BatchId, VideoId, WorkspaceId};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use server::db::dialect::execute_exactly;
use server::db::{Class, Tx};
use server::kernel::ids;
use server::kernel::secret::sha256;

use super::Cast;
use crate::harness::server::text;

mod asks;
mod blocks;
mod marks;
mod shares;
mod trail;
mod writer;
mod zips;

/// A batch of its own, with the ids of its videos in order.
struct Work {
    batch: String,
    videos: Vec<String>,
}

/// Launches `source` over these lists.
async fn work(cast: &Cast, source: &str, lists: &[(&str, &[&str])]) -> Work {
    let owner = &cast.owner;
    // A trial makes one batch at a time, and there is one already.
    let query = "mutation($input: SetPlanInput!) { setPlan(input: $input) { entitlement { concurrency } } }";
    let input = json!({ "workspaceId": owner.workspace, "plan": "pro-1", "reason": "test" });
    cast.operator.client.data(query, json!({ "input": input })).await;
    let lists: Vec<Value> =
        lists.iter().map(|(name, values)| json!({ "name": name, "values": values })).collect();
    let input = json!({
        "workspaceId": owner.workspace, "name": "夏季 / 广告", "source": source,
        "selection": { "lists": lists },
    });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    let template = text(&data["createTemplate"]["template"]["id"]);
    let quote = super::quote(owner, &template).await;
    let batch = super::launch(owner, &quote, &template).await;
    let videos = super::video_ids(owner, &batch).await;
    Work { batch, videos }
}

/// Leaves a delivered video as the line does: objects, an asset, a state.
async fn deliver(cast: &Cast, work: &Work, (place, bytes): (usize, &[u8])) -> AssetId {
    let app = &cast.server.app;
    let folder = tempfile::tempdir().expect("a folder");
    let video = &work.videos[place];
    let keys = (format!("w/b/{video}/1-1.mp4"), format!("w/b/{video}/1-1.jpg"));
    for (key, bytes) in [(&keys.0, bytes), (&keys.1, &b"picture"[..])] {
        let file = folder.path().join("file");
        std::fs::write(&file, bytes).expect("a file");
        app.media.store().put(&file, key).await.expect("stored");
    }
    let now = app.clock.now();
    let id: AssetId = ids::mint(now);
    let video_id = video.parse::<VideoId>().expect("an id");
    let row = entity::asset::ActiveModel {
        id: Set(id),
        video_id: Set(video_id),
        batch_id: Set(work.batch.parse::<BatchId>().expect("an id")),
        workspace_id: Set(cast.owner.workspace.parse::<WorkspaceId>().expect("an id")),
        attempt: Set(1),
        object_key: Set(keys.0),
        poster_key: Set(keys.1),
        bytes: Set(i64::try_from(bytes.len()).expect("small")),
        sha256: Set(sha256(bytes)),
        width: Set(640),
        height: Set(360),
        duration_ms: Set(2_040),
        codec: Set(String::from("h264")),
        created_at: Set(now),
    };
    let row = &row;
    let write = |tx: Tx| async move {
        row.clone().insert(&*tx).await?;
        let sql = "UPDATE batch_items SET state = 'DELIVERED' WHERE id = $1";
        execute_exactly(&*tx, sql, [video_id.into()], 1).await
    };
    app.db.tx::<(), sea_orm::DbErr, _, _>(Class::Interactive, write).await.expect("a row");
    id
}

/// As nobody in particular.
async fn get(cast: &Cast, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client.get(cast.owner.client.url(path)).send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.expect("a body").to_vec())
}

/// The code of a refusal outside GraphQL.
fn refusal(body: &[u8]) -> String {
    let reply: Value = serde_json::from_slice(body).expect("JSON");
    text(&reply["error"]["code"])
}

/// The access log of a file as `KIND actor`, oldest first; ids of actors cut off.
async fn log(cast: &Cast, asset: AssetId) -> Vec<String> {
    let mut rows = entity::access_log::Entity::find()
        .filter(entity::access_log::Column::AssetId.eq(asset))
        .all(cast.server.app.db.reader())
        .await
        .expect("rows");
    rows.sort_by_key(|row| (row.at, row.id));
    let shown = |row: &entity::access_log::Model| {
        let whose = row.actor.split(':').next().unwrap_or_default();
        format!("{} {whose}", row.kind.as_str())
    };
    rows.iter().map(shown).collect()
}
