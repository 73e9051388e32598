//! Marks: what members think of videos. The newest mark of a video counts, and says whose it is.
//!
//! A mark changes nothing of the video itself: no state, no money, no revision. It is no event of
//! `batchProgress` either; whoever looks reads marks with the videos.

use std::collections::BTreeSet;

use entity::enums::Mark;
use entity::ids::{BatchId, VideoId};
use entity::values::UnixMs;
use entity::video_mark;

use super::error::Error;
use super::model::Batch;
use super::{Batches, allowed, repo};
use crate::db::Class;
use crate::domain::access::{Action, Scope};
use crate::kernel::error::ApiError;
use crate::kernel::reason::Reason;

/// Most videos marked at once.
pub const MAX_MARKS: usize = 2_000;

/// Videos to be marked.
#[derive(Clone, Debug)]
pub struct MarkRequest<'a> {
    /// Of which batch.
    pub batch_id: BatchId,
    /// Which of its videos, 1 … [`MAX_MARKS`]; all are marked, or none.
    pub video_ids: &'a [VideoId],
    /// The verdict; `None` takes marks away.
    pub mark: Option<Mark>,
}

/// Which marks a video must have to be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    /// This one.
    As(Mark),
    /// None at all.
    Not,
}

/// How many videos of a batch are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkCounts {
    /// Which batch.
    pub batch_id: BatchId,
    /// Marked KEEP.
    pub kept: i64,
    /// Marked REJECT.
    pub rejected: i64,
}

/// Marks as they are written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub mark: Mark,
    pub by: entity::ids::UserId,
    pub at: UnixMs,
}

impl Batches {
    /// Marks videos of one batch, or takes their marks away. Twice is once.
    ///
    /// # Errors
    /// [`Error::NotFound`] when one of them is not of this batch; [`Error::InvalidInput`] for none
    /// or too many; [`Error::Forbidden`].
    pub async fn mark(&self, scope: &Scope, request: MarkRequest<'_>) -> Result<Batch, Error> {
        allowed(scope, Action::Mark)?;
        let by = scope.caller().actor.user_id().ok_or(Error::Forbidden)?;
        let videos: BTreeSet<VideoId> = request.video_ids.iter().copied().collect();
        let videos: Vec<VideoId> = videos.into_iter().collect();
        if videos.is_empty() || videos.len() > MAX_MARKS {
            let refusal = ApiError::invalid_input("videoIds", Reason::CountOutOfRange);
            return Err(Error::InvalidInput(refusal.with("min", 1).with("max", MAX_MARKS)));
        }
        let batch = self.get(scope, request.batch_id).await?;
        let verdict = request.mark.map(|mark| Verdict { mark, by, at: self.parts.clock.now() });
        let (batch, videos) = (&batch, videos.as_slice());
        self.parts
            .db
            .tx(Class::Interactive, |tx| async move {
                if !repo::all_of_batch_in_tx(&tx, batch, videos).await? {
                    return Err(Error::NotFound);
                }
                match verdict {
                    Some(verdict) => repo::mark_in_tx(&tx, batch, (videos, verdict)).await?,
                    None => repo::unmark_in_tx(&tx, batch, videos).await?,
                }
                Ok(())
            })
            .await?;
        Ok(batch.clone())
    }

    /// The marks of these videos; videos without one are absent.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn marks(
        &self,
        scope: &Scope,
        videos: &[VideoId],
    ) -> Result<Vec<video_mark::Model>, Error> {
        Ok(repo::marks(self.parts.db.reader(), scope.workspace_id(), videos).await?)
    }

    /// How many videos of these batches are marked; batches without marks are absent.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn mark_counts(
        &self,
        scope: &Scope,
        batches: &[BatchId],
    ) -> Result<Vec<MarkCounts>, Error> {
        Ok(repo::mark_counts(self.parts.db.reader(), scope.workspace_id(), batches).await?)
    }
}
