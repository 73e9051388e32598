//! A plan that asks for a mark gets one, whoever makes the video: a provider on the network draws
//! none, so it is drawn when the file comes in.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

use crate::harness::database::Database;
use crate::harness::far_away;
use crate::harness::program::{self, Program};
use crate::harness::server::{Client, PASSWORD, text};

crate::harness::both!(a_video_made_elsewhere_carries_the_mark_of_its_plan);

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
