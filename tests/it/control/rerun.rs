//! Re-run: a new quote that begins with everything a batch was made of.

use entity::enums::{Aspect, Mode};
use entity::ids::BatchId;
use server::domain::access::Action;
use server::domain::batches::{PilotRequest, RerunRequest, Reseed};

use super::{code, launched};
use crate::harness::database::Database;
use crate::harness::world::World;

crate::harness::both!(
    a_rerun_is_quoted_as_the_batch_was,
    what_is_named_replaces_what_was,
    somebody_elses_batch_is_not_rerun,
    a_pairwise_quote_pins_its_algorithm,
);

fn same(batch_id: BatchId) -> RerunRequest {
    RerunRequest {
        batch_id,
        version: None,
        selection: None,
        model: None,
        seconds: None,
        aspect: None,
        resolution: None,
        seed: Reseed::Same,
        mode: None,
    }
}

async fn a_rerun_is_quoted_as_the_batch_was(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let pilot = Some(PilotRequest { max_videos: 4 });
    let batch = launched(&world, &tenant, |asked| asked.pilot = pilot).await;
    let scope = world.scope(&tenant, Action::Quote).await;
    let old = world.batches.get_quote(&scope, batch.quote_id).await.expect("its quote");
    world.clock.advance_ms(1_000);
    let balance = world.balance(&tenant).await;
    let new = world.batches.rerun(&scope, same(batch.id)).await.expect("a quote");
    assert_ne!(new.id, old.id);
    assert_eq!(
        (new.template_id, new.template_version, &new.selection, new.seed, new.video_count),
        (old.template_id, old.template_version, &old.selection, old.seed, old.video_count)
    );
    assert_eq!(
        (new.model.as_str(), new.seconds, new.aspect),
        (old.model.as_str(), old.seconds, old.aspect)
    );
    assert_eq!(world.balance(&tenant).await, balance, "a quote reserves nothing");
    let again = world.launch(&tenant, &new).await.expect("a launch");
    let prompts = |videos: Vec<entity::batch_item::Model>| {
        videos.into_iter().map(|v| (v.prompt, v.seed)).collect::<Vec<_>>()
    };
    assert_eq!(prompts(world.videos(&again).await), prompts(world.videos(&batch).await));
    assert_eq!(again.pilot_total, 0, "how it was launched is asked anew");
}

async fn what_is_named_replaces_what_was(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = world.batch(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Quote).await;
    let selection = prompt::Selection {
        lists: vec![crate::harness::world::list(
            "scene",
            vec![String::from("a"), String::from("b")],
        )],
        ..prompt::Selection::default()
    };
    let asked = RerunRequest {
        selection: Some(selection),
        seconds: Some(8),
        aspect: Some(Aspect::Tall),
        seed: Reseed::Given(99),
        mode: Some(Mode::Test),
        ..same(batch.id)
    };
    let new = world.batches.rerun(&scope, asked).await.expect("a quote");
    assert_eq!((new.video_count, new.seconds, new.aspect), (2, 8, Aspect::Tall));
    assert_eq!((new.seed, new.mode, new.price_per_video.0), (99, Mode::Test, 2));
    let asked = RerunRequest { seed: Reseed::Fresh, ..same(batch.id) };
    let fresh = world.batches.rerun(&scope, asked).await.expect("a quote");
    assert_ne!(fresh.seed, batch.seed);
    let asked = RerunRequest { seconds: Some(999), ..same(batch.id) };
    let refused = world.batches.rerun(&scope, asked).await.expect_err("too long");
    assert_eq!(code(refused), "INVALID_INPUT");
}

async fn somebody_elses_batch_is_not_rerun(database: Database) {
    let world = World::new(&database.db);
    let (ada, bob) = (world.trial("ada").await, world.trial("bob").await);
    let batch = world.batch(&ada, 2).await;
    let scope = world.scope(&bob, Action::Quote).await;
    let before = world.picture().await;
    let refused = world.batches.rerun(&scope, same(batch.id)).await.expect_err("not his");
    assert_eq!(code(refused), "NOT_FOUND");
    assert_eq!(world.picture().await, before);
}

async fn a_pairwise_quote_pins_its_algorithm(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 100).await;
    let batch = launched(&world, &tenant, |_| {}).await;
    let scope = world.scope(&tenant, Action::Quote).await;
    let old = world.batches.get_quote(&scope, batch.quote_id).await.expect("its quote");
    let mut selection: prompt::Selection =
        serde_json::from_value(old.selection).expect("a selection");
    selection.sample = prompt::Sample::Pairwise { algorithm: prompt::PAIRWISE_ALGORITHM };
    let asked = RerunRequest { selection: Some(selection), ..same(batch.id) };
    let new = world.batches.rerun(&scope, asked).await.expect("a quote");
    assert_eq!(new.selection["sample"], serde_json::json!({ "kind": "pairwise", "algorithm": 1 }));
    assert!((16..=20).contains(&new.video_count), "{} of 32", new.video_count);
    assert_eq!(new.total.0, new.video_count * new.price_per_video.0);
    let made = world.launch(&tenant, &new).await.expect("a launch");
    assert_eq!(world.videos(&made).await.len() as i64, new.video_count);
}
