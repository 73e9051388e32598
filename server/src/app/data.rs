//! The data folder of a node: its lock, its key, its name.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::StartError;
use crate::config::Config;
use crate::kernel::secret::{MasterKey, random_bytes};

/// Makes the folder if need be, for its owner alone.
pub(super) fn make(data: &Path) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|error| StartError::Data(data.to_owned(), error))
}

/// Holds the data folder for one `serve` process; released when dropped, also by a crash.
pub struct DataLock(#[expect(dead_code, reason = "held for its lock")] File);

/// Takes the data folder.
///
/// # Errors
/// [`StartError::InUse`] when another process serves it.
pub fn lock_data(data: &Path) -> Result<DataLock, StartError> {
    let failed = |error| StartError::Data(data.to_owned(), error);
    make(data)?;
    let path = data.join("lock");
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(DataLock(file)),
        Err(fs::TryLockError::WouldBlock) => Err(StartError::InUse(data.to_owned())),
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
