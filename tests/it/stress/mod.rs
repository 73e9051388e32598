//! The line against a provider on the other side of a network that misbehaves in every way it
//! knows, while the server is killed ten times and frozen three times, and batches are cancelled
//! while their videos are with the provider.
//!
//! The provider is a process of its own that outlives the server; its book is laid beside the
//! attempts table in the end: no reference was submitted twice, every job is named by the attempt
//! it was made for, and its own count of jobs in flight never passed the cap.
//!
//! `REELMILL_STRESS_VIDEOS=2000` makes it as long as docs/decisions/0110-guards.md tells of.

mod book;
mod children;
mod edges;
mod frozen;

use std::time::{Duration, Instant};

use entity::enums::{Aspect, Resolution};
use entity::ids::BatchId;
use sea_orm::DbBackend;
use server::domain::access::Action;
use server::domain::batches::QuoteRequest;
use server::domain::wallet::check;

use self::children::{Installation, Provider};
use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, of_template};
use crate::kill::Kept;

crate::harness::both!(every_video_ends_once_and_the_books_of_both_sides_agree);

/// Videos of the great batch: so many, or what `REELMILL_STRESS_VIDEOS` says. A file is probed and
/// gets a poster by real tools, which is what a bigger number costs.
fn videos() -> usize {
    let said = std::env::var("REELMILL_STRESS_VIDEOS").ok();
    said.map_or(200, |text| text.parse().expect("a number of videos"))
}

/// Submissions in flight at once.
const CAP: i64 = 12;

/// One video in five misbehaves; each kind in turn.
const FAULTS: &[&str] = &[
    "[drop]",
    "[drop-lost]",
    "[busy]",
    "[transient]",
    "[broken]",
    "[refuse]",
    "[echo]",
    "[invalid]",
    "[twice]",
    "[slow-answer]",
    "[slow]",
    "[overdue]",
    "[fail]",
    "[block]",
    "[truncated]",
    "[garbage]",
    "[cut]",
    "[lose]",
    "[expire]",
];

/// Where the server dies, and at which pass.
const KILLS: [(&str, u32); 10] = [
    ("submit.called", 5),
    ("found.committed", 1),
    ("claim.committed", 4),
    ("submit.before", 7),
    ("settle.before_commit", 3),
    ("submit.committed", 6),
    ("store.put", 5),
    ("storing.committed", 6),
    ("settle.committed", 4),
    ("submit.called", 2),
];

/// Batches that are cancelled while their videos are with the provider, and what they are of.
const CANCELLED: usize = 3;
const OF_CANCELLED: &[&str] = &["[deaf]", "[stubborn]", "[slow]", ""];

async fn every_video_ends_once_and_the_books_of_both_sides_agree(database: Database) {
    let started = Instant::now();
    let mut provider = Provider::start();
    let world = World::new(&database.db);
    let tenant = world.tenant("stressed", "pro-3", 10_000).await;
    let restless = world.tenant("restless", "pro-3", 1_000).await;
    let house = Installation::new(&database.url, &provider, CAP);
    let great = Cast { house: &house, world: &world, tenant: &tenant };
    let small = Cast { tenant: &restless, ..great };
    let kinds: Vec<&str> =
        (0..5 * FAULTS.len()).map(|n| if n % 5 == 4 { FAULTS[n / 5] } else { "" }).collect();
    let batch = great.launch(videos(), &kinds).await;
    for (point, nth) in KILLS {
        house.serve_until_killed(point, nth);
        assert!(!great.settled(batch).await, "{point}: nothing was left to kill");
    }
    let shown = if world.db.backend() == DbBackend::Sqlite {
        frozen::task(&small).await
    } else {
        frozen::worker(&small).await
    };
    let cancelled = cancelled(&small).await;
    assert!(provider.is_alive(), "the provider outlives its client");
    let serve = house.serve(&[]);
    let open = "SELECT count(*) FROM batch_jobs WHERE settled_at IS NULL";
    wait(async || world.number(open).await == 0).await;
    serve.stop();
    assert!(provider.is_alive(), "the provider outlives its client");

    let all = videos() + 3 * 16 + CANCELLED * OF_CANCELLED.len() * 3;
    assert_ended_once(&great, all).await;
    for ended in &shown.ended {
        ended.assert_unchanged(&world).await;
    }
    book::assert_agrees(&world, &provider).await;
    book::assert_states(&world, &cancelled).await;
    book::assert_nothing_repeated(&world).await;
    let most = provider.stats()["mostInFlight"].as_i64().expect("a count");
    assert!((2..=CAP).contains(&most), "{most} jobs were in flight at once, the cap is {CAP}");
    let after_cancel = book::finished_after_cancel(&provider);
    let after_cancel = ["Deaf", "Stubborn", "Overdue"]
        .map(|kind| (kind, after_cancel.get(kind).map_or(0, std::collections::BTreeSet::len)));
    assert!(after_cancel.iter().all(|(_, jobs)| *jobs > 0), "{after_cancel:?}");
    println!(
        "stress on {:?}: {all} videos in {:?}; {} kills, {} freezes, writes after them that \
         matched no row: {:?}; finished after a cancel: {after_cancel:?}; at most {most} at once; \
         submissions: {:?}",
        world.db.backend(),
        started.elapsed(),
        KILLS.len() + 1,
        shown.ended.len(),
        shown.refused,
        book::faults(&provider),
    );
}

/// Batches cancelled while the provider works on them, some of which it finishes all the same; the
/// server that was told of the last one dies at once.
async fn cancelled(cast: &Cast<'_>) -> Vec<BatchId> {
    let serve = cast.house.serve(&[]);
    let mut batches = Vec::new();
    for _ in 0..CANCELLED {
        let batch = cast.launch(OF_CANCELLED.len() * 3, OF_CANCELLED).await;
        wait(async || {
            cast.rendering(batch, "[deaf]").await > 0
                && cast.rendering(batch, "[stubborn]").await > 0
        })
        .await;
        cast.cancel(batch).await;
        batches.push(batch);
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    drop(serve);
    batches
}

/// Who launches, where it is worked on.
#[derive(Clone, Copy)]
struct Cast<'a> {
    house: &'a Installation,
    world: &'a World,
    tenant: &'a Tenant,
}

impl Cast<'_> {
    /// A batch of so many videos of these kinds in turn.
    async fn launch(&self, videos: usize, kinds: &[&str]) -> BatchId {
        let value =
            |n: usize| format!("scene {n} {}", kinds[n % kinds.len()]).trim_end().to_owned();
        let values = (0..videos).map(value).collect();
        let template_id = self.world.template_of(self.tenant, values).await;
        let scope = self.world.scope(self.tenant, Action::Quote).await;
        let request = QuoteRequest {
            seconds: Some(2),
            aspect: Some(Aspect::Wide),
            resolution: Some(Resolution::P360),
            ..of_template(template_id)
        };
        let quote = self.world.batches.quote(&scope, request).await.expect("a quote");
        self.world.launch(self.tenant, &quote).await.expect("a launch").id
    }

    async fn cancel(&self, batch: BatchId) {
        let scope = self.world.scope(self.tenant, Action::Cancel).await;
        self.world.batches.cancel(&scope, batch).await.expect("a cancel");
    }

    async fn settled(&self, batch: BatchId) -> bool {
        let sql = "SELECT count(*) FROM batch_jobs WHERE id = $1 AND settled_at IS NOT NULL";
        crate::wallet::stage::number(&self.world.db, sql, [batch.into()]).await == 1
    }

    /// Videos of the batch with this marker that the provider works on.
    async fn rendering(&self, batch: BatchId, marker: &str) -> i64 {
        let sql = "SELECT count(*) FROM batch_items WHERE batch_id = $1 AND state = 'RENDERING' \
                   AND prompt LIKE $2";
        let values = [batch.into(), format!("%{marker}%").into()];
        crate::wallet::stage::number(&self.world.db, sql, values).await
    }
}

/// Longest wait for anything, by the number of videos.
fn patience() -> Duration {
    Duration::from_secs(2 * videos().max(200) as u64)
}

async fn wait(mut so: impl AsyncFnMut() -> bool) {
    let started = Instant::now();
    while !so().await {
        assert!(started.elapsed() < patience(), "still not so after {:?}", patience());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn assert_ended_once(cast: &Cast<'_>, videos: usize) {
    let count = async |sql: &str| cast.world.number(sql).await;
    let open = "SELECT count(*) FROM attempts WHERE outcome IS NULL";
    assert_eq!(count(open).await, 0, "no attempt without an end");
    let ended = "SELECT count(*) FROM batch_items \
                 WHERE state IN ('DELIVERED', 'FAILED', 'CANCELLED')";
    assert_eq!(usize::try_from(count(ended).await).expect("few"), videos);
    let delivered = count("SELECT count(*) FROM batch_items WHERE state = 'DELIVERED'").await;
    let once = "SELECT count(*) FROM (SELECT video_id FROM attempts WHERE outcome = 'DELIVERED' \
                GROUP BY video_id HAVING count(*) = 1) AS one";
    assert_eq!(count(once).await, delivered, "one delivered attempt each");
    let charged = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM credit_ledger \
                   WHERE kind = 'CAPTURE'";
    assert_eq!(count(charged).await, delivered);
    for counter in ["lanes", "provider_counters"] {
        let sql = format!("SELECT CAST(sum(in_flight) AS BIGINT) FROM {counter}");
        assert_eq!(count(&sql).await, 0, "{counter}");
    }
    let store = Kept(cast.house.store());
    let report = check::run(&cast.world.db, Some(&store)).await.expect("the check runs");
    assert!(report.is_sound(), "{:#?}", report.breaks());
}
