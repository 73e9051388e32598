//! Marks: what members think of videos.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::enums::Mark;
use entity::ids::{BatchId, VideoId, WorkspaceId};

use super::batches::BatchShown;
use super::call::ContextExt as _;
use super::error::Answer;
use super::people::Person;
use super::scalars::{DateTime, id, int};
use crate::domain::access::{Action, Scope};
use crate::domain::batches::{MarkCounts, MarkRequest, Marked};

/// What a member thinks of a video.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "Mark", remote = "entity::enums::Mark")]
pub enum MarkWord {
    /// To be used.
    Keep,
    /// Not to be used.
    Reject,
}

/// How videos are marked that are to be listed.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MarkFilter")]
pub enum MarkFilter {
    /// Marked KEEP.
    Keep,
    /// Marked REJECT.
    Reject,
    /// Not marked.
    None,
}

impl From<MarkFilter> for Marked {
    fn from(filter: MarkFilter) -> Self {
        match filter {
            MarkFilter::Keep => Self::As(Mark::Keep),
            MarkFilter::Reject => Self::As(Mark::Reject),
            MarkFilter::None => Self::Not,
        }
    }
}

/// The newest mark of a video.
pub struct ReviewShown {
    /// Where it was read.
    pub scope: Scope,
    /// What was read.
    pub row: entity::video_mark::Model,
}

/// The newest mark of a video.
#[Object(name = "Review")]
impl ReviewShown {
    /// The verdict.
    async fn mark(&self) -> MarkWord {
        self.row.mark.into()
    }
    /// Who marked it.
    async fn by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.marked_by).await
    }
    /// When.
    async fn at(&self) -> DateTime {
        self.row.marked_at.into()
    }
}

/// How many videos of a batch are marked.
#[derive(SimpleObject)]
pub struct BatchMarks {
    /// Marked KEEP.
    kept: i32,
    /// Marked REJECT.
    rejected: i32,
}

impl From<Option<MarkCounts>> for BatchMarks {
    fn from(counts: Option<MarkCounts>) -> Self {
        let (kept, rejected) = counts.map_or((0, 0), |counts| (counts.kept, counts.rejected));
        Self { kept: int(kept), rejected: int(rejected) }
    }
}

/// Videos to be marked.
#[derive(InputObject)]
pub struct MarkVideosInput {
    /// Where.
    workspace_id: ID,
    /// Of which batch.
    batch_id: ID,
    /// Which of its videos, 1 to 2,000: all are marked, or none.
    video_ids: Vec<ID>,
    /// The verdict; marks are taken away without it.
    mark: Option<MarkWord>,
}

/// What was marked.
#[derive(SimpleObject)]
pub struct MarkVideosPayload {
    /// The batch, with its counts afterwards.
    batch: BatchShown,
}

/// Writes.
#[derive(Default)]
pub struct MarkMutations;

#[Object]
impl MarkMutations {
    /// Marks videos to be kept or not. The newest mark of a video counts. A mark changes neither
    /// state nor money, and is no event of `batchProgress`.
    async fn mark_videos(
        &self,
        ctx: &Context<'_>,
        input: MarkVideosInput,
    ) -> Answer<MarkVideosPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Mark).await?;
        let batch_id: BatchId = id("batchId", &input.batch_id)?;
        let video_ids = input.video_ids.iter().map(|text| id("videoIds", text));
        let video_ids = video_ids.collect::<Answer<Vec<VideoId>>>()?;
        let mark = input.mark.map(Into::into);
        let request = MarkRequest { batch_id, video_ids: &video_ids, mark };
        let row = call.services.batches.mark(&scope, request).await?;
        Ok(MarkVideosPayload { batch: BatchShown { scope, row: Arc::new(row) } })
    }
}
