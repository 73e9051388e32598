//! Pilots: a few videos first, then a decision.

use std::collections::HashSet;
use std::sync::Arc;

use entity::enums::{BatchState, Gate, GateReason, VideoState};
use entity::values::UnixMs;
use server::domain::access::Action;
use server::domain::batches::gate::decision_awaited;
use server::domain::batches::{Controlled, Error, PilotRequest};

use super::{at_once, claim, code, launched, line, outcome, to_storing};
use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, request};
use crate::line::stage::{delivered, retried};

crate::harness::both!(
    a_pilot_is_a_pairwise_sample_and_the_whole_is_frozen,
    only_the_pilot_is_claimed_and_charged_when_delivered,
    a_decision_is_awaited_when_the_pilot_is_done,
    an_approved_pilot_lets_the_rest_follow,
    a_declined_pilot_releases_the_rest,
    a_pilot_declined_early_lets_what_is_under_way_finish,
    a_pilot_declined_by_two_people_at_once,
    one_approves_while_another_declines,
    a_paused_pilot_is_resumed_before_it_is_decided,
    without_a_pilot_there_is_nothing_to_decide,
    a_pilot_that_was_all_there_is_settles_by_itself,
    a_pilot_nobody_decides_on_closes_itself,
    a_pilot_has_its_limits,
);

const FOUR: Option<PilotRequest> = Some(PilotRequest { max_videos: 4 });

async fn decide(
    world: &World,
    tenant: &Tenant,
    batch: entity::ids::BatchId,
    good: bool,
) -> Result<Controlled, Error> {
    let scope = world.scope(tenant, Action::Approve).await;
    if good {
        world.batches.approve(&scope, batch).await
    } else {
        world.batches.decline(&scope, batch).await
    }
}

async fn a_pilot_is_a_pairwise_sample_and_the_whole_is_frozen(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let whole = Some(PilotRequest { max_videos: 100 });
    let batch = launched(&world, &tenant, |asked| asked.pilot = whole).await;
    assert_eq!((batch.gate, batch.total), (Gate::Pilot, 32));
    assert_eq!(world.balance(&tenant).await, (116, 32), "the whole batch is frozen");
    let videos = world.videos(&batch).await;
    let pilot: Vec<_> = videos.iter().filter(|video| video.pilot).collect();
    assert_eq!(batch.pilot_total, pilot.len() as i64);
    assert!((16..=20).contains(&pilot.len()), "{} of 32 show every pair", pilot.len());
    let pairs = |of: &mut dyn Iterator<Item = &entity::batch_item::Model>| {
        let mut found = HashSet::new();
        for video in of {
            let values = video.bindings.as_object().expect("an object");
            for (one, a) in values {
                for (other, b) in values.iter().filter(|(other, _)| *other != one) {
                    found.insert(format!("{one}={a}&{other}={b}"));
                }
            }
        }
        found
    };
    assert_eq!(pairs(&mut pilot.into_iter()), pairs(&mut videos.iter()));
    // The same quote would give the same pilot; a smaller one is a part of it that shows most.
    let few = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    assert_eq!(few.pilot_total, 4);
    let few: Vec<_> = world.videos(&few).await.into_iter().filter(|video| video.pilot).collect();
    assert_eq!(pairs(&mut few.iter()).len(), 4 * 6, "no pair twice");
}

async fn only_the_pilot_is_claimed_and_charged_when_delivered(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    let line = line(&world).await;
    let held = claim(&line, &tenant, 20).await;
    assert_eq!(held.len(), 4);
    assert!(claim(&line, &tenant, 20).await.is_empty());
    let wanted: HashSet<_> =
        world.videos(&batch).await.iter().filter(|v| v.pilot).map(|v| v.id).collect();
    assert_eq!(held.iter().map(|held| held.fence.video_id).collect::<HashSet<_>>(), wanted);
    // One that must be tried again is still of the pilot.
    line.settle(&[retried(held[0])]).await.expect("a flush");
    database.run("UPDATE batch_items SET not_before = 0").await;
    let again = claim(&line, &tenant, 20).await;
    assert_eq!(again.len(), 1);
    to_storing(&line, &again).await;
    line.settle(&[delivered(again[0])]).await.expect("a flush");
    assert_eq!(world.balance(&tenant).await, (116, 31), "charged like any other");
    let waiting = line.waiting_lanes().await.expect("a look");
    assert!(waiting.is_empty(), "the rest is nobody's turn");
}

async fn a_decision_is_awaited_when_the_pilot_is_done(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    let pilot = ordinals(&world, &batch).await;
    world.finish(&batch, &pilot[..3], VideoState::Delivered).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let read = world.batches.get(&scope, batch.id).await.expect("the batch");
    assert!(!decision_awaited(&read));
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.pilot_done'";
    assert_eq!(world.number(told).await, 0);
    world.finish(&batch, &pilot[3..], VideoState::Failed).await;
    let read = world.batches.get(&scope, batch.id).await.expect("the batch");
    assert!(decision_awaited(&read));
    assert_eq!((read.pilot_total, read.pilot_ended, read.state), (4, 4, BatchState::Partial));
    assert_eq!(world.number(told).await, 1);
    assert_eq!(world.batches.closes_at(&read), Some(batch.created_at.plus_ms(7 * UnixMs::DAY_MS)));
}

async fn ordinals(world: &World, batch: &server::domain::batches::Batch) -> Vec<i64> {
    world.videos(batch).await.iter().filter(|v| v.pilot).map(|v| v.ordinal).collect()
}

async fn an_approved_pilot_lets_the_rest_follow(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    world.finish(&batch, &ordinals(&world, &batch).await, VideoState::Delivered).await;
    let done = decide(&world, &tenant, batch.id, true).await.expect("an approval");
    assert_eq!((done.batch.gate, done.batch.gate_reason), (Gate::Open, None));
    assert_eq!((done.money.released.0, done.money.still_held.0), (0, 28));
    assert!(done.money.may_still_be_charged);
    let line = line(&world).await;
    assert_eq!(claim(&line, &tenant, 50).await.len(), 28);
    for (table, what) in
        [("outbox", "topic = 'batch.approved'"), ("audit_log", "action = 'batch.approve'")]
    {
        assert_eq!(world.number(&format!("SELECT count(*) FROM {table} WHERE {what}")).await, 1);
    }
}

async fn a_declined_pilot_releases_the_rest(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    world.finish(&batch, &ordinals(&world, &batch).await, VideoState::Delivered).await;
    let done = decide(&world, &tenant, batch.id, false).await.expect("a decline");
    assert_eq!(
        (done.batch.gate, done.batch.gate_reason),
        (Gate::Closed, Some(GateReason::Declined))
    );
    assert_eq!((done.money.released.0, done.money.still_held.0), (28, 0));
    assert!(!done.money.may_still_be_charged && done.batch.settled_at.is_some());
    assert_eq!((done.batch.state, done.batch.cancelled), (BatchState::Partial, 28));
    assert_eq!(world.balance(&tenant).await, (144, 0));
    assert_eq!(
        world.number("SELECT count(*) FROM audit_log WHERE action = 'batch.decline'").await,
        1
    );
}

async fn a_pilot_declined_early_lets_what_is_under_way_finish(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    let line = line(&world).await;
    let held = claim(&line, &tenant, 2).await;
    let done = decide(&world, &tenant, batch.id, false).await.expect("a decline");
    assert_eq!(
        (done.money.released.0, done.money.still_held.0, done.money.under_way.0),
        (30, 2, 2)
    );
    assert!(done.money.may_still_be_charged);
    to_storing(&line, &held[..1]).await;
    line.settle(&[delivered(held[0]), retried(held[1])]).await.expect("a flush");
    assert_eq!(world.balance(&tenant).await, (147, 0), "one came, one did not begin again");
}

async fn a_pilot_declined_by_two_people_at_once(database: Database) {
    two_decide(database, |_| false, &["PILOT_DECIDED"; 7]).await;
}

async fn one_approves_while_another_declines(database: Database) {
    two_decide(database, |n| n % 2 == 0, &["PILOT_DECIDED"; 7]).await;
}

/// Eight decide at once; one wins and what it says is what became of the money.
async fn two_decide(database: Database, good: fn(usize) -> bool, expected: &[&str]) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    world.finish(&batch, &ordinals(&world, &batch).await, VideoState::Delivered).await;
    let works = (0..8)
        .map(|n| {
            let (tenant, id) = (tenant.clone(), batch.id);
            move |world: Arc<World>| {
                let work = async move { decide(&world, &tenant, id, good(n)).await };
                Box::pin(work) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
            }
        })
        .collect();
    let (won, refused) = outcome(at_once(&world, works).await);
    assert_eq!((won, refused), (1, expected.to_vec()));
    let closed = world.number("SELECT count(*) FROM batch_jobs WHERE gate = 'CLOSED'").await == 1;
    let expected = if closed { (144, 0) } else { (116, 28) };
    assert_eq!(world.balance(&tenant).await, expected);
    let deeds = "SELECT count(*) FROM audit_log WHERE action IN ('batch.approve', 'batch.decline')";
    assert_eq!(world.number(deeds).await, 1);
}

async fn a_paused_pilot_is_resumed_before_it_is_decided(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    world.batches.pause(&scope, batch.id).await.expect("a pause");
    let line = line(&world).await;
    assert!(claim(&line, &tenant, 4).await.is_empty());
    let before = world.picture().await;
    for good in [true, false] {
        let refused = decide(&world, &tenant, batch.id, good).await.expect_err("it is paused");
        assert_eq!(code(refused), "BATCH_PAUSED");
    }
    assert_eq!(world.picture().await, before);
    let done = world.batches.resume(&scope, batch.id).await.expect("a resume");
    assert_eq!(done.batch.gate, Gate::Pilot, "back to the pilot, not past it");
    assert_eq!(claim(&line, &tenant, 32).await.len(), 4);
    decide(&world, &tenant, batch.id, true).await.expect("an approval");
}

async fn without_a_pilot_there_is_nothing_to_decide(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 3).await;
    let before = world.picture().await;
    for good in [true, false] {
        let refused = decide(&world, &tenant, batch.id, good).await.expect_err("no pilot");
        assert_eq!(code(refused), "NO_PILOT");
    }
    assert_eq!(world.picture().await, before);
}

async fn a_pilot_that_was_all_there_is_settles_by_itself(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let asked = server::domain::batches::LaunchRequest { pilot: FOUR, ..request(&quote, "k") };
    let batch = world.batches.launch(&scope, asked).await.expect("a launch");
    assert_eq!(batch.pilot_total, 3, "of one list each value is shown");
    world.finish(&batch, &[0, 1, 2], VideoState::Delivered).await;
    let read = world.batches.get(&scope, batch.id).await.expect("the batch");
    assert!(read.settled_at.is_some() && !decision_awaited(&read));
    let refused = decide(&world, &tenant, batch.id, true).await.expect_err("it ended");
    assert_eq!(code(refused), "BATCH_ENDED");
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.pilot_done'";
    assert_eq!(world.number(told).await, 0);
}

async fn a_pilot_nobody_decides_on_closes_itself(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.pilot = FOUR).await;
    world.finish(&batch, &ordinals(&world, &batch).await, VideoState::Delivered).await;
    world.clock.advance_ms(7 * UnixMs::DAY_MS);
    assert_eq!(line(&world).await.close_overdue().await.expect("a look"), 1);
    assert_eq!(world.balance(&tenant).await, (144, 0));
    let refused = decide(&world, &tenant, batch.id, true).await.expect_err("too late");
    assert_eq!(code(refused), "PILOT_DECIDED");
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.closed'";
    assert_eq!(world.number(told).await, 1);
}

async fn a_pilot_has_its_limits(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let before = world.picture().await;
    for max_videos in [0, -1, 101] {
        let pilot = Some(PilotRequest { max_videos });
        let asked = server::domain::batches::LaunchRequest { pilot, ..request(&quote, "k") };
        let refused = world.batches.launch(&scope, asked).await.expect_err("out of range");
        assert_eq!(code(refused), "INVALID_INPUT");
    }
    assert_eq!(world.picture().await, before);
    // How it is launched is part of what the key stands for.
    let plain = request(&quote, "k");
    world.batches.launch(&scope, plain.clone()).await.expect("a launch");
    let asked = server::domain::batches::LaunchRequest { pilot: FOUR, ..plain };
    let refused = world.batches.launch(&scope, asked).await.expect_err("other input");
    assert_eq!(code(refused), "IDEMPOTENCY_CONFLICT");
}
