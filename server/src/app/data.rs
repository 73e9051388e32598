//! The data folder of a node: its lock, its key, its name.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::StartError;
use crate::config::Config;
use crate::kernel::secret::{MasterKey, random_bytes};

/// Makes the folder if need be, for its owner alone.
pub(super) fn make(data: &Path) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|error| StartError::Data(data.to_owned(), error))
}

/// One process that runs the line: its name in leases, its folder for work under way, and the lock
/// that keeps both its own; released when dropped, also by a crash.
pub struct Node {
    /// What its leases are called.
    pub name: String,
    /// Folder of work under way, in the data folder.
    pub work: String,
    _lock: File,
}

/// Most `reelmill worker` processes on one data folder.
const MOST_WORKERS: u32 = 64;

/// How long a folder that is in use is asked for again. A process that was killed while it started
/// a tool may leave the lock to a child that has not yet become that tool.
const PARTING: Duration = Duration::from_secs(2);

/// Takes the data folder for `serve`; waits [a moment](PARTING) for whoever is just leaving it.
///
/// # Errors
/// [`StartError::InUse`] when another process serves it.
pub fn lock_data(data: &Path) -> Result<Node, StartError> {
    make(data)?;
    let asked = Instant::now();
    let lock = loop {
        match locked(data, "lock")? {
            Some(lock) => break lock,
            None if asked.elapsed() < PARTING => std::thread::sleep(PARTING / 100),
            None => return Err(StartError::InUse(data.to_owned())),
        }
    };
    Ok(Node { name: node_name(data)?, work: String::from("work"), _lock: lock })
}

/// Takes a worker's place beside `serve`: the first that is free, so that a worker that is started
/// again has the name of one that ended, and takes back at once what that one held.
///
/// # Errors
/// [`StartError::InUse`] when every place is taken.
pub fn lock_worker(data: &Path) -> Result<Node, StartError> {
    make(data)?;
    for place in 1..=MOST_WORKERS {
        if let Some(lock) = locked(data, &format!("worker-{place}.lock"))? {
            let name = format!("{}-{place}", node_name(data)?);
            return Ok(Node { name, work: format!("work-{place}"), _lock: lock });
        }
    }
    Err(StartError::InUse(data.to_owned()))
}

fn locked(data: &Path, name: &str) -> Result<Option<File>, StartError> {
    let failed = |error| StartError::Data(data.to_owned(), error);
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).open(data.join(name));
    let file = file.map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// The configured key, or the one kept in the data folder, made at the first start.
pub(super) fn master_key(config: &Config, data: &Path) -> Result<MasterKey, StartError> {
    if let Some(secret) = &config.server.secret {
        let path = PathBuf::from("server.secret");
        return MasterKey::from_hex(secret.reveal()).ok_or(StartError::Key(path));
    }
    let path = data.join("secret.key");
    let text = kept(data, &path)?;
    MasterKey::from_hex(&text).ok_or(StartError::Key(path))
}

/// What leases call this node: made at the first start, the same after every restart, so that a
/// node takes back at once what it held when it was killed.
pub(super) fn node_name(data: &Path) -> Result<String, StartError> {
    let text = kept(data, &data.join("node.id"))?;
    Ok(text.chars().take(16).collect())
}

/// The 64 hex digits kept in a file, made at the first start.
fn kept(data: &Path, path: &Path) -> Result<String, StartError> {
    let failed = |error| StartError::Data(data.to_owned(), error);
    if !path.exists() {
        let fresh = random_bytes::<32>()?;
        let text: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
        write_key(path, &text).map_err(failed)?;
    }
    fs::read_to_string(path).map(|text| text.trim().to_owned()).map_err(failed)
}

/// Readable by its owner alone; of two processes starting at once the first one's key stays.
fn write_key(path: &Path, text: &str) -> io::Result<()> {
    match OpenOptions::new().create_new(true).write(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_waited_for_a_moment_and_no_longer() {
        let folder = tempfile::tempdir().expect("a folder");
        let leaving = lock_data(folder.path()).expect("nobody has it");
        let gone = std::thread::spawn(move || {
            std::thread::sleep(PARTING / 4);
            drop(leaving);
        });
        let staying = lock_data(folder.path()).expect("the other one leaves");
        gone.join().expect("gone");
        let refused = lock_data(folder.path());
        assert!(matches!(refused, Err(StartError::InUse(_))), "somebody serves it");
        drop(staying);
    }
}
