//! What runs beside requests: the workers of the line, and the sweep of [`accounts`].
//!
//! A lane's turn comes from the queue, videos are claimed in the database, each claimed video gets
//! a task ([`render`]), every end goes through one settler ([`settle`]), and a sweep ([`sweep`])
//! finds what no hint announced. All of it may be killed at any moment: what is true is in the
//! database.
//!
//! Deliberately absent: decisions. They are in `domain::batches::line`.

pub mod accounts;
mod render;
mod settle;
mod sweep;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use entity::ids::BatchId;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use settle::{FlushOptions, Settler, Unsettled};

use crate::coord::work_queue::Turn;
use crate::domain::batches::line::{
    self, ClaimRequest, ClaimedBatch, Dispatch, Error, Fence, Rules, counters,
};
use crate::domain::media::Store;
use crate::domain::media::probe::Prober;
use crate::ports::provider::Provider;

/// Limits and durations of the workers.
#[derive(Clone, Debug)]
pub struct Options {
    /// Rules of the line itself.
    pub rules: Rules,
    /// Videos in flight in this process: rendering, being stored, or waiting for a thread.
    pub slots: usize,
    /// Most videos in one claim.
    pub claim_max: i64,
    /// Submissions in flight at the provider, over all processes.
    pub provider_cap: i64,
    /// Models served.
    pub models: &'static [&'static str],
    /// Pause between sweeps.
    pub sweep_every: Duration,
    /// Pause between the rarer duties (expired credits, unproven outcomes).
    pub tend_every: Duration,
    /// Pause between the rarest duties (orphaned objects, old idempotency keys).
    pub clean_every: Duration,
    /// Age at which an object that no asset names is removed.
    pub orphan_after: Duration,
    /// Longest pause between two looks at a job.
    pub poll_every: Duration,
    /// How long a provider may take to confirm a stop before the outcome counts as unknown.
    pub stop_grace: Duration,
    /// How often a result is brought into the store before the video fails.
    pub store_tries: u32,
    /// Wait before the second try; doubles with each.
    pub store_backoff: Duration,
    /// How long a drain lets videos finish before it interrupts them.
    pub drain: Duration,
    /// Group commit.
    pub flush: FlushOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            slots: 2 * crate::ports::provider::animatic::default_threads() + 2,
            claim_max: 16,
            provider_cap: 64,
            models: &["animatic-1"],
            sweep_every: Duration::from_secs(1),
            tend_every: Duration::from_secs(60),
            clean_every: Duration::from_secs(3600),
            orphan_after: Duration::from_secs(86_400),
            poll_every: Duration::from_millis(500),
            stop_grace: Duration::from_secs(30),
            store_tries: 5,
            store_backoff: Duration::from_secs(1),
            drain: Duration::from_secs(20),
            flush: FlushOptions::default(),
        }
    }
}

/// What the workers are built from.
#[derive(Clone)]
pub struct Parts {
    /// The line's own parts.
    pub line: line::Parts,
    /// Where files go.
    pub store: Store,
    /// Which tools look at them.
    pub prober: Prober,
    /// Who makes the videos.
    pub provider: Provider,
}

/// The running workers. Dropping it stops nothing: call [`Line::drain`].
pub struct Line {
    shared: Arc<Shared>,
    stop: CancellationToken,
    loops: TaskTracker,
}

/// What every task of the workers uses.
pub(crate) struct Shared {
    dispatch: Dispatch,
    store: Store,
    prober: Prober,
    provider: Provider,
    settler: Settler,
    options: Options,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    /// Cancelled when a drain interrupts what is still under way.
    interrupt: CancellationToken,
    running: Mutex<HashMap<Fence, (BatchId, CancellationToken)>>,
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, HashMap<Fence, (BatchId, CancellationToken)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// Recovers what a former process of this name left behind, then starts the workers.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn start(parts: Parts, options: Options) -> Result<Self, Error> {
        let Parts { line, store, prober, provider } = parts;
        let dispatch = Dispatch::new(line, options.rules.clone());
        counters::ensure_provider(dispatch.db(), provider.traits().name, options.provider_cap)
            .await?;
        let shared = Arc::new(Shared {
            settler: Settler::start(dispatch.clone(), options.flush),
            slots: Arc::new(Semaphore::new(options.slots)),
            tasks: TaskTracker::new(),
            interrupt: CancellationToken::new(),
            running: Mutex::default(),
            dispatch,
            store,
            prober,
            provider,
            options,
        });
        sweep::recover_own(&shared).await?;
        counters::rederive(shared.dispatch.db()).await?;
        let (stop, loops) = (CancellationToken::new(), TaskTracker::new());
        loops.spawn(claim_loop(Arc::clone(&shared), stop.clone()));
        loops.spawn(sweep::run(Arc::clone(&shared), stop.clone()));
        loops.close();
        Ok(Self { shared, stop, loops })
    }

    /// Claims nothing more, lets what is under way finish within the drain time, interrupts the
    /// rest (it returns to the queue), and settles everything that ended.
    pub async fn drain(self) {
        self.stop.cancel();
        self.loops.wait().await;
        let shared = self.shared;
        shared.tasks.close();
        if tokio::time::timeout(shared.options.drain, shared.tasks.wait()).await.is_err() {
            tracing::warn!("line.drain interrupts videos that are still under way");
            shared.interrupt.cancel();
            let most = shared.options.stop_grace;
            if tokio::time::timeout(most, shared.tasks.wait()).await.is_err() {
                tracing::error!("line.drain left videos under way; their leases will run out");
            }
        }
        shared.settler.close().await;
    }
}

async fn claim_loop(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let slot = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            slot = Arc::clone(&shared.slots).acquire_owned() => slot,
        };
        // Closed only when the process ends.
        let Ok(slot) = slot else { return };
        let Some(turn) = shared.dispatch.queue().next().await else {
            drop(slot);
            tokio::select! {
                () = stop.cancelled() => return,
                () = shared.dispatch.queue().ready() => continue,
            }
        };
        match claim(&shared, turn).await {
            Ok(Some(claimed)) => start_videos(&shared, claimed, slot),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = %chain(&error), "line.claim failed");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn claim(shared: &Shared, turn: Turn) -> Result<Option<ClaimedBatch>, Error> {
    let free = i64::try_from(shared.slots.available_permits()).unwrap_or(i64::MAX - 1) + 1;
    let request = ClaimRequest {
        workspace_id: turn.workspace_id,
        most: free.min(shared.options.claim_max),
        provider: shared.provider.traits().name,
        models: shared.options.models,
    };
    let claimed = shared.dispatch.claim(&request).await;
    let videos = match &claimed {
        Ok(Some(claimed)) => i64::try_from(claimed.videos.len()).unwrap_or(0),
        _ => 0,
    };
    metrics::counter!("reelmill_line_claimed_total").increment(videos.unsigned_abs());
    shared.dispatch.queue().charge(turn, videos).await;
    claimed
}

/// One slot per video: the first is in hand, the others were seen free by the only taker.
fn start_videos(
    shared: &Arc<Shared>,
    claimed: ClaimedBatch,
    first: tokio::sync::OwnedSemaphorePermit,
) {
    let mut first = Some(first);
    for video in claimed.videos {
        let slot = first.take().or_else(|| Arc::clone(&shared.slots).try_acquire_owned().ok());
        render::spawn(shared, render::Begin::Submit(video), claimed.asked, slot);
    }
}

/// An error with its sources, for the log alone.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}
