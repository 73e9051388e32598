//! The stop-loss: decided in the very transaction in which the failure is booked.

use entity::enums::{Gate, GateReason, VideoState};
use server::domain::access::Action;
use server::domain::batches::line::Answer;
use server::domain::batches::{LaunchRequest, RetryRequest, StopLoss};

use super::{claim, code, launched, line, to_storing};
use crate::harness::database::Database;
use crate::harness::world::{World, request};
use crate::line::stage::delivered;

crate::harness::both!(
    too_many_failures_pause_the_batch_in_the_settling_transaction,
    what_is_under_way_finishes_and_nothing_new_is_claimed,
    cancelled_videos_are_no_failures,
    a_resume_after_it_struck_counts_afresh,
    a_retry_counts_its_own_round,
    the_last_failure_settles_and_does_not_pause,
    a_pilot_can_lose_too_and_resumes_to_its_pilot,
    a_stop_loss_has_its_limits,
);

const FIFTH: Option<StopLoss> = Some(StopLoss { rate_bp: 2_000, min_finished: 10 });

async fn read(
    world: &World,
    tenant: &crate::harness::world::Tenant,
    id: entity::ids::BatchId,
) -> server::domain::batches::Batch {
    let scope = world.scope(tenant, Action::Read).await;
    world.batches.get(&scope, id).await.expect("the batch")
}

async fn too_many_failures_pause_the_batch_in_the_settling_transaction(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.stop_loss = FIFTH).await;
    world.finish(&batch, &[0, 1, 2, 3], VideoState::Failed).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Open, "four are too few");
    world.finish(&batch, &(4..16).collect::<Vec<_>>(), VideoState::Delivered).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Open, "a success never pauses");
    world.clock.advance_ms(7);
    world.finish(&batch, &[16], VideoState::Failed).await;
    let after = read(&world, &tenant, batch.id).await;
    assert_eq!((after.gate, after.paused_from), (Gate::Paused, Some(Gate::Open)));
    assert_eq!(
        (after.gate_reason, after.gate_since),
        (Some(GateReason::StopLoss), world.clock.now())
    );
    assert_eq!(after.rev, 4, "the same change as the failure: one revision, one transaction");
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.paused'";
    assert_eq!(world.number(told).await, 1);
    let noted =
        "SELECT count(*) FROM audit_log WHERE action = 'batch.stop_loss' AND actor = 'system'";
    assert_eq!(world.number(noted).await, 1, "its own deed is in the trail");
    assert_eq!(world.balance(&tenant).await, (148 - 12 - 15, 15), "the rest stays held");
}

async fn what_is_under_way_finishes_and_nothing_new_is_claimed(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| {
        asked.stop_loss = Some(StopLoss { rate_bp: 0, min_finished: 1 });
    })
    .await;
    let line = line(&world).await;
    let held = claim(&line, &tenant, 3).await;
    to_storing(&line, &held).await;
    let failed = server::domain::batches::line::Ending::by_holder(
        held[0],
        server::domain::batches::line::What::Failed {
            code: server::domain::batches::failure::FailureCode::Refused,
            class: "REFUSED",
            detail: String::new(),
            cost: None,
        },
    );
    assert_eq!(line.settle(&[failed]).await.expect("a flush"), [Answer::Failed]);
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Paused);
    assert!(claim(&line, &tenant, 3).await.is_empty());
    let rest = [delivered(held[1]), delivered(held[2])];
    assert_eq!(line.settle(&rest).await.expect("a flush"), [Answer::Delivered; 2]);
    assert_eq!(world.balance(&tenant).await, (148 - 2 - 29, 29));
}

async fn cancelled_videos_are_no_failures(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.stop_loss = FIFTH).await;
    world.finish(&batch, &(0..12).collect::<Vec<_>>(), VideoState::Cancelled).await;
    world.finish(&batch, &[12, 13], VideoState::Failed).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Open, "two have finished");
}

async fn a_resume_after_it_struck_counts_afresh(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.stop_loss = FIFTH).await;
    world.finish(&batch, &(0..10).collect::<Vec<_>>(), VideoState::Failed).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Paused);
    let scope = world.scope(&tenant, Action::Pause).await;
    world.batches.resume(&scope, batch.id).await.expect("a resume");
    world.finish(&batch, &(10..19).collect::<Vec<_>>(), VideoState::Failed).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Open, "nine since the resume");
    // A pause by a person is no reason to forget them.
    world.batches.pause(&scope, batch.id).await.expect("a pause");
    world.batches.resume(&scope, batch.id).await.expect("a resume");
    world.finish(&batch, &[19], VideoState::Failed).await;
    let after = read(&world, &tenant, batch.id).await;
    assert_eq!((after.gate, after.gate_reason), (Gate::Paused, Some(GateReason::StopLoss)));
}

async fn a_retry_counts_its_own_round(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.stop_loss = FIFTH).await;
    world.finish(&batch, &(0..20).collect::<Vec<_>>(), VideoState::Delivered).await;
    world.finish(&batch, &(20..32).collect::<Vec<_>>(), VideoState::Failed).await;
    let scope = world.scope(&tenant, Action::Retry).await;
    let again = RetryRequest { batch_id: batch.id, idempotency_key: String::from("k") };
    let done = world.batches.retry(&scope, again).await.expect("a retry");
    assert_eq!((done.batch.window_delivered, done.batch.window_failed), (20, 0));
    world.finish(&batch, &(20..29).collect::<Vec<_>>(), VideoState::Failed).await;
    assert_eq!(read(&world, &tenant, batch.id).await.gate, Gate::Open, "nine of this round");
    world.finish(&batch, &[29], VideoState::Failed).await;
    assert_eq!(
        read(&world, &tenant, batch.id).await.gate,
        Gate::Paused,
        "ten of ten, not of thirty"
    );
}

async fn the_last_failure_settles_and_does_not_pause(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| asked.stop_loss = FIFTH).await;
    world.finish(&batch, &(0..32).collect::<Vec<_>>(), VideoState::Failed).await;
    let after = read(&world, &tenant, batch.id).await;
    assert_eq!((after.gate, after.settled_at.is_some()), (Gate::Open, true));
}

async fn a_pilot_can_lose_too_and_resumes_to_its_pilot(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |asked| {
        asked.stop_loss = Some(StopLoss { rate_bp: 5_000, min_finished: 2 });
        asked.pilot = Some(server::domain::batches::PilotRequest { max_videos: 4 });
    })
    .await;
    let pilot: Vec<i64> =
        world.videos(&batch).await.iter().filter(|v| v.pilot).map(|v| v.ordinal).collect();
    world.finish(&batch, &pilot[..2], VideoState::Failed).await;
    let after = read(&world, &tenant, batch.id).await;
    assert_eq!((after.gate, after.paused_from), (Gate::Paused, Some(Gate::Pilot)));
    let scope = world.scope(&tenant, Action::Pause).await;
    let done = world.batches.resume(&scope, batch.id).await.expect("a resume");
    assert_eq!(done.batch.gate, Gate::Pilot);
}

async fn a_stop_loss_has_its_limits(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let before = world.picture().await;
    for (rate_bp, min_finished) in [(-1, 10), (10_000, 10), (100, 0), (100, 1_000_001)] {
        let stop_loss = Some(StopLoss { rate_bp, min_finished });
        let asked = LaunchRequest { stop_loss, ..request(&quote, "k") };
        let refused = world.batches.launch(&scope, asked).await.expect_err("out of range");
        assert_eq!(code(refused), "INVALID_INPUT");
    }
    assert_eq!(world.picture().await, before);
}
