//! `kill -9` after the commits that the other kill suites meet only by chance: edges to FAILED and
//! back to QUEUED, into and out of OUTCOME_UNKNOWN, a stop, and a claim that was taken over.

use super::children::{Installation, Provider};
use super::{Cast, assert_ended_once, book, wait};
use crate::harness::database::Database;
use crate::harness::world::World;

crate::harness::both!(every_video_ends_once_whatever_edge_the_process_dies_after);

/// Videos of the batch; half of them slow, so that every death leaves some with the provider.
const VIDEOS: usize = 72;
const KINDS: &[&str] = &[
    "[slow]",
    "[refuse]",
    "[slow]",
    "[busy]",
    "[slow]",
    "[invalid]",
    "[slow]",
    "[drop]",
    "[slow]",
    "[fail]",
    "[slow]",
    "[drop-lost]",
    "[slow]",
    "[expire]",
    "[slow]",
    "[transient]",
];

/// Where the server dies, and at which pass. A take-over comes first after a death that left
/// videos with the provider.
const KILLS: [(&str, u32); 14] = [
    ("failed.committed", 1),
    ("requeued.committed", 1),
    ("submit.committed", 4),
    ("takeover.committed", 1),
    ("takeover.committed", 2),
    ("failed.committed", 3),
    ("unknown.committed", 1),
    ("look.committed", 1),
    ("named.committed", 1),
    ("found.committed", 1),
    ("requeued.committed", 3),
    ("storing.committed", 2),
    ("takeover.committed", 1),
    ("delivered.committed", 3),
];

async fn every_video_ends_once_whatever_edge_the_process_dies_after(database: Database) {
    let mut provider = Provider::start();
    let world = World::new(&database.db);
    let tenant = world.tenant("killed", "pro-3", 1_000).await;
    let house = Installation::new(&database.url, &provider, super::CAP);
    let cast = Cast { house: &house, world: &world, tenant: &tenant };
    let batch = cast.launch(VIDEOS, KINDS).await;
    for (point, nth) in KILLS {
        house.serve_until_killed(point, nth);
        assert!(!cast.settled(batch).await, "{point}: nothing was left to kill");
    }
    let serve = house.serve(&[]);
    wait(async || cast.settled(batch).await).await;
    serve.stop();
    let mut cancelled = Vec::new();
    for at in STOPS {
        let batch = stopped(&cast, at).await;
        cancelled.push(batch);
        let serve = house.serve(&[]);
        wait(async || cast.settled(batch).await).await;
        serve.stop();
    }
    assert!(provider.is_alive(), "the provider outlives its client");
    assert_ended_once(&cast, VIDEOS + STOPS.len() * STOPPED).await;
    book::assert_agrees(&world, &provider).await;
    book::assert_states(&world, &cancelled).await;
}

/// Videos of each batch that is cancelled, and where the server dies then: with the provider's word
/// that a job is stopped and deleted, before and after it is written down.
const STOPPED: usize = 8;
const STOPS: [&str; 2] = ["stop.confirmed:1", "stopped.committed:1"];

/// A batch that is cancelled while its videos are with the provider; the server dies at `at`.
async fn stopped(cast: &Cast<'_>, at: &str) -> entity::ids::BatchId {
    let serve = cast.house.serve(&[("REELMILL_KILL_AT", at)]);
    let batch = cast.launch(STOPPED, &["[slow]"]).await;
    wait(async || cast.rendering(batch, "[slow]").await > 1).await;
    cast.cancel(batch).await;
    serve.killed(at);
    batch
}
