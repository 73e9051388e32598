//! What an attempt without a video costs us is booked on it all the same, and nobody is charged.

use std::time::Duration;

use server::ports::provider::Traits;
use server::ports::provider::scripted::Step;

use super::stage::{REMOTE, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    a_stop_that_is_not_refunded_costs_what_was_estimated,
    a_stop_that_is_refunded_costs_nothing,
    a_stop_at_the_deadline_costs_too,
    a_stop_found_out_later_costs_too,
    a_stop_that_is_proven_at_once_is_believed,
    a_file_of_a_stopped_job_says_its_own_cost,
);

const BILLED: Traits = Traits { cancel_refunds: false, ..REMOTE };

/// Attempts of this class that are booked with four seconds at 5 each.
async fn booked(stage: &Stage, class: &str) -> i64 {
    let sql = format!(
        "SELECT count(*) FROM attempts WHERE outcome IS NOT NULL AND cost_minor = 20 \
         AND cost_currency = 'USD' AND COALESCE(error_code, '') = '{class}'"
    );
    stage.number(&sql, []).await
}

async fn stopped(database: Database, traits: Traits) -> Stage {
    let stage = Stage::new(database, traits, vec![Step::Hold]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'RENDERING'", []).await;
    stage.close(batch.id).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("CANCELLED".into(), None, 1)]);
    stage.assert_whole().await;
    stage
}

async fn a_stop_that_is_not_refunded_costs_what_was_estimated(database: Database) {
    let stage = stopped(database, BILLED).await;
    assert_eq!(booked(&stage, "").await, 1);
}

async fn a_stop_that_is_refunded_costs_nothing(database: Database) {
    let stage = stopped(database, REMOTE).await;
    let none = "SELECT count(*) FROM attempts WHERE outcome = 'STOPPED' AND cost_minor IS NULL \
                AND cost_currency IS NULL";
    assert_eq!(stage.number(none, []).await, 1);
}

async fn a_stop_at_the_deadline_costs_too(database: Database) {
    let traits = Traits { deadline_s: 0, ..BILLED };
    let stage = Stage::new(database, traits, vec![Step::Hold]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    assert_eq!(booked(&stage, "DEADLINE").await, 1);
    stage.assert_whole().await;
}

/// The submission's answer was lost, the job is found past its time, and is then stopped.
async fn a_stop_found_out_later_costs_too(database: Database) {
    let traits = Traits { deadline_s: 0, find_by_reference: true, ..BILLED };
    let stage = Stage::new(database, traits, vec![Step::DropHeld]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|options| options.reconcile_every = Duration::from_millis(50)).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    assert_eq!(booked(&stage, "STOPPED").await, 1);
    stage.assert_whole().await;
}

/// What was stopped for good is not looked for until its time is over.
async fn a_stop_that_is_proven_at_once_is_believed(database: Database) {
    let traits = Traits { deadline_s: 0, find_by_reference: true, ..BILLED };
    let stage = Stage::new(database, traits, vec![Step::DropDeletable]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|options| options.reconcile_every = Duration::from_millis(50)).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    assert_eq!(booked(&stage, "DEADLINE").await, 1);
    stage.assert_whole().await;
}

/// The estimate of a stop gives way to nothing less than what the late file says.
async fn a_file_of_a_stopped_job_says_its_own_cost(database: Database) {
    let stage = stopped(database, BILLED).await;
    let held = stage.held_before().await;
    let line = stage.dispatch("a");
    assert!(line.came_late(&held, None).await.expect("noted"));
    assert_eq!(booked(&stage, "").await, 1, "a file without a cost leaves the estimate");
    let cost = server::ports::provider::Cost { minor: 17, currency: "USD" };
    assert!(line.came_late(&held, Some(cost)).await.expect("noted"));
    let said = "SELECT count(*) FROM attempts WHERE late AND cost_minor = 17";
    assert_eq!(stage.number(said, []).await, 1);
    stage.assert_whole().await;
}
