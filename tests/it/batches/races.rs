//! Two who want the same thing at the same moment: guards decide, not reads.

use std::sync::Arc;

use server::domain::access::Action;
use server::domain::batches::{Batch, Error, LaunchRequest, Quote};
use server::kernel::error::ApiError;

use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, request};

crate::harness::both!(
    one_quote_is_launched_once,
    one_key_has_one_effect,
    one_key_with_two_inputs_is_a_conflict,
    the_day_holds_under_eight_launches,
    the_open_batches_hold_under_eight_launches,
    credits_hold_under_eight_launches,
    a_cancel_races_launches_and_settlements,
);

async fn at_once(
    world: &Arc<World>,
    tenant: &Tenant,
    requests: Vec<LaunchRequest>,
) -> Vec<Result<Batch, Error>> {
    let scope = world.scope(tenant, Action::Launch).await;
    let tasks: Vec<_> = requests
        .into_iter()
        .map(|request| {
            let (world, scope) = (Arc::clone(world), scope.clone());
            tokio::spawn(async move { world.batches.launch(&scope, request).await })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.expect("no panic"));
    }
    results
}

fn refusals(results: Vec<Result<Batch, Error>>) -> Vec<&'static str> {
    results
        .into_iter()
        .filter_map(|result| result.err().map(|error| ApiError::from(error).code().as_str()))
        .collect()
}

async fn quotes(world: &World, tenant: &Tenant, count: usize, videos: usize) -> Vec<Quote> {
    let mut quotes = Vec::new();
    for _ in 0..count {
        quotes.push(world.quote(tenant, videos).await);
    }
    quotes
}

async fn one_quote_is_launched_once(database: Database) {
    let world = Arc::new(World::new(&database.db));
    // Enough for one launch only: the loser must still hear of the quote, not of the credits.
    let tenant = world.tenant("ada", "pro-1", 0).await;
    let quote = world.quote(&tenant, 40).await;
    let requests = (0..8).map(|n| request(&quote, &format!("key {n}"))).collect();
    let refused = refusals(at_once(&world, &tenant, requests).await);
    assert_eq!(refused, ["QUOTE_USED"; 7]);
    assert_eq!(world.balance(&tenant).await, (8, 40));
    assert_eq!(world.number("SELECT count(*) FROM idempotency_keys").await, 1);
}

async fn one_key_has_one_effect(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "pro-1", 100).await;
    let quote = world.quote(&tenant, 5).await;
    let results = at_once(&world, &tenant, vec![request(&quote, "one key"); 8]).await;
    let mut ids: Vec<_> =
        results.into_iter().map(|result| result.expect("a batch or its replay").id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(world.number("SELECT count(*) FROM batch_jobs").await, 1);
    assert_eq!(world.balance(&tenant).await, (143, 5));
}

async fn one_key_with_two_inputs_is_a_conflict(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "pro-1", 100).await;
    let both = quotes(&world, &tenant, 2, 5).await;
    let requests = both.iter().map(|quote| request(quote, "one key")).collect();
    let refused = refusals(at_once(&world, &tenant, requests).await);
    assert_eq!(refused, ["IDEMPOTENCY_CONFLICT"]);
    let renamed = LaunchRequest { name: Some(String::from("x")), ..request(&both[0], "one key") };
    let refused = refusals(at_once(&world, &tenant, vec![renamed]).await);
    assert_eq!(refused, ["IDEMPOTENCY_CONFLICT"], "the name is part of the input");
}

async fn the_day_holds_under_eight_launches(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 1000).await;
    let limit = serde_json::json!({ "maxVideosPerDay": 12 });
    world.put_on(&tenant, "enterprise", Some(limit)).await;
    let eight = quotes(&world, &tenant, 8, 5).await;
    let requests = eight.iter().map(|quote| request(quote, &quote.id.to_string())).collect();
    let refused = refusals(at_once(&world, &tenant, requests).await);
    assert_eq!(refused, ["DAILY_LIMIT"; 6]);
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 10);
    // The next UTC day begins afresh.
    world.clock.advance_ms(entity::values::UnixMs::DAY_MS);
    let tomorrow = world.quote(&tenant, 12).await;
    world.launch(&tenant, &tomorrow).await.expect("a new day");
}

async fn the_open_batches_hold_under_eight_launches(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 1000).await;
    let limit = serde_json::json!({ "maxOpenBatches": 3 });
    world.put_on(&tenant, "enterprise", Some(limit)).await;
    let eight = quotes(&world, &tenant, 8, 2).await;
    let requests = eight.iter().map(|quote| request(quote, &quote.id.to_string())).collect();
    let refused = refusals(at_once(&world, &tenant, requests).await);
    assert_eq!(refused, ["OPEN_BATCH_LIMIT"; 5]);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 3);
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 6);
}

async fn credits_hold_under_eight_launches(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let eight = quotes(&world, &tenant, 8, 20).await;
    let requests = eight.iter().map(|quote| request(quote, &quote.id.to_string())).collect();
    let refused = refusals(at_once(&world, &tenant, requests).await);
    assert_eq!(refused, ["INSUFFICIENT_CREDITS"; 6]);
    assert_eq!(world.balance(&tenant).await, (8, 40));
}

async fn a_cancel_races_launches_and_settlements(database: Database) {
    let world = Arc::new(World::new(&database.db));
    let tenant = world.tenant("ada", "enterprise", 10_000).await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let (world, tenant) = (Arc::clone(&world), tenant.clone());
        tasks.push(tokio::spawn(async move {
            for _ in 0..5 {
                let batch = world.batch(&tenant, 10).await;
                world.start(&batch, &[0, 1, 2]).await;
                let scope = world.scope(&tenant, Action::Cancel).await;
                let (_, outcome) = tokio::join!(
                    world.finish(&batch, &[0, 1], entity::enums::VideoState::Delivered),
                    world.batches.cancel(&scope, batch.id),
                );
                outcome.expect("a cancel");
                world.finish(&batch, &[2], entity::enums::VideoState::Failed).await;
            }
        }));
    }
    for task in tasks {
        task.await.expect("no deadlock, no panic");
    }
    assert_eq!(world.balance(&tenant).await, (10_048 - 40, 0));
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 40);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 0);
    let settled = "SELECT count(*) FROM outbox WHERE topic = 'batch.settled'";
    assert_eq!(world.number(settled).await, 20);
}
