//! What is refused, with its code, and that it leaves no trace.

use entity::enums::Role;
use prompt::{Selection, Table};
use server::domain::access::Action;
use server::domain::batches::{Error, LaunchRequest, Options, QuoteRequest};
use server::domain::templates::NewTemplate;
use server::kernel::error::ApiError;

use crate::harness::database::Database;
use crate::harness::world::{World, list, of_template, request};

crate::harness::both!(
    every_refused_launch_changes_nothing,
    every_refused_quote_changes_nothing,
    a_billion_combinations_are_refused_at_once,
    a_refusal_is_not_remembered,
    the_role_is_read_in_the_transaction,
    prompts_that_take_too_much_room_are_refused,
);

fn code<E: Into<ApiError>>(error: E) -> &'static str {
    error.into().code().as_str()
}

async fn every_refused_launch_changes_nothing(database: Database) {
    let world = World::new(&database.db);
    let trial = world.trial("trial").await;
    let starter = world.tenant("starter", "starter", 100).await;
    let pro = world.tenant("pro", "enterprise", 0).await;
    let limits = serde_json::json!({ "maxVideosPerDay": 20, "maxOpenBatches": 2 });
    world.put_on(&pro, "enterprise", Some(limits)).await;

    let too_large = world.quote(&trial, 25).await;
    let batch_on_starter = world.quote(&starter, 2).await;
    let too_dear = world.quote(&pro, 49).await;
    let over_the_day = world.quote(&pro, 13).await;
    let used = world.quote(&pro, 8).await;
    world.launch(&pro, &used).await.expect("8 of 20");
    let second = world.quote(&pro, 1).await;
    world.launch(&pro, &second).await.expect("2 of 2 batches");
    let third = world.quote(&pro, 1).await;
    let strange = world.quote(&trial, 2).await;
    let no_model = world.quote(&pro, 1).await;
    let used_key = format!("{}", second.id);
    let before = world.picture().await;

    for (tenant, quote, wanted) in [
        (&trial, &too_large, "BATCH_TOO_LARGE"),
        (&starter, &batch_on_starter, "BATCHES_NOT_IN_PLAN"),
        (&pro, &over_the_day, "DAILY_LIMIT"),
        (&pro, &third, "OPEN_BATCH_LIMIT"),
        (&pro, &strange, "NOT_FOUND"),
    ] {
        let refused = world.launch(tenant, quote).await.expect_err(wanted);
        assert_eq!(code(refused), wanted);
        assert_eq!(world.picture().await, before, "{wanted} left something");
    }
    let scope = world.scope(&pro, Action::Launch).await;
    for (request, wanted) in [
        (request(&used, "another"), "QUOTE_USED"),
        (request(&third, &used_key), "IDEMPOTENCY_CONFLICT"),
        (request(&third, ""), "TEXT_LENGTH"),
        (request(&third, "a\0b"), "INVALID_INPUT"),
        (
            LaunchRequest { name: Some(String::from("a\0b")), ..request(&third, "k") },
            "INVALID_INPUT",
        ),
        (request(&third, &"k".repeat(201)), "TEXT_LENGTH"),
        (LaunchRequest { name: Some("n".repeat(121)), ..request(&third, "k") }, "TEXT_LENGTH"),
    ] {
        let refused = world.batches.launch(&scope, request).await.expect_err(wanted);
        assert_eq!(code(refused), wanted);
        assert_eq!(world.picture().await, before, "{wanted} left something");
    }
    world.put_on(&pro, "enterprise", None).await;
    let before = world.picture().await;
    let refused = world.launch(&pro, &too_dear).await.expect_err("49 of 39");
    let api = ApiError::from(refused);
    assert_eq!(api.code().as_str(), "INSUFFICIENT_CREDITS");
    assert_eq!(api.fields()[0].1, 49);
    assert_eq!(world.picture().await, before);
    world.put_on(&pro, "enterprise", Some(serde_json::json!({ "models": ["another"] }))).await;
    let before = world.picture().await;
    assert_eq!(code(world.launch(&pro, &no_model).await.expect_err("no")), "MODEL_NOT_IN_PLAN");
    world.clock.advance_ms(30 * 60 * 1000);
    assert_eq!(code(world.launch(&pro, &third).await.expect_err("late")), "QUOTE_EXPIRED");
    assert_eq!(world.picture().await, before);
}

async fn every_refused_quote_changes_nothing(database: Database) {
    let world = World::new(&database.db);
    let (tenant, other) = (world.trial("ada").await, world.trial("bob").await);
    let template_id = world.template(&tenant, 2).await;
    let elsewhere = world.template(&other, 2).await;
    let archived = world.template(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Quote).await;
    world.templates.archive(&scope, archived).await.expect("archived");
    let before = world.picture().await;
    let plain = || of_template(template_id);
    let none = || Selection { lists: vec![list("scene", Vec::new())], ..Selection::default() };
    let nul = || Selection {
        lists: ["scene", "unused\0"].map(|name| list(name, vec![String::from("a")])).into(),
        ..Selection::default()
    };
    let ragged = Selection {
        rows: Some(Table {
            columns: vec![String::from("scene")],
            rows: vec![vec![String::from("a")], vec![]],
        }),
        ..Selection::default()
    };
    for (request, wanted) in [
        (of_template(elsewhere), "NOT_FOUND"),
        (of_template(archived), "NOT_FOUND"),
        (QuoteRequest { version: Some(2), ..plain() }, "NOT_FOUND"),
        (QuoteRequest { seconds: Some(11), ..plain() }, "INVALID_INPUT"),
        (QuoteRequest { seconds: Some(0), ..plain() }, "INVALID_INPUT"),
        (QuoteRequest { model: Some(String::from("dream-9")), ..plain() }, "INVALID_INPUT"),
        (QuoteRequest { seed: Some(-1), ..plain() }, "INVALID_INPUT"),
        (QuoteRequest { selection: Some(Selection::default()), ..plain() }, "TEMPLATE_INVALID"),
        (QuoteRequest { selection: Some(none()), ..plain() }, "TEMPLATE_INVALID"),
        (QuoteRequest { selection: Some(nul()), ..plain() }, "INVALID_INPUT"),
        (QuoteRequest { selection: Some(ragged), ..plain() }, "TEMPLATE_INVALID"),
    ] {
        let refused = world.batches.quote(&scope, request).await.expect_err(wanted);
        assert_eq!(code(refused), wanted);
    }
    database.run("DELETE FROM model_prices WHERE resolution = '360p'").await;
    let refused = world.batches.quote(&scope, plain()).await.expect_err("no price");
    assert_eq!(code(refused), "NO_PRICE");
    let mut after = world.picture().await;
    *after.get_mut("model_prices").expect("the table") += 1;
    assert_eq!(after, before);
}

async fn a_billion_combinations_are_refused_at_once(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "enterprise", 0).await;
    let values = |name: &str| (0..1000).map(|n| format!("{name} {n}")).collect();
    let new = NewTemplate {
        name: String::from("Vast"),
        purpose: None,
        source: String::from("{a} {b} {c}"),
        selection: Selection {
            lists: vec![list("a", values("a")), list("b", values("b")), list("c", values("c"))],
            ..Selection::default()
        },
    };
    let scope = world.scope(&tenant, Action::Quote).await;
    let template = world.templates.create(&scope, new).await.expect("a template");
    let before = world.picture().await;
    let started = std::time::Instant::now();
    let refused = world.batches.quote(&scope, of_template(template.id)).await.expect_err("vast");
    assert!(started.elapsed().as_millis() < 1000, "{:?}", started.elapsed());
    let api = ApiError::from(refused);
    assert_eq!(api.code().as_str(), "TOO_MANY_COMBINATIONS");
    assert_eq!(api.fields()[0].1, "1000000000");
    assert_eq!(world.picture().await, before);
}

async fn a_refusal_is_not_remembered(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.tenant("ada", "pro-1", 0).await;
    let quote = world.quote(&tenant, 50).await;
    assert_eq!(
        code(world.launch(&tenant, &quote).await.expect_err("poor")),
        "INSUFFICIENT_CREDITS"
    );
    world.grant(&tenant, 2).await;
    let batch = world.launch(&tenant, &quote).await.expect("the same key, with credits now");
    assert_eq!(batch.total, 50);
}

async fn the_role_is_read_in_the_transaction(database: Database) {
    let world = World::new(&database.db);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 2).await;
    let scope = world.scope(&tenant, Action::Launch).await;
    let demote = format!("UPDATE memberships SET role = '{}'", Role::Viewer.as_str());
    database.run(&demote).await;
    let before = world.picture().await;
    let refused = world.batches.launch(&scope, request(&quote, "k")).await.expect_err("viewer");
    assert!(matches!(refused, Error::Forbidden));
    assert_eq!(world.picture().await, before);
}

async fn prompts_that_take_too_much_room_are_refused(database: Database) {
    let options = Options { max_prompt_bytes: 100, ..Options::default() };
    let world = World::with(&database.db, options);
    let tenant = world.trial("ada").await;
    let quote = world.quote(&tenant, 10).await;
    let before = world.picture().await;
    let refused = world.launch(&tenant, &quote).await.expect_err("too much room");
    assert_eq!(code(refused), "INVALID_INPUT");
    assert_eq!(world.picture().await, before);
}
