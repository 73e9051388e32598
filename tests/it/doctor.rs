//! `reelmill doctor` and `/readyz`: what is missing is named, soon, and with how to get it.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::header::ACCEPT_LANGUAGE;
use serde_json::Value;
use server::cli::doctor;
use server::config::Config;
use server::kernel::clock::Clock;
use server::kernel::secret::Secret;
use tokio::net::TcpListener;

use crate::harness::database::Database;
use crate::harness::server::Server;

crate::harness::both!(a_sound_machine_is_told_line_by_line);

/// What was said, each with when, and whether all was sound.
async fn told(url: &str, change: impl FnOnce(&mut Config)) -> (Vec<(String, Duration)>, bool) {
    let data = tempfile::tempdir().expect("a data folder");
    let mut config = Config::embedded(data.path()).expect("the defaults");
    config.database.url = Some(Secret::new(url.to_owned()));
    change(&mut config);
    let (mut lines, begun) = (Vec::new(), Instant::now());
    let sound =
        doctor::check(&config, &mut |line| lines.push((line.to_owned(), begun.elapsed()))).await;
    (lines, sound)
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
        ("en", "ffprobe does not start on this server; on Debian: apt-get install ffmpeg."),
        ("zh-CN", "服务器上的 ffprobe 无法启动；在 Debian 上可执行 apt-get install ffmpeg。"),
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
