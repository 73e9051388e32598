//! Removal of objects that no asset names.
//!
//! Such objects are left by a process that died between the store and the settling transaction,
//! or by a result that came too late. They wait long enough (24 h by default) that no claim which
//! could still name them is alive. Half-written uploads (`…#1`) are files of the local store that
//! its listing hides, so they are looked for in the folder itself.

use std::path::Path;

use entity::values::UnixMs;
use futures_util::StreamExt as _;

use super::error::Error;
use super::repo;
use super::store::Store;
use crate::db::Db;

/// Objects asked about at once.
const CHUNK: usize = 500;

/// Removes objects last changed before `before` that no asset names; returns how many.
///
/// # Errors
/// The store's or the database's failure.
pub async fn orphans(db: &Db, store: &Store, before: UnixMs) -> Result<u64, Error> {
    let mut removed = 0;
    let mut old = Vec::new();
    let mut listing = store.list();
    while let Some(entry) = listing.next().await {
        let entry = entry?;
        if entry.modified_at < before {
            old.push(entry.key);
        }
        if old.len() == CHUNK {
            removed += remove_unnamed(db, store, std::mem::take(&mut old)).await?;
        }
    }
    removed += remove_unnamed(db, store, old).await?;
    let root = store.root().to_owned();
    let staged = tokio::task::spawn_blocking(move || remove_staged(&root, before)).await;
    Ok(removed + staged.unwrap_or(Ok(0))?)
}

async fn remove_unnamed(db: &Db, store: &Store, keys: Vec<String>) -> Result<u64, Error> {
    let mut removed = 0;
    for key in repo::unnamed(db, keys).await? {
        store.delete(&key).await?;
        removed += 1;
    }
    Ok(removed)
}

fn remove_staged(folder: &Path, before: UnixMs) -> Result<u64, Error> {
    let mut removed = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else if is_staged(&entry.path()) && modified_at(&entry)? < before {
                std::fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn is_staged(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let suffix = name.rsplit_once('#').map(|(_, suffix)| suffix);
    suffix.is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn modified_at(entry: &std::fs::DirEntry) -> Result<UnixMs, Error> {
    let modified = entry.metadata()?.modified()?;
    let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}
