//! Retry: the next round of a settled batch.

use std::sync::Arc;

use entity::enums::{BatchState, Gate, VideoState};
use entity::values::UnixMs;
use server::domain::access::Action;
use server::domain::batches::line::Answer;
use server::domain::batches::{Batch, Controlled, Error, RetryRequest};

use super::{at_once, claim, code, line, outcome, to_storing};
use crate::harness::database::Database;
use crate::harness::world::{Tenant, World};
use crate::line::stage::{delivered, retried};

crate::harness::both!(
    a_retry_is_a_next_round_with_its_own_hold,
    only_failed_videos_of_a_settled_batch_are_retried,
    after_seven_days_a_fresh_quote_is_needed,
    a_retry_with_too_few_credits_changes_nothing,
    a_cancelled_batch_is_retried_with_an_open_gate,
    one_key_has_one_effect,
    of_eight_retries_at_once_one_wins,
    the_day_and_the_open_batches_hold,
    what_fails_again_is_given_back_to_the_day_of_the_retry,
    attempts_count_within_the_round,
    a_file_of_an_earlier_round_is_late,
    a_downgrade_in_the_middle_leaves_the_round_and_refuses_the_next,
);

async fn retry(
    world: &World,
    tenant: &Tenant,
    (batch, key): (&Batch, &str),
) -> Result<Controlled, Error> {
    let scope = world.scope(tenant, Action::Retry).await;
    let request = RetryRequest { batch_id: batch.id, idempotency_key: key.to_owned() };
    world.batches.retry(&scope, request).await
}

/// A settled batch: the first `delivered` of `total` came, the rest failed.
async fn settled(world: &World, tenant: &Tenant, (total, delivered): (usize, i64)) -> Batch {
    let batch = world.batch(tenant, total).await;
    let all: Vec<i64> = (0..i64::try_from(total).expect("few")).collect();
    let (good, bad) = all.split_at(usize::try_from(delivered).expect("few"));
    if !good.is_empty() {
        world.finish(&batch, good, VideoState::Delivered).await;
    }
    world.finish(&batch, bad, VideoState::Failed).await;
    batch
}

async fn a_retry_is_a_next_round_with_its_own_hold(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = settled(&world, &tenant, (6, 2)).await;
    assert_eq!(world.balance(&tenant).await, (46, 0));
    world.clock.advance_ms(1_000);
    let done = retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    let money = done.money;
    assert_eq!((money.frozen.0, money.released.0, money.still_held.0), (4, 0, 4));
    assert!(money.may_still_be_charged && !done.already);
    assert_eq!((done.batch.round, done.batch.gate), (2, Gate::Open));
    assert_eq!((done.batch.state, done.batch.settled_at), (BatchState::Partial, None));
    assert_eq!((done.batch.delivered, done.batch.failed), (2, 0));
    assert_eq!(world.balance(&tenant).await, (42, 4));
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 1);
    assert_eq!(world.number("SELECT sum(used) FROM daily_allowances").await, 6);
    let mine =
        "SELECT count(*) FROM credit_hold WHERE round = 2 AND amount = 4 AND closed_at IS NULL";
    assert_eq!(world.number(mine).await, 1);
    let queued = "SELECT count(*) FROM batch_items WHERE state = 'QUEUED' AND round = 2 \
                  AND error_code IS NULL AND ended_at IS NULL";
    assert_eq!(world.number(queued).await, 4);
    for (table, what) in
        [("outbox", "topic = 'batch.retried'"), ("audit_log", "action = 'batch.retry'")]
    {
        assert_eq!(world.number(&format!("SELECT count(*) FROM {table} WHERE {what}")).await, 1);
    }
    world.finish(&batch, &[2, 3, 4, 5], VideoState::Delivered).await;
    assert_eq!(world.balance(&tenant).await, (42, 0));
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.settled'";
    assert_eq!(world.number(told).await, 2, "once a round");
    let whole = "SELECT count(*) FROM batch_jobs WHERE state = 'COMPLETED' AND delivered = 6";
    assert_eq!(world.number(whole).await, 1);
}

async fn only_failed_videos_of_a_settled_batch_are_retried(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let running = world.batch(&tenant, 3).await;
    world.finish(&running, &[0], VideoState::Failed).await;
    let whole = world.batch(&tenant, 2).await;
    world.finish(&whole, &[0, 1], VideoState::Delivered).await;
    let before = world.picture().await;
    let refused = retry(&world, &tenant, (&running, "a")).await.expect_err("it runs");
    assert_eq!(code(refused), "BATCH_RUNNING");
    let refused = retry(&world, &tenant, (&whole, "b")).await.expect_err("nothing failed");
    assert_eq!(code(refused), "NOTHING_TO_RETRY");
    assert_eq!(world.picture().await, before);
}

async fn after_seven_days_a_fresh_quote_is_needed(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let (late, punctual) =
        (settled(&world, &tenant, (2, 0)).await, settled(&world, &tenant, (2, 0)).await);
    world.clock.advance_ms(7 * UnixMs::DAY_MS - 1);
    retry(&world, &tenant, (&punctual, "a")).await.expect("just in time");
    world.clock.advance_ms(1);
    let before = world.picture().await;
    let refused = retry(&world, &tenant, (&late, "b")).await.expect_err("too late");
    assert_eq!(code(refused), "QUOTE_NEEDED");
    assert_eq!(world.picture().await, before);
}

async fn a_retry_with_too_few_credits_changes_nothing(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let batch = settled(&world, &tenant, (30, 0)).await;
    let other = world.batch(&tenant, 40).await;
    let before = world.picture().await;
    let refused = retry(&world, &tenant, (&batch, "k")).await.expect_err("8 are left");
    assert_eq!(code(refused), "INSUFFICIENT_CREDITS");
    assert_eq!(world.picture().await, before);
    // Refusals are not remembered: the same key works once there are credits.
    world.finish(&other, &(0..40).collect::<Vec<_>>(), VideoState::Failed).await;
    let done = retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    assert_eq!(done.money.frozen.0, 30);
    assert_eq!(world.balance(&tenant).await, (18, 30));
}

async fn a_cancelled_batch_is_retried_with_an_open_gate(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 4).await;
    world.start(&batch, &[0]).await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    world.batches.cancel(&scope, batch.id).await.expect("a cancel");
    world.finish(&batch, &[0], VideoState::Failed).await;
    let done = retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    assert_eq!((done.batch.gate, done.batch.gate_reason), (Gate::Open, None));
    assert!(!done.batch.cancel_requested);
    assert_eq!((done.batch.cancelled, done.money.still_held.0), (3, 1));
    let queued = "SELECT count(*) FROM batch_items WHERE state = 'QUEUED'";
    assert_eq!(world.number(queued).await, 1, "what was cancelled stays so");
    // And it can be cancelled again, in its second round.
    let again = world.batches.cancel(&scope, batch.id).await.expect("a second cancel");
    assert_eq!((again.released_credits.0, again.already_cancelled), (1, false));
    assert_eq!(world.balance(&tenant).await, (48, 0));
}

async fn one_key_has_one_effect(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = settled(&world, &tenant, (3, 0)).await;
    let other = settled(&world, &tenant, (3, 0)).await;
    retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    world.finish(&batch, &[0, 1, 2], VideoState::Failed).await;
    let before = world.picture().await;
    let again = retry(&world, &tenant, (&batch, "k")).await.expect("a repeat");
    assert_eq!((again.already, again.money.frozen.0, again.batch.round), (true, 0, 2));
    let refused = retry(&world, &tenant, (&other, "k")).await.expect_err("another batch");
    assert_eq!(code(refused), "IDEMPOTENCY_CONFLICT");
    assert_eq!(world.picture().await, before);
    retry(&world, &tenant, (&batch, "k2")).await.expect("a third round");
}

async fn of_eight_retries_at_once_one_wins(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 1_000).await;
    let batch = settled(&world, &tenant, (5, 1)).await;
    let works = (0..8)
        .map(|n| {
            let (tenant, batch) = (tenant.clone(), batch.clone());
            move |world: Arc<World>| {
                let work = async move { retry(&world, &tenant, (&batch, &format!("k{n}"))).await };
                Box::pin(work) as std::pin::Pin<Box<dyn Future<Output = _> + Send>>
            }
        })
        .collect();
    let (won, refused) = outcome(at_once(&world, works).await);
    assert_eq!((won, refused), (1, vec!["BATCH_RUNNING"; 7]));
    assert_eq!(world.balance(&tenant).await, (1_048 - 1 - 4, 4));
    assert_eq!(world.number("SELECT count(*) FROM credit_hold").await, 2);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 1);
}

async fn the_day_and_the_open_batches_hold(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 1_000).await;
    let (one, two) =
        (settled(&world, &tenant, (6, 0)).await, settled(&world, &tenant, (6, 0)).await);
    let limits = serde_json::json!({ "maxVideosPerDay": 10, "maxOpenBatches": 1 });
    world.put_on(&tenant, "enterprise", Some(limits)).await;
    retry(&world, &tenant, (&one, "a")).await.expect("six of ten");
    let before = world.picture().await;
    let refused = retry(&world, &tenant, (&two, "b")).await.expect_err("six more");
    assert_eq!(code(refused), "DAILY_LIMIT");
    let limits = serde_json::json!({ "maxVideosPerDay": 100, "maxOpenBatches": 1 });
    world.put_on(&tenant, "enterprise", Some(limits)).await;
    let refused = retry(&world, &tenant, (&two, "b")).await.expect_err("one is open");
    assert_eq!(code(refused), "OPEN_BATCH_LIMIT");
    let mut after = world.picture().await;
    for changed in ["audit_log", "outbox"] {
        // Setting a plan leaves its own trace.
        after.insert(changed.to_owned(), before[changed]);
    }
    assert_eq!(after, before);
}

async fn what_fails_again_is_given_back_to_the_day_of_the_retry(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = settled(&world, &tenant, (5, 2)).await;
    world.clock.advance_ms(2 * UnixMs::DAY_MS);
    retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    let days = "SELECT count(*) FROM daily_allowances";
    assert_eq!(world.number(days).await, 2);
    world.finish(&batch, &[2, 3, 4], VideoState::Failed).await;
    let used = |which: &str| format!("SELECT {which}(used) FROM daily_allowances");
    assert_eq!(world.number(&used("max")).await, 2, "the day of the launch keeps its two");
    assert_eq!(world.number(&used("min")).await, 0, "the day of the retry got its three back");
}

async fn attempts_count_within_the_round(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = world.batch(&tenant, 1).await;
    let line = line(&world).await;
    for (round, key) in [(0, "a"), (1, "b"), (2, "c")] {
        for nth in 1..=3 {
            database.run("UPDATE batch_items SET not_before = 0").await;
            let held = claim(&line, &tenant, 1).await.remove(0);
            assert_eq!(held.fence.attempt, round * 3 + nth, "attempts have numbers of their own");
            let answer = line.settle(&[retried(held)]).await.expect("a flush");
            let expected = if nth < 3 { Answer::Requeued } else { Answer::Failed };
            assert_eq!(answer, [expected], "round {round}, attempt {nth}");
        }
        retry(&world, &tenant, (&batch, key)).await.expect("a retry");
    }
}

async fn a_file_of_an_earlier_round_is_late(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = world.batch(&tenant, 1).await;
    let line = line(&world).await;
    let old = claim(&line, &tenant, 1).await.remove(0);
    to_storing(&line, &[old]).await;
    // Given up (as the sweep does with what it cannot prove), released, tried again.
    let gave_up = server::domain::batches::line::What::Failed {
        code: server::domain::batches::failure::FailureCode::OutcomeUnproven,
        class: "UNPROVEN",
        detail: String::new(),
        cost: None,
    };
    let ending = server::domain::batches::line::Ending::by_holder(old, gave_up);
    assert_eq!(line.settle(&[ending]).await.expect("a flush"), [Answer::Failed]);
    retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
    // The first round's file arrives after all: its share is gone, the new one is not its.
    assert_eq!(line.settle(&[delivered(old)]).await.expect("a flush"), [Answer::Late]);
    assert_eq!(world.number("SELECT count(*) FROM assets").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM attempts WHERE late").await, 1);
    assert_eq!(world.balance(&tenant).await, (147, 1));
    let new = claim(&line, &tenant, 1).await.remove(0);
    to_storing(&line, &[new]).await;
    assert_eq!(line.settle(&[delivered(old)]).await.expect("a flush"), [Answer::Late]);
    assert_eq!(line.settle(&[delivered(new)]).await.expect("a flush"), [Answer::Delivered]);
    assert_eq!(world.balance(&tenant).await, (147, 0));
}

async fn a_downgrade_in_the_middle_leaves_the_round_and_refuses_the_next(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = world.batch(&tenant, 30).await;
    let line = line(&world).await;
    let first = claim(&line, &tenant, 3).await;
    world.put_on(&tenant, "trial", None).await;
    // What was bought is made, at the lane's new width, and charged at the price of the quote.
    assert!(claim(&line, &tenant, 5).await.is_empty(), "two at a time, three are under way");
    to_storing(&line, &first).await;
    let endings: Vec<_> = first.iter().map(|held| delivered(*held)).collect();
    assert_eq!(line.settle(&endings).await.expect("a flush"), [Answer::Delivered; 3]);
    let next = claim(&line, &tenant, 5).await;
    assert_eq!(next.len(), 2);
    to_storing(&line, &next).await;
    let endings: Vec<_> = next.iter().map(|held| delivered(*held)).collect();
    assert_eq!(line.settle(&endings).await.expect("a flush"), [Answer::Delivered; 2]);
    assert_eq!(world.balance(&tenant).await, (118, 25));
    world.finish(&batch, &(5..30).collect::<Vec<_>>(), VideoState::Failed).await;
    // A new round is a new purchase: the plan of today decides.
    let before = world.picture().await;
    let refused = retry(&world, &tenant, (&batch, "k")).await.expect_err("25 are too many");
    assert_eq!(code(refused), "BATCH_TOO_LARGE");
    assert_eq!(world.picture().await, before);
    world.put_on(&tenant, "enterprise", None).await;
    retry(&world, &tenant, (&batch, "k")).await.expect("a retry");
}
