//! What no hint announced: waiting lanes, silent claimants, drifted counters, things past their
//! time. Everything here could be done by any process at any time; doing it twice changes nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::enums::VideoState;
use entity::ids::BatchId;
use tokio_util::sync::CancellationToken;

use super::render::{self, Begin};
use super::{Shared, chain};
use crate::domain::batches::line::{Answer, Ending, Error, Found, What, counters};
use crate::domain::media::sweep as objects;
use crate::ports::provider::offer::Offer;

/// At start: videos that a former process of this name held. Nobody else can hold them, so their
/// leases need not run out.
pub(super) async fn recover_own(shared: &Arc<Shared>) -> Result<(), Error> {
    loop {
        let mut found = shared.dispatch.stranded(true).await?;
        // What this very start has taken over bears the same name.
        found.retain(|one| !shared.running().contains_key(&one.held.fence));
        if found.is_empty() {
            return Ok(());
        }
        tracing::info!(videos = found.len(), "line recovers videos of a former process");
        if pick_up(shared, found, true).await? == 0 {
            // The log says why; their leases run out and the sweep tries again.
            return Ok(());
        }
    }
}

/// What becomes of videos that nobody works on: jobs that ended with their process are queued
/// again, what can be gone on with is taken over, and a submission of which nothing is known is
/// an unknown outcome. Returns how many were moved.
async fn pick_up(shared: &Arc<Shared>, found: Vec<Found>, own: bool) -> Result<usize, Error> {
    let mut endings = Vec::new();
    let mut moved = 0;
    for found in found {
        let offer = shared.offers.find(found.held.provider);
        let what = match offer.map(Offer::traits) {
            Some(traits) if traits.jobs_end_with_process => Some(render::lost("the process ended")),
            Some(traits) if found.state == VideoState::Submitting && !traits.idempotent_submit => {
                Some(What::LostSight)
            }
            Some(_) => None,
            None => Some(What::LostSight),
        };
        match (what, offer) {
            (Some(what), _) => {
                endings.push(Ending { held: found.held, what, only_expired: !own });
            }
            (None, Some(offer)) => {
                moved += usize::from(take_over(shared, offer, (&found, own)).await?)
            }
            (None, None) => {}
        }
    }
    Ok(moved + settle(shared, endings).await)
}

pub(super) async fn run(shared: Arc<Shared>, stop: CancellationToken) {
    let options = &shared.options;
    let mut every = tokio::time::interval(options.sweep_every);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut tended, mut cleaned) = (None, None);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        report("sweep", sweep(&shared).await);
        if due(&mut tended, options.tend_every) {
            report("tend", tend(&shared).await);
        }
        if due(&mut cleaned, options.clean_every) {
            clean(&shared).await;
        }
    }
}

fn due(last: &mut Option<Instant>, every: Duration) -> bool {
    let is_due = last.is_none_or(|at| at.elapsed() >= every);
    if is_due {
        *last = Some(Instant::now());
    }
    is_due
}

fn report(what: &'static str, done: Result<(), Error>) {
    if let Err(error) = done {
        metrics::counter!("reelmill_sweep_failures_total").increment(1);
        tracing::error!(error = %chain(&error), "line {what} failed");
    }
}

async fn sweep(shared: &Arc<Shared>) -> Result<(), Error> {
    stop_requested(shared).await?;
    let stranded = shared.dispatch.stranded(false).await?;
    if pick_up(shared, stranded, false).await? > 0 {
        tracing::warn!("line took up videos whose lease ran out");
    }
    counters::rederive(shared.dispatch.db()).await?;
    for lane in shared.dispatch.waiting_lanes().await? {
        shared.dispatch.queue().hint_weighed(lane.workspace_id, lane.weight).await;
    }
    Ok(())
}

/// Tells tasks whose batch was closed to ask their provider to stop.
async fn stop_requested(shared: &Shared) -> Result<(), Error> {
    let mut batches: Vec<BatchId> = {
        let running = shared.running();
        running.values().filter(|(_, stop)| !stop.is_cancelled()).map(|(id, _)| *id).collect()
    };
    batches.sort_unstable();
    batches.dedup();
    let closed = shared.dispatch.to_be_stopped(&batches).await?;
    for (batch_id, stop) in shared.running().values() {
        if closed.contains(batch_id) {
            stop.cancel();
        }
    }
    Ok(())
}

fn silent(found: &Found, what: What) -> Ending {
    Ending { held: found.held, what, only_expired: true }
}

/// Offers all of them to the settler, which keeps one that cannot be settled from holding up the
/// others; returns how many took effect.
async fn settle(shared: &Shared, endings: Vec<Ending>) -> usize {
    let offered = endings.into_iter().map(|ending| shared.settler.settle(ending));
    let answers = futures_util::future::join_all(offered).await;
    let took_effect =
        |answer: &Result<Answer, _>| !matches!(answer, Ok(Answer::FenceLost) | Err(_));
    answers.iter().filter(|answer| took_effect(answer)).count()
}

/// Goes on where a silent claimant stopped, if there is a slot; otherwise the next sweep does.
async fn take_over(
    shared: &Arc<Shared>,
    offer: &Offer,
    (found, own): (&Found, bool),
) -> Result<bool, Error> {
    let Ok(slot) = shared.slot(offer.name()).try_acquire_owned() else { return Ok(false) };
    let claimed = Instant::now();
    let Some(taken) = shared.dispatch.take_over(found, own).await? else { return Ok(false) };
    let held = taken.video.held;
    let begin = match (&found.job, found.state) {
        (Some(job), VideoState::Rendering) => Begin::Follow(held, job.clone()),
        (Some(job), VideoState::Storing) => Begin::Store(held, job.clone()),
        _ => Begin::Submit(taken.video),
    };
    let age_ms = shared.dispatch.now().0 - found.claimed_at.0;
    let age = Duration::from_millis(u64::try_from(age_ms).unwrap_or(0));
    let start =
        render::Start { begin, asked: taken.asked, claimed, age, stop_asked: found.stop_asked };
    render::spawn(shared, offer, start, Some(slot));
    Ok(true)
}

async fn tend(shared: &Shared) -> Result<(), Error> {
    shared.dispatch.expire_credits().await?;
    shared.dispatch.close_overdue().await?;
    let unproven = shared.dispatch.unproven().await?;
    let endings: Vec<Ending> = unproven
        .iter()
        .map(|found| {
            let offer = shared.offers.find(found.held.provider);
            let suspected = offer.and_then(|offer| offer.estimate(found.seconds));
            silent(found, What::Unproven { suspected })
        })
        .collect();
    settle(shared, endings).await;
    Ok(())
}

async fn clean(shared: &Shared) {
    report("forgetting of keys", shared.dispatch.forget_keys().await.map(|_| ()));
    report("forgetting of quotes", shared.dispatch.forget_quotes().await.map(|_| ()));
    let before = shared
        .dispatch
        .now()
        .plus_ms(-i64::try_from(shared.options.orphan_after.as_millis()).unwrap_or(i64::MAX));
    match objects::orphans(shared.dispatch.db(), &shared.store, before).await {
        Ok(removed) => {
            metrics::counter!("reelmill_orphans_removed_total").increment(removed);
        }
        Err(error) => {
            metrics::counter!("reelmill_sweep_failures_total").increment(1);
            tracing::error!(error = %chain(&error), "line removal of orphans failed");
        }
    }
}
