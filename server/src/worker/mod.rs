//! What runs beside requests: the workers of the line, the sweep of [`accounts`], and the look at
//! [`keys`] of offers.
//!
//! A lane's turn comes from the queue, videos are claimed in the database, each claimed video gets
//! a task ([`render`]), every end goes through one settler ([`settle`]), a sweep ([`sweep`]) finds
//! what no hint announced, and unknown outcomes are looked into ([`reconcile`]). All of it may be killed at any moment: what is true is in the
//! database.
//!
//! Deliberately absent: decisions. They are in `domain::batches::line`.

pub mod accounts;
mod health;
pub mod keys;
mod reconcile;
mod record;
mod render;
mod settle;
mod sweep;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use entity::ids::{BatchId, WorkspaceId};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use health::Breaker;
use health::{Answered, Health};
use record::{Came, Record};
pub use settle::{FlushOptions, Settler, Unsettled};

use crate::config::Prefer;
use crate::coord::work_queue::Turn;
use crate::domain::batches::line::{
    self, Candidate, ClaimRequest, ClaimedBatch, Dispatch, Error, Fence, Rules, counters,
};
use crate::domain::media::Store;
use crate::domain::media::probe::Prober;
use crate::ports::provider::Provider;
use crate::ports::provider::offer::{Offer, Offers};

/// Limits and durations of the workers.
#[derive(Clone, Debug)]
pub struct Options {
    /// Rules of the line itself.
    pub rules: Rules,
    /// Most videos in one claim.
    pub claim_max: i64,
    /// Pause between sweeps.
    pub sweep_every: Duration,
    /// Pause between the rarer duties (expired credits, unproven outcomes).
    pub tend_every: Duration,
    /// Pause between the rarest duties (orphaned objects, old idempotency keys).
    pub clean_every: Duration,
    /// Age at which an object that no asset names is removed.
    pub orphan_after: Duration,
    /// Pause between two rounds of looks at unknown outcomes.
    pub reconcile_every: Duration,
    /// How long a provider may take to confirm a stop before the outcome counts as unknown.
    pub stop_grace: Duration,
    /// How often a result is brought into the store before the video fails.
    pub store_tries: u32,
    /// Wait before the second try; doubles with each.
    pub store_backoff: Duration,
    /// Longest wait between tries.
    pub store_backoff_max: Duration,
    /// How often an ending is offered to the settler before the sweep has to find the video.
    pub settle_tries: u32,
    /// When an offer rests.
    pub breaker: Breaker,
    /// How long a drain lets videos finish before it interrupts them.
    pub drain: Duration,
    /// What decides between a model's offers.
    pub prefer: Prefer,
    /// Group commit.
    pub flush: FlushOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            claim_max: 16,
            sweep_every: Duration::from_secs(1),
            tend_every: Duration::from_secs(60),
            clean_every: Duration::from_secs(3600),
            orphan_after: Duration::from_secs(86_400),
            reconcile_every: Duration::from_secs(10),
            stop_grace: Duration::from_secs(30),
            store_tries: 5,
            store_backoff: Duration::from_secs(1),
            store_backoff_max: Duration::from_secs(60),
            settle_tries: 6,
            breaker: Breaker::default(),
            drain: Duration::from_secs(20),
            prefer: Prefer::Order,
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
    pub offers: Offers,
    /// Where results are fetched to; of this process alone, cleared when it starts.
    pub fetched: PathBuf,
}

/// The running workers. Dropping it stops nothing: call [`Line::drain`].
pub struct Line {
    shared: Arc<Shared>,
    stop: CancellationToken,
    loops: TaskTracker,
}

/// An offer's place in this process.
struct Desk {
    slots: Arc<Semaphore>,
    size: usize,
    health: Health,
    record: Mutex<Record>,
}

impl Desk {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What every task of the workers uses.
pub(crate) struct Shared {
    dispatch: Dispatch,
    store: Store,
    prober: Prober,
    offers: Offers,
    fetched: PathBuf,
    settler: Settler,
    options: Options,
    desks: HashMap<&'static str, Desk>,
    /// A slot was freed.
    freed: Notify,
    /// Lanes that got nothing while an offer had no slot here.
    rested: Mutex<HashSet<WorkspaceId>>,
    tasks: TaskTracker,
    /// Cancelled when a drain interrupts what is still under way.
    interrupt: CancellationToken,
    running: Mutex<HashMap<Fence, (BatchId, CancellationToken)>>,
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, HashMap<Fence, (BatchId, CancellationToken)>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The slots of an offer; an offer nobody knows has none.
    fn slot(&self, offer: &str) -> Arc<Semaphore> {
        let known = self.desks.get(offer).map(|desk| Arc::clone(&desk.slots));
        known.unwrap_or_else(|| Arc::new(Semaphore::new(0)))
    }

    /// Takes into account how an offer answered.
    fn note(&self, offer: &str, answered: Answered) {
        if let Some(desk) = self.desks.get(offer) {
            desk.health.note(answered, Instant::now());
        }
    }

    /// Takes into account what became of a video there.
    fn note_end(&self, offer: &str, came: Came) {
        if let Some(desk) = self.desks.get(offer) {
            desk.record().note(came, Instant::now());
        }
    }

    /// Wakes the claims, and the lanes that may have waited for that very slot.
    async fn slot_freed(&self) {
        let rested = std::mem::take(&mut *self.rested());
        for workspace_id in rested {
            self.dispatch.queue().hint(workspace_id).await;
        }
        self.freed.notify_one();
    }

    fn rested(&self) -> MutexGuard<'_, HashSet<WorkspaceId>> {
        self.rested.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be claimed for now, preferred first.
    fn candidates(&self) -> Vec<Candidate> {
        let now = Instant::now();
        let most = |desk: &Desk| {
            let free = desk.slots.available_permits();
            let busy = i64::try_from(desk.size.saturating_sub(free)).unwrap_or(i64::MAX);
            let free = i64::try_from(free).unwrap_or(i64::MAX);
            free.min(desk.health.limit() - busy).max(0)
        };
        let prefer = self.options.prefer;
        let candidate = |offer: &Offer| {
            let traits = offer.traits();
            let desk = self.desks.get(traits.name);
            Candidate {
                name: traits.name,
                model: offer.model,
                embedded: matches!(offer.provider, Provider::Animatic(_)),
                most: desk.map_or(0, most),
                resting: desk.is_some_and(|desk| desk.health.rests(now)),
                rank: match prefer {
                    Prefer::Cost => offer.cost_per_s.map_or(0, |cost| cost.minor),
                    _ => desk.map_or(0, |desk| desk.record().rank(prefer, now)),
                },
            }
        };
        let mut candidates: Vec<Candidate> = self.offers.iter().map(candidate).collect();
        // Stable: where the rank leaves them equal, the configured order decides.
        candidates.sort_by_key(|candidate| candidate.rank);
        candidates
    }
}

impl Line {
    /// Recovers what a former process of this name left behind, then starts the workers.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn start(parts: Parts, options: Options) -> Result<Self, Error> {
        let Parts { line, store, prober, offers, fetched } = parts;
        let dispatch = Dispatch::new(line, options.rules.clone());
        let mut desks = HashMap::new();
        for offer in offers.iter() {
            counters::ensure_provider(dispatch.db(), offer.name(), offer.cap).await?;
            let slots = Arc::new(Semaphore::new(offer.slots));
            let health = Health::new(offer.slots, options.breaker);
            let record = Mutex::default();
            desks.insert(offer.name(), Desk { slots, size: offer.slots, health, record });
        }
        let shared = Arc::new(Shared {
            settler: Settler::start(dispatch.clone(), options.flush),
            desks,
            freed: Notify::new(),
            rested: Mutex::default(),
            tasks: TaskTracker::new(),
            interrupt: CancellationToken::new(),
            running: Mutex::default(),
            dispatch,
            store,
            prober,
            offers,
            fetched,
            options,
        });
        sweep::recover_own(&shared).await?;
        counters::rederive(shared.dispatch.db()).await?;
        let (stop, loops) = (CancellationToken::new(), TaskTracker::new());
        loops.spawn(claim_loop(Arc::clone(&shared), stop.clone()));
        loops.spawn(sweep::run(Arc::clone(&shared), stop.clone()));
        loops.spawn(reconcile::run(Arc::clone(&shared), stop.clone()));
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
        let freed = shared.freed.notified();
        let offers = shared.candidates();
        if stop.is_cancelled() {
            return;
        }
        if offers.iter().all(|offer| offer.most == 0) {
            tokio::select! {
                () = stop.cancelled() => return,
                () = freed => continue,
            }
        }
        let Some(turn) = shared.dispatch.queue().next().await else {
            tokio::select! {
                () = stop.cancelled() => return,
                () = shared.dispatch.queue().ready() => continue,
            }
        };
        let started = Instant::now();
        match claim(&shared, turn, &offers).await {
            Ok(Some(claimed)) => start_videos(&shared, claimed, started),
            Ok(None) if offers.iter().any(|offer| offer.most == 0) => {
                shared.rested().insert(turn.workspace_id);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = %chain(&error), "line.claim failed");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

async fn claim(
    shared: &Shared,
    turn: Turn,
    offers: &[Candidate],
) -> Result<Option<ClaimedBatch>, Error> {
    let request =
        ClaimRequest { workspace_id: turn.workspace_id, most: shared.options.claim_max, offers };
    let claimed = shared.dispatch.claim(&request).await;
    let videos = match &claimed {
        Ok(Some(claimed)) => i64::try_from(claimed.videos.len()).unwrap_or(0),
        _ => 0,
    };
    metrics::counter!("reelmill_line_claimed_total").increment(videos.unsigned_abs());
    shared.dispatch.queue().charge(turn, videos).await;
    claimed
}

/// One slot per video. A look at an unknown outcome may have taken one meanwhile: then a video
/// goes without, which is one more than the limit for a moment.
fn start_videos(shared: &Arc<Shared>, claimed: ClaimedBatch, started: Instant) {
    let Some(offer) = shared.offers.find(claimed.offer).cloned() else { return };
    for video in claimed.videos {
        let slot = shared.slot(claimed.offer).try_acquire_owned().ok();
        let begin = render::Begin::Submit(video);
        let asked = claimed.asked;
        let (age, stop_asked) = (Duration::ZERO, false);
        let start = render::Start { begin, asked, claimed: started, age, stop_asked };
        render::spawn(shared, &offer, start, slot);
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
