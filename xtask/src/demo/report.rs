//! What was made, what it cost, how long it took, and everything about it that is wrong.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

use super::batch::{Launched, Settled, Standing, Video};
use super::fetch::Fetched;
use super::probe::Probed;
use crate::campaign::{self, Campaign};
use crate::{size, step, table};

/// Frames a second of every model so far.
const FPS: u64 = 24;
/// A container may round its duration by a frame.
const FRAME_MS: u64 = 1000 / FPS + 1;

/// The outcome of a demo.
pub struct Report {
    /// Everything that must hold and does not, in words.
    pub wrong: Vec<String>,
    /// Time to install and build.
    pub prepared: Duration,
    /// Time from launch to settled.
    pub rendering: Duration,
    /// Time of all of it.
    pub total: Duration,
    /// Updates that came by subscription.
    pub updates: u32,
    name: String,
    out: PathBuf,
    expected: u64,
    files: u64,
    bytes: u64,
    duration_ms: u64,
    distinct: u64,
    captured: i64,
    price_per_video: i64,
    available: i64,
    frame: String,
    ledger: bool,
}

impl Report {
    /// A report on a launch, nothing judged yet.
    pub fn new(campaign: &Campaign, out: &Path, launched: &Launched) -> Self {
        Self {
            wrong: Vec::new(),
            prepared: Duration::ZERO,
            rendering: Duration::ZERO,
            total: Duration::ZERO,
            updates: 0,
            name: campaign.name.clone(),
            out: out.to_owned(),
            expected: campaign.videos,
            files: 0,
            bytes: 0,
            duration_ms: 0,
            distinct: 0,
            captured: 0,
            price_per_video: launched.price_per_video,
            available: 0,
            frame: String::new(),
            ledger: false,
        }
    }

    fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(otherwise());
        }
    }

    /// The batch and the wallet against the quote.
    pub fn judge_batch(
        &mut self,
        launched: &Launched,
        (settled, standing): (&Settled, &Standing),
        videos: &[Video],
    ) {
        let (quoted, expected) = (launched.videos, self.expected);
        self.captured = settled.captured;
        self.available = standing.available;
        self.must(u64::try_from(quoted) == Ok(expected), || {
            format!("the campaign says {expected} videos, the quote {quoted}")
        });
        self.must(settled.state == "COMPLETED", || format!("the batch is {}", settled.state));
        let delivered = settled.delivered;
        self.must(delivered == quoted, || format!("{delivered} of {quoted} were delivered"));
        for video in videos.iter().filter(|video| video.state != "DELIVERED") {
            let why = video.error.as_deref().unwrap_or("no reason given");
            self.wrong.push(format!("video {} is {}: {why}", video.ordinal + 1, video.state));
        }
        let (total, captured) = (launched.total(), settled.captured);
        self.must(captured == total, || format!("{captured} credits charged, {total} quoted"));
        let held = settled.held + standing.held;
        self.must(held == 0, || format!("{held} credits are still held"));
        let spent = launched.available_before - standing.available;
        self.must(spent == captured, || {
            format!("the wallet lost {spent} credits, the batch was charged {captured}")
        });
    }

    /// The files against what the API says of them and against each other.
    pub fn judge_files(
        &mut self,
        campaign: &Campaign,
        (videos, files, probed): (&[Video], &[Fetched], &[Probed]),
    ) {
        let mut seen: HashMap<&str, i64> = HashMap::new();
        for (file, probed) in files.iter().zip(probed) {
            let asset = videos.iter().find(|video| video.ordinal == file.ordinal);
            let asset = asset.and_then(|video| video.asset.as_ref());
            let same = asset.is_some_and(|asset| {
                u64::try_from(asset.bytes) == Ok(file.bytes) && asset.sha256 == file.sha256
            });
            let number = file.ordinal + 1;
            self.must(same, || format!("file {number} is not what the API says it is"));
            if let Some(other) = seen.insert(&file.sha256, file.ordinal) {
                self.wrong.push(format!("files {} and {number} are the same", other + 1));
            }
            self.judge_picture(campaign, (number, probed));
            self.bytes += file.bytes;
            self.duration_ms += probed.duration_ms;
        }
        self.files = files.len() as u64;
        self.distinct = seen.len() as u64;
        let (count, expected) = (self.files, self.expected);
        self.must(count == expected, || format!("{count} files, {expected} expected"));
    }

    fn judge_picture(&mut self, campaign: &Campaign, (number, probed): (i64, &Probed)) {
        let (width, height) = match campaign::frame(&campaign.aspect, &campaign.resolution) {
            Ok(frame) => frame,
            Err(failure) => return self.wrong.push(failure.to_string()),
        };
        self.frame = format!("{width}×{height}");
        let right = (u64::from(width), u64::from(height)) == (probed.width, probed.height)
            && probed.codec == "h264";
        self.must(right, || {
            format!(
                "file {number} is {} {}×{}, not h264 {width}×{height}",
                probed.codec, probed.width, probed.height
            )
        });
        let wanted = u64::from(campaign.seconds);
        let right =
            probed.frames == wanted * FPS && probed.duration_ms.abs_diff(wanted * 1000) <= FRAME_MS;
        self.must(right, || {
            format!("file {number} plays {} ms, {} frames", probed.duration_ms, probed.frames)
        });
    }

    /// What `reelmill ledger check` said.
    pub fn judge_ledger(&mut self, outcome: Result<(), String>) {
        self.ledger = outcome.is_ok();
        if let Err(words) = outcome {
            self.wrong.push(words);
        }
    }

    /// The table, what is wrong, and if wanted one JSON object as the last line.
    pub fn print(&self, with_json: bool) {
        println!("\n{}\n{}", self.name, table::facts(&self.facts()));
        for words in &self.wrong {
            println!("  ✗ {words}");
        }
        if with_json {
            println!("{}", self.json());
        }
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let seconds = step::seconds(Duration::from_millis(self.duration_ms));
        let holds = if self.ledger { "holds" } else { "is broken" };
        vec![
            ("videos", format!("{} of {}, {} distinct", self.files, self.expected, self.distinct)),
            ("picture", format!("{}, h264, {FPS} frames a second", self.frame)),
            ("playing time", seconds),
            ("size", size::bytes(self.bytes)),
            ("cost", format!("{} credits, {} each", self.captured, self.price_per_video)),
            ("credits left", self.available.to_string()),
            ("ledger", holds.to_owned()),
            ("progress updates", self.updates.to_string()),
            ("preparing took", step::seconds(self.prepared)),
            ("launch to settled", step::seconds(self.rendering)),
            ("all of it", step::seconds(self.total)),
            ("files", self.out.display().to_string()),
        ]
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "campaign": self.name, "ok": self.wrong.is_empty(), "wrong": self.wrong,
            "videos": self.expected, "files": self.files, "distinct": self.distinct,
            "bytes": self.bytes, "durationMs": self.duration_ms, "credits": self.captured,
            "creditsLeft": self.available, "ledgerHolds": self.ledger,
            "progressUpdates": self.updates, "out": self.out,
            "preparedMs": millis(self.prepared), "renderingMs": millis(self.rendering),
            "totalMs": millis(self.total),
        })
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::batch::Asset;

    fn campaign() -> Campaign {
        Campaign {
            name: "c".into(),
            template: String::new(),
            selection: campaign::Selection::default(),
            csv: None,
            videos: 2,
            model: "animatic-1".into(),
            seconds: 4,
            aspect: "16:9".into(),
            resolution: "360p".into(),
            seed: 0,
            workspace: None,
        }
    }

    fn launched() -> Launched {
        Launched { batch: "bat_1".into(), videos: 2, price_per_video: 1, available_before: 48 }
    }

    fn video(ordinal: i64, sha256: &str) -> Video {
        let asset = Some(Asset { bytes: 10, sha256: sha256.into() });
        let id = format!("vid_{ordinal}");
        Video { id, ordinal, values: Vec::new(), state: "DELIVERED".into(), error: None, asset }
    }

    fn file(ordinal: i64, sha256: &str) -> Fetched {
        Fetched { ordinal, path: PathBuf::new(), bytes: 10, sha256: sha256.into() }
    }

    fn picture() -> Probed {
        Probed { codec: "h264".into(), width: 640, height: 360, frames: 96, duration_ms: 4000 }
    }

    fn judged(files: &[Fetched], probed: &[Probed]) -> Vec<String> {
        let mut report = Report::new(&campaign(), Path::new("out"), &launched());
        let videos = [video(0, "a"), video(1, "b")];
        report.judge_files(&campaign(), (&videos, files, probed));
        report.wrong
    }

    #[test]
    fn good_files_are_not_complained_about() {
        assert!(judged(&[file(0, "a"), file(1, "b")], &[picture(), picture()]).is_empty());
    }

    #[test]
    fn every_fault_of_a_file_is_named() {
        let wrong = judged(&[file(0, "a"), file(1, "a")], &[picture(), picture()]);
        assert!(wrong.iter().any(|words| words.contains("are the same")), "{wrong:?}");
        assert!(wrong.iter().any(|words| words.contains("not what the API says")), "{wrong:?}");
        let short = Probed { frames: 95, ..picture() };
        assert_eq!(judged(&[file(0, "a"), file(1, "b")], &[picture(), short]).len(), 1);
        let narrow = Probed { width: 360, ..picture() };
        assert_eq!(judged(&[file(0, "a"), file(1, "b")], &[picture(), narrow]).len(), 1);
        assert_eq!(judged(&[file(0, "a")], &[picture()]).len(), 1);
    }

    #[test]
    fn the_books_must_agree_with_the_quote() {
        let judge = |captured: i64, available: i64, held: i64| {
            let mut report = Report::new(&campaign(), Path::new("out"), &launched());
            let settled = Settled { state: "COMPLETED".into(), delivered: 2, held: 0, captured };
            let standing = Standing { plan: "trial".into(), available, held };
            report.judge_batch(&launched(), (&settled, &standing), &[]);
            report.wrong.len()
        };
        assert_eq!(judge(2, 46, 0), 0);
        assert_eq!(judge(3, 45, 0), 1);
        assert_eq!(judge(2, 45, 1), 2);
    }
}
