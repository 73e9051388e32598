//! Progress by revision: what changed since the reader last looked.
//!
//! Every change of a batch's videos gives the batch its next revision, under the row's lock, and
//! each changed video keeps it. So "since revision r" is one query, resuming is the same query,
//! and nothing has to be kept for readers that are away.

use entity::ids::BatchId;

use super::error::Error;
use super::model::{Batch, Video};
use super::{Batches, repo};
use crate::coord::event_bus::BatchEvents;
use crate::domain::access::Scope;

/// A batch at a revision, and the videos that changed up to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Ask for changes after this one next.
    pub rev: i64,
    /// Its counts and state.
    pub batch: Batch,
    /// The changed videos in ordinal order; may hold some that changed even later, which come
    /// again. All of them in a snapshot of a batch small enough, else none.
    pub videos: Vec<Video>,
    /// The reader's own picture is too old (or there is none): start from this one. When `videos`
    /// is empty, read them by pages.
    pub snapshot: bool,
}

impl Batches {
    /// What changed after revision `after_rev`; a snapshot without it, when more than
    /// [`super::Options::max_changes`] videos changed, or when the revision is not of this batch.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn changes(
        &self,
        scope: &Scope,
        batch_id: BatchId,
        after_rev: Option<i64>,
    ) -> Result<Progress, Error> {
        // The batch first: videos read after it can only be newer than its revision, never older.
        let batch = self.get(scope, batch_id).await?;
        let known = after_rev.filter(|rev| (0..=batch.rev).contains(rev));
        let videos = self.changed(scope, &batch, known.unwrap_or(0)).await?;
        let (videos, snapshot) = match videos {
            Some(videos) => (videos, known.is_none()),
            None => (Vec::new(), true),
        };
        Ok(Progress { rev: batch.rev, batch, videos, snapshot })
    }

    /// Follows a batch: every event names a revision that can be read. Subscribe, then read.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn follow(&self, scope: &Scope, batch_id: BatchId) -> Result<BatchEvents, Error> {
        self.get(scope, batch_id).await?;
        Ok(self.parts.bus.subscribe(batch_id).await)
    }

    /// The videos that changed, or `None` when they are too many to list.
    async fn changed(
        &self,
        scope: &Scope,
        batch: &Batch,
        after_rev: i64,
    ) -> Result<Option<Vec<Video>>, Error> {
        if after_rev == batch.rev {
            return Ok(Some(Vec::new()));
        }
        let max = self.options.max_changes;
        let whose = (scope.workspace_id(), batch.id);
        let limit = max as u64 + 1;
        let videos = repo::changed(self.parts.db.reader(), whose, (after_rev, limit)).await?;
        Ok((videos.len() <= max).then_some(videos))
    }
}
