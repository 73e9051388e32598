//! The workers over a scripted generator: every class of failure, stops, late files, drains.

use std::time::Duration;

use server::ports::provider::FailureClass as Class;
use server::ports::provider::scripted::Step;

use super::stage::{MORTAL, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    videos_are_made_stored_and_charged,
    each_class_of_failure_takes_its_edge,
    attempts_run_out,
    a_broken_result_is_not_bought_again,
    a_stop_that_is_confirmed_releases,
    a_file_that_is_quicker_than_the_stop_is_delivered,
    a_file_after_the_release_is_late,
    a_drain_hands_back_what_is_under_way,
    a_lane_gets_its_cap_and_no_more,
);

async fn videos_are_made_stored_and_charged(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(12).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert!(states.iter().all(|(state, ..)| state == "DELIVERED"), "{states:?}");
    let sql = "SELECT count(*) FROM batch_jobs WHERE state = 'COMPLETED' AND delivered = 12";
    assert_eq!(stage.number(sql, []).await, 1);
    let timed = "SELECT count(*) FROM attempts WHERE outcome = 'DELIVERED' \
                 AND submitted_at >= claimed_at AND stored_from_at >= submitted_at \
                 AND ended_at >= stored_from_at";
    assert_eq!(stage.number(timed, []).await, 12, "each edge has its time");
    stage.assert_whole().await;
    let store = stage.store();
    for video in &batch.videos {
        let sql = "SELECT bytes FROM assets WHERE video_id = $1";
        let bytes = stage.number(sql, [(*video).into()]).await;
        let held = format!("{}/{}/{video}/1-1.mp4", stage.purse.workspace_id, batch.id);
        let measured = store.measure(&held).await.expect("the store").expect("an object");
        assert_eq!(measured.bytes, bytes);
    }
}

async fn each_class_of_failure_takes_its_edge(database: Database) {
    let script = vec![
        Step::FailSubmit(Class::Throttled),
        Step::FailSubmit(Class::Refused),
        Step::FailSubmit(Class::Invalid),
        Step::FailJob(Class::Transient),
        Step::FailJob(Class::Refused),
        Step::Lose,
        Step::FailSubmit(Class::Unknown),
    ];
    let stage = Stage::new(database, MORTAL, script).await;
    stage.launch(7).await;
    // One at a time, so that the script meets the videos in order.
    let line = stage.start_on(1, |_| {}).await;
    let done = "SELECT CAST(CASE WHEN count(*) = 7 THEN 1 ELSE 0 END AS BIGINT) FROM batch_items \
                WHERE state IN ('DELIVERED', 'FAILED', 'OUTCOME_UNKNOWN')";
    stage.until(done, []).await;
    line.drain().await;
    let mut states: Vec<_> = stage.states().await;
    states.sort_unstable();
    let count = |state: &str, code: Option<&str>| {
        states.iter().filter(|(s, c, _)| s == state && c.as_deref() == code).count()
    };
    assert_eq!(count("DELIVERED", None), 3, "{states:?}");
    assert_eq!(count("FAILED", Some("REFUSED")), 2, "{states:?}");
    assert_eq!(count("FAILED", Some("INVALID_REQUEST")), 1, "{states:?}");
    assert_eq!(count("OUTCOME_UNKNOWN", None), 1, "{states:?}");
    for (class, outcome) in
        [("THROTTLED", "RETRYABLE"), ("TRANSIENT", "RETRYABLE"), ("LOST", "LOST")]
    {
        let sql = "SELECT count(*) FROM attempts WHERE error_code = $1 AND outcome = $2";
        assert_eq!(stage.number(sql, [class.into(), outcome.into()]).await, 1, "{class}");
    }
    stage.assert_whole().await;
}

async fn attempts_run_out(database: Database) {
    let script = vec![Step::FailJob(Class::Transient); 3];
    let stage = Stage::new(database, MORTAL, script).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert_eq!(states, [("FAILED".into(), Some("ATTEMPTS_EXHAUSTED".into()), 3)]);
    assert_eq!(stage.scripted.submissions().len(), 3);
    stage.assert_whole().await;
}

async fn a_broken_result_is_not_bought_again(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::DeliverGarbage]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert_eq!(states, [("FAILED".into(), Some("RESULT_UNUSABLE".into()), 1)]);
    assert_eq!(stage.scripted.submissions().len(), 1);
    stage.assert_whole().await;
}

async fn a_stop_that_is_confirmed_releases(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::Hold]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'RENDERING'", []).await;
    stage.close(batch.id).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("CANCELLED".into(), None, 1)]);
    assert_eq!(stage.scripted.cancels().len(), 1);
    assert_eq!(
        stage.number("SELECT count(*) FROM batch_jobs WHERE state = 'CANCELLED'", []).await,
        1
    );
    stage.assert_whole().await;
}

async fn a_file_that_is_quicker_than_the_stop_is_delivered(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::HoldDeaf]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|_| {}).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'RENDERING'", []).await;
    stage.close(batch.id).await;
    while stage.scripted.cancels().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let job = stage.scripted.cancels().remove(0);
    stage.scripted.finish(&job);
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 1)]);
    stage.assert_whole().await;
}

async fn a_file_after_the_release_is_late(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::HoldDeaf]).await;
    let batch = stage.launch(1).await;
    let line = stage.start(|options| options.rules.max_attempts = 1).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'RENDERING'", []).await;
    stage.run_out_leases().await;
    stage.settled(batch.id).await;
    assert_eq!(stage.states().await[0].0, "FAILED");
    let reference = stage.scripted.submissions().remove(0).reference;
    stage.scripted.finish(&server::ports::provider::JobId(format!("job-{reference}")));
    stage.until("SELECT count(*) FROM attempts WHERE late", []).await;
    line.drain().await;
    assert_eq!(stage.states().await[0].0, "FAILED");
    assert_eq!(stage.number("SELECT count(*) FROM assets", []).await, 0);
    stage.assert_whole().await;
}

async fn a_drain_hands_back_what_is_under_way(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::Hold, Step::Hold]).await;
    let batch = stage.launch(3).await;
    let line = stage.start(|options| options.drain = Duration::from_millis(100)).await;
    let held = "SELECT CAST(CASE WHEN count(*) = 2 THEN 1 ELSE 0 END AS BIGINT) FROM batch_items WHERE state = 'RENDERING'";
    stage.until(held, []).await;
    line.drain().await;
    let queued = "SELECT count(*) FROM batch_items WHERE state = 'QUEUED'";
    assert_eq!(stage.number(queued, []).await, 2);
    stage.assert_whole().await;
    let line = stage.start(|_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert!(states.iter().all(|(state, ..)| state == "DELIVERED"), "{states:?}");
    stage.assert_whole().await;
}

async fn a_lane_gets_its_cap_and_no_more(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![Step::Hold; 4]).await;
    let batch = stage.launch(6).await;
    stage.change("UPDATE lanes SET cap = 2", []).await;
    let line = stage.start(|_| {}).await;
    let held = "SELECT CAST(CASE WHEN count(*) = 2 THEN 1 ELSE 0 END AS BIGINT) FROM batch_items WHERE state = 'RENDERING'";
    stage.until(held, []).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(stage.scripted.submissions().len(), 2);
    for _ in 0..2_000 {
        for submission in stage.scripted.submissions() {
            let job = format!("job-{}", submission.reference);
            stage.scripted.finish(&server::ports::provider::JobId(job));
        }
        assert!(stage.number("SELECT in_flight FROM lanes", []).await <= 2);
        let sql = "SELECT count(*) FROM batch_jobs WHERE id = $1 AND settled_at IS NOT NULL";
        if stage.number(sql, [batch.id.into()]).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stage.settled(batch.id).await;
    line.drain().await;
    stage.assert_whole().await;
}
