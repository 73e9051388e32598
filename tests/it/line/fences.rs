//! Each part of the fence for itself: a write that has the attempt right and the epoch wrong, or
//! the other way round, changes nothing, whichever edge it asks for.

use entity::enums::VideoState;
use entity::values::UnixMs;
use server::domain::batches::failure::FailureCode;
use server::domain::batches::line::{Answer, Dispatch, Ending, Error, Fence, Found, Held, What};
use server::ports::provider::JobId;

use super::recovery::everything;
use super::stage::{MORTAL, REMOTE, Stage, asset};
use crate::harness::database::Database;

crate::harness::both!(
    every_write_compares_attempt_and_epoch,
    a_takeover_compares_attempt_epoch_state_and_lease,
    an_edge_starts_from_its_own_state_alone,
    a_look_that_was_overtaken_writes_nothing,
    a_found_job_is_named_once,
    a_file_that_came_late_is_noted_only_after_the_release,
);

/// The fence with one part of another claim.
fn forged(held: Held) -> [Held; 4] {
    let Fence { attempt, lease_epoch, .. } = held.fence;
    [(attempt + 1, lease_epoch), (attempt - 1, lease_epoch), (attempt, lease_epoch + 1)]
        .into_iter()
        .chain([(attempt, lease_epoch - 1)])
        .map(|(attempt, lease_epoch)| Held {
            fence: Fence { attempt, lease_epoch, ..held.fence },
            ..held
        })
        .collect::<Vec<_>>()
        .try_into()
        .expect("four")
}

fn failed() -> What {
    What::Failed {
        code: FailureCode::Refused,
        class: "REFUSED",
        detail: String::from("no"),
        cost: None,
    }
}

/// Nothing that a holder of another claim says is heard.
async fn deaf(stage: &Stage, line: &Dispatch, held: Held) {
    let before = everything(stage).await;
    let job = JobId(String::from("forged"));
    for other in forged(held) {
        let fence = other.fence;
        let submitted = line.submitted(&other, &job).await;
        assert!(matches!(submitted, Err(Error::FenceLost)), "{fence:?}: {submitted:?}");
        let storing = line.storing(&other).await;
        assert!(matches!(storing, Err(Error::FenceLost)), "{fence:?}: {storing:?}");
        let named = line.named(&other, &job).await;
        assert!(matches!(named, Err(Error::FenceLost)), "{fence:?}: {named:?}");
        let asking = line.ask_to_stop(&other).await;
        assert!(matches!(asking, Err(Error::FenceLost)), "{fence:?}: {asking:?}");
        let renewed = line.renew(&other).await;
        assert!(matches!(renewed, Err(Error::FenceLost)), "{fence:?}: {renewed:?}");
        for what in [failed(), What::Delivered { asset: asset(&other), cost: None }] {
            let answers = line.settle(&[Ending::by_holder(other, what)]).await.expect("a flush");
            assert_eq!(answers, [Answer::FenceLost], "{fence:?}");
        }
        assert_eq!(everything(stage).await, before, "{fence:?} wrote something");
    }
    stage.assert_whole().await;
}

async fn every_write_compares_attempt_and_epoch(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    deaf(&stage, &line, held).await;
    line.submitted(&held, &JobId(String::from("j"))).await.expect("submitted");
    deaf(&stage, &line, held).await;
    line.storing(&held).await.expect("storing");
    deaf(&stage, &line, held).await;
    let ending = Ending::by_holder(held, What::Delivered { asset: asset(&held), cost: None });
    assert_eq!(line.settle(&[ending]).await.expect("a flush"), [Answer::Delivered]);
    deaf(&stage, &line, held).await;
}

async fn a_takeover_compares_attempt_epoch_state_and_lease(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("gone");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    let next = stage.dispatch("next");
    let found = |held, state| Found {
        held,
        state,
        job: None,
        reference: String::new(),
        claimed_at: UnixMs(0),
        seconds: 4,
        stop_asked: false,
    };
    let early = next.take_over(&found(held, VideoState::Submitting), false).await.expect("a look");
    assert!(early.is_none(), "its lease has not run out");
    assert!(next.stranded(false).await.expect("a look").is_empty());
    stage.run_out_leases().await;
    let before = everything(&stage).await;
    for other in forged(held) {
        let taken =
            next.take_over(&found(other, VideoState::Submitting), false).await.expect("a look");
        assert!(taken.is_none(), "{:?}", other.fence);
    }
    let moved = next.take_over(&found(held, VideoState::Rendering), false).await.expect("a look");
    assert!(moved.is_none(), "it stood elsewhere when it was found");
    assert_eq!(everything(&stage).await, before);
    let taken = next.take_over(&found(held, VideoState::Submitting), false).await.expect("a look");
    let fence = taken.expect("taken over").video.held.fence;
    assert_eq!((fence.attempt, fence.lease_epoch), (1, 2));
    let twice = next.take_over(&found(held, VideoState::Submitting), false).await.expect("a look");
    assert!(twice.is_none(), "somebody was quicker");
    stage.assert_whole().await;
}

async fn an_edge_starts_from_its_own_state_alone(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    let job = JobId(String::from("j"));
    let before = everything(&stage).await;
    assert!(matches!(line.storing(&held).await, Err(Error::FenceLost)), "not yet submitted");
    assert_eq!(everything(&stage).await, before);
    line.submitted(&held, &job).await.expect("submitted");
    line.storing(&held).await.expect("storing");
    let before = everything(&stage).await;
    assert!(matches!(line.submitted(&held, &job).await, Err(Error::FenceLost)), "past it");
    assert!(matches!(line.storing(&held).await, Err(Error::FenceLost)), "past it");
    assert_eq!(everything(&stage).await, before);
    let ended = line.settle(&[Ending::by_holder(held, failed())]).await.expect("a flush");
    assert_eq!(ended, [Answer::Failed]);
    // The same holder once more, with the fence still right: an ended video has no more edges.
    let before = everything(&stage).await;
    for what in [failed(), What::Stopped { cost: None }, What::LostSight] {
        let again = line.settle(&[Ending::by_holder(held, what)]).await.expect("a flush");
        assert_eq!(again, [Answer::FenceLost]);
    }
    assert!(matches!(line.renew(&held).await, Err(Error::FenceLost)), "nothing to hold");
    assert_eq!(everything(&stage).await, before);
    stage.assert_whole().await;
}

/// Brings the only video to OUTCOME_UNKNOWN and looks into it twice, as two processes do of which
/// the first was held up; what the two hold.
async fn two_looks(stage: &Stage, (first, second): (&Dispatch, &Dispatch)) -> [Held; 2] {
    stage.launch(1).await;
    let held = stage.claim(first, 1).await.expect("a claim").videos.remove(0).held;
    let lost = [Ending::by_holder(held, What::LostSight)];
    assert_eq!(first.settle(&lost).await.expect("a flush"), [Answer::Unknown]);
    let mut looks = Vec::new();
    for line in [first, second] {
        let found = line.unknown().await.expect("a look").remove(0);
        let pause = std::time::Duration::from_secs(60);
        let taken = line.look_into(&found, pause).await.expect("a look");
        looks.push(taken.expect("nobody else looks"));
        stage.run_out_leases().await;
    }
    looks.try_into().expect("two")
}

/// The attempt and the state are those of both: the epoch alone tells the loser from the winner.
async fn a_look_that_was_overtaken_writes_nothing(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let (slow, quick) = (stage.dispatch("slow"), stage.dispatch("quick"));
    let [loser, winner] = two_looks(&stage, (&slow, &quick)).await;
    assert_eq!(loser.fence.attempt, winner.fence.attempt);
    assert_eq!(loser.fence.lease_epoch + 1, winner.fence.lease_epoch);
    let job = JobId(String::from("found"));
    let before = everything(&stage).await;
    let named = slow.named(&loser, &job).await;
    assert!(matches!(named, Err(Error::FenceLost)), "{named:?}");
    for finished in [false, true] {
        let found = slow.was_found(&loser, &job, finished).await;
        assert!(matches!(found, Err(Error::FenceLost)), "{found:?}");
    }
    let answers = slow.settle(&[Ending::by_holder(loser, failed())]).await.expect("a flush");
    assert_eq!(answers, [Answer::FenceLost]);
    assert_eq!(everything(&stage).await, before, "the loser wrote something");
    quick.named(&winner, &job).await.expect("named");
    quick.was_found(&winner, &job, false).await.expect("found");
    let asking = slow.ask_to_stop(&loser).await;
    assert!(matches!(asking, Err(Error::FenceLost)), "{asking:?}");
    let asked = "SELECT count(*) FROM attempts WHERE stop_asked_at IS NOT NULL";
    assert_eq!(stage.number(asked, []).await, 0);
    quick.ask_to_stop(&winner).await.expect("noted");
    assert_eq!(stage.number(asked, []).await, 1);
    stage.assert_whole().await;
}

async fn a_found_job_is_named_once(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let line = stage.dispatch("a");
    let [_, held] = two_looks(&stage, (&line, &line)).await;
    let job = JobId(String::from("found"));
    line.named(&held, &job).await.expect("named");
    line.named(&held, &job).await.expect("the same once more");
    let other = line.named(&held, &JobId(String::from("other"))).await;
    assert!(matches!(other, Err(Error::FenceLost)), "{other:?}");
    let known = "SELECT count(*) FROM attempts WHERE provider_job_id = 'found'";
    assert_eq!(stage.number(known, []).await, 1);
    stage.assert_whole().await;
}

async fn a_file_that_came_late_is_noted_only_after_the_release(database: Database) {
    let stage = Stage::new(database, MORTAL, vec![]).await;
    stage.launch(1).await;
    let line = stage.dispatch("a");
    let held = stage.claim(&line, 1).await.expect("a claim").videos.remove(0).held;
    assert!(!line.came_late(&held, None).await.expect("a look"), "its share is open");
    assert_eq!(stage.number("SELECT count(*) FROM attempts WHERE late", []).await, 0);
    line.settle(&[Ending::by_holder(held, failed())]).await.expect("a flush");
    assert!(line.came_late(&held, None).await.expect("a look"));
    assert_eq!(stage.number("SELECT count(*) FROM attempts WHERE late", []).await, 1);
    stage.assert_whole().await;
}
