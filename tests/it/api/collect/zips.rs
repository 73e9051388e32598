//! `/zips/{token}`: opened with an independent reader, compared with the assets, refused when over.

use std::time::Duration;

use serde_json::{Value, json};
use server::kernel::clock::Clock;
use server::kernel::secret::sha256;

use super::{Work, deliver, get, log, refusal, work};
use crate::api::Cast;
use crate::harness::database::Database;
use crate::harness::server::{Founder, Server, text};

crate::harness::both!(
    an_archive_holds_what_was_delivered_and_says_what_it_is,
    what_the_store_lost_is_a_line_of_the_manifest,
    a_link_to_an_archive_ends_and_stays_inside_its_workspace,
    a_reader_that_is_gone_or_stands_still_gives_its_place_back,
);

/// Reads an archive with Python's own reader, which checks every CRC.
const READ: &str = "
import csv, hashlib, io, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    files = [{'name': i.filename, 'sha256': hashlib.sha256(archive.read(i)).hexdigest(),
              'stored': i.compress_type == 0, 'utf8': bool(i.flag_bits & 0x800),
              'ahead': not i.flag_bits & 8, 'year': i.date_time[0]} for i in archive.infolist()]
    text = archive.read('manifest.csv')
    assert text.startswith(b'\\xef\\xbb\\xbf')
    rows = list(csv.DictReader(io.StringIO(text.decode('utf-8-sig'), newline='')))
print(json.dumps({'files': files, 'rows': rows}))
";

pub(super) fn python(script: &str, path: &std::path::Path) -> Value {
    let python = std::env::var("REELMILL_PYTHON")
        .expect("REELMILL_PYTHON must name a Python: `cargo xtask test` sets it");
    let run = std::process::Command::new(python).arg("-c").arg(script).arg(path).output();
    let run = run.expect("Python starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

fn read(bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.zip");
    std::fs::write(&path, bytes).expect("written");
    python(READ, &path)
}

const LINK: &str = "mutation($input: CreateZipLinkInput!) { createZipLink(input: $input) {
    url fileName videos bytes expiresAt } }";

fn input(whose: &Founder, work: &Work, more: Value) -> Value {
    let mut input = json!({ "workspaceId": whose.workspace, "batchId": work.batch });
    for (name, value) in more.as_object().expect("an object") {
        input[name] = value.clone();
    }
    json!({ "input": input })
}

async fn link(whose: &Founder, work: &Work, more: Value) -> Value {
    let mut data = whose.client.data(LINK, input(whose, work, more)).await;
    data["createZipLink"].take()
}

/// Asked for by the viewer of the owner's workspace.
async fn shared_link(cast: &Cast, work: &Work, more: Value) -> Value {
    let mut data = cast.viewer.client.data(LINK, input(&cast.owner, work, more)).await;
    data["createZipLink"].take()
}

async fn fetch(cast: &Cast, link: &Value) -> Value {
    let (status, _, body) = get(cast, &text(&link["url"])).await;
    assert_eq!(status, 200);
    read(&body)
}

fn names(archive: &Value) -> Vec<String> {
    archive["files"].as_array().expect("files").iter().map(|file| text(&file["name"])).collect()
}

/// Four videos whose values are hard on file systems and spreadsheets; the third is not delivered.
async fn studio(database: Database, clock: Clock) -> (Cast, Work) {
    let cast = Cast::new(Server::start_with(database, clock, |_| {}).await).await;
    let lists: &[(&str, &[&str])] =
        &[("风格", &["水墨/工笔", "=HYPERLINK(1)"]), ("场景", &["竹林", "竹林."])];
    let work = work(&cast, "{风格}，{场景}", lists).await;
    (cast, work)
}

async fn an_archive_holds_what_was_delivered_and_says_what_it_is(database: Database) {
    let (cast, work) = studio(database, Clock::system()).await;
    let mut assets = Vec::new();
    let bodies = [vec![1_u8; 70_000], vec![2; 9], vec![], vec![4; 1]];
    for place in [0, 1, 3] {
        assets.push(deliver(&cast, &work, (place, &bodies[place])).await);
    }
    let made = link(&cast.owner, &work, json!({})).await;
    assert_eq!((&made["videos"], &made["bytes"]), (&json!(3), &json!(70_010)));
    assert_eq!(made["fileName"], "夏季 - 广告.zip");
    let url = text(&made["url"]);
    let head = cast.owner.client.http.head(cast.owner.client.url(&url)).send().await;
    assert_eq!(head.expect("an answer").status(), 200);
    let damaged = cast.owner.client.url("/zips/AQ");
    let head = cast.owner.client.http.head(damaged).send().await;
    assert_eq!(head.expect("an answer").status(), 404, "as a fetch would say");
    assert!(log(&cast, assets[0]).await.is_empty(), "nothing was fetched yet");
    let (status, headers, body) = get(&cast, &url).await;
    assert_eq!(
        (status.as_u16(), &headers["content-type"]),
        (200, &"application/zip".parse().expect("a value"))
    );
    let name = headers["content-disposition"].to_str().expect("text");
    assert!(name.starts_with(&format!("attachment; filename=\"reelmill-{}.zip\"", work.batch)));
    assert!(
        name.ends_with("filename*=UTF-8''%E5%A4%8F%E5%AD%A3%20-%20%E5%B9%BF%E5%91%8A.zip"),
        "{name}"
    );
    let archive = read(&body);
    let wanted =
        ["水墨-工笔_竹林.mp4", "水墨-工笔_竹林 (2).mp4", "=HYPERLINK(1)_竹林.mp4", "manifest.csv"];
    assert_eq!(names(&archive), wanted);
    let year = clock_year(&cast);
    for (file, place) in archive["files"].as_array().expect("files").iter().zip([0, 1, 3]) {
        let hex: String = sha256(&bodies[place]).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], json!(hex));
        for flag in ["stored", "utf8", "ahead"] {
            assert_eq!(file[flag], json!(true), "{flag}");
        }
        assert_eq!(file["year"], json!(year));
    }
    lines(&archive, &work);
    for asset in assets {
        assert_eq!(log(&cast, asset).await, ["FETCHED zip"]);
    }
}

fn clock_year(cast: &Cast) -> i64 {
    1970 + cast.server.app.clock.now().0 / 31_556_952_000
}

fn lines(archive: &Value, work: &Work) {
    let rows = archive["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 4, "also what was not delivered");
    for (place, row) in rows.iter().enumerate() {
        assert_eq!(row["index"], json!((place + 1).to_string()));
        assert_eq!(row["video_id"], json!(work.videos[place]));
        assert_eq!(row["problem"], "");
        assert!(!text(&row["seed"]).is_empty());
    }
    assert_eq!((&rows[0]["state"], &rows[0]["cost_credits"]), (&json!("DELIVERED"), &json!("1")));
    assert_eq!(
        (&rows[0]["prompt"], &rows[0]["value:场景"]),
        (&json!("水墨/工笔，竹林"), &json!("竹林"))
    );
    assert_eq!((&rows[0]["seconds"], &rows[0]["bytes"]), (&json!("2.040"), &json!("70000")));
    assert_eq!(rows[0]["sha256"], archive["files"][0]["sha256"]);
    assert_eq!((&rows[2]["state"], &rows[2]["cost_credits"]), (&json!("QUEUED"), &json!("0")));
    assert_eq!((&rows[2]["file"], &rows[2]["sha256"]), (&json!(""), &json!("")));
    assert_eq!(rows[3]["value:风格"], "'=HYPERLINK(1)", "no spreadsheet runs it");
    assert_eq!(rows[3]["file"], "'=HYPERLINK(1)_竹林.mp4");
}

async fn what_the_store_lost_is_a_line_of_the_manifest(database: Database) {
    let (cast, work) = studio(database, Clock::system()).await;
    let mut assets = Vec::new();
    for place in 0..4 {
        assets.push(deliver(&cast, &work, (place, &[7; 500])).await);
    }
    let object = |place: usize| {
        let data = &cast.server.app.config.server.data;
        data.join(format!("objects/w/b/{}/1-1.mp4", work.videos[place]))
    };
    std::fs::remove_file(object(0)).expect("removed");
    std::fs::write(object(1), [8; 500]).expect("changed");
    std::fs::write(object(2), [7; 499]).expect("cut");
    let archive = fetch(&cast, &link(&cast.owner, &work, json!({})).await).await;
    assert_eq!(names(&archive), ["=HYPERLINK(1)_竹林.mp4", "manifest.csv"]);
    let problem = |place: usize| {
        let text = text(&archive["rows"][place]["problem"]);
        text.split(':').next().unwrap_or_default().to_owned()
    };
    let found: Vec<String> = (0..4).map(problem).collect();
    assert_eq!(found, ["FILE_MISSING", "FILE_DAMAGED", "FILE_DAMAGED", ""]);
    assert!(log(&cast, assets[0]).await.is_empty(), "what was not sent was not fetched");
    assert_eq!(log(&cast, assets[3]).await, ["FETCHED zip"]);
}

async fn a_link_to_an_archive_ends_and_stays_inside_its_workspace(database: Database) {
    let clock = Clock::manual(Clock::system().now());
    let (cast, work) = studio(database, clock.clone()).await;
    let code = async |whose: &Founder, more: Value| {
        whose.client.code(LINK, input(whose, &work, more)).await
    };
    assert_eq!(code(&cast.owner, json!({})).await, "NOTHING_DELIVERED");
    let first = deliver(&cast, &work, (0, b"one")).await;
    deliver(&cast, &work, (1, b"two")).await;
    assert_eq!(code(&cast.stranger, json!({})).await, "NOT_FOUND");
    for (more, wanted) in [
        (json!({ "videoIds": [] }), "INVALID_INPUT"),
        (json!({ "videoIds": [work.videos[2]] }), "NOTHING_DELIVERED"),
        (json!({ "videoIds": [work.videos[0], cast.videos[0]] }), "NOT_FOUND"),
        (json!({ "keptOnly": true }), "NOTHING_DELIVERED"),
        (json!({ "ttlS": 0 }), "INVALID_INPUT"),
        (json!({ "ttlS": 86_401 }), "INVALID_INPUT"),
    ] {
        assert_eq!(code(&cast.owner, more.clone()).await, wanted, "{more}");
    }
    // A viewer gets files but sees no prices.
    let some = json!({ "videoIds": [work.videos[1], work.videos[1]], "ttlS": 60 });
    let made = shared_link(&cast, &work, some).await;
    let archive = fetch(&cast, &made).await;
    assert_eq!(names(&archive), ["水墨-工笔_竹林.mp4", "manifest.csv"]);
    assert_eq!(archive["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(archive["rows"][0]["cost_credits"], "");
    let whole = link(&cast.owner, &work, json!({ "ttlS": 60 })).await;
    let url = text(&whole["url"]);
    clock.advance_ms(60_000);
    let (status, headers, body) = get(&cast, &url).await;
    assert_eq!((status.as_u16(), refusal(&body).as_str()), (410, "LINK_EXPIRED"));
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(log(&cast, first).await, ["REFUSED zip"]);
    let damaged = format!("{}A", &url[..url.len() - 1]);
    for path in [damaged.as_str(), "/zips/x"] {
        let (status, _, body) = get(&cast, path).await;
        assert!(status == 404 && refusal(&body) == "NOT_FOUND" || damaged == url, "{path}");
    }
}

async fn a_reader_that_is_gone_or_stands_still_gives_its_place_back(database: Database) {
    let settings = |config: &mut server::config::Config| {
        (config.media.zips_per_workspace, config.media.zip_stall_s) = (1, 3);
    };
    let server = Server::start_with(database, Clock::system(), settings).await;
    let cast = Cast::new(server).await;
    let work = work(&cast, "a fox", &[]).await;
    // More than sockets and queues hold between them.
    deliver(&cast, &work, (0, &vec![9; 24 << 20])).await;
    let url = text(&link(&cast.owner, &work, json!({})).await["url"]);
    let open = async || {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        client.get(cast.owner.client.url(&url)).send().await.expect("an answer")
    };
    let mut first = open().await;
    first.chunk().await.expect("a piece").expect("some");
    let second = open().await;
    assert_eq!(second.status(), 429);
    let body = second.bytes().await.expect("a body");
    assert_eq!(refusal(&body), "ARCHIVE_LIMIT");
    drop(first);
    let still = free(&open).await;
    // It takes nothing for longer than it may: its place is free, and its archive no whole one.
    let mut next = free(&open).await;
    while next.chunk().await.expect("a whole archive").is_some() {}
    assert!(still.bytes().await.is_err(), "half an archive must not look like a whole one");
}

/// Tries until there is a place.
async fn free(open: &impl AsyncFn() -> reqwest::Response) -> reqwest::Response {
    for _ in 0..200 {
        let answer = open().await;
        if answer.status() == 200 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no place was given back");
}
