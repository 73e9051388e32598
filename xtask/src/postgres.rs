//! A private PostgreSQL: a server of its own on a free port of loopback, with a folder of its
//! own, gone without trace when the value is dropped.
//!
//! `fsync` stays on: what the tests prove about durability and the benchmarks about speed would
//! mean nothing without it.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::failure::{Failure, While as _};
use crate::process::{self, Held};
use crate::{interrupt, packages, step};

/// Names the server's address for the tests.
pub const ENV: &str = "REELMILL_TEST_POSTGRES";
/// Each test opens a database with a pool of its own.
const MAX_CONNECTIONS: &str = "max_connections=300";
const PREFIX: &str = "reelmill-pg-";
/// `initdb` and `postgres` refuse to run as root; Debian's package brings this user.
const USER: &str = "postgres";

/// A running server.
pub struct Private {
    server: Held,
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
}

impl Private {
    /// Makes and starts one; installs PostgreSQL if it is missing.
    ///
    /// # Errors
    /// It cannot be installed, made or started.
    pub fn start() -> Result<Self, Failure> {
        packages::ensure(&[packages::POSTGRES])?;
        let programs = programs().ok_or_else(|| Failure::new("PostgreSQL is not found"))?;
        sweep();
        step::step("starting a private PostgreSQL", || Self::start_in(&programs))
    }

    fn start_in(programs: &Path) -> Result<Self, Failure> {
        let folder = Folder::make()?;
        let mut initdb = as_user(&programs.join("initdb"), None);
        initdb.args(["--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-locale"]);
        initdb.args(["--no-sync", "--pgdata"]).arg(folder.path.join("data"));
        process::read(&mut initdb)?;
        let port = process::free_port()?;
        let server = Held::spawn(&mut serve(programs, &folder.path, port)?)?;
        let mut private = Self { server, folder: folder.keep(), programs: programs.into(), port };
        private.wait_until_ready()?;
        Ok(private)
    }

    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let started = Instant::now();
        let port = self.port.to_string();
        while started.elapsed() < Duration::from_secs(30) {
            interrupt::check()?;
            if self.server.ended()?.is_some() {
                break;
            }
            let mut ask = Command::new(self.programs.join("pg_isready"));
            ask.args(["--quiet", "--host", "127.0.0.1", "--port", &port]);
            if ask.status().is_ok_and(|status| status.success()) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = process::tail(&self.folder.join("log"), 20);
        Err(Failure::new(format!("PostgreSQL did not start:\n{log}")))
    }

    /// Its address, with rights to make databases.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// A client program of the same version, set up for this server.
    pub fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.env("PGHOST", "127.0.0.1").env("PGPORT", self.port.to_string());
        command.env("PGUSER", USER);
        command
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        self.server.stop(Signal::INT, Duration::from_secs(15));
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            step::note(&format!("{} is left over: {error}", self.folder.display()));
        }
    }
}

/// A new folder that the server's user can reach, removed unless kept.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn make() -> Result<Self, Failure> {
        // Not under the repository: that may lie in a folder only root can enter.
        let name = format!("{PREFIX}{}-{}", std::process::id(), process::free_port()?);
        let path = Path::new("/tmp").join(name);
        std::fs::create_dir(&path).or_fail(format!("make {}", path.display()))?;
        if packages::is_root() {
            let owner = format!("{USER}:");
            process::read(Command::new("chown").args([owner.as_str(), "--"]).arg(&path))?;
        }
        process::read(Command::new("chmod").args(["0700", "--"]).arg(&path))?;
        Ok(Self { path, keep: false })
    }

    fn keep(mut self) -> PathBuf {
        self.keep = true;
        std::mem::take(&mut self.path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn serve(programs: &Path, folder: &Path, port: u16) -> Result<Command, Failure> {
    let log = File::create(folder.join("log")).or_fail("make PostgreSQL's log")?;
    let also = log.try_clone().or_fail("make PostgreSQL's log")?;
    // If this program is killed outright, the kernel asks the server to stop.
    let mut command = as_user(&programs.join("postgres"), Some("INT"));
    command.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
    command.args(["-c", MAX_CONNECTIONS, "-c", "fsync=on"]);
    command.stdin(Stdio::null()).stdout(log).stderr(also);
    // Ctrl-C is for this program, which stops the server last, after its users.
    command.process_group(0);
    Ok(command)
}

/// A program as the server's user where this one is root; told `signal` when this one dies.
fn as_user(program: &Path, signal: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    if packages::is_root() {
        command.args(["--reuid", USER, "--regid", USER, "--init-groups"]);
    }
    if let Some(signal) = signal {
        command.args(["--pdeathsig", signal]);
    }
    command.arg("--").arg(program);
    // The caller's folder may be closed to that user.
    command.current_dir("/");
    command
}

/// Removes what a killed run left behind: folders named after processes that are gone.
fn sweep() {
    let Ok(entries) = std::fs::read_dir("/tmp") else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let left_over = name.to_str().and_then(owner).is_some_and(|pid| !alive(pid));
        if left_over {
            // Somebody else's folder refuses, which is right.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

fn owner(name: &str) -> Option<i32> {
    name.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()
}

fn alive(pid: i32) -> bool {
    Path::new("/proc").join(pid.to_string()).exists()
}

/// The folder with `initdb` and `postgres`: Debian's newest, or what is on the path.
pub fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| folder.join("postgres").is_file() && folder.join("initdb").is_file())
        .collect();
    found.sort();
    if let Some((_, newest)) = found.pop() {
        return Some(newest);
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
}

/// Holds one until Ctrl-C and prints the line that points the tests at it.
///
/// # Errors
/// It cannot be started, or ends by itself.
pub fn foreground() -> Result<(), Failure> {
    let mut private = Private::start()?;
    println!("export {ENV}={}", private.url());
    step::note("Ctrl-C stops it and removes its data");
    loop {
        if interrupt::requested() {
            return Ok(());
        }
        if private.server.ended()?.is_some() {
            return Err(Failure::new("PostgreSQL ended by itself"));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_left_over_folder_names_its_process() {
        assert_eq!(owner("reelmill-pg-4711-40123"), Some(4711));
        assert_eq!(owner("reelmill-pg-"), None);
        assert_eq!(owner("pgsql-4711"), None);
    }
}
