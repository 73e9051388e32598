//! The line against a provider on the other side of a network that misbehaves in every way it
//! knows, while the server is killed ten times and frozen three times.
//!
//! The provider is a process of its own that outlives the server; its book is laid beside the
//! attempts table in the end: no reference was submitted twice, every job is named by the attempt
//! it was made for, and its own count of jobs in flight never passed the cap.

mod book;
mod children;

use std::time::Duration;

use entity::enums::{Aspect, Resolution};
use entity::ids::BatchId;
use sea_orm::{ConnectionTrait as _, DbBackend};
use server::db::dialect::statement;
use server::domain::access::Action;
use server::domain::batches::QuoteRequest;
use server::domain::wallet::check;

use self::children::{Installation, Provider};
use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, of_template};
use crate::kill::Kept;

crate::harness::both!(every_video_ends_once_and_the_books_of_both_sides_agree);

/// Videos per database: so many, or what `REELMILL_STRESS_VIDEOS` says. A file is probed and gets a
/// poster by real tools, which is what a bigger number costs; 2,000 take about ten times as long.
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
    "[invalid]",
    "[twice]",
    "[slow-answer]",
    "[slow]",
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

/// Where a task is held past its lease, on SQLite; the first so long that its submission counts as
/// never arrived before it goes on.
const HOLDS: [&str; 3] = ["submit.before:3:8000", "submit.called:3:5000", "store.put:3:5000"];

async fn every_video_ends_once_and_the_books_of_both_sides_agree(database: Database) {
    let mut provider = Provider::start();
    let world = World::new(&database.db);
    let tenant = world.tenant("stressed", "pro-3", 10_000).await;
    let batch = launch(&world, &tenant).await;
    let house = Installation::new(&database.url, &provider, CAP);
    for (point, nth) in KILLS {
        house.serve_until_killed(point, nth);
        assert!(!settled(&world, batch).await, "{point}: nothing was left to kill");
    }
    if world.db.backend() == DbBackend::Sqlite {
        for hold in HOLDS {
            let serve = house.serve(&[("REELMILL_HOLD_AT", hold)]);
            tokio::time::sleep(Duration::from_secs(11)).await;
            serve.stop();
        }
    } else {
        frozen_worker(&house, &world).await;
    }
    assert!(provider.is_alive(), "the provider outlives its client");
    let serve = house.serve(&[]);
    until(&world, batch).await;
    serve.stop();
    assert!(provider.is_alive(), "the provider outlives its client");

    assert_ended_once(&world, &house).await;
    book::assert_agrees(&world, &provider).await;
    let most = provider.stats()["mostInFlight"].as_i64().expect("a count");
    assert!((2..=CAP).contains(&most), "{most} jobs were in flight at once, the cap is {CAP}");
}

/// A worker beside the server is stopped in its tracks until the other has taken its videos over,
/// three times; then it goes on and finds its fences lost.
async fn frozen_worker(house: &Installation, world: &World) {
    let worker = house.worker();
    for _ in 0..3 {
        let held = "SELECT count(*) FROM batch_items WHERE lease_owner LIKE '%-1' \
                    AND state IN ('SUBMITTING', 'RENDERING', 'STORING')";
        wait(async || world.number(held).await > 0).await;
        worker.signal("-STOP");
        let serve = house.serve(&[]);
        wait(async || world.number(held).await == 0).await;
        worker.signal("-CONT");
        tokio::time::sleep(Duration::from_secs(1)).await;
        serve.stop();
    }
    worker.stop();
}

async fn launch(world: &World, tenant: &Tenant) -> BatchId {
    let value = |n: usize| {
        let fault = if n % 5 == 4 { FAULTS[(n / 5) % FAULTS.len()] } else { "" };
        format!("scene {n} {fault}").trim_end().to_owned()
    };
    let template_id = world.template_of(tenant, (0..videos()).map(value).collect()).await;
    let scope = world.scope(tenant, Action::Quote).await;
    let request = QuoteRequest {
        seconds: Some(2),
        aspect: Some(Aspect::Wide),
        resolution: Some(Resolution::P360),
        ..of_template(template_id)
    };
    let quote = world.batches.quote(&scope, request).await.expect("a quote");
    world.launch(tenant, &quote).await.expect("a launch").id
}

async fn settled(world: &World, batch: BatchId) -> bool {
    let sql = "SELECT count(*) FROM batch_jobs WHERE id = $1 AND settled_at IS NOT NULL";
    crate::wallet::stage::number(&world.db, sql, [batch.into()]).await == 1
}

async fn until(world: &World, batch: BatchId) {
    wait(async || settled(world, batch).await).await;
}

/// Longest wait for anything, by the number of videos.
fn patience() -> Duration {
    Duration::from_secs(2 * videos().max(200) as u64)
}

async fn wait(mut so: impl AsyncFnMut() -> bool) {
    let started = std::time::Instant::now();
    while !so().await {
        assert!(started.elapsed() < patience(), "still not so after {:?}", patience());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn assert_ended_once(world: &World, house: &Installation) {
    let count = async |sql: &str| world.number(sql).await;
    let open = "SELECT count(*) FROM attempts WHERE outcome IS NULL";
    assert_eq!(count(open).await, 0, "no attempt without an end");
    let ended = "SELECT count(*) FROM batch_items WHERE state IN ('DELIVERED', 'FAILED')";
    assert_eq!(usize::try_from(count(ended).await).expect("few"), videos());
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
    assert_states(world).await;
    let report = check::run(&world.db, Some(&Kept(house.store()))).await.expect("the check runs");
    assert!(report.is_sound(), "{:#?}", report.breaks());
}

/// What was asked for decides how a video ends.
async fn assert_states(world: &World) {
    let reader = world.db.reader();
    let sql = "SELECT prompt, state, COALESCE(error_code, '') AS code FROM batch_items";
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    for row in rows {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        let (prompt, end) = (text("prompt"), (text("state"), text("code")));
        let has = |marker: &str| prompt.contains(marker);
        let expected: &[&str] = if has("[refuse]") || has("[block]") {
            &["REFUSED"]
        } else if has("[invalid]") {
            &["INVALID_REQUEST"]
        } else if has("[truncated]") || has("[garbage]") {
            &["RESULT_UNUSABLE"]
        } else if has("[lose]") {
            // Unproven; or found never to have arrived, if the server died before it knew the job.
            &["OUTCOME_UNPROVEN", ""]
        } else {
            &[""]
        };
        assert!(expected.contains(&end.1.as_str()), "{prompt}: {end:?}");
        assert_eq!(end.0 == "DELIVERED", end.1.is_empty(), "{prompt}: {end:?}");
    }
}
