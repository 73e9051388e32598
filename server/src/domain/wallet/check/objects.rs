//! The store that media keeps, as the check reads it.

use async_trait::async_trait;

use super::{ObjectFacts, Objects};
use crate::domain::media::Store;

#[async_trait]
impl Objects for Store {
    async fn describe(&self, key: &str) -> std::io::Result<Option<ObjectFacts>> {
        let found = self.measure(key).await.map_err(std::io::Error::other)?;
        Ok(found.map(|stored| ObjectFacts { bytes: stored.bytes, sha256: stored.sha256 }))
    }
}
