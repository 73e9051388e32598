//! Fairness between lanes: the queue of lanes and the claim together, as the workers use them.

use std::collections::HashMap;

use entity::ids::WorkspaceId;
use sea_orm::Value;
use server::domain::batches::line::{ClaimRequest, ClaimedBatch, Dispatch, Held};

use crate::harness::database::Database;
use crate::line::stage::{MORTAL, Stage, counters, delivered, retried};
use crate::wallet::stage::{self as books, Purse};

crate::harness::both!(
    one_video_after_ten_thousand_gets_the_next_slot,
    a_thousand_dispatches_are_even,
    shares_follow_the_weights,
    no_slot_is_idle_while_a_video_may_be_claimed,
    who_is_paused_capped_or_throttled_delays_nobody,
    interactive_goes_before_bulk_inside_a_lane,
);

async fn purse(stage: &Stage, weight: i64) -> Purse {
    let purse = books::funded(&stage.db, 100_000).await;
    counters(&stage.db, purse).await;
    widen(stage).await;
    let sql = "UPDATE lanes SET weight = $1 WHERE workspace_id = $2";
    stage.change(sql, [weight.into(), purse.workspace_id.into()]).await;
    purse
}

/// Room that no test meets.
async fn widen(stage: &Stage) {
    stage.change("UPDATE lanes SET cap = 1000000", []).await;
    stage.change("UPDATE provider_counters SET cap = 1000000", []).await;
}

/// What no hint announced, as the sweep tells it.
async fn sweep(stage: &Stage, line: &Dispatch) {
    for lane in line.waiting_lanes().await.expect("a look") {
        stage.queue.hint_weighed(lane.workspace_id, lane.weight).await;
    }
}

/// One free slot: the next turn that gets something, and how many turns got nothing before it.
async fn dispatch(
    stage: &Stage,
    line: &Dispatch,
    most: i64,
) -> (Option<(WorkspaceId, ClaimedBatch)>, usize) {
    let mut empty = 0;
    while let Some(turn) = stage.queue.next().await {
        let request = ClaimRequest {
            workspace_id: turn.workspace_id,
            most,
            offers: &[crate::line::stage::CANDIDATE],
        };
        let claimed = line.claim(&request).await.expect("a claim");
        let videos = claimed.as_ref().map_or(0, |batch| batch.videos.len() as i64);
        stage.queue.charge(turn, videos).await;
        if let Some(batch) = claimed {
            return (Some((turn.workspace_id, batch)), empty);
        }
        empty += 1;
    }
    (None, empty)
}

/// How many videos each lane got of so many slots.
async fn serve(stage: &Stage, line: &Dispatch, slots: usize) -> HashMap<WorkspaceId, i64> {
    let mut served = HashMap::new();
    for _ in 0..slots {
        let (claimed, _) = dispatch(stage, line, 1).await;
        let (lane, batch) = claimed.expect("there is work");
        *served.entry(lane).or_default() += batch.videos.len() as i64;
    }
    served
}

async fn one_video_after_ten_thousand_gets_the_next_slot(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let (bob, alice) = (purse(&stage, 1).await, purse(&stage, 1).await);
    stage.launch_for(bob, 10_000).await;
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    for _ in 0..20 {
        let (claimed, _) = dispatch(&stage, &line, 16).await;
        assert_eq!(claimed.expect("bob's").0, bob.workspace_id);
    }
    stage.launch_for(alice, 1).await;
    stage.queue.hint(alice.workspace_id).await;
    let (claimed, empty) = dispatch(&stage, &line, 16).await;
    let (lane, batch) = claimed.expect("a claim");
    assert_eq!((lane, batch.videos.len(), empty), (alice.workspace_id, 1, 0));
}

async fn a_thousand_dispatches_are_even(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    for _ in 0..10 {
        let purse = purse(&stage, 1).await;
        stage.launch_for(purse, 150).await;
    }
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    let served: Vec<i64> = serve(&stage, &line, 1_000).await.into_values().collect();
    let sum: i64 = served.iter().sum();
    let squares: i64 = served.iter().map(|n| n * n).sum();
    let jain = (sum * sum) as f64 / (10 * squares) as f64;
    assert!(jain >= 0.99, "Jain index {jain} of {served:?}");
}

async fn shares_follow_the_weights(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let mut purses = Vec::new();
    for weight in [1, 2, 5] {
        let purse = purse(&stage, weight).await;
        stage.launch_for(purse, 700).await;
        purses.push((purse.workspace_id, weight));
    }
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    let served = serve(&stage, &line, 800).await;
    for (lane, weight) in purses {
        let (got, wanted) = (served[&lane], 100 * weight);
        assert!((got - wanted).abs() * 50 <= wanted, "{got} instead of {wanted}");
    }
}

/// Slots are freed and filled by chance; whenever the database has a video that may be claimed, a
/// free slot gets one, without waiting for a sweep.
async fn no_slot_is_idle_while_a_video_may_be_claimed(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let mut caps = Vec::new();
    for (weight, cap) in [(1, 2), (3, 5), (1, 40)] {
        let purse = purse(&stage, weight).await;
        stage.launch_for(purse, 60).await;
        stage.launch_for(purse, 7).await;
        caps.push((purse.workspace_id, cap));
    }
    for (lane, cap) in caps {
        let sql = "UPDATE lanes SET cap = $1 WHERE workspace_id = $2";
        stage.change(sql, [Value::from(cap), lane.into()]).await;
    }
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    let mut flying: Vec<Held> = Vec::new();
    let mut dice = 7_u64;
    for _ in 0..120 {
        while flying.len() < 6 {
            let (claimed, _) = dispatch(&stage, &line, 1).await;
            let Some((_, batch)) = claimed else {
                let waiting = line.waiting_lanes().await.expect("a look");
                assert!(waiting.is_empty(), "a free slot, and {waiting:?} wait");
                break;
            };
            flying.extend(batch.videos.iter().map(|video| video.held));
        }
        if flying.is_empty() {
            break;
        }
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let place = usize::try_from(dice >> 33).expect("small") % flying.len();
        let held = flying.swap_remove(place);
        let job = server::ports::provider::JobId(format!("job-{}", held.fence.video_id));
        line.submitted(&held, &job).await.expect("submitted");
        line.storing(&held).await.expect("storing");
        line.settle(&[delivered(held)]).await.expect("a flush");
    }
    let delivered = "SELECT count(*) FROM batch_items WHERE state = 'DELIVERED'";
    assert!(stage.number(delivered, []).await >= 110);
}

async fn who_is_paused_capped_or_throttled_delays_nobody(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let mut purses = Vec::new();
    for _ in 0..4 {
        purses.push(purse(&stage, 1).await);
    }
    let [paused, capped, throttled, free]: [Purse; 4] = purses.try_into().expect("four");
    let stopped = stage.launch_for(paused, 50).await;
    for purse in [capped, throttled, free] {
        stage.launch_for(purse, 50).await;
    }
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    stage.pause(stopped.id).await;
    let sql = "UPDATE lanes SET cap = 1 WHERE workspace_id = $1";
    stage.change(sql, [capped.workspace_id.into()]).await;
    // The provider throttled everything of one lane: it waits, long.
    let sql = "UPDATE batch_items SET not_before = 9000000000000 WHERE workspace_id = $1";
    stage.change(sql, [throttled.workspace_id.into()]).await;
    let (mut served, mut empty) = (HashMap::<WorkspaceId, usize>::new(), 0);
    for _ in 0..51 {
        let (claimed, turns) = dispatch(&stage, &line, 1).await;
        let (lane, _) = claimed.expect("there is work");
        *served.entry(lane).or_default() += 1;
        empty += turns;
    }
    assert_eq!(served[&free.workspace_id], 50, "all of it, beside the one of the capped lane");
    assert_eq!(served[&capped.workspace_id], 1);
    assert!(empty <= 4, "each lane without a claim is asked once, not {empty} times");
    // Told again by the sweep, they still take nobody's turn for long.
    sweep(&stage, &line).await;
    let (claimed, turns) = dispatch(&stage, &line, 1).await;
    assert!(claimed.is_none() && turns <= 1, "{turns}");
    // One throttled video is a retry that waits: the lane's others go on.
    let sql = "UPDATE batch_items SET not_before = 0 WHERE workspace_id = $1";
    stage.change(sql, [throttled.workspace_id.into()]).await;
    sweep(&stage, &line).await;
    let (claimed, _) = dispatch(&stage, &line, 1).await;
    let held = claimed.expect("the throttled lane's").1.videos[0].held;
    line.settle(&[retried(held)]).await.expect("a flush");
    let later = "UPDATE batch_items SET not_before = 9000000000000 WHERE id = $1";
    stage.change(later, [Value::from(held.fence.video_id)]).await;
    let (claimed, _) = dispatch(&stage, &line, 1).await;
    assert_ne!(claimed.expect("another").1.videos[0].held.fence.video_id, held.fence.video_id);
}

async fn interactive_goes_before_bulk_inside_a_lane(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    let (one, other) = (purse(&stage, 1).await, purse(&stage, 1).await);
    stage.launch_for(one, 100).await;
    stage.launch_for(other, 100).await;
    let line = stage.dispatch("a");
    sweep(&stage, &line).await;
    for _ in 0..4 {
        dispatch(&stage, &line, 1).await.0.expect("bulk");
    }
    let quick = stage.launch_for(one, 2).await;
    let sql = "UPDATE batch_jobs SET priority = 'INTERACTIVE' WHERE id = $1";
    stage.change(sql, [quick.id.into()]).await;
    let mut mine = Vec::new();
    for _ in 0..8 {
        let (lane, batch) = dispatch(&stage, &line, 1).await.0.expect("a claim");
        if lane == one.workspace_id {
            mine.push(batch.batch_id == quick.id);
        }
    }
    assert_eq!(
        mine,
        [true, true, false, false],
        "first in its lane, and no more turns than before"
    );
}
