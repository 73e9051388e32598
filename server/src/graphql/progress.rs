//! `batchProgress`: a snapshot, then what changed, until the batch has settled.
//!
//! Invariants: an event is read from the database after the bus (or the clock) said that there may
//! be one, so a message lost by the bus costs seconds and never content; every event is authorised
//! afresh; events are at least [`LEAST_GAP`] apart, the first and the last always come; `rev` of
//! any event resumes exactly after it.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Context, ID, SimpleObject, Subscription};
use entity::ids::{BatchId, WorkspaceId};
use futures_util::Stream;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::batches::BatchShown;
use super::call::{Call, ContextExt as _};
use super::error::{Answer, invalid_input};
use super::following::Rights;
use super::scalars::{Long, id};
use super::videos::VideoShown;
use crate::coord::event_bus::BatchEvents;
use crate::domain::access::{Action, Scope};
use crate::domain::batches::Progress;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// Shortest time between two events of one subscriber.
pub const LEAST_GAP: Duration = Duration::from_millis(250);
/// After this long without a word from the bus the database is asked all the same.
const DOUBT: Duration = Duration::from_secs(2);

/// A batch at a revision, and the videos that changed since the one before.
#[derive(SimpleObject)]
pub struct BatchProgress {
    /// Give this to `afterRev` to resume after this event.
    rev: Long,
    /// Its counts and state.
    batch: BatchShown,
    /// The changed videos in order of ordinals; some may come again in the next event.
    videos: Vec<VideoShown>,
    /// Start from this event: forget what you know. When `videos` is empty and the batch is not,
    /// read them by pages.
    snapshot: bool,
}

/// Streams.
#[derive(Default)]
pub struct ProgressSubscriptions;

#[Subscription]
impl ProgressSubscriptions {
    /// Follows a batch: a snapshot (or what changed after `afterRev`), then changes, at most four
    /// times a second; ends after the event in which the batch has settled.
    async fn batch_progress(
        &self,
        ctx: &Context<'_>,
        workspace_id: ID,
        batch_id: ID,
        after_rev: Option<Long>,
    ) -> Result<impl Stream<Item = Result<BatchProgress, ApiError>> + use<>, ApiError> {
        let call = Arc::clone(ctx.call()?);
        call.user()?;
        let workspace: WorkspaceId = id("workspaceId", &workspace_id)?;
        let batch: BatchId = id("batchId", &batch_id)?;
        let resume = call.following.resume();
        let rev = resume.or(after_rev.map(|rev| rev.0));
        if rev.is_some_and(|rev| rev < 0) {
            return Err(invalid_input("afterRev", Reason::BelowMinimum).with("min", 0));
        }
        let scope = call.scope(workspace, Action::Read).await?;
        // Subscribe first, then read: nothing falls in between.
        let events = call.services.batches.follow(&scope, batch).await?;
        call.following.begin(&scope);
        let rights = Rights::from(&scope);
        let first = resume.is_none();
        Ok(follow(Follower { call, workspace, batch, rev, events, rights, first }))
    }
}

struct Follower {
    call: Arc<Call>,
    workspace: WorkspaceId,
    batch: BatchId,
    /// Last revision sent.
    rev: Option<i64>,
    events: BatchEvents,
    /// What its reader may see; an event for other rights is none of its business.
    rights: Rights,
    /// The next event is told even if nothing changed.
    first: bool,
}

fn follow(mut follower: Follower) -> impl Stream<Item = Result<BatchProgress, ApiError>> {
    async_stream::stream! {
        loop {
            let (scope, progress) = match follower.read().await {
                Ok(found) => found,
                Err(refused) => {
                    yield Err(refused);
                    return;
                }
            };
            let settled = progress.batch.settled_at.is_some();
            let sent = Instant::now();
            if follower.first || settled || follower.rev != Some(progress.rev) {
                follower.first = false;
                follower.rev = Some(progress.rev);
                follower.call.following.step(progress.rev, settled);
                yield Ok(shown(scope, progress));
            }
            if settled {
                return;
            }
            follower.wait(sent).await;
        }
    }
}

impl Follower {
    async fn read(&self) -> Answer<(Scope, Progress)> {
        let services = &self.call.services;
        let scope =
            services.access.authorise(&self.call.caller(), self.workspace, Action::Read).await?;
        if Rights::from(&scope) != self.rights {
            return Err(ApiError::new(ErrorCode::Forbidden));
        }
        let progress = services.batches.changes(&scope, self.batch, self.rev).await?;
        Ok((scope, progress))
    }

    /// Until something may have changed, and not before the next event may be sent.
    async fn wait(&mut self, sent: Instant) {
        sleep_until(sent + LEAST_GAP).await;
        if let Ok(None) = timeout_at(sent + DOUBT, self.events.changed()).await {
            // The bus is gone: go on by the clock alone.
            sleep_until(sent + DOUBT).await;
        }
    }
}

fn shown(scope: Scope, progress: Progress) -> BatchProgress {
    let batch = BatchShown { scope, row: Arc::new(progress.batch) };
    let videos = progress.videos.into_iter().map(|row| batch.video(row)).collect();
    BatchProgress { rev: progress.rev.into(), batch, videos, snapshot: progress.snapshot }
}
