//! `reelmill` and the scripted provider as processes of their own: this test program, told to be
//! them.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use clap::Parser as _;

/// Tells a child what to be: the words of a command line, one a line.
const WORDS: &str = "REELMILL_TEST_WORDS";
/// The first word of a child that is the scripted provider; the second is where its book is.
const PROVIDER: &str = "scripted-provider";

/// Where a process keeps its things and what it logs.
pub struct Program {
    data: PathBuf,
    environment: Vec<(String, String)>,
}

impl Program {
    /// Keeps its things in this folder; settings are in `settings.toml` there.
    pub fn new(data: &Path, database_url: &str) -> Self {
        let environment = vec![(String::from("DATABASE_URL"), database_url.to_owned())];
        Self { data: data.to_owned(), environment }
    }

    /// With a setting from the environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where its log goes.
    pub fn log(&self) -> PathBuf {
        self.data.join("log")
    }

    /// Serves on a free port until it is stopped or dropped.
    pub fn serve(&self) -> Serving {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        serving(command.stdout(Stdio::piped()))
    }

    /// Runs a command that ends, with this on its standard input.
    pub fn run(&self, words: &[&str], input: &str) {
        let mut command = self.command(words);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("a child starts");
        let mut stdin = child.stdin.take().expect("its input");
        stdin.write_all(input.as_bytes()).expect("read by the child");
        drop(stdin);
        assert!(child.wait().expect("a child is waited for").success(), "{words:?}");
    }

    fn command(&self, words: &[&str]) -> Command {
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let data = self.data.to_str().expect("a path in UTF-8");
        let settings = format!("{data}/settings.toml");
        let all = ["reelmill", "--data", data, "--config", &settings];
        let all: Vec<&str> = all.iter().chain(words).copied().collect();
        let mut command = this_program(&all);
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).stderr(log);
        command
    }
}

/// The scripted provider, which ends with the test.
pub fn scripted_provider(folder: &Path) -> Serving {
    let book = folder.join("book");
    let mut command = this_program(&[PROVIDER, book.to_str().expect("a path in UTF-8")]);
    serving(command.stdout(Stdio::piped()))
}

fn this_program(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "harness::program::child", "--nocapture"])
        .env(WORDS, words.join("\n"))
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    command
}

/// Starts it and waits until it says where it listens.
fn serving(command: &mut Command) -> Serving {
    let mut child = command.spawn().expect("a child starts");
    let mut output = BufReader::new(child.stdout.take().expect("its output"));
    let address = output.by_ref().lines().find_map(|line| {
        let line = line.expect("a line");
        line.split_once("listens on http://").map(|(_, address)| address.to_owned())
    });
    let address = address.expect("an address").parse().expect("an address");
    Serving { address, child, _output: output }
}

/// A server that ends with the test.
pub struct Serving {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    /// A program that cannot print dies.
    _output: BufReader<ChildStdout>,
}

impl Serving {
    /// Asks it to stop and waits until it has.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
        let status = self.child.wait().expect("a child is waited for");
        assert!(status.success(), "a graceful stop: {status:?}");
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a child runs. As a test of its own, in the parent, there is nothing to do.
#[test]
fn child() {
    let Ok(words) = std::env::var(WORDS) else { return };
    if let Some((PROVIDER, book)) = words.split_once('\n') {
        let options = ::scripted_provider::Options {
            book: PathBuf::from(book),
            listen: String::from("127.0.0.1:0"),
            render: Duration::from_millis(100),
        };
        let runtime = tokio::runtime::Runtime::new().expect("tokio");
        runtime.block_on(::scripted_provider::run(options)).expect("the provider serves");
        return;
    }
    server::cli::Cli::parse_from(words.lines()).run().expect("the command works");
}
