//! The provider and the server as child processes of this very program.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser as _;
use serde_json::Value;
use server::domain::media::Store;
use tempfile::TempDir;

/// Tells a child what to be.
const ROLE: &str = "REELMILL_STRESS_CHILD";
/// Longest life of a server that is to be killed.
const PATIENCE: Duration = Duration::from_secs(240);

/// A child that does not outlive a test that failed.
pub struct Running(Child);

impl Running {
    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let pid = self.0.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().expect("kill runs");
        assert!(sent.success(), "{signal}");
    }

    /// Waits until it has killed itself.
    pub fn killed(mut self, where_to: &str) {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().expect("a child is waited for") {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "not killed at {where_to}");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.signal(), Some(9), "{where_to}: {status:?}");
    }

    /// Asks it to stop and waits.
    pub fn stop(mut self) {
        self.signal("-TERM");
        let status = self.0.wait().expect("a child is waited for");
        assert!(status.success(), "a graceful stop: {status:?}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn command(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "stress::children::child", "--nocapture"])
        .env(ROLE, role)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// The scripted provider.
pub struct Provider {
    /// `http://127.0.0.1:…`
    pub address: String,
    folder: TempDir,
    process: Running,
    /// A program that cannot print dies.
    _output: BufReader<ChildStdout>,
}

impl Provider {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = command("provider");
        command.env("STRESS_BOOK", folder.path().join("book")).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a child starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let address = output
            .by_ref()
            .lines()
            .find_map(|line| {
                let line = line.expect("a line");
                line.split_once("listens on ").map(|(_, address)| address.to_owned())
            })
            .expect("an address");
        Self { address, folder, process: Running(child), _output: output }
    }

    /// Whether it is still there.
    pub fn is_alive(&mut self) -> bool {
        self.process.0.try_wait().expect("a child is waited for").is_none()
    }

    /// Every line of its book.
    pub fn book(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.folder.path().join("book")).expect("the book");
        text.lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
    }

    /// Its counts.
    pub fn stats(&self) -> Value {
        use std::io::Write as _;
        let address = self.address.trim_start_matches("http://");
        let mut socket = std::net::TcpStream::connect(address).expect("the provider answers");
        socket.write_all(b"GET /stats HTTP/1.1\r\n\r\n").expect("asked");
        socket.shutdown(std::net::Shutdown::Write).expect("asked");
        let mut answer = String::new();
        socket.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).expect("counts")
    }
}

/// The key the servers send along.
pub const KEY: &str = "sk-hush-0123456789";

/// A write that matched no row, as a server's log tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    pub video: String,
    pub attempt: i64,
    pub write: String,
}

/// The data folder and settings of the servers.
pub struct Installation {
    url: String,
    data: TempDir,
    logs: TempDir,
}

impl Installation {
    pub fn new(url: &str, provider: &Provider, cap: i64) -> Self {
        let data = tempfile::tempdir().expect("a data folder");
        let logs = tempfile::tempdir().expect("a folder for logs");
        let settings = format!(
            "[providers]\nembedded = false\n[[providers.offers]]\nname = 'far-away'\n\
             adapter = 'openai-videos'\nmodel = 'animatic-1'\nprovider_model = 'any'\n\
             base_url = '{}/v1'\nprivate = true\nkey = '{KEY}'\ncost_minor_per_s = 10\ncap = {cap}\n\
             find_by_reference = true\ncancel = 'running'\npoll_ms = 100\n\
             result_lifetime_s = 60\nabsence_proves_after_s = 4\nsubmit_timeout_s = 3\n\
             deadline_s = 6\n",
            provider.address
        );
        std::fs::write(data.path().join("settings.toml"), settings).expect("written");
        Self { url: url.to_owned(), data, logs }
    }

    /// What the servers stored.
    pub fn store(&self) -> Store {
        Store::local(&self.data.path().join("objects")).expect("the store")
    }

    /// A server; it runs until it is told otherwise.
    pub fn serve(&self, more: &[(&str, &str)]) -> Running {
        Running(self.command("serve").envs(more.iter().copied()).spawn().expect("a child starts"))
    }

    /// A server that tells its log under this name.
    pub fn serve_told(&self, name: &str, more: &[(&str, &str)]) -> Running {
        let mut command = self.told(name, "serve");
        Running(command.envs(more.iter().copied()).spawn().expect("a child starts"))
    }

    /// A file that is not there yet; making it lets the task go on that is held for it.
    pub fn signal_file(&self, name: &str) -> PathBuf {
        self.logs.path().join(format!("{name}.go"))
    }

    /// The line without the API; it tells its log under this name.
    pub fn worker_told(&self, name: &str) -> Running {
        Running(self.told(name, "worker").spawn().expect("a child starts"))
    }

    fn told(&self, name: &str, role: &str) -> Command {
        let log = File::create(self.logs.path().join(name)).expect("a log");
        let mut command = self.command(role);
        command
            .env("REELMILL_LOG__FORMAT", "json")
            .env(
                "REELMILL_LOG__FILTER",
                "error,server::domain::batches::line=info,server::worker::render=info",
            )
            .stderr(log);
        command
    }

    /// Every line of the log of this name.
    pub fn log(&self, name: &str) -> Vec<Value> {
        let text = std::fs::read_to_string(self.logs.path().join(name)).expect("the log");
        // The last line may be half written.
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The writes of the log of this name that matched no row.
    pub fn unmatched(&self, name: &str) -> Vec<Unmatched> {
        let lines = self.log(name).into_iter();
        lines
            .filter(|line| line["message"] == "line.fence matched no row")
            .map(|line| Unmatched {
                video: line["video_id"].as_str().expect("a video").to_owned(),
                attempt: line["attempt"].as_i64().expect("a number"),
                write: line["write"].as_str().expect("a write").to_owned(),
            })
            .collect()
    }

    /// A server that dies at the n-th pass of a point.
    pub fn serve_until_killed(&self, point: &str, nth: u32) {
        let at = format!("{point}:{nth}");
        self.serve(&[("REELMILL_KILL_AT", &at)]).killed(&at);
    }

    fn command(&self, role: &str) -> Command {
        let mut command = command(role);
        command
            .env("DATABASE_URL", &self.url)
            .env("STRESS_DATA", self.data.path())
            .env("REELMILL_LINE__MAX_ATTEMPTS", "20")
            .env("REELMILL_LINE__LEASE_S", "2")
            .env("REELMILL_LINE__SWEEP_MS", "200")
            .env("REELMILL_LINE__RECONCILE_MS", "300")
            .env("REELMILL_LINE__UNPROVEN_AFTER_S", "25")
            .env("REELMILL_LINE__STOP_GRACE_S", "2")
            .env("REELMILL_SERVER__SHUTDOWN_GRACE_S", "1")
            .env("REELMILL_LOG__FILTER", "error");
        command
    }
}

/// What a child runs. As a test of its own, in the parent, there is nothing to do.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    if role == "provider" {
        let options = scripted_provider::Options {
            book: PathBuf::from(std::env::var("STRESS_BOOK").expect("a book")),
            listen: String::from("127.0.0.1:0"),
            render: Duration::from_millis(300),
        };
        let runtime = tokio::runtime::Runtime::new().expect("tokio");
        runtime.block_on(scripted_provider::run(options)).expect("the provider serves");
        return;
    }
    let data = std::env::var("STRESS_DATA").expect("a data folder");
    let settings = format!("{data}/settings.toml");
    let mut words = vec!["reelmill", "--data", &data, "--config", &settings, &role];
    if role == "serve" {
        words.extend(["--listen", "127.0.0.1:0"]);
    }
    server::cli::Cli::parse_from(words).run().expect("the server serves");
}
