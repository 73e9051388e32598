//! A plan that asks for a mark gets one, whoever makes the video: a provider on the network draws
//! none, so it is drawn when the file comes in.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::harness::database::Database;
use crate::harness::far_away;
use crate::harness::program::{self, Program};
use crate::harness::server::{Client, PASSWORD, code, text};

crate::harness::both!(
    a_video_made_elsewhere_carries_the_mark_of_its_plan,
    a_trial_buys_nothing_and_its_video_is_marked,
    a_trial_is_refused_where_only_bought_videos_are_made,
);

/// A part of a frame of 640 × 360, as ffmpeg's crop has it.
const UPPER_RIGHT: &str = "crop=200:30:430:8";
const LOWER_LEFT: &str = "crop=320:160:0:200";

async fn a_video_made_elsewhere_carries_the_mark_of_its_plan(database: Database) {
    let data = tempfile::tempdir().expect("a folder");
    let provider = program::scripted_provider(data.path());
    far_away::settings(data.path(), provider.address);
    let program = Program::new(data.path(), &database.url);
    let server = program.serve();
    let nobody = Client::at(server.address);
    let (trial, marked) = far_away::sign_up(&nobody, "trial@example.com", PASSWORD).await;
    let (pro, plain) = far_away::sign_up(&nobody, "pro@example.com", PASSWORD).await;
    program.run(&["workspace", "plan", &plain, "pro-1", "--reason", "a test"], "");
    let marked = fetch(&trial, &marked, &data.path().join("marked")).await;
    let plain = fetch(&pro, &plain, &data.path().join("plain")).await;
    server.stop();

    for (one, other) in [(&marked.0, &plain.0), (&marked.1, &plain.1)] {
        let (here, there) =
            (difference(one, other, UPPER_RIGHT), difference(one, other, LOWER_LEFT));
        assert!(here > 10.0, "the mark is seen: {here} in {}", one.display());
        assert!(there < 3.0, "and only there: {there} in {}", one.display());
    }
    assert_eq!(packets(&marked.0), packets(&plain.0), "every frame is there");
}

/// A provider that costs something comes first; it makes what is paid for and nothing else.
async fn a_trial_buys_nothing_and_its_video_is_marked(database: Database) {
    let data = tempfile::tempdir().expect("a folder");
    let provider = program::scripted_provider(data.path());
    far_away::settings_with_plans(data.path(), provider.address, true);
    let program = Program::new(data.path(), &database.url);
    let server = program.serve();
    let nobody = Client::at(server.address);
    let submitted = || {
        let book = std::fs::read_to_string(data.path().join("book")).expect("the book");
        book.lines().filter(|line| line.contains("submit")).count()
    };
    let (trial, marked) = far_away::sign_up(&nobody, "trial@example.com", PASSWORD).await;
    let marked = fetch(&trial, &marked, &data.path().join("marked")).await;
    assert_eq!(submitted(), 0, "nothing is bought for whoever pays nothing");
    let (pro, bought) = far_away::sign_up(&nobody, "pro@example.com", PASSWORD).await;
    program.run(&["workspace", "plan", &bought, "pro-1", "--reason", "a test"], "");
    fetch(&pro, &bought, &data.path().join("bought")).await;
    assert_eq!(submitted(), 1, "the other provider comes first");
    // The same video of the embedded provider, for a plan without a mark.
    let contract = r#"{"embeddedOnly":true}"#;
    let plan = ["workspace", "plan", "", "enterprise", "--contract", contract, "--reason", "test"];
    let (plain, workspace) = far_away::sign_up(&nobody, "plain@example.com", PASSWORD).await;
    program.run(&plan.map(|word| if word.is_empty() { workspace.as_str() } else { word }), "");
    let plain = fetch(&plain, &workspace, &data.path().join("plain")).await;
    server.stop();

    for (one, other) in [(&marked.0, &plain.0), (&marked.1, &plain.1)] {
        let (here, there) =
            (difference(one, other, UPPER_RIGHT), difference(one, other, LOWER_LEFT));
        assert!(here > 3.0, "the mark is seen: {here} in {}", one.display());
        assert!(there < 1.0, "and only there: {there} in {}", one.display());
    }
}

async fn a_trial_is_refused_where_only_bought_videos_are_made(database: Database) {
    let data = tempfile::tempdir().expect("a folder");
    let provider = program::scripted_provider(data.path());
    far_away::settings_with_plans(data.path(), provider.address, false);
    let server = Program::new(data.path(), &database.url).serve();
    let nobody = Client::at(server.address);
    let (trial, workspace) = far_away::sign_up(&nobody, "trial@example.com", PASSWORD).await;
    let reply = far_away::try_launch(&trial, &workspace, ("A wombat", json!({}))).await;
    assert_eq!(code(&reply), "MODEL_NOT_IN_PLAN", "{reply:#}");
    let query = "query($ws: ID!) { workspace(id: $ws) { wallet(mode: LIVE) { available held } } }";
    let data = trial.data(query, json!({ "ws": workspace })).await;
    let wallet = &data["workspace"]["wallet"];
    assert_eq!((&wallet["available"], &wallet["held"]), (&json!(48), &json!(0)), "{data:#}");
    server.stop();
}

/// The file and the poster of one video.
async fn fetch(owner: &Client, workspace: &str, to: &Path) -> (PathBuf, PathBuf) {
    let batch = far_away::launch(owner, workspace, ("A wombat", json!({}))).await;
    let links = far_away::delivered(owner, workspace, (&batch, 1)).await;
    let (video, poster) = (to.with_extension("mp4"), to.with_extension("jpg"));
    for (name, path) in [("url", &video), ("posterUrl", &poster)] {
        let url = owner.url(&text(&links[0][name]));
        let answer = owner.http.get(url).send().await.expect("an answer");
        assert!(answer.status().is_success());
        std::fs::write(path, answer.bytes().await.expect("a file")).expect("written");
    }
    (video, poster)
}

/// Mean difference of brightness, 0 to 255, in a part of the last frame within the first second.
fn difference(one: &Path, other: &Path, part: &str) -> f64 {
    let (a, b) = (pixels(one, part), pixels(other, part));
    assert!(!a.is_empty() && a.len() == b.len(), "{} and {} bytes", a.len(), b.len());
    let sum: u64 = a.iter().zip(&b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

fn pixels(file: &Path, part: &str) -> Vec<u8> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-i"]).arg(file);
    command.args(["-frames:v", "1", "-vf", part, "-pix_fmt", "gray", "-f", "rawvideo", "-"]);
    let output = command.output().expect("ffmpeg runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn packets(file: &Path) -> String {
    let mut command = Command::new("ffprobe");
    command.args(["-v", "error", "-count_packets", "-select_streams", "v:0", "-show_entries"]);
    command.args(["stream=nb_read_packets,codec_name,width,height", "-of", "csv"]).arg(file);
    let output = command.output().expect("ffprobe runs");
    assert!(output.status.success());
    String::from_utf8_lossy(&output.stdout).into_owned()
}
