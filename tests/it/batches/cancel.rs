//! Cancel: what waits is released, what is under way stays held.

use entity::enums::{BatchState, Gate, VideoState};
use server::domain::access::Action;
use server::domain::batches::Error;

use crate::harness::database::Database;
use crate::harness::world::World;

crate::harness::both!(
    a_batch_that_waits_is_cancelled_whole,
    videos_in_flight_stay_held,
    a_second_cancel_changes_nothing,
    an_ended_batch_cannot_be_cancelled,
    somebody_elses_batch_is_not_found,
);

async fn a_batch_that_waits_is_cancelled_whole(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 5).await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    let done = world.batches.cancel(&scope, batch.id).await.expect("a cancel");
    assert_eq!((done.released_credits.0, done.still_held_credits.0), (5, 0));
    assert!(!done.may_still_be_charged && !done.already_cancelled);
    assert_eq!((done.batch.state, done.batch.gate), (BatchState::Cancelled, Gate::Closed));
    assert_eq!((done.batch.cancelled, done.batch.rev), (5, 2));
    assert!(done.batch.settled_at.is_some());
    assert_eq!(world.balance(&tenant).await, (48, 0));
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 0);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 0);
    for video in world.videos(&batch).await {
        assert_eq!((video.state, video.rev), (VideoState::Cancelled, 2));
        assert!(video.ended_at.is_some());
    }
    let settled = "SELECT count(*) FROM outbox WHERE topic = 'batch.settled'";
    assert_eq!(world.number(settled).await, 1);
    let noted = "SELECT count(*) FROM audit_log WHERE action = 'batch.cancel'";
    assert_eq!(world.number(noted).await, 1);
}

async fn videos_in_flight_stay_held(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 6).await;
    world.start(&batch, &[0, 1, 2]).await;
    world.finish(&batch, &[0], VideoState::Delivered).await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    let done = world.batches.cancel(&scope, batch.id).await.expect("a cancel");
    assert_eq!((done.released_credits.0, done.still_held_credits.0), (3, 2));
    assert!(done.may_still_be_charged);
    assert_eq!((done.batch.state, done.batch.gate), (BatchState::Partial, Gate::Closed));
    assert_eq!(done.batch.settled_at, None);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 1);
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 3);
    // The first guarded edge wins: one arrives after all, one was stopped.
    world.finish(&batch, &[1], VideoState::Delivered).await;
    world.finish(&batch, &[2], VideoState::Cancelled).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let ended = world.batches.get(&scope, batch.id).await.expect("the batch");
    assert_eq!((ended.delivered, ended.cancelled, ended.failed), (2, 4, 0));
    assert_eq!(ended.state, BatchState::Partial);
    assert_eq!(world.balance(&tenant).await, (46, 0));
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 2);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 0);
}

async fn a_second_cancel_changes_nothing(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 3).await;
    world.start(&batch, &[0]).await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    world.batches.cancel(&scope, batch.id).await.expect("a cancel");
    let before = world.picture().await;
    let again = world.batches.cancel(&scope, batch.id).await.expect("a second cancel");
    assert!(again.already_cancelled && again.may_still_be_charged);
    assert_eq!((again.released_credits.0, again.still_held_credits.0), (0, 1));
    assert_eq!(world.picture().await, before);
}

async fn an_ended_batch_cannot_be_cancelled(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 2).await;
    world.finish(&batch, &[0, 1], VideoState::Delivered).await;
    let before = world.picture().await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    let refused = world.batches.cancel(&scope, batch.id).await.expect_err("it ended");
    assert!(matches!(refused, Error::Ended));
    assert_eq!(world.picture().await, before);
}

async fn somebody_elses_batch_is_not_found(database: Database) {
    let world = World::new(&database.db);
    let (ada, bob) = (world.trial("ada").await, world.trial("bob").await);
    let batch = world.batch(&ada, 2).await;
    let before = world.picture().await;
    let scope = world.scope(&bob, Action::Cancel).await;
    let refused = world.batches.cancel(&scope, batch.id).await.expect_err("not his");
    assert!(matches!(refused, Error::NotFound));
    assert_eq!(world.picture().await, before);
}
