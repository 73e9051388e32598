//! A store that takes every byte and gives back something else.

use std::fmt;
use std::path::Path as Folder;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};
use server::domain::media::Store;

/// What is wrong with what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rot {
    /// Its first byte.
    OtherByte,
    /// Its end is missing.
    Shorter,
    /// All of it.
    Gone,
}

/// A local store with one fault.
#[derive(Debug)]
pub struct Rotten {
    inner: LocalFileSystem,
    rot: Rot,
}

impl Rotten {
    pub fn store(folder: &Folder, rot: Rot) -> Store {
        let root = folder.join(format!("rotten-{rot:?}"));
        std::fs::create_dir_all(&root).expect("a folder");
        let inner = LocalFileSystem::new_with_prefix(&root).expect("a store");
        Store::over(Arc::new(Self { inner, rot }), &root)
    }
}

impl fmt::Display for Rotten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rotten({:?})", self.rot)
    }
}

#[async_trait::async_trait]
impl ObjectStore for Rotten {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> Result<PutResult> {
        self.inner.put_opts(location, payload, opts).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        opts: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(location, opts).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        if self.rot == Rot::Gone {
            let source = std::io::Error::from(std::io::ErrorKind::NotFound).into();
            return Err(object_store::Error::NotFound { path: location.to_string(), source });
        }
        let found = self.inner.get_opts(location, options).await?;
        let (meta, range, attributes, extensions) = (
            found.meta.clone(),
            found.range.clone(),
            found.attributes.clone(),
            found.extensions.clone(),
        );
        let mut bytes = found.bytes().await?.to_vec();
        match self.rot {
            Rot::OtherByte => bytes[0] ^= 1,
            _ => bytes.truncate(bytes.len() / 2),
        }
        let body = futures_util::stream::iter([Ok(Bytes::from(bytes))]).boxed();
        let payload = GetResultPayload::Stream(body);
        Ok(GetResult { payload, meta, range, attributes, extensions })
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
