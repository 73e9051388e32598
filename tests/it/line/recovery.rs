//! What a dead or silent process left behind.

use entity::enums::AttemptOutcome;
use server::domain::batches::line::{Answer, Dispatch, Ending, Error, What};
use server::ports::provider::scripted::Step;
use server::ports::provider::{JobId, Traits};

use super::stage::{MORTAL, REMOTE, Stage, asset};
use crate::harness::database::Database;

crate::harness::both!(
    a_killed_attempt_is_never_resolved_twice,
    lost_attempts_run_out_and_the_share_is_released,
    a_closed_batch_is_not_queued_again,
    a_stale_worker_writes_nothing,
    a_stale_holder_cannot_take_the_next_claimants_edges,
    the_sweep_leaves_a_renewed_lease_alone,
    a_remote_job_is_taken_over_under_the_next_epoch,
    a_submission_that_may_have_arrived_is_never_repeated,
    nothing_is_handed_over_once_the_lease_may_be_over,
);

/// Leaves one video in each state in flight, as a killed process of this name would.
async fn abandon(stage: &Stage, line: &Dispatch) {
    let videos = stage.claim(line, 3).await.expect("a claim").videos;
    for video in &videos[1..] {
        let job = JobId(format!("job-{}", video.submission.reference));
        line.submitted(&video.held, &job).await.expect("submitted");
    }
    line.storing(&videos[2].held).await.expect("storing");
}

async fn a_killed_attempt_is_never_resolved_twice(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(5).await;
    abandon(&stage, &stage.dispatch("worker")).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    stage.assert_whole().await;
    let states = stage.states().await;
    assert!(states.iter().all(|(state, ..)| state == "DELIVERED"), "{states:?}");
    let mut attempts: Vec<i64> = states.iter().map(|(.., attempt)| *attempt).collect();
    attempts.sort_unstable();
    assert_eq!(attempts, [1, 1, 2, 2, 2]);
    let lost = "SELECT count(*) FROM attempts WHERE outcome = 'LOST' AND attempt = 1";
    assert_eq!(stage.number(lost, []).await, 3);
    assert_eq!(stage.scripted.submissions().len(), 5, "each of ours once");
}

async fn lost_attempts_run_out_and_the_share_is_released(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(1).await;
    let line = stage.dispatch("gone");
    for attempt in 1..=3 {
        let claimed = stage.claim(&line, 1).await.expect("a claim");
        assert_eq!(claimed.videos[0].held.fence.attempt, attempt);
        stage.run_out_leases().await;
        // A worker that never gets to claim: its sweep alone ends the silent attempt.
        let worker = stage.start_on(0, |_| {}).await;
        let ended = "SELECT count(*) FROM attempts WHERE attempt = $1 AND outcome = 'LOST'";
        stage.until(ended, [attempt.into()]).await;
        worker.drain().await;
    }
    stage.settled(batch.id).await;
    let states = stage.states().await;
    assert_eq!(states, [("FAILED".into(), Some("ATTEMPTS_EXHAUSTED".into()), 3)]);
    stage.assert_whole().await;
    assert!(stage.claim(&line, 1).await.is_none());
}

async fn a_closed_batch_is_not_queued_again(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    abandon(&stage, &stage.dispatch("worker")).await;
    stage.close(batch.id).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert!(states.iter().all(|(state, ..)| state == "CANCELLED"), "{states:?}");
    assert!(stage.scripted.submissions().is_empty());
    stage.assert_whole().await;
}

async fn a_stale_worker_writes_nothing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::HoldSubmit]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    let held = "SELECT count(*) FROM batch_items WHERE state = 'SUBMITTING'";
    stage.until(held, []).await;
    while stage.scripted.submissions().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    // The call hangs past its lease; the sweep gives the video to another claimant.
    stage.run_out_leases().await;
    stage.settled(batch.id).await;
    let before = everything(&stage).await;
    // Now it returns, and its holder goes on to write what it knows.
    stage.scripted.open_gate();
    line.drain().await;
    assert_eq!(everything(&stage).await, before, "the stale worker wrote nothing");
    let attempts = stage.attempts(batch.videos[0]).await;
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0], (Some("LOST".into()), Some("LOST".into()), false));
    assert_eq!(attempts[1].0.as_deref(), Some("DELIVERED"));
    let unknown = "SELECT count(*) FROM attempts WHERE attempt = 1 AND provider_job_id IS NULL";
    assert_eq!(stage.number(unknown, []).await, 1);
    stage.assert_whole().await;
}

async fn a_stale_holder_cannot_take_the_next_claimants_edges(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let (stale, line) = (stage.dispatch("stale"), stage.dispatch("next"));
    let first = stage.claim(&stale, 1).await.expect("a claim").videos.remove(0).held;
    stage.run_out_leases().await;
    let silent = Ending { held: first, what: lost(), only_expired: true };
    assert_eq!(line.settle(&[silent]).await.expect("a sweep"), [Answer::Requeued]);
    let second = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    assert_eq!((second.fence.attempt, second.fence.lease_epoch), (2, 2));

    let job = JobId(String::from("stale"));
    assert!(matches!(stale.submitted(&first, &job).await, Err(Error::FenceLost)));
    assert!(matches!(stale.renew(&first).await, Err(Error::FenceLost)));
    line.submitted(&second, &JobId(String::from("next"))).await.expect("submitted");
    assert!(matches!(stale.storing(&first).await, Err(Error::FenceLost)));
    line.storing(&second).await.expect("storing");
    let what = What::Delivered { asset: asset(&first), cost: None };
    let stolen = [Ending::by_holder(first, what)];
    assert_eq!(stale.settle(&stolen).await.expect("a flush"), [Answer::FenceLost]);
    assert!(!stale.came_late(&first, None).await.expect("a look"), "its share is still open");
    let sql = "SELECT count(*) FROM attempts WHERE provider_job_id = 'next' AND attempt = 2 \
               AND outcome IS NULL";
    assert_eq!(stage.number(sql, []).await, 1);
    stage.assert_whole().await;
}

async fn the_sweep_leaves_a_renewed_lease_alone(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    stage.run_out_leases().await;
    let found = stage.dispatch("b").stranded(false).await.expect("a look");
    assert_eq!(found.len(), 1);
    line.renew(&held).await.expect("the holder was only slow");
    let silent = Ending { held: found[0].held, what: lost(), only_expired: true };
    assert_eq!(line.settle(&[silent]).await.expect("a sweep"), [Answer::FenceLost]);
    line.submitted(&held, &JobId(String::from("j"))).await.expect("still the holder's");
}

fn lost() -> What {
    let outcome = AttemptOutcome::Lost;
    What::Retry { outcome, class: "LOST", detail: String::new(), wait: None, cost: None }
}

/// Numbers that any write of the line would change.
pub async fn everything(stage: &Stage) -> Vec<i64> {
    let mut numbers = Vec::new();
    for sql in [
        "SELECT rev FROM batch_jobs",
        "SELECT attempt * 1000 + lease_epoch FROM batch_items",
        "SELECT wseq FROM credit_wallet",
        "SELECT count(*) FROM assets",
        "SELECT count(*) FROM outbox",
        "SELECT count(*) FROM attempts WHERE provider_job_id IS NOT NULL OR outcome IS NOT NULL",
        "SELECT in_flight FROM lanes",
    ] {
        numbers.push(stage.number(sql, []).await);
    }
    numbers
}

async fn a_remote_job_is_taken_over_under_the_next_epoch(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![Step::Hold, Step::Hold]).await;
    let batch = stage.launch(2).await;
    let gone = stage.dispatch("gone");
    let provider = server::ports::provider::Provider::Scripted(stage.scripted.clone());
    let videos = stage.claim(&gone, 2).await.expect("a claim").videos;
    for video in &videos {
        let job = provider.submit(video.submission.clone()).await.expect("a job");
        gone.submitted(&video.held, &job).await.expect("submitted");
        stage.scripted.finish(&job);
    }
    gone.storing(&videos[1].held).await.expect("storing");
    stage.run_out_leases().await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let sql = "SELECT count(*) FROM batch_items WHERE state = 'DELIVERED' AND attempt = 1 \
               AND lease_epoch = 2";
    assert_eq!(stage.number(sql, []).await, 2, "the same attempt, the next epoch");
    assert_eq!(stage.scripted.submissions().len(), 2, "nothing was bought again");
    let sql = "SELECT count(*) FROM assets WHERE object_key LIKE '%/1-2.mp4'";
    assert_eq!(stage.number(sql, []).await, 2, "under keys of the new claim");
    stage.assert_whole().await;
}

async fn a_submission_that_may_have_arrived_is_never_repeated(database: Database) {
    let traits = Traits { idempotent_submit: false, ..REMOTE };
    let stage = Stage::new(database, traits, vec![]).await;
    let batch = stage.launch(1).await;
    stage.claim(&stage.dispatch("gone"), 1).await.expect("a claim");
    stage.run_out_leases().await;
    let line = stage.start(|options| options.tend_every = std::time::Duration::ZERO).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'OUTCOME_UNKNOWN'", []).await;
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(stage.scripted.submissions().is_empty());
    stage.assert_whole().await;
    stage.clock.advance_ms(24 * 3_600_000 + 1);
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert_eq!(states, [("FAILED".into(), Some("OUTCOME_UNPROVEN".into()), 1)]);
    stage.assert_whole().await;
}

async fn nothing_is_handed_over_once_the_lease_may_be_over(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    stage.launch(3).await;
    // A lease that is over when the claim has committed, as it is for a process that was frozen
    // between its claim and its call.
    let line = stage.start(|options| options.rules.lease = std::time::Duration::ZERO).await;
    let unknown = "SELECT CAST(CASE WHEN count(*) = 3 THEN 1 ELSE 0 END AS BIGINT) \
                   FROM batch_items WHERE state = 'OUTCOME_UNKNOWN'";
    stage.until(unknown, []).await;
    line.drain().await;
    assert!(stage.scripted.submissions().is_empty(), "somebody else may have concluded so");
    stage.assert_whole().await;
}
