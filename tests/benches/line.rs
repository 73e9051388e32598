//! Full lives of videos a second: launch, claim, submit, complete, store, settle with ledger, event,
//! by the real workers, against a provider that answers at once.
//!
//! A video's file is copied, hashed, probed and gets a poster. `real tools` does that with ffprobe
//! and ffmpeg, which is what most of the time goes into; the other cases put two shell scripts in
//! their place and show the line itself. The references move bare jobs that do nothing, without a
//! price, a ledger or a file, on the same machine in the same run: npm `bullmq` on Redis, npm
//! `graphile-worker` and crate `awa` on the same PostgreSQL. bullmq runs without the native addon of
//! its serialiser, which npm's lock file cannot name for every system.
//!
//! CPU is that of the process that works and of its children, without the database's server.
//! `REELMILL_BENCH_VIDEOS` and `REELMILL_BENCH_JOBS` shorten it. Prints one JSON object as its last
//! line.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use harness::database::Database;
use measured::{ROLE, number, setting};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde_json::{Value, json};
use stage::{REMOTE, Stage};

#[path = "../it/wallet/stage.rs"]
pub mod books;
#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;
#[expect(dead_code, reason = "another bench uses the rest")]
mod measured;
#[path = "../it/line/stage.rs"]
#[expect(dead_code, reason = "the suites use more of it")]
mod stage;
/// Where the stage looks for it.
mod wallet {
    pub use super::books as stage;
}

/// Names the reference that `cargo xtask bench line` builds.
const AWA: &str = "REELMILL_BENCH_AWA";
/// Videos in flight at once, as many as the stage's lane may have.
const AT_ONCE: usize = 64;
/// Longest time of one case.
const PATIENCE: Duration = Duration::from_secs(900);

#[tokio::main]
async fn main() {
    if let Ok(case) = std::env::var(ROLE) {
        return live(&case).await;
    }
    let tools = stand_ins();
    let path = std::env::var("PATH").unwrap_or_default();
    let quick = format!("{}:{path}", tools.path().display());
    let mut results = Vec::new();
    for (case, path) in [("postgres", &quick), ("sqlite", &quick), ("sqlite, real tools", &path)] {
        results.extend(child(case, path));
    }
    println!("{}", json!({ "results": results, "reference": references().await }));
}

/// The case in a process of its own, whose time on the CPU is its own.
fn child(case: &str, path: &str) -> Vec<Value> {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env(ROLE, case).env("PATH", path).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().expect("a process starts");
    assert!(output.status.success(), "{case} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().next_back().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{case}: {error}\n{text}"))
}

async fn live(case: &str) {
    let real = case.ends_with("real tools");
    let videos = setting("REELMILL_BENCH_VIDEOS", if real { 200 } else { 3_000 });
    let database = if case.starts_with("sqlite") {
        Database::sqlite().await
    } else {
        Database::postgres().await
    };
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let line = stage.start_on(AT_ONCE, |_| {}).await;
    let (spent, started) = (cpu(), Instant::now());
    let batch = stage.launch(videos).await;
    let mut events = stage.bus.subscribe(batch.id).await;
    let told = tokio::spawn(async move {
        let mut told = 0_u64;
        while events.changed().await.is_some() {
            told += 1;
        }
        told
    });
    let open = "SELECT count(*) FROM batch_jobs WHERE settled_at IS NULL";
    while stage.number(open, []).await > 0 {
        assert!(started.elapsed() < PATIENCE, "{:?}", stage.states().await.first());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (took, spent) = (started.elapsed(), cpu().saturating_sub(spent));
    line.drain().await;
    stage.assert_whole().await;
    told.abort();
    let each = spent.as_secs_f64() * 1e3 / videos as f64;
    let per_second = videos as f64 / took.as_secs_f64();
    let numbers = [
        number(case, "lifecycles_per_second", (per_second, "1/s")),
        number(case, "cpu_per_video", (each, "ms")),
        number(case, "wall_per_video", (took.as_secs_f64() * 1e3 / videos as f64, "ms")),
    ];
    println!("{}", json!(numbers));
}

/// Own time on the CPU, and that of children that ended.
fn cpu() -> Duration {
    let of = |who| {
        let usage = getrusage(who).expect("usage");
        duration(usage.user_time()) + duration(usage.system_time())
    };
    of(UsageWho::RUSAGE_SELF) + of(UsageWho::RUSAGE_CHILDREN)
}

fn duration(time: TimeVal) -> Duration {
    let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// An `ffprobe` that says what the stage's clip is, and an `ffmpeg` that makes any poster at once
/// and hands everything else to the real one.
fn stand_ins() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let report = json!({
        "format": { "duration": "4.000000" },
        "streams": [{
            "codec_type": "video", "codec_name": "h264", "width": 640, "height": 360,
            "duration": "4.000000", "nb_frames": "96", "nb_read_packets": "96",
        }],
    });
    script(&folder.path().join("ffprobe"), &format!("echo '{report}'"));
    let real = Command::new("sh").args(["-c", "command -v ffmpeg"]).output().expect("sh");
    let real = String::from_utf8_lossy(&real.stdout).trim().to_owned();
    assert!(!real.is_empty(), "ffmpeg is missing: apt-get install ffmpeg");
    let words = format!(
        "case \"$*\" in *lavfi*) exec {real} \"$@\";; esac\nfor to; do :; done\nprintf still > \"$to\""
    );
    script(&folder.path().join("ffmpeg"), &words);
    folder
}

fn script(path: &Path, words: &str) {
    let mut file = std::fs::File::create(path).expect("a script");
    writeln!(file, "#!/bin/sh\n{words}").expect("written");
    file.set_permissions(std::fs::Permissions::from_mode(0o755)).expect("runs");
}

async fn references() -> Vec<Value> {
    let folder = installed();
    let jobs = setting("REELMILL_BENCH_JOBS", 10_000).to_string();
    let redis = Redis::start();
    let bullmq = reference(node(&folder, "bullmq.mjs"), (&redis.port.to_string(), &jobs));
    drop(redis);
    let database = Database::postgres().await;
    let graphile = reference(node(&folder, "graphile.mjs"), (&database.url, &jobs));
    let database = Database::postgres().await;
    let awa = reference(awa(), (&database.url, &jobs));
    let mut numbers = Vec::new();
    let spent = [
        ("bullmq, bare jobs", bullmq),
        ("graphile-worker, bare jobs", graphile),
        ("awa, bare jobs", awa),
    ];
    for (case, spent) in spent {
        let jobs: f64 = jobs.parse().expect("a number");
        let seconds = spent["seconds"].as_f64().expect("a time");
        let cpu = spent["cpuSeconds"].as_f64().expect("a time");
        numbers.push(number(case, "jobs_per_second", (jobs / seconds, "1/s")));
        numbers.push(number(case, "cpu_per_job", (cpu * 1e3 / jobs, "ms")));
        numbers.push(number(case, "wall_per_job", (seconds * 1e3 / jobs, "ms")));
    }
    numbers
}

fn node(folder: &Path, script: &str) -> Command {
    let mut node = Command::new(harness::node::program());
    node.arg(script).current_dir(folder);
    node
}

fn awa() -> Command {
    let program = std::env::var_os(AWA);
    Command::new(
        program.unwrap_or_else(|| panic!("{AWA} names no program: `cargo xtask bench line`")),
    )
}

/// What the program says of so many jobs on this server.
fn reference(mut program: Command, (server, jobs): (&str, &str)) -> Value {
    program.args([server, jobs, &AT_ONCE.to_string()]).stderr(Stdio::inherit());
    let output = program.output().expect("a reference starts");
    assert!(output.status.success(), "{program:?} failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let last = text.lines().next_back().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{program:?}: {error}\n{text}"))
}

fn installed() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/queues");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("queues");
    std::fs::create_dir_all(&folder).expect("a folder");
    for name in ["package.json", "package-lock.json", "bullmq.mjs", "graphile.mjs"] {
        std::fs::copy(from.join(name), folder.join(name)).expect("a file of the references");
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    let done = npm.stdout(Stdio::null()).status();
    assert!(done.expect("npm starts: this bench needs node").success(), "npm ci failed");
    folder
}

/// A private Redis that keeps nothing.
struct Redis {
    process: Child,
    port: u16,
}

impl Redis {
    fn start() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "no"]).stdout(Stdio::null());
        let process = command.spawn().expect("redis-server starts: apt-get install redis-server");
        let redis = Self { process, port };
        let started = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(started.elapsed() < Duration::from_secs(10), "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
        redis
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
