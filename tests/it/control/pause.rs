//! Pause, resume, and what closes itself.

use entity::enums::{BatchState, Gate, GateReason, VideoState};
use entity::values::UnixMs;
use server::domain::access::Action;
use server::domain::batches::Error;
use server::domain::batches::line::Answer;
use server::ports::provider::JobId;
use server::ports::provider::scripted::Step;

use crate::harness::database::Database;
use crate::harness::world::World;
use crate::line::stage::{MORTAL, Stage, delivered, retried};

crate::harness::both!(
    a_pause_keeps_every_credit_and_says_what_is_under_way,
    resume_returns_to_the_gate_it_was_paused_from,
    a_second_pause_changes_nothing,
    only_what_is_paused_is_resumed,
    an_ended_or_closing_batch_is_neither_paused_nor_resumed,
    a_paused_batch_is_cancelled_like_any_other,
    a_paused_batch_is_left_alone_by_the_sweep,
    a_claim_sees_a_pause_that_came_after_it_chose,
    videos_in_flight_finish_in_a_paused_batch,
    an_attempt_that_ends_in_a_paused_batch_waits_in_the_queue,
    a_batch_that_stays_paused_closes_itself,
    a_decision_in_time_keeps_it_from_closing,
    of_four_sweeps_at_once_one_closes,
);

async fn a_pause_keeps_every_credit_and_says_what_is_under_way(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 6).await;
    world.start(&batch, &[0, 1]).await;
    world.finish(&batch, &[0], VideoState::Delivered).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    let done = world.batches.pause(&scope, batch.id).await.expect("a pause");
    assert!(!done.already);
    let money = done.money;
    assert_eq!((money.released.0, money.still_held.0, money.under_way.0), (0, 5, 1));
    assert!(money.may_still_be_charged, "the one under way");
    assert_eq!((done.batch.gate, done.batch.paused_from), (Gate::Paused, Some(Gate::Open)));
    assert_eq!(done.batch.gate_reason, Some(GateReason::Person));
    assert_eq!(done.batch.state, BatchState::Partial, "the gate stands beside the state");
    assert_eq!(world.balance(&tenant).await, (42, 5));
    for (table, what) in
        [("outbox", "topic = 'batch.paused'"), ("audit_log", "action = 'batch.pause'")]
    {
        assert_eq!(world.number(&format!("SELECT count(*) FROM {table} WHERE {what}")).await, 1);
    }
    world.finish(&batch, &[1], VideoState::Failed).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    let again = world.batches.pause(&scope, batch.id).await.expect("a second pause");
    assert!(!again.money.may_still_be_charged, "nothing is under way and nothing begins");
}

async fn resume_returns_to_the_gate_it_was_paused_from(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 6).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    for from in [Gate::Open, Gate::Pilot] {
        let sql = format!("UPDATE batch_jobs SET gate = '{}', pilot_total = 1", from.as_str());
        database.run(&sql).await;
        world.batches.pause(&scope, batch.id).await.expect("a pause");
        world.clock.advance_ms(5);
        let done = world.batches.resume(&scope, batch.id).await.expect("a resume");
        assert_eq!((done.batch.gate, done.batch.paused_from), (from, None));
        assert_eq!((done.batch.gate_reason, done.batch.gate_since), (None, world.clock.now()));
        assert_eq!((done.money.still_held.0, done.money.may_still_be_charged), (6, true));
    }
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.resumed'";
    assert_eq!(world.number(told).await, 2);
}

async fn a_second_pause_changes_nothing(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    world.batches.pause(&scope, batch.id).await.expect("a pause");
    let before = world.picture().await;
    assert!(world.batches.pause(&scope, batch.id).await.expect("a second pause").already);
    assert_eq!(world.picture().await, before);
}

async fn only_what_is_paused_is_resumed(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    let before = world.picture().await;
    let refused = world.batches.resume(&scope, batch.id).await.expect_err("it goes on");
    assert!(matches!(refused, Error::NotPaused));
    assert_eq!(world.picture().await, before);
}

async fn an_ended_or_closing_batch_is_neither_paused_nor_resumed(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 3).await;
    world.start(&batch, &[0]).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    let cancel = world.scope(&tenant, Action::Cancel).await;
    world.batches.cancel(&cancel, batch.id).await.expect("a cancel");
    let refused = world.batches.pause(&scope, batch.id).await.expect_err("it closes");
    assert!(matches!(refused, Error::Closing));
    let refused = world.batches.resume(&scope, batch.id).await.expect_err("it closes");
    assert!(matches!(refused, Error::Closing));
    world.finish(&batch, &[0], VideoState::Delivered).await;
    let before = world.picture().await;
    let refused = world.batches.pause(&scope, batch.id).await.expect_err("it ended");
    assert!(matches!(refused, Error::Ended));
    let refused = world.batches.resume(&scope, batch.id).await.expect_err("it ended");
    assert!(matches!(refused, Error::Ended));
    assert_eq!(world.picture().await, before);
}

async fn a_paused_batch_is_cancelled_like_any_other(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 4).await;
    let scope = world.scope(&tenant, Action::Pause).await;
    world.batches.pause(&scope, batch.id).await.expect("a pause");
    let cancel = world.scope(&tenant, Action::Cancel).await;
    let done = world.batches.cancel(&cancel, batch.id).await.expect("a cancel");
    assert_eq!(done.released_credits.0, 4);
    assert_eq!((done.batch.gate, done.batch.paused_from), (Gate::Closed, None));
    assert_eq!(done.batch.gate_reason, Some(GateReason::Cancelled));
    assert_eq!(world.balance(&tenant).await, (48, 0));
}

async fn a_paused_batch_is_left_alone_by_the_sweep(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    stage.pause(batch.id).await;
    let picture = "SELECT rev * 1000 + (SELECT count(*) FROM batch_items WHERE state = 'QUEUED') \
                   FROM batch_jobs";
    let before = stage.number(picture, []).await;
    let line = stage.start(|options| options.tend_every = std::time::Duration::ZERO).await;
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(stage.number(picture, []).await, before);
    assert!(stage.scripted.submissions().is_empty());
    let waiting = stage.dispatch("b").waiting_lanes().await.expect("a look");
    assert!(waiting.is_empty(), "a paused lane is nobody's turn");
    // Resumed, the sweep finds it although nobody hints.
    stage.change("UPDATE batch_jobs SET gate = 'OPEN', paused_from = NULL", []).await;
    stage.settled(batch.id).await;
    line.drain().await;
    stage.assert_whole().await;
}

async fn a_claim_sees_a_pause_that_came_after_it_chose(database: Database) {
    // Eight who claim and one who pauses, again and again: after the pause nobody gets anything.
    let stage = Stage::new(database, MORTAL, vec![]).await;
    for _ in 0..5 {
        let batch = stage.launch(40).await;
        let lines: Vec<_> = (0..8).map(|n| stage.dispatch(&format!("w{n}"))).collect();
        let claims = futures_util::future::join_all(lines.iter().map(|l| stage.claim(l, 1)));
        let ((), claimed) = tokio::join!(stage.pause(batch.id), claims);
        let taken = claimed.iter().flatten().filter(|c| c.batch_id == batch.id).count();
        let in_flight =
            "SELECT count(*) FROM batch_items WHERE batch_id = $1 AND state <> 'QUEUED'";
        assert_eq!(stage.number(in_flight, [batch.id.into()]).await, taken as i64);
        assert!(stage.claim(&lines[0], 8).await.is_none(), "it is paused");
        stage.close(batch.id).await;
        stage.change("UPDATE batch_jobs SET settled_at = 1 WHERE id = $1", [batch.id.into()]).await;
    }
}

async fn videos_in_flight_finish_in_a_paused_batch(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::Hold, Step::Hold]).await;
    let batch = stage.launch(5).await;
    let line = stage.start_on(2, |_| {}).await;
    let two = "SELECT CAST(CASE WHEN count(*) = 2 THEN 1 ELSE 0 END AS BIGINT) FROM batch_items \
               WHERE state = 'RENDERING'";
    stage.until(two, []).await;
    stage.pause(batch.id).await;
    for submission in stage.scripted.submissions() {
        stage.scripted.finish(&JobId(format!("job-{}", submission.reference)));
    }
    let done = "SELECT CAST(CASE WHEN count(*) = 2 THEN 1 ELSE 0 END AS BIGINT) FROM batch_items \
                WHERE state = 'DELIVERED'";
    stage.until(done, []).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(stage.scripted.submissions().len(), 2, "nothing new was claimed");
    assert!(stage.scripted.cancels().is_empty(), "and nothing was asked to stop");
    line.drain().await;
    stage.assert_whole().await;
}

async fn an_attempt_that_ends_in_a_paused_batch_waits_in_the_queue(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(2).await;
    let line = stage.dispatch("a");
    let videos = stage.claim(&line, 2).await.expect("a claim").videos;
    stage.pause(batch.id).await;
    let answers = line.settle(&[retried(videos[0].held)]).await.expect("a flush");
    assert_eq!(answers, [Answer::Requeued]);
    line.submitted(&videos[1].held, &JobId("j".into())).await.expect("submitted");
    line.storing(&videos[1].held).await.expect("storing");
    assert_eq!(
        line.settle(&[delivered(videos[1].held)]).await.expect("a flush"),
        [Answer::Delivered]
    );
    stage.change("UPDATE batch_items SET not_before = 0", []).await;
    assert!(stage.claim(&line, 2).await.is_none(), "queued again, and paused");
    stage.assert_whole().await;
}

async fn a_batch_that_stays_paused_closes_itself(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(4).await;
    let line = stage.dispatch("a");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    stage.pause(batch.id).await;
    stage.clock.advance_ms(7 * UnixMs::DAY_MS - 1);
    assert_eq!(line.close_overdue().await.expect("a look"), 0);
    stage.clock.advance_ms(1);
    assert_eq!(line.close_overdue().await.expect("a look"), 1);
    assert_eq!(line.close_overdue().await.expect("a second look"), 0);
    let closed = "SELECT count(*) FROM batch_jobs WHERE gate = 'CLOSED' AND gate_reason = 'OVERDUE' \
                  AND cancelled = 3 AND settled_at IS NULL";
    assert_eq!(stage.number(closed, []).await, 1);
    for told in [
        "SELECT count(*) FROM outbox WHERE topic = 'batch.closed'",
        "SELECT count(*) FROM audit_log WHERE action = 'batch.overdue' AND actor = 'system'",
    ] {
        assert_eq!(stage.number(told, []).await, 1, "{told}");
    }
    stage.assert_whole().await;
    assert_eq!(line.settle(&[retried(held)]).await.expect("a flush"), [Answer::Cancelled]);
    stage.settled(batch.id).await;
    stage.assert_whole().await;
}

async fn a_decision_in_time_keeps_it_from_closing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(2).await;
    stage.pause(batch.id).await;
    stage.clock.advance_ms(8 * UnixMs::DAY_MS);
    stage.change("UPDATE batch_jobs SET gate = 'OPEN', paused_from = NULL", []).await;
    assert_eq!(stage.dispatch("a").close_overdue().await.expect("a look"), 0);
    let open = "SELECT count(*) FROM batch_jobs WHERE gate = 'OPEN'";
    assert_eq!(stage.number(open, []).await, 1);
}

async fn of_four_sweeps_at_once_one_closes(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    stage.pause(batch.id).await;
    stage.clock.advance_ms(7 * UnixMs::DAY_MS);
    let lines: Vec<_> = (0..4).map(|n| stage.dispatch(&format!("w{n}"))).collect();
    let done = futures_util::future::join_all(lines.iter().map(|line| line.close_overdue())).await;
    let closed: u64 = done.into_iter().map(|one| one.expect("a look")).sum();
    assert_eq!(closed, 1, "the locked row decides");
    let deeds = "SELECT count(*) FROM audit_log WHERE action = 'batch.overdue'";
    assert_eq!(stage.number(deeds, []).await, 1);
    stage.assert_whole().await;
}
