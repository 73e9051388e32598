//! Out of OUTCOME_UNKNOWN, edge by edge: found running, found finished, found ended, never arrived,
//! never proven.

use std::time::Duration;

use entity::ids::BatchId;
use server::ports::provider::scripted::Step;
use server::ports::provider::{FailureClass, JobId, Traits};

use super::stage::{REMOTE, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    a_job_found_finished_is_stored_and_charged,
    a_job_found_running_is_followed,
    a_job_found_failed_is_named_by_its_attempt,
    what_never_arrived_is_submitted_again_under_the_same_share,
    absence_proves_nothing_too_early,
    what_never_arrived_in_a_closed_batch_is_cancelled,
    nothing_proven_in_time_fails_with_the_suspected_cost,
    a_lost_job_is_not_taken_for_one_that_never_arrived,
    a_job_that_is_gone_after_it_was_asked_to_stop_is_cancelled,
    a_job_that_is_gone_without_having_been_asked_is_not,
    an_expired_result_is_made_again,
    a_result_is_fetched_again_and_not_bought_again,
);

const FINDS: Traits = Traits { find_by_reference: true, ..REMOTE };
const AT_ONCE: Traits = Traits { absence_proves_after: Duration::ZERO, ..FINDS };
const UNKNOWN: &str = "SELECT count(*) FROM batch_items WHERE state = 'OUTCOME_UNKNOWN'";

async fn a_job_found_finished_is_stored_and_charged(database: Database) {
    let stage = Stage::new(database, FINDS, vec![Step::DropKept]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 1)]);
    assert_eq!(stage.scripted.submissions().len(), 1, "bought once");
    let named = "SELECT count(*) FROM attempts WHERE provider_job_id IS NOT NULL \
                 AND submitted_at IS NOT NULL AND stored_from_at IS NOT NULL";
    assert_eq!(stage.number(named, []).await, 1);
    stage.assert_whole().await;
}

async fn a_job_found_running_is_followed(database: Database) {
    let stage = Stage::new(database, FINDS, vec![Step::DropHeld]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'RENDERING'", []).await;
    stage.assert_whole().await;
    let reference = stage.scripted.submissions().remove(0).reference;
    stage.scripted.finish(&server::ports::provider::JobId(format!("job-{reference}")));
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 1)]);
    assert_eq!(stage.scripted.submissions().len(), 1, "bought once");
    stage.assert_whole().await;
}

async fn a_job_found_failed_is_named_by_its_attempt(database: Database) {
    let stage = Stage::new(database, FINDS, vec![Step::DropFailed]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("FAILED".into(), Some("REFUSED".into()), 1)]);
    let named = "SELECT count(*) FROM attempts WHERE provider_job_id IS NOT NULL";
    assert_eq!(stage.number(named, []).await, 1, "what was made is not forgotten");
    stage.assert_whole().await;
}

async fn what_never_arrived_is_submitted_again_under_the_same_share(database: Database) {
    let script = vec![Step::FailSubmit(FailureClass::Unknown)];
    let stage = Stage::new(database, AT_ONCE, script).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    let attempts = stage.attempts(batch.videos[0]).await;
    assert_eq!(attempts[0], (Some("RETRYABLE".into()), Some("NEVER_ARRIVED".into()), false));
    stage.assert_whole().await;
}

async fn absence_proves_nothing_too_early(database: Database) {
    let script = vec![Step::FailSubmit(FailureClass::Unknown)];
    let stage = Stage::new(database, FINDS, script).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until(UNKNOWN, []).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(stage.number(UNKNOWN, []).await, 1);
    assert_eq!(stage.scripted.submissions().len(), 1, "nothing is bought on a guess");
    stage.clock.advance_ms(600_000);
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    stage.assert_whole().await;
}

async fn what_never_arrived_in_a_closed_batch_is_cancelled(database: Database) {
    let script = vec![Step::FailSubmit(FailureClass::Unknown)];
    let stage = Stage::new(database, FINDS, script).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until(UNKNOWN, []).await;
    stage.close(batch.id).await;
    stage.clock.advance_ms(600_000);
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("CANCELLED".into(), None, 1)]);
    stage.assert_whole().await;
}

async fn nothing_proven_in_time_fails_with_the_suspected_cost(database: Database) {
    let script = vec![Step::FailSubmit(FailureClass::Unknown)];
    let stage = Stage::new(database, REMOTE, script).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|options| options.tend_every = Duration::ZERO).await;
    stage.until(UNKNOWN, []).await;
    stage.clock.advance_ms(86_400_001);
    stage.settled(batch.id).await;
    line.drain().await;
    let code = Some(String::from("OUTCOME_UNPROVEN"));
    assert_eq!(stage.states().await, [("FAILED".into(), code, 1)]);
    let suspected = "SELECT count(*) FROM attempts WHERE suspected_cost_minor = 20 \
                     AND cost_currency = 'USD' AND cost_minor IS NULL";
    assert_eq!(stage.number(suspected, []).await, 1, "four seconds at 5 each");
    stage.assert_whole().await;
}

async fn a_lost_job_is_not_taken_for_one_that_never_arrived(database: Database) {
    let stage = Stage::new(database, AT_ONCE, vec![Step::Lose]).await;
    stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until(UNKNOWN, []).await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(stage.number(UNKNOWN, []).await, 1, "not found is not done");
    assert_eq!(stage.scripted.submissions().len(), 1, "and not bought again");
    line.drain().await;
    stage.assert_whole().await;
}

/// A closed batch whose only video was with the provider when its process died; nobody there knows
/// the job any more.
async fn gone(database: Database, asked_to_stop: bool) -> (Stage, BatchId) {
    let stage = Stage::new(database, Traits { cancel_refunds: false, ..REMOTE }, vec![]).await;
    let batch = stage.launch(1).await;
    let line = stage.dispatch("died");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    line.submitted(&held, &JobId(String::from("deleted"))).await.expect("submitted");
    stage.close(batch.id).await;
    if asked_to_stop {
        line.ask_to_stop(&held).await.expect("noted");
    }
    stage.run_out_leases().await;
    (stage, batch.id)
}

/// The process died after the provider had confirmed the stop and before it could write so.
async fn a_job_that_is_gone_after_it_was_asked_to_stop_is_cancelled(database: Database) {
    let (stage, batch) = gone(database, true).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("CANCELLED".into(), None, 1)]);
    let booked = "SELECT count(*) FROM attempts WHERE outcome = 'STOPPED' AND cost_minor = 20";
    assert_eq!(stage.number(booked, []).await, 1, "the stop was not refunded");
    assert_eq!(stage.scripted.submissions().len(), 0, "nothing is bought");
    stage.assert_whole().await;
}

async fn a_job_that_is_gone_without_having_been_asked_is_not(database: Database) {
    let (stage, _) = gone(database, false).await;
    let line = stage.start(|_| {}).await;
    stage.until(UNKNOWN, []).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stage.number(UNKNOWN, []).await, 1, "not found is not done");
    line.drain().await;
    stage.assert_whole().await;
}

async fn an_expired_result_is_made_again(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![Step::Expire]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    let attempts = stage.attempts(batch.videos[0]).await;
    assert_eq!(attempts[0].1.as_deref(), Some("RESULT_EXPIRED"));
    stage.assert_whole().await;
}

async fn a_result_is_fetched_again_and_not_bought_again(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![Step::DeliverGarbage]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|options| options.store_tries = 3).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await[0].1.as_deref(), Some("RESULT_UNUSABLE"));
    assert_eq!(stage.scripted.submissions().len(), 1);
    stage.assert_whole().await;
}
