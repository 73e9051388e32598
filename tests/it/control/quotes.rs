//! Quotes that nobody launched are not kept for ever.

use super::line;
use crate::harness::database::Database;
use crate::harness::world::World;

crate::harness::both!(quotes_go_a_week_after_their_end_unless_they_were_launched);

const DAY_MS: i64 = 86_400_000;

async fn quotes_go_a_week_after_their_end_unless_they_were_launched(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let line = line(&world).await;
    let launched = world.quote(&tenant, 1).await;
    let batch = world.launch(&tenant, &launched).await.expect("a launch");
    let forgotten = world.quote(&tenant, 2).await;
    world.clock.advance_ms(2 * DAY_MS);
    let young = world.quote(&tenant, 3).await;
    world.clock.advance_ms(forgotten.expires_at.since_ms(world.clock.now()) + 7 * DAY_MS);
    assert_eq!(line.forget_quotes().await.expect("a sweep"), 0, "the week is not over");
    world.clock.advance_ms(1);
    assert_eq!(line.forget_quotes().await.expect("a sweep"), 1);
    let scope = world.scope(&tenant, server::domain::access::Action::Read).await;
    let left = world.batches.quotes(&scope, &[launched.id, forgotten.id, young.id]).await;
    let mut left: Vec<_> = left.expect("quotes").iter().map(|quote| quote.id).collect();
    left.sort_unstable();
    assert_eq!(left, [launched.id, young.id]);
    let known = world.batches.many(&scope, &[batch.id]).await.expect("the batch");
    assert_eq!(known.len(), 1, "and the batch of a launched one");
}
