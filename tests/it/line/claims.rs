//! Claims: caps, gates, order.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::DbBackend;
use server::db::dialect::execute_exactly;
use server::db::{Class, Tx};
use server::domain::batches::line::{ClaimRequest, Error, counters};
use tokio::sync::Notify;

use super::stage::{self, MORTAL, Stage};
use crate::harness::database::Database;
use crate::wallet::stage as books;

crate::harness::both!(
    a_closed_gate_gives_nothing,
    a_closed_batch_does_not_stand_before_an_open_one,
    a_gate_that_closes_between_turn_and_claim_gives_nothing,
    a_gate_that_closes_during_a_claim_gives_nothing,
    only_open_gates_make_a_lane_wait,
    caps_hold_when_many_claim_at_once,
    a_full_lane_gets_nothing_and_one_with_room_exactly_that,
    the_provider_cap_holds_across_lanes,
    interactive_goes_before_bulk_and_older_before_newer,
    drifted_counters_are_derived_again,
    a_claim_commits_reference_attempt_and_counters,
);

async fn a_closed_gate_gives_nothing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    let line = stage.dispatch("a");
    for gate in ["CLOSED", "PAUSED", "PILOT"] {
        stage
            .change("UPDATE batch_jobs SET gate = $1 WHERE id = $2", [gate.into(), batch.id.into()])
            .await;
        assert!(stage.claim(&line, 3).await.is_none(), "{gate}");
    }
    stage.change("UPDATE batch_jobs SET gate = 'OPEN' WHERE id = $1", [batch.id.into()]).await;
    stage
        .change(
            "UPDATE batch_items SET not_before = 9000000000000 WHERE batch_id = $1 AND ordinal = 0",
            [batch.id.into()],
        )
        .await;
    let claimed = stage.claim(&line, 3).await.expect("two are due");
    assert_eq!(claimed.videos.len(), 2);
}

async fn a_closed_batch_does_not_stand_before_an_open_one(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let mut batches = [stage.launch(3).await.id, stage.launch(3).await.id];
    batches.sort_unstable();
    let [first, second] = batches;
    let line = stage.dispatch("a");
    for gate in ["CLOSED", "PAUSED", "PILOT"] {
        stage
            .change("UPDATE batch_jobs SET gate = $1 WHERE id = $2", [gate.into(), first.into()])
            .await;
        let claimed = stage.claim(&line, 1).await.map(|batch| batch.batch_id);
        assert_eq!(claimed, Some(second), "{gate}");
    }
}

async fn a_gate_that_closes_between_turn_and_claim_gives_nothing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    stage.queue.hint(stage.purse.workspace_id).await;
    let turn = stage.queue.next().await.expect("the lane's turn");
    assert_eq!(turn.workspace_id, stage.purse.workspace_id);
    stage.close(batch.id).await;
    assert!(stage.claim(&stage.dispatch("a"), 3).await.is_none());
    stage.queue.charge(turn, 0).await;
    let queued = "SELECT count(*) FROM batch_items WHERE state = 'QUEUED' AND attempt = 0";
    assert_eq!(stage.number(queued, []).await, 3);
    assert_eq!(stage.number("SELECT count(*) FROM attempts", []).await, 0);
    stage.assert_whole().await;
}

/// The claim has picked its batch and waits for its row while somebody else closes the gate.
async fn a_gate_that_closes_during_a_claim_gives_nothing(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    let (closed, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let closing = {
        let (closed, go, batch_id) = (&closed, &go, batch.id);
        stage.db.tx(Class::Money, move |tx: Tx| async move {
            let sql = "UPDATE batch_jobs SET gate = 'CLOSED', cancel_requested = $1, \
                       rev = rev + 1 WHERE id = $2";
            execute_exactly(&*tx, sql, [true.into(), batch_id.into()], 1).await?;
            closed.notify_one();
            go.notified().await;
            Ok::<_, Error>(())
        })
    };
    let line = stage.dispatch("a");
    let claiming = async {
        closed.notified().await;
        stage.claim(&line, 3).await
    };
    let letting_go = async {
        waits(&stage).await;
        go.notify_one();
    };
    let (done, claimed, ()) = tokio::join!(closing, claiming, letting_go);
    done.expect("the gate is closed");
    assert!(claimed.is_none(), "{claimed:?}");
    let queued = "SELECT count(*) FROM batch_items WHERE state = 'QUEUED' AND attempt = 0";
    assert_eq!(stage.number(queued, []).await, 3);
    stage.assert_whole().await;
}

/// Until the claim waits for the other transaction: PostgreSQL says so itself; SQLite keeps it
/// at the door, where it has read nothing.
async fn waits(stage: &Stage) {
    if stage.db.backend() == DbBackend::Sqlite {
        tokio::time::sleep(Duration::from_millis(50)).await;
        return;
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    stage.until(waiting, []).await;
}

async fn only_open_gates_make_a_lane_wait(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(3).await;
    let line = stage.dispatch("a");
    let waiting = async || line.waiting_lanes().await.expect("a look").len();
    assert_eq!(waiting().await, 1);
    for gate in ["CLOSED", "PAUSED", "PILOT"] {
        stage
            .change("UPDATE batch_jobs SET gate = $1 WHERE id = $2", [gate.into(), batch.id.into()])
            .await;
        assert_eq!(waiting().await, 0, "{gate}");
    }
    stage.change("UPDATE batch_jobs SET gate = 'OPEN' WHERE id = $1", [batch.id.into()]).await;
    stage.change("UPDATE lanes SET in_flight = cap", []).await;
    assert_eq!(waiting().await, 0, "no room");
}

async fn caps_hold_when_many_claim_at_once(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(10).await;
    stage.launch(10).await;
    stage.change("UPDATE lanes SET cap = 7", []).await;
    let lines: Vec<_> = (0..8).map(|n| stage.dispatch(&format!("w{n}"))).collect();
    let claims = lines.iter().map(|line| stage.claim(line, 2));
    let claimed = futures_util::future::join_all(claims).await;
    let videos: usize = claimed.iter().flatten().map(|batch| batch.videos.len()).sum();
    assert!(videos <= 7, "{videos} claimed over a cap of 7");
    assert!(videos >= 2, "somebody must get something");
    assert_eq!(stage.number("SELECT in_flight FROM lanes", []).await, videos as i64);
    stage.assert_whole().await;
}

async fn a_full_lane_gets_nothing_and_one_with_room_exactly_that(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(6).await;
    let line = stage.dispatch("a");
    for (table, condition) in [("lanes", ""), ("provider_counters", " WHERE provider = 'scripted'")]
    {
        let cap = async |cap: i64| {
            let sql = format!("UPDATE {table} SET cap = $1{condition}");
            stage.change(&sql, [cap.into()]).await;
        };
        let before = stage.number("SELECT in_flight FROM lanes", []).await;
        cap(before).await;
        assert!(stage.claim(&line, 5).await.is_none(), "{table} is full");
        cap(before + 2).await;
        assert_eq!(stage.claim(&line, 5).await.expect("two").videos.len(), 2, "{table}");
        assert!(stage.claim(&line, 5).await.is_none(), "{table} is full again");
        cap(64).await;
        stage.assert_whole().await;
    }
}

/// Lanes lock nothing of each other's, so that only the counter itself stands between them.
async fn the_provider_cap_holds_across_lanes(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let mut purses = vec![stage.purse];
    for _ in 0..5 {
        let purse = books::funded(&stage.db, 100).await;
        stage::counters(&stage.db, purse).await;
        purses.push(purse);
    }
    for purse in &purses {
        stage.launch_for(*purse, 4).await;
    }
    stage.change("UPDATE provider_counters SET cap = 3 WHERE provider = 'scripted'", []).await;
    let lines: Vec<_> = (0..6).map(|n| stage.dispatch(&format!("w{n}"))).collect();
    let request = |n: usize| ClaimRequest {
        workspace_id: purses[n].workspace_id,
        most: 2,
        offers: &[stage::CANDIDATE],
    };
    let claims = lines.iter().enumerate().map(async |(n, line)| line.claim(&request(n)).await);
    let claimed = futures_util::future::join_all(claims).await;
    let claimed = claimed.into_iter().filter_map(|claim| claim.expect("an answer"));
    let videos: usize = claimed.map(|batch| batch.videos.len()).sum();
    assert!((1..=3).contains(&videos), "{videos} claimed over a cap of 3");
    stage.assert_whole().await;
}

async fn interactive_goes_before_bulk_and_older_before_newer(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let bulk = stage.launch(2).await;
    let newer = stage.launch(2).await;
    let quick = stage.launch(1).await;
    let sql = "UPDATE batch_jobs SET priority = 'INTERACTIVE' WHERE id = $1";
    stage.change(sql, [quick.id.into()]).await;
    let line = stage.dispatch("a");
    let mut order = Vec::new();
    while let Some(claimed) = stage.claim(&line, 10).await {
        order.push((claimed.batch_id, claimed.videos.len()));
    }
    assert_eq!(order[0], (quick.id, 1));
    let mut rest = [bulk.id, newer.id];
    rest.sort_unstable();
    assert_eq!(order[1..], [(rest[0], 2), (rest[1], 2)]);
}

async fn drifted_counters_are_derived_again(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(5).await;
    stage.claim(&stage.dispatch("a"), 3).await.expect("a claim");
    stage.change("UPDATE lanes SET in_flight = 40", []).await;
    stage
        .change("UPDATE provider_counters SET in_flight = 0 WHERE provider = 'scripted'", [])
        .await;
    assert_eq!(counters::rederive(&stage.db).await.expect("a look"), 2);
    assert_eq!(counters::rederive(&stage.db).await.expect("a look"), 0);
    stage.assert_whole().await;
}

async fn a_claim_commits_reference_attempt_and_counters(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let batch = stage.launch(2).await;
    let claimed = stage.claim(&stage.dispatch("a"), 5).await.expect("a claim");
    assert_eq!(claimed.rev, 1);
    for video in &claimed.videos {
        let fence = video.held.fence;
        assert_eq!((fence.attempt, fence.lease_epoch), (1, 1));
        assert_eq!(video.submission.reference, format!("{}_1", fence.video_id));
        let sql = "SELECT count(*) FROM attempts WHERE video_id = $1 AND attempt = 1 \
                   AND reference = $2 AND outcome IS NULL AND provider_job_id IS NULL";
        let values = [fence.video_id.into(), video.submission.reference.clone().into()];
        assert_eq!(stage.number(sql, values).await, 1);
    }
    let sql = "SELECT count(*) FROM batch_jobs WHERE id = $1 AND rev = 1 AND state = 'PROCESSING'";
    assert_eq!(stage.number(sql, [batch.id.into()]).await, 1);
    let sql = "SELECT count(*) FROM batch_items WHERE state = 'SUBMITTING' AND rev = 1";
    assert_eq!(stage.number(sql, []).await, 2);
    stage.assert_whole().await;
}
