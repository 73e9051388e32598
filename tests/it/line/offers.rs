//! Several offers for one model: fallback under the same share, and why.

use server::config::Prefer;
use server::ports::provider::offer::Offer;
use server::ports::provider::scripted::{Scripted, Step};
use server::ports::provider::{FailureClass, Provider, Traits};

use super::stage::{REMOTE, Stage};
use crate::harness::database::Database;

crate::harness::both!(
    after_a_failure_another_offer_gets_the_video,
    a_full_offer_is_passed_over,
    what_offers_came_to_decides_where_that_is_preferred,
    an_offer_that_fails_in_a_row_rests,
    what_an_offer_nobody_knows_any_more_held_is_unknown,
);

const FIRST: Traits = Traits { name: "first", ..REMOTE };

fn offer(scripted: &Scripted, order: i64, cap: i64) -> Offer {
    Offer {
        provider: Provider::Scripted(scripted.clone()),
        model: "animatic-1",
        cap,
        slots: 8,
        order,
        cost_per_s: None,
    }
}

/// A second generator beside the stage's own, which is called `scripted`.
fn another(stage: &Stage, traits: Traits, script: Vec<Step>) -> Scripted {
    Scripted::new(traits, stage.folder.path().join("prepared.mp4"), script)
}

async fn after_a_failure_another_offer_gets_the_video(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let first = another(&stage, FIRST, vec![Step::FailJob(FailureClass::Transient)]);
    let batch = stage.launch(1).await;
    let offers = vec![offer(&stage.scripted, 2, 8), offer(&first, 1, 8)];
    let line = stage.start_offers(offers, |_| {}).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!(stage.states().await, [("DELIVERED".into(), None, 2)]);
    assert_eq!((first.submissions().len(), stage.scripted.submissions().len()), (1, 1));
    let why = "SELECT count(*) FROM attempts WHERE attempt = 2 AND provider = 'scripted' \
               AND decision LIKE '%first%failed-before%'";
    assert_eq!(stage.number(why, []).await, 1);
    let open = "SELECT count(*) FROM credit_hold_item";
    assert_eq!(stage.number(open, []).await, 1, "the same share all along");
    stage.assert_whole().await;
}

async fn what_offers_came_to_decides_where_that_is_preferred(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let first = another(&stage, FIRST, vec![Step::FailJob(FailureClass::Transient)]);
    let offers = vec![offer(&stage.scripted, 2, 8), offer(&first, 1, 8)];
    let line = stage.start_offers(offers, |options| options.prefer = Prefer::Success).await;
    let batch = stage.launch(1).await;
    stage.settled(batch.id).await;
    assert_eq!((first.submissions().len(), stage.scripted.submissions().len()), (1, 1));
    let batch = stage.launch(3).await;
    stage.settled(batch.id).await;
    line.drain().await;
    assert_eq!((first.submissions().len(), stage.scripted.submissions().len()), (1, 4));
    let why = "SELECT count(*) FROM attempts WHERE decision LIKE '%\"rank\":0%' AND attempt = 1 \
               AND provider = 'scripted'";
    assert_eq!(stage.number(why, []).await, 3);
    stage.assert_whole().await;
}

async fn a_full_offer_is_passed_over(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let first = another(&stage, FIRST, vec![Step::Hold]);
    let batch = stage.launch(4).await;
    let offers = vec![offer(&first, 1, 1), offer(&stage.scripted, 2, 8)];
    let line = stage.start_offers(offers, |_| {}).await;
    let others = "SELECT CAST(CASE WHEN count(*) = 3 THEN 1 ELSE 0 END AS BIGINT) \
                  FROM batch_items WHERE state = 'DELIVERED'";
    stage.until(others, []).await;
    assert_eq!((first.submissions().len(), stage.scripted.submissions().len()), (1, 3));
    let why = "SELECT count(*) FROM attempts WHERE decision LIKE '%first%full%'";
    assert_eq!(stage.number(why, []).await, 3);
    let reference = first.submissions().remove(0).reference;
    first.finish(&server::ports::provider::JobId(format!("job-{reference}")));
    stage.settled(batch.id).await;
    line.drain().await;
    stage.assert_whole().await;
}

async fn an_offer_that_fails_in_a_row_rests(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let first = another(&stage, FIRST, vec![Step::FailSubmit(FailureClass::Transient); 100]);
    let batch = stage.launch(20).await;
    let offers = vec![offer(&first, 1, 2), offer(&stage.scripted, 2, 8)];
    let line = stage.start_offers(offers, |options| options.claim_max = 1).await;
    stage.settled(batch.id).await;
    line.drain().await;
    let states = stage.states().await;
    assert!(states.iter().all(|(state, ..)| state == "DELIVERED"), "{states:?}");
    assert!(first.submissions().len() <= 8, "{} tries", first.submissions().len());
    let why = "SELECT count(*) FROM attempts WHERE decision LIKE '%first%resting%'";
    assert!(stage.number(why, []).await > 0);
    stage.assert_whole().await;
}

async fn what_an_offer_nobody_knows_any_more_held_is_unknown(database: Database) {
    let stage = Stage::new(database, REMOTE, vec![]).await;
    stage.launch(1).await;
    stage.claim(&stage.dispatch("gone"), 1).await.expect("a claim");
    stage.run_out_leases().await;
    let first = another(&stage, FIRST, vec![]);
    let line = stage.start_offers(vec![offer(&first, 1, 8)], |_| {}).await;
    stage.until("SELECT count(*) FROM batch_items WHERE state = 'OUTCOME_UNKNOWN'", []).await;
    line.drain().await;
    assert!(first.submissions().is_empty());
    stage.assert_whole().await;
}
