//! `/files/{token}`: whole, in parts, known already, expired, damaged; each use written down.

use entity::ids::{AssetId, BatchId, VideoId, WorkspaceId};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RANGE};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use server::db::Class;
use server::kernel::clock::Clock;
use server::kernel::ids;
use server::kernel::secret::sha256;

use super::Cast;
use crate::harness::database::Database;
use crate::harness::server::{Server, text};

crate::harness::both!(links_lead_to_files_until_they_end);

const BYTES: &[u8] = b"0123456789abcdefghij";

/// A delivered file for the first video, as the line leaves one.
async fn deliver(cast: &Cast) -> AssetId {
    let app = &cast.server.app;
    let folder = tempfile::tempdir().expect("a folder");
    let keys = ("w/b/v/1-1.mp4", "w/b/v/1-1.jpg");
    for (key, bytes) in [(keys.0, BYTES), (keys.1, &b"picture"[..])] {
        let file = folder.path().join("file");
        std::fs::write(&file, bytes).expect("a file");
        app.media.store().put(&file, key).await.expect("stored");
    }
    let now = app.clock.now();
    let id: AssetId = ids::mint(now);
    let row = entity::asset::ActiveModel {
        id: Set(id),
        video_id: Set(cast.videos[0].parse::<VideoId>().expect("an id")),
        batch_id: Set(cast.batch.parse::<BatchId>().expect("an id")),
        workspace_id: Set(cast.owner.workspace.parse::<WorkspaceId>().expect("an id")),
        attempt: Set(1),
        object_key: Set(keys.0.to_owned()),
        poster_key: Set(keys.1.to_owned()),
        bytes: Set(20),
        sha256: Set(sha256(BYTES)),
        width: Set(640),
        height: Set(360),
        duration_ms: Set(2_000),
        codec: Set(String::from("h264")),
        created_at: Set(now),
    };
    let row = &row;
    let work = |tx: server::db::Tx| async move { row.clone().insert(&*tx).await.map(|_| ()) };
    app.db.tx::<(), sea_orm::DbErr, _, _>(Class::Interactive, work).await.expect("a row");
    id
}

async fn links(cast: &Cast, ttl_s: Value) -> Value {
    let query = "mutation($input: CreateAssetLinksInput!) { createAssetLinks(input: $input) {
        links { videoId assetId url posterUrl expiresAt } } }";
    let input = json!({
        "workspaceId": cast.owner.workspace, "batchId": cast.batch, "videoIds": cast.videos,
        "ttlS": ttl_s,
    });
    // A viewer may: files are what viewers are for.
    let mut data = cast.viewer.client.data(query, json!({ "input": input })).await;
    data["createAssetLinks"]["links"].take()
}

async fn get(
    cast: &Cast,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    // Nobody in particular: the link is the whole permission.
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client.get(cast.owner.client.url(path));
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.bytes().await.expect("a body").to_vec())
}

/// Kinds and byte ranges of the access log, oldest first.
async fn log(cast: &Cast, asset: AssetId) -> Vec<String> {
    let rows = entity::access_log::Entity::find()
        .filter(entity::access_log::Column::AssetId.eq(asset))
        .all(cast.server.app.db.reader())
        .await
        .expect("rows");
    let mut rows = rows;
    rows.sort_by_key(|row| (row.at, row.id));
    let shown = |row: &entity::access_log::Model| match &row.byte_range {
        Some(range) => format!("{} {range}", row.kind.as_str()),
        None => row.kind.as_str().to_owned(),
    };
    rows.iter().map(shown).collect()
}

async fn links_lead_to_files_until_they_end(database: Database) {
    let clock = Clock::manual(Clock::system().now());
    let cast = Cast::new(Server::start_with(database, clock.clone(), |_| {}).await).await;
    let asset = deliver(&cast).await;
    let made = links(&cast, json!(60)).await;
    assert_eq!(made.as_array().map(Vec::len), Some(1), "videos without a file are left out");
    clock.advance_ms(1);
    let (url, poster) = (text(&made[0]["url"]), text(&made[0]["posterUrl"]));
    assert_eq!(made[0]["videoId"], json!(cast.videos[0]));
    whole_and_parts(&cast, &url, asset).await;
    clock.advance_ms(1);
    let (status, headers, body) = get(&cast, &poster, &[]).await;
    assert_eq!((status, body.as_slice()), (StatusCode::OK, &b"picture"[..]));
    assert_eq!(headers["content-type"], "image/jpeg");
    refusals(&cast, &url).await;
    clock.advance_ms(60_000);
    let (status, headers, body) = get(&cast, &url, &[]).await;
    assert_eq!(status, StatusCode::GONE);
    assert_eq!(headers["cache-control"], "no-store");
    let reply: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(reply["error"]["code"], "LINK_EXPIRED");
    let log = log(&cast, asset).await;
    assert_eq!(log[0], "LINK_ISSUED");
    assert!(log.contains(&String::from("FETCHED bytes=5-9")), "{log:?}");
    assert_eq!(log.last().map(String::as_str), Some("REFUSED"));
}

async fn whole_and_parts(cast: &Cast, url: &str, asset: AssetId) {
    let (status, headers, body) = get(cast, url, &[]).await;
    assert_eq!((status, body.as_slice()), (StatusCode::OK, BYTES));
    let header = |headers: &HeaderMap, name: &str| headers[name].to_str().expect("text").to_owned();
    assert_eq!(header(&headers, "content-type"), "video/mp4");
    assert_eq!(header(&headers, "content-length"), "20");
    assert_eq!(header(&headers, "accept-ranges"), "bytes");
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert!(header(&headers, "cache-control").starts_with("private"));
    let name = format!("inline; filename=\"reelmill-{asset}.mp4\"");
    assert_eq!(header(&headers, "content-disposition"), name);
    let digest: String = sha256(BYTES).iter().map(|byte| format!("{byte:02x}")).collect();
    let etag = header(&headers, "etag");
    assert_eq!(etag, format!("\"{digest}\""));
    let (_, headers, _) = get(cast, &format!("{url}?download"), &[]).await;
    assert!(header(&headers, "content-disposition").starts_with("attachment;"));
    for (range, expected, part) in [
        ("bytes=5-9", "bytes 5-9/20", &BYTES[5..10]),
        ("bytes=0-", "bytes 0-19/20", BYTES),
        ("bytes=-4", "bytes 16-19/20", &BYTES[16..]),
        ("bytes=18-99", "bytes 18-19/20", &BYTES[18..]),
    ] {
        let (status, headers, body) = get(cast, url, &[("range", range)]).await;
        assert_eq!((status, body.as_slice()), (StatusCode::PARTIAL_CONTENT, part), "{range}");
        assert_eq!(header(&headers, "content-range"), expected);
        assert_eq!(header(&headers, "content-length"), part.len().to_string());
    }
    let (status, headers, body) = get(cast, url, &[("range", "bytes=20-")]).await;
    assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(header(&headers, "content-range"), "bytes */20");
    let reply: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(
        (&reply["error"]["code"], &reply["error"]["bytes"]),
        (&json!("RANGE_INVALID"), &json!(20))
    );
    let (status, _, body) = get(cast, url, &[("if-none-match", &etag)]).await;
    assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
    let client = &cast.owner.client;
    let head = client.http.head(client.url(url)).header(RANGE, "bytes=5-9");
    let answer = head.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(answer.headers()["content-length"], "5");
}

async fn refusals(cast: &Cast, url: &str) {
    let mut damaged = url.to_owned();
    let last = if damaged.ends_with('A') { 'B' } else { 'A' };
    damaged.pop();
    damaged.pop();
    damaged.push(last);
    damaged.push(last);
    for path in [damaged.as_str(), "/files/x", "/files/..%2f..%2fsecret.key"] {
        let (status, _, body) = get(cast, path, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        let reply: Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(reply["error"]["code"], "NOT_FOUND");
    }
    for ttl in [0, -1, 86_401] {
        let query = "mutation($input: CreateAssetLinksInput!) { createAssetLinks(input: $input) { links { url } } }";
        let input = json!({
            "workspaceId": cast.owner.workspace, "batchId": cast.batch, "videoIds": [], "ttlS": ttl,
        });
        assert_eq!(cast.owner.client.code(query, json!({ "input": input })).await, "INVALID_INPUT");
    }
}
