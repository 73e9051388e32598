//! Reads: pages, filters, progress, and that nobody sees another's.

use entity::enums::{BatchState, VideoState};
use server::domain::access::Action;
use server::domain::batches::{BatchFilter, Error, Options, VideoFilter};
use server::kernel::page::{PageArgs, encode_cursor};

use crate::harness::database::Database;
use crate::harness::world::{World, page};

crate::harness::both!(
    batches_come_newest_first_in_pages,
    videos_come_in_order_and_by_filter,
    malformed_cursors_are_refused,
    another_workspace_finds_nothing,
    progress_resumes_at_any_revision,
    too_many_changes_are_a_snapshot,
    followers_hear_of_new_revisions,
);

async fn batches_come_newest_first_in_pages(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let mut launched = Vec::new();
    for _ in 0..5 {
        launched.push(world.batch(&tenant, 1).await.id);
        world.clock.advance_ms(1);
    }
    launched.reverse();
    let scope = world.scope(&tenant, Action::Read).await;
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let args = page(2, cursor.as_deref());
        let got = world.batches.list(&scope, BatchFilter::default(), &args).await.expect("a page");
        seen.extend(got.rows.iter().map(|batch| batch.id));
        cursor = got.rows.last().map(|batch| encode_cursor(&batch.id.to_string()));
        if !got.has_next {
            break;
        }
    }
    assert_eq!(seen, launched);
    world.batches.cancel(&scope, launched[1]).await.expect("a cancel");
    let only = BatchFilter { state: Some(BatchState::Cancelled) };
    let got = world.batches.list(&scope, only, &page(10, None)).await.expect("a page");
    assert_eq!(got.rows.iter().map(|batch| batch.id).collect::<Vec<_>>(), [launched[1]]);
    assert_eq!(world.batches.many(&scope, &launched).await.expect("all").len(), 5);
}

async fn videos_come_in_order_and_by_filter(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 7).await;
    world.finish(&batch, &[1, 4], VideoState::Failed).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let ordinals = async |filter: VideoFilter, args: PageArgs| {
        let got = world.batches.videos(&scope, batch.id, (&filter, &args)).await.expect("a page");
        (got.rows.iter().map(|video| video.ordinal).collect::<Vec<_>>(), got.has_next)
    };
    let all = VideoFilter::default;
    assert_eq!(ordinals(all(), page(4, None)).await, (vec![0, 1, 2, 3], true));
    let after = encode_cursor("3");
    assert_eq!(ordinals(all(), page(4, Some(&after))).await, (vec![4, 5, 6], false));
    let failed = VideoFilter { state: Some(VideoState::Failed), ..all() };
    assert_eq!(ordinals(failed.clone(), page(9, None)).await.0, [1, 4]);
    let value = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let fourth = VideoFilter { values: value("scene", "scene 4"), ..failed };
    assert_eq!(ordinals(fourth, page(9, None)).await.0, [4]);
    for strange in ["$.scene", "scene\"", "no.such", "0", "", "'; --"] {
        let nothing = VideoFilter { values: value(strange, "scene 4"), ..all() };
        assert!(ordinals(nothing, page(9, None)).await.0.is_empty(), "{strange}");
    }
    let nul = VideoFilter { values: value("scene", "a\0b"), ..all() };
    let refused = world.batches.videos(&scope, batch.id, (&nul, &page(1, None))).await;
    assert!(matches!(refused, Err(Error::Templates(_))));
    let many = VideoFilter { values: vec![(String::new(), String::new()); 17], ..all() };
    let refused = world.batches.videos(&scope, batch.id, (&many, &page(1, None))).await;
    assert!(matches!(refused, Err(Error::InvalidInput { .. })));
}

async fn malformed_cursors_are_refused(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 1).await;
    let scope = world.scope(&tenant, Action::Read).await;
    for damaged in ["", "x", "djI6MQ", "!!!"] {
        assert!(PageArgs::new(Some(1), Some(damaged)).is_err(), "{damaged}");
    }
    let foreign = page(1, Some(&encode_cursor("not a key")));
    let batches = world.batches.list(&scope, BatchFilter::default(), &foreign).await;
    assert!(matches!(batches, Err(Error::InvalidCursor)));
    let all = VideoFilter::default();
    let videos = world.batches.videos(&scope, batch.id, (&all, &foreign)).await;
    assert!(matches!(videos, Err(Error::InvalidCursor)));
}

async fn another_workspace_finds_nothing(database: Database) {
    let world = World::new(&database.db);
    let (ada, bob) = (world.trial("ada").await, world.trial("bob").await);
    let batch = world.batch(&ada, 2).await;
    let video = world.videos(&batch).await.remove(0);
    let scope = world.scope(&bob, Action::Launch).await;
    let (id, all, first) = (batch.id, VideoFilter::default(), page(10, None));
    assert!(matches!(world.batches.get(&scope, id).await, Err(Error::NotFound)));
    assert!(matches!(world.batches.changes(&scope, id, None).await, Err(Error::NotFound)));
    let videos = world.batches.videos(&scope, id, (&all, &first)).await;
    assert!(matches!(videos, Err(Error::NotFound)));
    assert!(matches!(world.batches.video(&scope, video.id).await, Err(Error::NotFound)));
    assert!(matches!(world.batches.follow(&scope, id).await.err(), Some(Error::NotFound)));
    let quote = world.batches.get_quote(&scope, batch.quote_id).await;
    assert!(matches!(quote, Err(Error::NotFound)));
    assert!(world.batches.many(&scope, &[id]).await.expect("none").is_empty());
    assert!(world.batches.attempts(&scope, &[video.id]).await.expect("none").is_empty());
    let list = world.batches.list(&scope, BatchFilter::default(), &first).await.expect("a page");
    assert!(list.rows.is_empty());
}

async fn progress_resumes_at_any_revision(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 4).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let first = world.batches.changes(&scope, batch.id, None).await.expect("a snapshot");
    assert!((first.snapshot, first.rev, first.videos.len()) == (true, 1, 4));
    world.start(&batch, &[0, 1]).await;
    world.finish(&batch, &[1], VideoState::Delivered).await;
    let ordinals = async |after: i64| {
        let got = world.batches.changes(&scope, batch.id, Some(after)).await.expect("changes");
        assert_eq!((got.rev, got.batch.rev), (3, 3));
        (got.snapshot, got.videos.iter().map(|video| video.ordinal).collect::<Vec<_>>())
    };
    assert_eq!(ordinals(1).await, (false, vec![0, 1]));
    assert_eq!(ordinals(2).await, (false, vec![1]));
    assert_eq!(ordinals(3).await, (false, vec![]));
    assert_eq!(ordinals(99).await, (true, vec![0, 1, 2, 3]), "not a revision of this batch");
}

async fn too_many_changes_are_a_snapshot(database: Database) {
    let world = World::with(&database.db, Options { max_changes: 3, ..Options::default() });
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 4).await;
    let scope = world.scope(&tenant, Action::Read).await;
    let got = world.batches.changes(&scope, batch.id, Some(0)).await.expect("a snapshot");
    assert!(got.snapshot && got.videos.is_empty());
    world.start(&batch, &[0, 1, 2]).await;
    let got = world.batches.changes(&scope, batch.id, Some(1)).await.expect("changes");
    assert!(!got.snapshot && got.videos.len() == 3);
}

async fn followers_hear_of_new_revisions(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let batch = world.batch(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Cancel).await;
    let mut events = world.batches.follow(&scope, batch.id).await.expect("a follower");
    world.batches.cancel(&scope, batch.id).await.expect("a cancel");
    assert_eq!(events.changed().await, Some(2));
}
