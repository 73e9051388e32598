//! One task per claimed video: hand over, follow, store, settle.
//!
//! The task writes only through its fence. When the fence is lost it asks the provider to stop and
//! writes nothing more. It hands nothing over once its lease may have run out: somebody else may
//! have concluded by then that nothing was handed over.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use entity::enums::AttemptOutcome;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::{Answered, Came, Shared, chain};
use crate::domain::batches::failure::FailureCode;
use crate::domain::batches::line::{
    Answer, ClaimedVideo, Ending, Error, Fence, Held, NewAsset, What,
};
use crate::domain::media::model::Asked;
use crate::domain::media::{self, ingest};
use crate::kernel::failpoint;
use crate::ports::provider::offer::Offer;
use crate::ports::provider::{
    Cost, Failure, FailureClass, JobId, JobStatus, ResultFile, Stop, Unfetched,
};

/// Where a task takes the video up.
#[derive(Debug)]
pub(super) enum Begin {
    /// Claimed: to be handed over.
    Submit(ClaimedVideo),
    /// Taken over while the provider works on it.
    Follow(Held, JobId),
    /// Taken over while its file was being stored.
    Store(Held, JobId),
}

impl Begin {
    fn held(&self) -> Held {
        match self {
            Self::Submit(video) => video.held,
            Self::Follow(held, _) | Self::Store(held, _) => *held,
        }
    }
}

/// The fence is lost: somebody else holds the video, or it has ended.
struct Lost;

/// Why a job was followed to no file.
enum Unfollowed {
    /// This became of the attempt.
    Ended(Box<What>),
    /// It is not ours any more.
    Lost,
}

impl Unfollowed {
    fn ended(what: What) -> Self {
        Self::Ended(Box::new(what))
    }
}

impl From<Lost> for Unfollowed {
    fn from(Lost: Lost) -> Self {
        Self::Lost
    }
}

/// How a task begins.
#[derive(Debug)]
pub(super) struct Start {
    /// Where.
    pub begin: Begin,
    /// What the file must be.
    pub asked: Asked,
    /// A moment before the lease was taken.
    pub claimed: Instant,
    /// How old the attempt is.
    pub age: Duration,
    /// The provider was asked to stop by somebody before, or was about to be.
    pub stop_asked: bool,
}

/// Starts the task; it holds `slot` until its ending is settled.
pub(super) fn spawn(
    shared: &Arc<Shared>,
    offer: &Offer,
    start: Start,
    slot: Option<OwnedSemaphorePermit>,
) {
    let held = start.begin.held();
    let stop = CancellationToken::new();
    shared.running().insert(held.fence, (held.batch_id, stop.clone()));
    let task = Task {
        shared: Arc::clone(shared),
        offer: offer.clone(),
        held,
        asked: start.asked,
        age: start.age,
        stop_asked: AtomicBool::new(start.stop_asked),
        lease: Mutex::new(start.claimed + shared.dispatch.rules().lease),
        handing_over: AtomicBool::new(false),
        stop,
    };
    shared.tasks.spawn(async move {
        task.run(start.begin).await;
        drop(slot);
        task.shared.slot_freed().await;
    });
}

struct Task {
    shared: Arc<Shared>,
    offer: Offer,
    held: Held,
    asked: Asked,
    /// Of the attempt, when the task began.
    age: Duration,
    /// It is committed that the provider is asked to stop.
    stop_asked: AtomicBool,
    /// Until when the lease certainly lasts.
    lease: Mutex<Instant>,
    /// A submission is under way or not yet recorded.
    handing_over: AtomicBool,
    /// Cancelled when the batch was asked to stop.
    stop: CancellationToken,
}

impl Task {
    async fn run(&self, begin: Begin) {
        metrics::gauge!("reelmill_line_in_flight").increment(1.0);
        let started = Instant::now();
        let handed_over = matches!(begin, Begin::Submit(_)).then_some(started);
        let mut job = None;
        let ended = tokio::select! {
            ended = self.work(begin, &mut job) => ended,
            () = self.keep_lease() => Err(Lost),
            () = self.left() => Err(Lost),
        };
        let answer = match ended {
            Ok(what) => {
                if let Some(came) = came(&what, handed_over) {
                    self.shared.note_end(self.offer.name(), came);
                }
                self.settle(what).await
            }
            Err(Lost) => None,
        };
        if let Some(job) = &job {
            self.offer.provider.forget(job).await;
        }
        self.shared.running().remove(&self.held.fence);
        if matches!(answer, None | Some(Answer::FenceLost)) {
            metrics::counter!("reelmill_line_fences_lost_total").increment(1);
        }
        metrics::gauge!("reelmill_line_in_flight").decrement(1.0);
        metrics::histogram!("reelmill_video_seconds").record(started.elapsed());
    }

    /// From wherever it stands to how the attempt ended.
    async fn work(&self, begin: Begin, slot: &mut Option<JobId>) -> Result<What, Lost> {
        let line = &self.shared.dispatch;
        let (job, stored_from) = match begin {
            Begin::Submit(video) => {
                let started = Instant::now();
                failpoint::pass("submit.before");
                if !self.lease_lasts() {
                    let Fence { video_id, attempt, lease_epoch } = self.held.fence;
                    tracing::info!(%video_id, attempt, lease_epoch, "line.lease may be over");
                    return Err(Lost);
                }
                self.handing_over.store(true, Ordering::SeqCst);
                let submitted = self.offer.provider.submit(video.submission).await;
                failpoint::pass("submit.called");
                self.shared.note(self.offer.name(), answered(submitted.as_ref().err()));
                let job = match submitted {
                    Ok(job) => job,
                    Err(failure) => return Ok(failed(failure)),
                };
                *slot = Some(job.clone());
                self.commit(|| line.submitted(&self.held, &job)).await?;
                self.handing_over.store(false, Ordering::SeqCst);
                edge("submitted", started);
                (job, false)
            }
            Begin::Follow(_, job) => (job, false),
            Begin::Store(_, job) => (job, true),
        };
        *slot = Some(job.clone());
        let started = Instant::now();
        let cost = match self.follow(&job).await {
            Ok(cost) => cost,
            Err(Unfollowed::Ended(what)) => return Ok(*what),
            Err(Unfollowed::Lost) => return Err(Lost),
        };
        if !stored_from {
            if let Err(Lost) = self.commit(|| line.storing(&self.held)).await {
                return self.came_late(cost).await;
            }
            edge("rendered", started);
        }
        let started = Instant::now();
        let what = self.store(&job, cost).await;
        edge("stored", started);
        Ok(what)
    }

    /// The file is there, the video is not ours any more.
    async fn came_late(&self, cost: Option<Cost>) -> Result<What, Lost> {
        if let Err(error) = self.shared.dispatch.came_late(&self.held, cost).await {
            tracing::error!(error = %chain(&error), "line could not note a late file");
        }
        Err(Lost)
    }

    /// Writes an edge, again and again while only the database fails; the lease bounds it.
    async fn commit<F, Fut>(&self, write: F) -> Result<(), Lost>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<(), Error>>,
    {
        let mut wait = Duration::from_millis(100);
        loop {
            match write().await {
                Ok(()) => return Ok(()),
                Err(Error::FenceLost) => return Err(Lost),
                Err(error) => {
                    tracing::error!(error = %chain(&error), "line edge failed");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
            }
        }
    }

    /// Waits for the job's end; asks it to stop when the batch, the drain or the deadline says so.
    async fn follow(&self, job: &JobId) -> Result<Option<Cost>, Unfollowed> {
        let provider = &self.offer.provider;
        let started = Instant::now();
        let mut asked: Option<(Instant, Why)> = None;
        loop {
            match provider.poll(job).await {
                Ok(JobStatus::Done { cost }) => return Ok(cost),
                Ok(JobStatus::Failed(failure)) => return Err(Unfollowed::ended(failed(failure))),
                Ok(JobStatus::Stopped) => {
                    let why = asked.map(|(_, why)| why);
                    return Err(Unfollowed::ended(stopped(why, self.cost_of_a_stop())));
                }
                Ok(JobStatus::Gone) => return Err(Unfollowed::ended(self.gone())),
                Ok(JobStatus::Running { .. }) => {}
                Err(failure) => tracing::warn!(class = failure.class.as_str(), "line poll failed"),
            }
            let why = self.why_stop(started);
            if let Some(why) = why.filter(|why| asked.is_none_or(|(_, before)| before != *why)) {
                if why == Why::Batch {
                    self.note_stop().await?;
                }
                match provider.cancel(job).await {
                    Ok(Stop::Confirmed) => {
                        failpoint::pass("stop.confirmed");
                        return Err(Unfollowed::ended(stopped(Some(why), self.cost_of_a_stop())));
                    }
                    Ok(Stop::Asked | Stop::Declined | Stop::Unsupported) => {}
                    Err(failure) => {
                        tracing::warn!(class = failure.class.as_str(), "line stop failed");
                    }
                }
                asked = Some((Instant::now(), why));
            }
            if let Some((since, Why::Deadline)) = asked
                && since.elapsed() > self.shared.options.stop_grace
            {
                return Err(Unfollowed::ended(What::LostSight));
            }
            self.pause(job, asked.is_some()).await;
        }
    }

    /// Commits that the provider is about to be asked to stop, where its jobs outlive us.
    async fn note_stop(&self) -> Result<(), Lost> {
        let ends_with_us = self.offer.traits().jobs_end_with_process;
        if ends_with_us || self.stop_asked.load(Ordering::SeqCst) {
            return Ok(());
        }
        self.commit(|| self.shared.dispatch.ask_to_stop(&self.held)).await?;
        self.stop_asked.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Returns when something may have changed.
    async fn pause(&self, job: &JobId, asked: bool) {
        let most = self.offer.traits().poll_every;
        tokio::select! {
            () = self.offer.provider.changed(job, most) => {}
            () = self.stop.cancelled(), if !asked => {}
            () = self.shared.interrupt.cancelled(), if !asked => {}
        }
    }

    fn why_stop(&self, started: Instant) -> Option<Why> {
        let traits = self.offer.traits();
        let deadline = Duration::from_secs(traits.deadline_s.unsigned_abs());
        if self.age + started.elapsed() > deadline {
            Some(Why::Deadline)
        } else if self.stop.is_cancelled() {
            Some(Why::Batch)
        } else if traits.jobs_end_with_process && self.shared.interrupt.is_cancelled() {
            Some(Why::Drain)
        } else {
            None
        }
    }

    fn cost_of_a_stop(&self) -> Option<Cost> {
        self.offer.cost_of_a_stop(self.asked.seconds)
    }

    fn gone(&self) -> What {
        if self.offer.traits().jobs_end_with_process {
            lost("the job is gone")
        } else if self.stop_asked.load(Ordering::SeqCst) {
            // It ran when it was asked to stop, and now it is there no more: a stop that deletes.
            What::Stopped { cost: self.cost_of_a_stop() }
        } else {
            What::LostSight
        }
    }

    /// Brings the result into the store: a provider that cannot be reached is asked again while its
    /// result lives, a file that does not play as often as the rules say.
    async fn store(&self, job: &JobId, cost: Option<Cost>) -> What {
        let keys = self.held.object_keys();
        let lives_until = Instant::now() + self.offer.traits().result_lifetime;
        let mut wait = self.shared.options.store_backoff;
        let mut tries = 1;
        loop {
            match self.offer.provider.fetch(job, &self.shared.fetched, &keys.stem()).await {
                Ok(file) => match self.take_in(&file, &keys).await {
                    Ok((stored, probe)) => {
                        self.clear(&file).await;
                        let asset = Box::new(NewAsset { keys, stored, probe });
                        return What::Delivered { asset, cost };
                    }
                    Err(error) => {
                        tracing::warn!(error = %chain(&error), tries, "line store failed");
                        self.clear(&file).await;
                        if tries >= self.shared.options.store_tries {
                            return unstored(&error, cost);
                        }
                        tries += 1;
                    }
                },
                Err(Unfetched::Failed(failure)) if Instant::now() < lives_until => {
                    tracing::warn!(class = failure.class.as_str(), "line fetch failed");
                }
                Err(_) => {
                    // It was made, and the link has expired: made again, it costs again.
                    return retry("RESULT_EXPIRED", "the result can no longer be fetched", cost);
                }
            }
            metrics::counter!("reelmill_line_store_retries_total").increment(1);
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(self.shared.options.store_backoff_max);
        }
    }

    async fn take_in(
        &self,
        file: &ResultFile,
        keys: &media::ObjectKeys,
    ) -> Result<(media::Stored, media::Probe), media::Error> {
        let arrival = ingest::Arrival {
            video: &file.video,
            poster: file.poster.as_deref(),
            keys,
            asked: self.asked,
            is_marked: self.offer.traits().draws_watermark,
        };
        ingest::take_in(&self.shared.store, &self.shared.prober, arrival).await
    }

    /// Removes what was fetched from elsewhere; it can be fetched again.
    async fn clear(&self, file: &ResultFile) {
        if file.video.starts_with(&self.shared.fetched) {
            // The folder is cleared at the next start all the same.
            let _ = tokio::fs::remove_file(&file.video).await;
        }
    }

    async fn settle(&self, what: What) -> Option<Answer> {
        let started = Instant::now();
        let mut wait = Duration::from_millis(200);
        for _ in 0..self.shared.options.settle_tries {
            let ending = Ending::by_holder(self.held, what.clone());
            match self.shared.settler.settle(ending).await {
                Ok(answer) => {
                    edge("settled", started);
                    return Some(answer);
                }
                Err(super::Unsettled::Closed) => return None,
                Err(super::Unsettled::Failed) => {
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
            }
        }
        // Its lease runs out and the sweep takes it from there.
        None
    }

    /// Whether nobody else can have taken the video yet, with a tenth of the lease to spare.
    fn lease_lasts(&self) -> bool {
        let until = *self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        Instant::now() + self.shared.dispatch.rules().lease / 10 < until
    }

    /// Returns when the process ends and the job can be left where it is: it goes on without us,
    /// and whoever comes next takes it up by its id. Never between a call and its record.
    async fn left(&self) {
        if self.offer.traits().jobs_end_with_process {
            return std::future::pending().await;
        }
        self.shared.interrupt.cancelled().await;
        while self.handing_over.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Renews the lease; returns when it is lost.
    async fn keep_lease(&self) {
        let lease = self.shared.dispatch.rules().lease;
        loop {
            tokio::time::sleep(lease / 3).await;
            let asked = Instant::now();
            // A task of its own: here it would stand still whenever the work beside it is long at
            // something, with SQLite's only turn to write in its hand.
            let (shared, held) = (Arc::clone(&self.shared), self.held);
            let renewal = async move { shared.dispatch.renew(&held).await };
            match self.shared.tasks.spawn(renewal).await {
                Ok(Ok(())) => {
                    *self.lease.lock().unwrap_or_else(PoisonError::into_inner) = asked + lease
                }
                Ok(Err(Error::FenceLost)) => return,
                Ok(Err(error)) => tracing::warn!(error = %chain(&error), "line renewal failed"),
                Err(error) => tracing::error!(%error, "line renewal broke off"),
            }
        }
    }
}

/// Why a job is asked to stop.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Batch,
    Drain,
    Deadline,
}

fn edge(name: &'static str, started: Instant) {
    metrics::histogram!("reelmill_line_edge_seconds", "edge" => name).record(started.elapsed());
}

/// What the answer to a submission says about the offer.
fn answered(failure: Option<&Failure>) -> Answered {
    match failure {
        None => Answered::Well,
        Some(failure) => match failure.class {
            FailureClass::Refused | FailureClass::Invalid => Answered::Well,
            FailureClass::Throttled => Answered::Throttled(failure.retry_after),
            FailureClass::Transient | FailureClass::Unknown => Answered::Badly,
        },
    }
}

/// What a video's end says about the offer, if anything.
fn came(what: &What, handed_over: Option<Instant>) -> Option<Came> {
    match what {
        What::Delivered { .. } => Some(Came::Well(handed_over.map(|since| since.elapsed()))),
        What::Retry { class: "THROTTLED", .. } => None,
        What::Retry { outcome: AttemptOutcome::Retryable, .. } | What::LostSight => {
            Some(Came::Badly)
        }
        What::Failed { code: FailureCode::ResultUnusable, .. } => Some(Came::Badly),
        _ => None,
    }
}

/// What a failure means for the attempt.
pub(super) fn failed(failure: Failure) -> What {
    let class = failure.class.as_str();
    let detail = failure.detail;
    match failure.class {
        FailureClass::Throttled | FailureClass::Transient => What::Retry {
            outcome: AttemptOutcome::Retryable,
            class,
            detail,
            wait: failure.retry_after,
            cost: None,
        },
        FailureClass::Refused => {
            What::Failed { code: FailureCode::Refused, class, detail, cost: None }
        }
        FailureClass::Invalid => {
            What::Failed { code: FailureCode::InvalidRequest, class, detail, cost: None }
        }
        FailureClass::Unknown => What::LostSight,
    }
}

/// What a confirmed stop means: only the batch's own request ends the video.
fn stopped(why: Option<Why>, cost: Option<Cost>) -> What {
    match why {
        Some(Why::Batch) => What::Stopped { cost },
        Some(Why::Deadline) => retry("DEADLINE", "past the deadline", cost),
        Some(Why::Drain) | None => retried(AttemptOutcome::Lost, ("LOST", "interrupted"), cost),
    }
}

/// No usable file, and another attempt may follow; what it cost all the same.
pub(super) fn retry(class: &'static str, detail: &str, cost: Option<Cost>) -> What {
    retried(AttemptOutcome::Retryable, (class, detail), cost)
}

fn retried(
    outcome: AttemptOutcome,
    (class, detail): (&'static str, &str),
    cost: Option<Cost>,
) -> What {
    What::Retry { outcome, class, detail: detail.to_owned(), wait: None, cost }
}

/// An attempt that ended with the process that ran it.
pub(super) fn lost(detail: &str) -> What {
    retried(AttemptOutcome::Lost, ("LOST", detail), None)
}

fn unstored(error: &media::Error, cost: Option<Cost>) -> What {
    let (code, class, detail) = match error {
        media::Error::Unplayable(detail) => {
            (FailureCode::ResultUnusable, "UNPLAYABLE", detail.clone())
        }
        other => (FailureCode::StoreFailed, "STORE", other.to_string()),
    };
    What::Failed { code, class, detail, cost }
}
