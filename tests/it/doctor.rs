//! `reelmill doctor` and `/readyz`: what is missing is named, soon, and with how to get it.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use entity::enums::{LotSource, Mode};
use entity::values::{Credits, UnixMs};
use reqwest::StatusCode;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::Value;
use server::cli::doctor::{self, Limits};
use server::config::Config;
use server::db::audit::{self, Deed};
use server::db::{Class, Tx};
use server::domain::wallet::{self, Grant};
use server::kernel::clock::Clock;
use server::kernel::secret::Secret;
use tokio::net::TcpListener;

use crate::harness::database::Database;
use crate::harness::server::Server;
use crate::wallet::stage;

crate::harness::both!(a_sound_machine_is_told_line_by_line, a_clock_that_is_wrong_is_named);

/// What was said, each with when, and whether all was sound.
async fn told(url: &str, change: impl FnOnce(&mut Config)) -> (Vec<(String, Duration)>, bool) {
    told_within(Limits::default(), url, change).await
}

async fn told_within(
    limits: Limits,
    url: &str,
    change: impl FnOnce(&mut Config),
) -> (Vec<(String, Duration)>, bool) {
    let data = tempfile::tempdir().expect("a data folder");
    let mut config = Config::embedded(data.path()).expect("the defaults");
    config.database.url = Some(Secret::new(url.to_owned()));
    change(&mut config);
    let (mut lines, begun) = (Vec::new(), Instant::now());
    let sound =
        doctor::check(&config, limits, &mut |line| lines.push((line.to_owned(), begun.elapsed())))
            .await;
    (lines, sound)
}

/// The one line that names a fault.
fn fault(lines: &[(String, Duration)]) -> &str {
    let faults: Vec<_> = lines.iter().filter(|(line, _)| line.starts_with("MISSING")).collect();
    assert_eq!(faults.len(), 1, "{lines:?}");
    &faults[0].0
}

async fn a_sound_machine_is_told_line_by_line(database: Database) {
    let (lines, sound) = told(&database.url, |_| {}).await;
    let lines: Vec<&str> = lines.iter().map(|(line, _)| line.as_str()).collect();
    assert!(sound, "{lines:?}");
    let names = ["ffmpeg", "ffprobe", "fonts", "data folder", "disk", "database", "clock"];
    assert_eq!(lines.len(), names.len(), "{lines:?}");
    for (line, name) in lines.iter().zip(names) {
        assert!(line.starts_with(&format!("ok       {name}: ")), "{line}");
    }
    let compared = lines[6].contains("differs from the database's by");
    assert_eq!(compared, !database.url.starts_with("sqlite:"), "{}", lines[6]);
}

/// PostgreSQL has a clock of its own; SQLite has records, which a clock that went back precedes.
async fn a_clock_that_is_wrong_is_named(database: Database) {
    if !database.url.starts_with("sqlite:") {
        let strict = Limits { skew_ms: -1, ..Limits::default() };
        let (lines, sound) = told_within(strict, &database.url, |_| {}).await;
        assert!(!sound);
        let line = fault(&lines);
        assert!(line.starts_with("MISSING  clock: it differs from the database's by "), "{line}");
        return;
    }
    let (lines, _) = told(&database.url, |_| {}).await;
    assert!(lines[6].0.ends_with("there is no record yet to compare it with"), "{lines:?}");
    let hour = 3_600_000;
    record_at(&database, Clock::system().now().plus_ms(-hour)).await;
    let (lines, sound) = told(&database.url, |_| {}).await;
    assert!(sound && lines[6].0.contains("not before the newest record, of 20"), "{lines:?}");
    record_at(&database, Clock::system().now().plus_ms(hour)).await;
    let (lines, sound) = told(&database.url, |_| {}).await;
    assert!(!sound);
    let line = fault(&lines);
    assert!(line.starts_with("MISSING  clock: it went back: it is 359"), "{line}");
    let lenient = Limits { skew_ms: hour, ..Limits::default() };
    assert!(told_within(lenient, &database.url, |_| {}).await.1, "within the limit");

    // The ledger tells it too, whatever the audit log says.
    let booked = Database::sqlite().await;
    let workspace = stage::workspace(&booked.db).await;
    let purse = stage::purse(&booked.db, workspace, Mode::Live).await;
    let later = Clock::system().now().plus_ms(2 * hour);
    let work = |tx: Tx| async move {
        let grant = Grant {
            wallet_id: purse.wallet_id,
            source: LotSource::Purchase,
            source_ref: "r",
            amount: Credits(1),
            expires_at: None,
            actor: "system",
            reason: "r",
        };
        wallet::grant_in_tx(&tx, &grant, later).await
    };
    booked.db.tx(Class::Money, work).await.expect("a grant");
    record_at(&booked, Clock::system().now().plus_ms(-hour)).await;
    let (lines, _) = told(&booked.url, |_| {}).await;
    assert!(fault(&lines).contains("clock: it went back: it is 719"), "{lines:?}");
}

async fn record_at(database: &Database, at: UnixMs) {
    let work = |tx: Tx| async move {
        let deed = Deed {
            workspace_id: None,
            actor: "cli",
            action: "test",
            subject: String::from("s"),
            detail: serde_json::json!({}),
            request_id: "r",
        };
        audit::record_in_tx(&tx, at, deed).await
    };
    database.db.tx::<_, sea_orm::DbErr, _, _>(Class::Interactive, work).await.expect("a record");
}

#[tokio::test]
async fn what_the_machine_lacks_is_named_line_by_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, font) = (folder.path().join("file"), folder.path().join("font.ttf"));
    std::fs::write(&file, "not a folder").expect("a file");
    let url = format!("sqlite://{}/reelmill.db", folder.path().display());

    let (lines, sound) = told(&url, |config| config.tools.fonts = vec![font.clone()]).await;
    assert!(!sound && fault(&lines).starts_with("MISSING  fonts: "), "{lines:?}");
    assert!(fault(&lines).contains("font.ttf"), "{lines:?}");
    std::fs::write(&font, "no font").expect("a file");
    let (lines, sound) = told(&url, |config| config.tools.fonts = vec![font.clone()]).await;
    assert!(!sound && fault(&lines).starts_with("MISSING  fonts: "), "{lines:?}");

    let (lines, sound) = told(&url, |config| config.server.data = file.clone()).await;
    assert!(!sound);
    let line = fault(&lines);
    let expected = format!("MISSING  data folder: {} cannot be written: ", file.display());
    assert!(line.starts_with(&expected), "{line}");

    let greedy = Limits { free_bytes: u64::MAX, ..Limits::default() };
    let (lines, sound) = told_within(greedy, &url, |_| {}).await;
    assert!(!sound);
    let line = fault(&lines);
    assert!(line.starts_with("MISSING  disk: ") && line.contains(" MiB free; at least "), "{line}");
}

/// Debian's has it; a build of the LGPL alone does not.
#[tokio::test]
async fn an_ffmpeg_without_the_encoder_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("ffmpeg");
    let stand_in = |encoder: &str| {
        let words = format!(
            "#!/bin/sh\ncase $1 in\n-version) echo ffmpeg version 0 ;;\n\
             -encoders) echo ' V....D {encoder}  for libx264 files' ;;\nesac\n"
        );
        std::fs::write(&program, words).expect("a program");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&program, mode).expect("it can be run");
    };
    let ask = async || {
        told("sqlite:", |config| {
            config.database.url = None;
            config.tools.ffmpeg = program.clone();
        })
        .await
    };
    stand_in("libx264rgb");
    let (lines, sound) = ask().await;
    assert!(!sound);
    let line = fault(&lines);
    let expected = format!("MISSING  ffmpeg: {} was built without libx264; ", program.display());
    assert!(line.starts_with(&expected), "{line}");
    assert!(line.ends_with("on Debian: apt-get install ffmpeg"), "{line}");
    stand_in("libx264");
    let (lines, sound) = ask().await;
    assert!(sound && lines[0].0 == "ok       ffmpeg: ffmpeg version 0", "{lines:?}");
}

#[tokio::test]
async fn a_database_out_of_reach_is_named_soon_and_after_everything_else() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let url = format!("postgres://app:hunter2@{address}/reelmill");
    // It takes connections and never says a word; then it is gone.
    let (silent, sound) = told(&url, |_| {}).await;
    assert!(!sound);
    drop(listener);
    let (refused, sound) = told(&url, |_| {}).await;
    assert!(!sound);
    for (lines, cause) in [(&silent, "no answer in 3 s"), (&refused, "Connection refused")] {
        let (last, at) = lines.last().expect("lines");
        assert!(last.starts_with("MISSING  database: ") && last.contains(cause), "{last}");
        assert!(!last.contains("hunter2"));
        assert!(*at < Duration::from_secs(10), "{at:?}");
        assert_eq!(lines.len(), 6);
    }
    let (said, last) = (silent[4].1, silent[5].1);
    assert!(last - said > Duration::from_secs(2), "the others were told first: {said:?} {last:?}");
}

#[tokio::test]
async fn a_missing_program_is_named_with_how_to_get_it() {
    let (lines, sound) = told("sqlite:", |config| {
        config.database.url = None;
        config.tools.ffprobe = "/nowhere/ffprobe".into();
    })
    .await;
    assert!(!sound);
    let line = &lines[1].0;
    assert!(line.starts_with("MISSING  ffprobe: /nowhere/ffprobe does not start"), "{line}");
    assert!(line.ends_with("on Debian: apt-get install ffmpeg"), "{line}");
}

#[tokio::test]
async fn a_node_without_its_programs_is_not_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("ffprobe");
    let path = program.clone();
    let database = Database::sqlite().await;
    let server = Server::start_with(database, Clock::system(), move |config| {
        config.tools.ffprobe = path;
    })
    .await;
    let client = server.stranger();
    let ready = async |language: &str| {
        let get = client.http.get(client.url("/readyz")).header(ACCEPT_LANGUAGE, language);
        get.send().await.expect("an answer")
    };
    for (language, words) in [
        ("en", "ffprobe cannot be used on this server; on Debian: apt-get install ffmpeg."),
        ("zh-CN", "服务器上的 ffprobe 无法使用；在 Debian 上可执行 apt-get install ffmpeg。"),
    ] {
        let answer = ready(language).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let reply: Value = answer.json().await.expect("JSON");
        assert_eq!(reply["error"]["code"], "TOOL_MISSING");
        assert_eq!(reply["error"]["tool"], "ffprobe");
        assert_eq!(reply["error"]["message"], words);
    }
    let alive = client.http.get(client.url("/healthz")).send().await.expect("an answer");
    assert_eq!(alive.status(), StatusCode::OK);
    // Installed meanwhile: no restart is needed.
    std::fs::write(&program, "#!/bin/sh\necho ffprobe version 0\n").expect("a program");
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("it can be run");
    let begun = Instant::now();
    while ready("en").await.status() != StatusCode::OK {
        assert!(begun.elapsed() < Duration::from_secs(20), "it is there");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
