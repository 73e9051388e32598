//! The product's own binary: built, started on loopback, asked on the command line, stopped.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::failure::{Failure, While as _};
use crate::process::{self, Held};
use crate::{interrupt, step, target};

/// A first start migrates the database.
const START: Duration = Duration::from_secs(60);
/// Longer than the server's own grace for what is under way.
const STOP: Duration = Duration::from_secs(40);
/// The words before the address in the line that `serve` prints.
const LISTENS: &str = "reelmill listens on ";

/// Builds the server in the dev profile and names its binary.
///
/// # Errors
/// It does not build.
pub fn build() -> Result<PathBuf, Failure> {
    step::step("building the server", || {
        process::show(target::cargo()?.args(["build", "--package", "server", "--bin", "reelmill"]))
    })?;
    Ok(target::folder()?.join("debug/reelmill"))
}

/// A binary on a data folder.
pub struct Installation {
    /// The binary.
    pub binary: PathBuf,
    /// The data folder.
    pub data: PathBuf,
    /// Settings that differ from the defaults.
    pub settings: Option<PathBuf>,
}

impl Installation {
    /// A command of the binary on this data folder, with nothing configured from outside: a
    /// `DATABASE_URL` meant for something else must not be found.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text == "DATABASE_URL" || text.starts_with("REELMILL_") {
                command.env_remove(&name);
            }
        }
        if let Some(settings) = &self.settings {
            command.arg("--config").arg(settings);
        }
        command.arg("--data").arg(&self.data).args(words);
        command
    }

    /// Where the server's log lines go: a terminal is for addresses and steps.
    pub fn log(&self) -> PathBuf {
        self.data.join("serve.log")
    }

    /// Starts `serve` on loopback and waits until it is ready; port 0 takes a free one.
    ///
    /// # Errors
    /// It ends by itself or is not ready in time; the words hold the end of its log.
    pub fn serve(&self, port: u16) -> Result<Server, Failure> {
        let log = self.log();
        let file = File::create(&log).or_fail(format!("make {}", log.display()))?;
        let mut command = self.command(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(file);
        let mut process = Held::spawn(&mut command)?;
        let lines = process.stdout().ok_or_else(|| Failure::new("the server has no output"))?;
        let address = wait_for_address(&mut process, &follow(lines));
        match address {
            Ok(address) => Ok(Server { process, address }),
            Err(Failure::Broken(words)) => {
                Err(Failure::new(format!("{words}\n{}", process::tail(&log, 15))))
            }
            Err(other) => Err(other),
        }
    }
}

/// Reads a server's standard output to its end, so that it never waits for a full pipe.
fn follow(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Nobody listens any more once the address is known.
            let _ = sender.send(line);
        }
    });
    receiver
}

fn wait_for_address(process: &mut Held, lines: &Receiver<String>) -> Result<String, Failure> {
    let started = Instant::now();
    while started.elapsed() < START {
        interrupt::check()?;
        match lines.recv_timeout(Duration::from_millis(100)) {
            Ok(line) => {
                if let Some(address) = line.strip_prefix(LISTENS) {
                    return Ok(address.trim().to_owned());
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let status = process.wait()?;
                return Err(Failure::new(format!("the server did not start ({status})")));
            }
        }
    }
    Err(Failure::new("the server was not ready in time"))
}

/// A server that listens; stopped when dropped.
pub struct Server {
    process: Held,
    address: String,
}

impl Server {
    /// `http://127.0.0.1:PORT`
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Fails once the server has ended by itself.
    ///
    /// # Errors
    /// It has ended.
    pub fn check(&mut self) -> Result<(), Failure> {
        match self.process.ended()? {
            None => Ok(()),
            Some(status) => Err(Failure::new(format!("the server ended by itself ({status})"))),
        }
    }

    /// Asks it to stop and waits until it has.
    ///
    /// # Errors
    /// It had to be killed.
    pub fn stop(mut self) -> Result<(), Failure> {
        if self.process.stop(Signal::TERM, STOP) {
            return Ok(());
        }
        Err(Failure::new(format!("the server did not stop within {} s", STOP.as_secs())))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.stop(Signal::TERM, STOP);
    }
}

/// Makes a data folder if it is missing.
///
/// # Errors
/// It cannot be made.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).or_fail(format!("make {}", path.display()))
}
