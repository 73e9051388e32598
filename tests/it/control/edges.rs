//! Edges at which money and files meet: a cancel and a late file in both orders, a lot that expires
//! while it is held.

use entity::enums::{BatchState, GateReason, LotSource, Mode, VideoState};
use entity::values::{Credits, UnixMs};
use server::domain::access::Action;
use server::domain::batches::RetryRequest;
use server::domain::batches::line::{Answer, Ending, What};
use server::domain::wallet::GrantOrder;

use super::{claim, line, to_storing};
use crate::harness::database::Database;
use crate::harness::world::{Tenant, World, operator};
use crate::line::stage::delivered;

crate::harness::both!(
    a_file_before_the_stop_is_charged_although_it_was_cancelled,
    a_file_after_the_stop_is_late_and_costs_nothing,
    a_file_and_a_cancel_at_once,
    a_lot_that_expires_while_held_is_charged_and_what_is_released_gets_its_grace,
    a_retry_can_be_paid_from_what_was_released_with_grace,
    a_closed_gate_keeps_its_reason,
);

async fn cancel(world: &World, tenant: &Tenant, batch: entity::ids::BatchId) -> (i64, i64, bool) {
    let scope = world.scope(tenant, Action::Cancel).await;
    let done = world.batches.cancel(&scope, batch).await.expect("a cancel");
    (done.released_credits.0, done.still_held_credits.0, done.may_still_be_charged)
}

async fn a_file_before_the_stop_is_charged_although_it_was_cancelled(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let batch = world.batch(&tenant, 3).await;
    let line = line(&world).await;
    let held = claim(&line, &tenant, 1).await.remove(0);
    to_storing(&line, &[held]).await;
    assert_eq!(cancel(&world, &tenant, batch.id).await, (2, 1, true));
    assert_eq!(line.settle(&[delivered(held)]).await.expect("a flush"), [Answer::Delivered]);
    let stopped = [Ending::by_holder(held, What::Stopped { cost: None })];
    assert_eq!(line.settle(&stopped).await.expect("a flush"), [Answer::FenceLost]);
    assert_eq!(world.balance(&tenant).await, (47, 0));
    assert_eq!(world.number("SELECT count(*) FROM assets").await, 1);
}

async fn a_file_after_the_stop_is_late_and_costs_nothing(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let batch = world.batch(&tenant, 3).await;
    let line = line(&world).await;
    let held = claim(&line, &tenant, 1).await.remove(0);
    to_storing(&line, &[held]).await;
    assert_eq!(cancel(&world, &tenant, batch.id).await, (2, 1, true));
    let stopped = [Ending::by_holder(held, What::Stopped { cost: None })];
    assert_eq!(line.settle(&stopped).await.expect("a flush"), [Answer::Cancelled]);
    assert_eq!(line.settle(&[delivered(held)]).await.expect("a flush"), [Answer::Late]);
    assert_eq!(world.balance(&tenant).await, (48, 0));
    assert_eq!(world.number("SELECT count(*) FROM assets").await, 0);
    assert_eq!(world.number("SELECT count(*) FROM attempts WHERE late").await, 1);
}

async fn a_file_and_a_cancel_at_once(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 1_000).await;
    let line = line(&world).await;
    for _ in 0..6 {
        let batch = world.batch(&tenant, 4).await;
        let held = claim(&line, &tenant, 2).await;
        to_storing(&line, &held).await;
        let endings =
            [delivered(held[0]), Ending::by_holder(held[1], What::Stopped { cost: None })];
        let (settled, told) =
            tokio::join!(line.settle(&endings), cancel(&world, &tenant, batch.id));
        assert_eq!(settled.expect("a flush"), [Answer::Delivered, Answer::Cancelled]);
        assert_eq!(told.0, 2, "exactly what waited");
        assert!([(0, false), (2, true)].contains(&(told.1, told.2)), "{told:?}");
    }
    assert_eq!(world.balance(&tenant).await, (1_048 - 6, 0));
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 0);
}

/// Credits of a lot that ends in a day, so that the trial's lot is not drawn on.
async fn short_lived(world: &World, tenant: &Tenant, credits: i64) {
    let order = GrantOrder {
        workspace_id: tenant.workspace_id,
        mode: Mode::Test,
        source: LotSource::Promo,
        reference: server::kernel::ids::mint::<uuid::Uuid>(world.clock.now()).to_string(),
        amount: Credits(credits),
        expires_at: Some(world.clock.now().plus_ms(UnixMs::DAY_MS)),
        reason: String::from("test"),
    };
    world.wallet.grant(&operator(), &order).await.expect("a grant");
}

async fn test_balance(world: &World, tenant: &Tenant) -> (i64, i64) {
    let scope = world.scope(tenant, Action::ReadMoney).await;
    let balance = world.wallet.balance(&scope, Mode::Test).await.expect("a balance");
    (balance.available.0, balance.held.0)
}

async fn test_batch(
    world: &World,
    tenant: &Tenant,
    videos: usize,
) -> server::domain::batches::Batch {
    let template = world.template(tenant, videos).await;
    let scope = world.scope(tenant, Action::Quote).await;
    let asked = server::domain::batches::QuoteRequest {
        mode: Mode::Test,
        ..crate::harness::world::of_template(template)
    };
    let quote = world.batches.quote(&scope, asked).await.expect("a quote");
    world.launch(tenant, &quote).await.expect("a launch")
}

async fn a_lot_that_expires_while_held_is_charged_and_what_is_released_gets_its_grace(
    database: Database,
) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let (before, _) = test_balance(&world, &tenant).await;
    short_lived(&world, &tenant, 6).await;
    let batch = test_batch(&world, &tenant, 6).await;
    let rest = test_balance(&world, &tenant).await;
    assert_eq!(rest, (before, 6));
    world.clock.advance_ms(2 * UnixMs::DAY_MS);
    line(&world).await.expire_credits().await.expect("a sweep");
    assert_eq!(test_balance(&world, &tenant).await.1, 6, "held credits do not expire");
    world.finish(&batch, &[0, 1], VideoState::Delivered).await;
    assert_eq!(cancel(&world, &tenant, batch.id).await, (4, 0, false));
    assert_eq!(test_balance(&world, &tenant).await, (before + 4, 0));
    let grace = "SELECT count(*) FROM credit_lot WHERE source = 'GRACE' AND granted = 4";
    assert_eq!(world.number(grace).await, 1);
}

async fn a_retry_can_be_paid_from_what_was_released_with_grace(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let (before, _) = test_balance(&world, &tenant).await;
    short_lived(&world, &tenant, 3).await;
    let batch = test_batch(&world, &tenant, 3).await;
    world.clock.advance_ms(2 * UnixMs::DAY_MS);
    world.finish(&batch, &[0, 1, 2], VideoState::Failed).await;
    let scope = world.scope(&tenant, Action::Retry).await;
    let asked = RetryRequest { batch_id: batch.id, idempotency_key: String::from("k") };
    let done = world.batches.retry(&scope, asked).await.expect("a retry");
    assert_eq!((done.money.frozen.0, done.batch.state), (3, BatchState::Processing));
    assert_eq!(test_balance(&world, &tenant).await, (before, 3));
    world.finish(&batch, &[0, 1, 2], VideoState::Delivered).await;
    assert_eq!(test_balance(&world, &tenant).await, (before, 0));
}

async fn a_closed_gate_keeps_its_reason(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let batch = world.batch(&tenant, 3).await;
    world.start(&batch, &[0]).await;
    cancel(&world, &tenant, batch.id).await;
    world.finish(&batch, &[0], VideoState::Failed).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let read = world.batches.get(&scope, batch.id).await.expect("the batch");
    assert_eq!(read.gate_reason, Some(GateReason::Cancelled));
    assert_eq!(world.batches.closes_at(&read), None);
}
