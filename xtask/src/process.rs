//! Other programs: run to the end, or held and stopped in order.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::failure::{Failure, While as _};
use crate::interrupt;

const GLANCE: Duration = Duration::from_millis(25);

/// Whether a program can be found.
pub fn exists(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Runs to the end with its output shown.
///
/// # Errors
/// It could not be started, did not succeed, or somebody pressed Ctrl-C.
pub fn show(command: &mut Command) -> Result<(), Failure> {
    let name = name_of(command);
    let mut child = Held::spawn(command)?;
    let status = child.wait()?;
    succeed(&name, status, "")
}

/// Runs to the end and returns what it printed; its errors are shown only if it fails.
///
/// # Errors
/// It could not be started or did not succeed.
pub fn read(command: &mut Command) -> Result<String, Failure> {
    let name = name_of(command);
    let output = command.stdin(Stdio::null()).output().or_fail(format!("start {name}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    succeed(&name, output.status, &errors)?;
    String::from_utf8(output.stdout).or_fail(format!("read what {name} printed"))
}

/// Runs to the end; passes every line of output on as it comes and also to `each`.
///
/// # Errors
/// It could not be started or somebody pressed Ctrl-C. How it ended is the caller's to judge.
pub fn tee(command: &mut Command, mut each: impl FnMut(&str)) -> Result<ExitStatus, Failure> {
    let (reader, writer) = io::pipe().or_fail("make a pipe")?;
    let also = writer.try_clone().or_fail("make a pipe")?;
    command.stdin(Stdio::null()).stdout(writer).stderr(also);
    let mut child = Held::spawn(command)?;
    // The command keeps its ends of the pipe open until it is replaced.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).or_fail("read a program's output")? > 0 {
        // A closed terminal must not end the run.
        let _ = io::stdout().write_all(&line);
        each(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    child.wait()
}

fn succeed(name: &str, status: ExitStatus, errors: &str) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no exit code".to_owned(),
    };
    let tail = errors.trim();
    let words = if tail.is_empty() { String::new() } else { format!("\n{tail}") };
    Err(Failure::new(format!("{name} failed ({how}){words}")))
}

fn name_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let shown: Vec<_> = words.take(4).map(OsStr::to_string_lossy).collect();
    format!("`{}`", shown.join(" "))
}

/// A program that is stopped when this value goes away.
pub struct Held {
    child: Child,
    name: String,
}

impl Held {
    /// Starts it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn spawn(command: &mut Command) -> Result<Self, Failure> {
        let name = name_of(command);
        let child = command.spawn().or_fail(format!("start {name}"))?;
        Ok(Self { child, name })
    }

    /// Its standard output, if it was piped and not taken yet.
    pub const fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// The system does not say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, Failure> {
        self.child.try_wait().or_fail(format!("watch {}", self.name))
    }

    /// Waits for its own end; stops it on Ctrl-C.
    ///
    /// # Errors
    /// [`Failure::Interrupted`], or the system does not say.
    pub fn wait(&mut self) -> Result<ExitStatus, Failure> {
        loop {
            if let Some(status) = self.ended()? {
                interrupt::check()?;
                return Ok(status);
            }
            if interrupt::requested() {
                self.stop(Signal::TERM, Duration::from_secs(20));
                return Err(Failure::Interrupted);
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Asks it to stop by `signal`; after `patience`, kills it. True if it stopped by itself.
    pub fn stop(&mut self, signal: Signal, patience: Duration) -> bool {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return true;
        }
        // It may have ended this moment; waiting tells.
        let _ = kill_process(Pid::from_child(&self.child), signal);
        let asked = Instant::now();
        while asked.elapsed() < patience {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return true;
            }
            std::thread::sleep(GLANCE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        false
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.stop(Signal::TERM, Duration::from_secs(20));
    }
}

/// A port of 127.0.0.1 that was free a moment ago.
///
/// # Errors
/// There is none.
pub fn free_port() -> Result<u16, Failure> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").or_fail("find a free port")?;
    Ok(listener.local_addr().or_fail("find a free port")?.port())
}

/// The last lines of a log, for a failure's words.
pub fn tail(path: &Path, lines: usize) -> String {
    let text = std::fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let text = text.unwrap_or_default();
    let all: Vec<_> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_and_errors_come_in_one_stream() {
        let mut seen = Vec::new();
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; exit 3"]);
        let status = tee(&mut command, |line| seen.push(line.to_owned())).unwrap();
        assert_eq!((seen, status.code()), (vec!["one".to_owned(), "two".to_owned()], Some(3)));
    }

    #[test]
    fn a_failed_program_is_named_with_its_own_words() {
        let failure = read(Command::new("sh").args(["-c", "echo why >&2; exit 9"])).unwrap_err();
        let words = failure.to_string();
        assert!(words.contains("`sh -c") && words.contains("exit code 9"), "{words}");
        assert!(words.ends_with("why"), "{words}");
    }

    #[test]
    fn a_held_program_is_stopped_when_dropped() {
        let held = Held::spawn(Command::new("sleep").arg("60")).unwrap();
        let pid = Pid::from_child(&held.child);
        drop(held);
        assert!(rustix::process::test_kill_process(pid).is_err(), "it must be gone and reaped");
    }
}
