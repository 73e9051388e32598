//! The object store: put durably, read back, list, delete.
//!
//! `object_store` 0.14.2's local store, with `with_fsync(true)`, syncs the file before the rename,
//! the folder after it and every folder it made on the way (`local.rs`: `finish_staged_rename`,
//! `create_parent_dirs`), so a returned put survives a power cut.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use entity::values::UnixMs;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt as _, PutPayload};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncReadExt as _;

use super::error::Error;
use super::model::Stored;

/// Bytes read from a file and handed to the store at once.
const PART: usize = 1 << 20;

/// Where delivered files live. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    root: PathBuf,
}

/// One object of a listing.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub key: String,
    pub modified_at: UnixMs,
}

impl Store {
    /// A durable store in a folder, which is made if missing.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn local(root: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(root)?;
        let objects = LocalFileSystem::new_with_prefix(root)?.with_fsync(true);
        Ok(Self::over(Arc::new(objects), root))
    }

    /// The same rules over any store that is durable when a put returns; half-written uploads are
    /// looked for in `root`.
    #[must_use]
    pub fn over(objects: Arc<dyn ObjectStore>, root: &Path) -> Self {
        Self { objects, root: root.to_owned() }
    }

    /// Stores a file and returns length and checksum of what the store gives back.
    ///
    /// # Errors
    /// [`Error::Corrupt`] when that differs from the file; the file's or the store's failure.
    pub async fn put(&self, file: &Path, key: &str) -> Result<Stored, Error> {
        let location = Key::from(key);
        let mut source = tokio::fs::File::open(file).await?;
        let mut upload = self.objects.put_multipart(&location).await?;
        let mut digest = Sha256::new();
        loop {
            let part = read_part(&mut source).await?;
            if part.is_empty() {
                break;
            }
            digest.update(&part);
            upload.put_part(PutPayload::from(part)).await?;
        }
        upload.complete().await?;
        let stored = self.measure(key).await?.ok_or(Error::Corrupt)?;
        if stored.sha256 == digest.finalize().to_vec() { Ok(stored) } else { Err(Error::Corrupt) }
    }

    /// Length and SHA-256 of an object as it is now; `None` when there is none.
    ///
    /// # Errors
    /// The store's failure.
    pub async fn measure(&self, key: &str) -> Result<Option<Stored>, Error> {
        let found = match self.objects.get(&Key::from(key)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let mut body = found.into_stream();
        let mut digest = Sha256::new();
        let mut bytes = 0_i64;
        while let Some(part) = body.next().await {
            let part = part?;
            bytes += i64::try_from(part.len()).unwrap_or(0);
            digest.update(&part);
        }
        Ok(Some(Stored { bytes, sha256: digest.finalize().to_vec() }))
    }

    /// Length of an object.
    ///
    /// # Errors
    /// The store's failure, also when there is no such object.
    pub async fn length(&self, key: &str) -> Result<u64, Error> {
        Ok(self.objects.head(&Key::from(key)).await?.size)
    }

    /// A part of an object as a stream.
    ///
    /// # Errors
    /// The store's failure.
    pub async fn read(
        &self,
        key: &str,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.objects.get_opts(&Key::from(key), options).await?;
        Ok(found.into_stream().map(|part| part.map_err(Error::from)).boxed())
    }

    pub(super) fn list(&self) -> BoxStream<'static, Result<Listed, Error>> {
        let listed = self.objects.list(None);
        listed
            .map(|entry| {
                let entry = entry?;
                Ok(Listed {
                    key: entry.location.to_string(),
                    modified_at: UnixMs(entry.last_modified.timestamp_millis()),
                })
            })
            .boxed()
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.objects.delete(&Key::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }
}

async fn read_part(source: &mut tokio::fs::File) -> Result<Bytes, Error> {
    let mut part = Vec::with_capacity(PART);
    let mut limited = source.take(PART as u64);
    limited.read_to_end(&mut part).await?;
    Ok(Bytes::from(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A put that returned survives a loss of power; `object_store` does not do that by itself.
    #[test]
    fn the_local_store_syncs_what_it_writes() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::local(folder.path()).expect("a store");
        let shown = format!("{:?}", store.objects);
        assert!(shown.contains("fsync: true"), "{shown}");
    }

    #[tokio::test]
    async fn what_is_stored_is_measured_from_the_store_and_ranges_are_exact() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("in.bin");
        let bytes: Vec<u8> = (0..PART + 77).map(|place| (place % 251) as u8).collect();
        std::fs::write(&file, &bytes).expect("written");
        let store = Store::local(&folder.path().join("objects")).expect("a store");
        let stored = store.put(&file, "wks_a/bat_b/vid_c/1-1.mp4").await.expect("stored");
        assert_eq!(stored.bytes, bytes.len() as i64);
        assert_eq!(stored.sha256, Sha256::digest(&bytes).to_vec());
        assert_eq!(store.measure("nothing").await.expect("a look"), None);
        let mut body = store.read("wks_a/bat_b/vid_c/1-1.mp4", 5..9).await.expect("a stream");
        let mut read = Vec::new();
        while let Some(part) = body.next().await {
            read.extend_from_slice(&part.expect("a part"));
        }
        assert_eq!(read, bytes[5..9]);
        let missing = store.put(&folder.path().join("missing"), "k").await;
        assert!(matches!(missing, Err(Error::File(_))));
    }
}
