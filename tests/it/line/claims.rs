//! Claims: caps, gates, order.

use server::domain::batches::line::counters;

use super::stage::{MORTAL, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    a_closed_gate_gives_nothing,
    caps_hold_when_many_claim_at_once,
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

async fn the_provider_cap_holds_across_lanes(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(10).await;
    stage.change("UPDATE provider_counters SET cap = 3 WHERE provider = 'scripted'", []).await;
    let lines: Vec<_> = (0..6).map(|n| stage.dispatch(&format!("w{n}"))).collect();
    let claimed =
        futures_util::future::join_all(lines.iter().map(|line| stage.claim(line, 2))).await;
    let videos: usize = claimed.iter().flatten().map(|batch| batch.videos.len()).sum();
    assert!((1..=3).contains(&videos), "{videos}");
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
