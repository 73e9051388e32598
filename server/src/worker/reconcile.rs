//! Unknown outcomes: a look at the provider, and what it proves.
//!
//! A look is claimed like any other work (next epoch, a lease of one pause), so that two processes
//! never conclude from one video at once. What the provider says decides: under way and finished
//! are taken up again, ended is settled, "no such reference" counts only for an attempt without a
//! job id that is old enough for nothing to arrive any more, and everything else proves nothing.
//! What stays unproven ends in the sweep, released.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio_util::sync::CancellationToken;

use super::render::{self, Begin};
use super::{Shared, chain};
use crate::domain::batches::line::{Ending, Error, Found, Held, What};
use crate::ports::provider::offer::Offer;
use crate::ports::provider::{JobId, JobStatus, Sighting, Stop};

/// Looks under way at once.
const AT_ONCE: usize = 8;

pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let mut every = tokio::time::interval(shared.options.reconcile_every);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        if let Err(error) = round(&shared).await {
            metrics::counter!("reelmill_sweep_failures_total").increment(1);
            tracing::error!(error = %chain(&error), "line reconciliation failed");
        }
    }
}

async fn round(shared: &Arc<Shared>) -> Result<(), Error> {
    let found = shared.dispatch.unknown().await?;
    let looks = found.into_iter().map(|found| async move {
        if let Err(error) = look(shared, &found).await {
            tracing::warn!(error = %chain(&error), "line could not look into an unknown outcome");
        }
    });
    futures_util::stream::iter(looks).buffer_unordered(AT_ONCE).collect::<()>().await;
    Ok(())
}

async fn look(shared: &Arc<Shared>, found: &Found) -> Result<(), Error> {
    let Some(offer) = shared.offers.find(found.held.provider).cloned() else { return Ok(()) };
    // Long enough that the next round does not look at the same time.
    let pause = shared.options.reconcile_every.max(Duration::from_secs(1));
    let Some(held) = shared.dispatch.look_into(found, pause).await? else { return Ok(()) };
    let job = match &found.job {
        Some(job) => job.clone(),
        None => match search(shared, &offer, found).await {
            Search::Job(job) => match shared.dispatch.named(&held, &job).await {
                Ok(()) => job,
                Err(Error::FenceLost) => return Ok(()),
                Err(other) => return Err(other),
            },
            Search::NeverArrived => {
                settle(shared, held, render::retry("NEVER_ARRIVED", "it never arrived", None))
                    .await;
                return Ok(());
            }
            Search::Open => return Ok(()),
        },
    };
    take_up(shared, &offer, (found, held, job)).await
}

enum Search {
    Job(JobId),
    NeverArrived,
    Open,
}

async fn search(shared: &Shared, offer: &Offer, found: &Found) -> Search {
    let traits = offer.traits();
    if !traits.find_by_reference {
        return Search::Open;
    }
    let age = age(shared, found);
    match offer.provider.find(&found.reference, found.claimed_at.0 / 1_000).await {
        Ok(Sighting::Job(job)) => Search::Job(job),
        Ok(Sighting::Absent) if age >= traits.absence_proves_after => Search::NeverArrived,
        Ok(Sighting::Absent) => Search::Open,
        Err(failure) => {
            tracing::warn!(class = failure.class.as_str(), "line search by reference failed");
            Search::Open
        }
    }
}

/// A job that is known by its id.
async fn take_up(
    shared: &Arc<Shared>,
    offer: &Offer,
    (found, held, job): (&Found, Held, JobId),
) -> Result<(), Error> {
    let finished = match offer.provider.poll(&job).await {
        Ok(JobStatus::Running { .. }) => {
            let deadline_s = offer.traits().deadline_s.unsigned_abs();
            if age(shared, found) >= Duration::from_secs(deadline_s) {
                // Past its time: asked to stop, and waited for where it is, unless that is proven.
                if let Ok(Stop::Confirmed) = offer.provider.cancel(&job).await {
                    let cost = offer.cost_of_a_stop(found.seconds);
                    let what = render::retry("DEADLINE", "past the deadline", cost);
                    settle(shared, held, what).await;
                }
                return Ok(());
            }
            false
        }
        Ok(JobStatus::Done { .. }) => true,
        Ok(JobStatus::Failed(failure)) => {
            settle(shared, held, render::failed(failure)).await;
            return Ok(());
        }
        Ok(JobStatus::Stopped) => {
            let cost = offer.cost_of_a_stop(found.seconds);
            settle(shared, held, render::retry("STOPPED", "it was stopped", cost)).await;
            return Ok(());
        }
        // It ran, it was asked to stop, and then it was there no more.
        Ok(JobStatus::Gone) if found.stop_asked => {
            let cost = offer.cost_of_a_stop(found.seconds);
            settle(shared, held, What::Stopped { cost }).await;
            return Ok(());
        }
        // Not found is not done, and not "never happened" either.
        Ok(JobStatus::Gone) => return Ok(()),
        Err(failure) => {
            tracing::warn!(class = failure.class.as_str(), "line poll failed");
            return Ok(());
        }
    };
    let Ok(slot) = shared.slot(offer.name()).try_acquire_owned() else { return Ok(()) };
    let claimed = std::time::Instant::now();
    match shared.dispatch.was_found(&held, &job, finished).await {
        Ok(()) => {}
        Err(Error::FenceLost) => return Ok(()),
        Err(other) => return Err(other),
    }
    let Some(asked) = shared.dispatch.asked(held.batch_id).await? else { return Ok(()) };
    let begin = if finished { Begin::Store(held, job) } else { Begin::Follow(held, job) };
    let start = render::Start {
        begin,
        asked,
        claimed,
        age: age(shared, found),
        stop_asked: found.stop_asked,
    };
    render::spawn(shared, offer, start, Some(slot));
    Ok(())
}

fn age(shared: &Shared, found: &Found) -> Duration {
    let age_ms = shared.dispatch.now().0 - found.claimed_at.0;
    Duration::from_millis(u64::try_from(age_ms).unwrap_or(0))
}

async fn settle(shared: &Shared, held: Held, what: What) {
    // A settlement that failed is tried again by the next look.
    let _ = shared.settler.settle(Ending::by_holder(held, what)).await;
}
