//! Control over a running batch: gates, pilots, stop-loss, rounds; what each does to the money, and
//! who wins when two decide at once.

use std::sync::Arc;

use server::coord::EventBus;
use server::domain::batches::line::{ClaimRequest, Dispatch, Held, Parts, counters};
use server::domain::batches::{Batch, Controlled, Error, LaunchRequest};
use server::domain::wallet::Wallet;
use server::kernel::error::ApiError;
use server::ports::provider::JobId;

use crate::harness::world::{Tenant, World, request};
use crate::line::stage::rules;

mod edges;
mod fairness;
mod pause;
mod pilot;
mod quotes;
mod rerun;
mod retry;
mod stop_loss;

/// The line over a world's own services.
async fn line(world: &World) -> Dispatch {
    counters::ensure_provider(&world.db, "scripted", 1_000).await.expect("a provider counter");
    let parts = Parts {
        db: world.db.clone(),
        clock: world.clock.clone(),
        wallet: Wallet::new(world.db.clone(), world.clock.clone()),
        queue: world.queue.clone(),
        bus: EventBus::memory(),
    };
    Dispatch::new(parts, rules("a"))
}

/// Claims up to `most` videos for a tenant.
async fn claim(line: &Dispatch, tenant: &Tenant, most: i64) -> Vec<Held> {
    let request = ClaimRequest {
        workspace_id: tenant.workspace_id,
        most,
        offers: &[crate::line::stage::CANDIDATE],
    };
    let claimed = line.claim(&request).await.expect("a claim");
    claimed.map_or_else(Vec::new, |batch| batch.videos.iter().map(|video| video.held).collect())
}

/// Brings claimed videos to STORING.
async fn to_storing(line: &Dispatch, videos: &[Held]) {
    for held in videos {
        let fence = held.fence;
        let job = JobId(format!("job-{}-{}", fence.video_id, fence.attempt));
        line.submitted(held, &job).await.expect("submitted");
        line.storing(held).await.expect("storing");
    }
}

/// A launched batch of 4 × 4 × 2 combinations, changed as `change` says.
async fn launched(
    world: &World,
    tenant: &Tenant,
    change: impl FnOnce(&mut LaunchRequest),
) -> Batch {
    let quote = world.quote_of(tenant, &[("style", 4), ("scene", 4), ("light", 2)]).await;
    let scope = world.scope(tenant, server::domain::access::Action::Launch).await;
    let mut asked = request(&quote, &quote.id.to_string());
    change(&mut asked);
    world.batches.launch(&scope, asked).await.expect("a launch")
}

/// The code that a client reads.
fn code(refused: Error) -> &'static str {
    ApiError::from(refused).code().as_str()
}

/// The codes of those that were refused; how many were not.
fn outcome(results: Vec<Result<Controlled, Error>>) -> (usize, Vec<&'static str>) {
    let won = results.iter().filter(|result| result.is_ok()).count();
    let mut refused: Vec<_> = results.into_iter().filter_map(|r| r.err().map(code)).collect();
    refused.sort_unstable();
    (won, refused)
}

/// Runs all of them at the same time.
async fn at_once<T, F>(world: &Arc<World>, works: Vec<F>) -> Vec<T>
where
    T: Send + 'static,
    F: FnOnce(Arc<World>) -> std::pin::Pin<Box<dyn Future<Output = T> + Send>>,
{
    let tasks: Vec<_> =
        works.into_iter().map(|work| tokio::spawn(work(Arc::clone(world)))).collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}
