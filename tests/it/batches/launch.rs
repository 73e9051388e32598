//! What a quote promises and a launch makes.

use entity::credit_hold_item;
use entity::enums::{Aspect, BatchState, Gate, Mode, Priority, Resolution, ShareState, VideoState};
use prompt::{Sample, Selection};
use sea_orm::EntityTrait as _;
use server::domain::access::Action;
use server::domain::batches::model::{bound_values, video_seed};
use server::domain::batches::{LaunchRequest, QuoteRequest};
use server::domain::templates::NewTemplate;

use crate::harness::database::Database;
use crate::harness::world::{World, list, of_template, request};

crate::harness::both!(
    a_launch_makes_every_video_and_freezes_its_price,
    defaults_are_resolved_before_pricing,
    price_changes_leave_a_quote_alone,
    a_plan_change_after_the_quote_leaves_its_watermark_alone,
    the_same_key_returns_the_same_batch,
    test_credits_pay_for_test_batches_alone,
    takes_and_samples_are_reproducible,
);

async fn a_launch_makes_every_video_and_freezes_its_price(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let selection = Selection {
        lists: vec![
            list("style", ["noir", "水墨", "pixel"].map(String::from).to_vec()),
            list("scene", ["beach", "city"].map(String::from).to_vec()),
        ],
        ..Selection::default()
    };
    let new = NewTemplate {
        name: String::from("Grid"),
        purpose: None,
        source: String::from("{scene} at night, {style}"),
        selection,
    };
    let scope = world.scope(&tenant, Action::Launch).await;
    let template = world.templates.create(&scope, new).await.expect("a template");
    let quote = world.batches.quote(&scope, of_template(template.id)).await.expect("a quote");
    assert_eq!((quote.video_count, quote.price_per_video.0, quote.total.0), (6, 1, 6));
    assert!(quote.watermark, "the trial plan marks its videos");
    let launch = LaunchRequest {
        quote_id: quote.id,
        name: Some(String::from("  Spring  ")),
        idempotency_key: String::from("k"),
        pilot: None,
        stop_loss: None,
    };
    let batch = world.batches.launch(&scope, launch).await.expect("a launch");
    assert_eq!((batch.name.as_str(), batch.total, batch.rev, batch.round), ("Spring", 6, 1, 1));
    assert_eq!((batch.state, batch.gate), (BatchState::Queued, Gate::Open));
    assert_eq!(batch.priority, Priority::Bulk);
    let videos = world.videos(&batch).await;
    let prompts: Vec<_> = videos.iter().map(|video| video.prompt.as_str()).collect();
    assert_eq!(
        prompts[..3],
        ["beach at night, noir", "beach at night, 水墨", "beach at night, pixel"]
    );
    assert_eq!(prompts[3], "city at night, noir", "the rightmost variable moves fastest");
    for (place, video) in videos.iter().enumerate() {
        assert_eq!(video.ordinal, place as i64);
        assert_eq!((video.state, video.attempt, video.rev), (VideoState::Queued, 0, 1));
        assert_eq!(video.seed, video_seed(quote.seed, place as u128));
        let names: Vec<_> = bound_values(&batch, video).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["scene", "style"], "values keep the order of the axes");
    }
    assert!(videos.windows(2).all(|pair| pair[0].id < pair[1].id), "ids follow ordinals");
    assert_eq!(world.balance(&tenant).await, (42, 6));
    let shares = credit_hold_item::Entity::find().all(world.db.reader()).await.expect("shares");
    assert_eq!(shares.len(), 6);
    assert!(shares.iter().all(|share| share.amount.0 == 1 && share.state == ShareState::Open));
    assert_eq!(world.number("SELECT used FROM daily_allowances").await, 6);
    assert_eq!(world.number("SELECT open_count FROM open_batches").await, 1);
    let told = "SELECT count(*) FROM outbox WHERE topic = 'batch.launched'";
    assert_eq!(world.number(told).await, 1);
    let noted = "SELECT count(*) FROM audit_log WHERE action = 'batch.launch'";
    assert_eq!(world.number(noted).await, 1);
    assert_eq!(world.queue.next().await.map(|turn| turn.workspace_id), Some(tenant.workspace_id));
}

async fn defaults_are_resolved_before_pricing(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "pro-1", 0).await;
    let template_id = world.template(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Quote).await;
    let plain = world.batches.quote(&scope, of_template(template_id)).await.expect("a quote");
    assert_eq!((plain.model.as_str(), plain.seconds), ("animatic-1", 4));
    assert_eq!((plain.aspect, plain.resolution), (Aspect::Wide, Resolution::P360));
    assert_eq!((plain.price_per_video.0, plain.watermark), (1, false));
    let wanted = QuoteRequest {
        seconds: Some(9),
        resolution: Some(Resolution::P720),
        aspect: Some(Aspect::Tall),
        seed: None,
        ..of_template(template_id)
    };
    let dear = world.batches.quote(&scope, wanted).await.expect("a quote");
    // Three started blocks of four seconds at 3 credits.
    assert_eq!((dear.price_per_video.0, dear.total.0), (9, 18));
    assert!((0..1 << 31).contains(&dear.seed));
    assert_eq!(dear.expires_at.since_ms(dear.created_at), 30 * 60 * 1000);
}

async fn price_changes_leave_a_quote_alone(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    let raise = "UPDATE model_prices SET credits_per_block = credits_per_block * 10";
    database.run(raise).await;
    let dearer = world.quote(&tenant, 3).await;
    assert_eq!((quote.total.0, dearer.total.0), (3, 30));
    let batch = world.launch(&tenant, &quote).await.expect("a launch");
    assert_eq!(batch.price_per_video.0, 1);
    assert_eq!(world.balance(&tenant).await, (45, 3));
}

async fn a_plan_change_after_the_quote_leaves_its_watermark_alone(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    world.put_on(&tenant, "pro-1", None).await;
    assert!(world.launch(&tenant, &quote).await.expect("a launch").watermark);
}

async fn the_same_key_returns_the_same_batch(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let first = world.batches.launch(&scope, request(&quote, "k")).await.expect("a launch");
    let before = world.picture().await;
    let again = world.batches.launch(&scope, request(&quote, "k")).await.expect("a replay");
    assert_eq!(first.id, again.id);
    // Long after the quote's life the key still answers.
    world.clock.advance_ms(2 * 60 * 60 * 1000);
    let late = world.batches.launch(&scope, request(&quote, "k")).await.expect("a replay");
    assert_eq!(first.id, late.id);
    assert_eq!(world.picture().await, before);
}

async fn test_credits_pay_for_test_batches_alone(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let template_id = world.template(&tenant, 3).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let wanted = QuoteRequest { mode: Mode::Test, ..of_template(template_id) };
    let quote = world.batches.quote(&scope, wanted).await.expect("a quote");
    let refused = world.launch(&tenant, &quote).await.expect_err("no test credits");
    let code = server::kernel::error::ApiError::from(refused).code();
    assert_eq!(code.as_str(), "INSUFFICIENT_CREDITS");
    assert_eq!(world.balance(&tenant).await, (48, 0), "live credits were not touched");
}

async fn takes_and_samples_are_reproducible(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "pro-1", 1000).await;
    let template_id = world.template(&tenant, 10).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let whole = Selection {
        lists: vec![list("scene", (0..10).map(|n| format!("place {n}")).collect())],
        takes: 2,
        ..Selection::default()
    };
    let some = Selection {
        sample: Sample::Random { n: 5, seed: 3, algorithm: prompt::SAMPLE_ALGORITHM },
        ..whole.clone()
    };
    let mut made = Vec::new();
    for selection in [whole, some.clone(), some] {
        let wanted = QuoteRequest { selection: Some(selection), ..of_template(template_id) };
        let quote = world.batches.quote(&scope, wanted).await.expect("a quote");
        let batch = world.launch(&tenant, &quote).await.expect("a launch");
        let videos = world.videos(&batch).await;
        made.push(videos.into_iter().map(|v| (v.prompt, v.bindings, v.seed)).collect::<Vec<_>>());
    }
    assert_eq!((made[0].len(), made[1].len()), (20, 5));
    assert_eq!(made[1], made[2], "a seeded sample is the same each time");
    assert!(made[1].iter().all(|video| made[0].contains(video)), "with the seeds of the whole");
    assert_eq!(made[0][0].0, made[0][1].0, "two takes of one prompt");
    assert_ne!(made[0][0].2, made[0][1].2, "have two seeds");
    assert_eq!(made[0][1].1["take"], "2");
}
