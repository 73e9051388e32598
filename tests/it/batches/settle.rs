//! Counts: state, allowance, open batches and the settled message move with the videos, once.

use entity::enums::{BatchState, VideoState};
use server::db::Class;
use server::domain::access::Action;
use server::domain::batches::counts::{self, BatchDelta, Intent};
use server::domain::batches::model::Delta;
use server::domain::batches::{Batch, Error};

use crate::harness::database::Database;
use crate::harness::world::World;

crate::harness::both!(
    numbers_follow_the_videos,
    a_batch_settles_once,
    several_batches_move_in_one_transaction,
);

async fn state(world: &World, tenant: &crate::harness::world::Tenant, batch: &Batch) -> Batch {
    let scope = world.scope(tenant, Action::Read).await;
    world.batches.get(&scope, batch.id).await.expect("the batch")
}

async fn numbers_follow_the_videos(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 3).await;
    world.start(&batch, &[0, 1]).await;
    let now = state(&world, &tenant, &batch).await;
    assert_eq!((now.state, now.rev, now.ever_claimed), (BatchState::Processing, 2, true));
    world.finish(&batch, &[0], VideoState::Failed).await;
    assert_eq!(state(&world, &tenant, &batch).await.state, BatchState::Processing);
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 2);
    world.finish(&batch, &[1], VideoState::Delivered).await;
    assert_eq!(state(&world, &tenant, &batch).await.state, BatchState::Partial);
    world.finish(&batch, &[2], VideoState::Failed).await;
    let ended = state(&world, &tenant, &batch).await;
    assert_eq!((ended.state, ended.rev), (BatchState::Partial, 5));
    assert!(ended.settled_at.is_some());
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 1);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 0);
    assert_eq!(world.balance(&tenant).await, (47, 0));
}

async fn a_batch_settles_once(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 2).await;
    world.finish(&batch, &[0, 1], VideoState::Delivered).await;
    let before = world.picture().await;
    let (batch_id, now) = (batch.id, world.clock.now());
    let twice: Result<(), Error> = world
        .db
        .tx(Class::Money, |tx| async move {
            let intent = Intent { batch_id, ending: 1, undelivered: true };
            let locked = counts::lock_in_tx(&tx, &[intent]).await?;
            let delta = Delta { failed: 1, ..Delta::default() };
            counts::apply_in_tx(&tx, locked, &[BatchDelta { batch_id, delta }], now).await?;
            Ok(())
        })
        .await;
    assert!(matches!(twice, Err(Error::Inconsistent(_))), "{twice:?}");
    assert_eq!(world.picture().await, before);
}

async fn several_batches_move_in_one_transaction(database: Database) {
    let world = World::new(&database.db);
    let (ada, bob) =
        (world.tenant("ada", "enterprise", 0).await, world.tenant("bob", "enterprise", 0).await);
    let batches =
        [world.batch(&ada, 1).await, world.batch(&ada, 2).await, world.batch(&bob, 1).await];
    let (ids, now) = (batches.each_ref().map(|batch| batch.id), world.clock.now());
    let applied = world
        .db
        .tx(Class::Money, |tx| async move {
            let intents = ids.map(|batch_id| Intent { batch_id, ending: 1, undelivered: true });
            let locked = counts::lock_in_tx(&tx, &intents).await?;
            let delta = Delta { failed: 1, claimed: true, ..Delta::default() };
            let deltas = ids.map(|batch_id| BatchDelta { batch_id, delta });
            counts::apply_in_tx(&tx, locked, &deltas, now).await
        })
        .await
        .expect("three batches");
    assert_eq!(applied.len(), 3);
    let settled =
        |place: usize| applied.iter().find(|one| one.batch_id == ids[place]).map(|one| one.settled);
    assert_eq!([settled(0), settled(1), settled(2)], [Some(true), Some(false), Some(true)]);
    let left = "SELECT open_count FROM open_batches WHERE open_count > 0";
    assert_eq!(world.number(left).await, 1);
    assert_eq!(world.number("SELECT sum(used) FROM daily_allowances").await, 1);
    let settled = "SELECT count(*) FROM outbox WHERE topic = 'batch.settled'";
    assert_eq!(world.number(settled).await, 2);
}
