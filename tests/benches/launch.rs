//! How long a launch of 10,000 videos takes: prompts rendered, credits frozen, shares and videos
//! written, committed. On both databases, beside what the same rows cost the database alone.
//!
//! All launches are of one wallet, on tables that already hold the launches before. Prints one JSON object as its last line.

use std::time::Instant;

use entity::credit_hold;
use entity::ids::VideoId;
use harness::database::Database;
use harness::world::{Tenant, World, list, of_template};
use prompt::Selection;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _, Value,
};
use serde_json::json;
use server::db::Class;
use server::db::bulk::Rows;
use server::db::dialect::execute_exactly;
use server::domain::access::Action;
use server::domain::batches::{LaunchRequest, Quote};
use server::domain::templates::NewTemplate;
use server::kernel::ids;

#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;

/// Videos of one launch: 25 × 20 × 20.
const VIDEOS: usize = 10_000;
const LAUNCHES: usize = 20;
/// Launches before the measured ones.
const WARM_UP: usize = 3;

#[tokio::main]
async fn main() {
    let mut results = Vec::new();
    let mut reference = Vec::new();
    for case in ["postgres", "sqlite"] {
        let database = match case {
            "postgres" => Database::postgres().await,
            _ => Database::sqlite().await,
        };
        let world = World::new(&database.db);
        let tenant = customer(&world).await;
        let took = launches(&world, &tenant).await;
        report(&mut results, (case, "launch"), &took);
        let took = rows_alone(&world, &tenant).await;
        report(&mut reference, (case, "rows_alone"), &took);
    }
    println!("{}", json!({ "results": results, "reference": reference }));
}

/// A workspace that may launch all day.
async fn customer(world: &World) -> Tenant {
    let most = i64::try_from(VIDEOS * (LAUNCHES + WARM_UP + 1)).expect("small");
    let tenant = world.tenant("customer", "enterprise", most).await;
    let limits =
        json!({ "maxVideosPerBatch": VIDEOS, "maxVideosPerDay": most, "maxOpenBatches": 1000 });
    world.put_on(&tenant, "enterprise", Some(limits)).await;
    tenant
}

async fn quotes(world: &World, tenant: &Tenant) -> Vec<Quote> {
    let values = |name: &str, n: usize| (0..n).map(|i| format!("{name} {i}")).collect::<Vec<_>>();
    let selection = Selection {
        lists: vec![
            list("product", values("a perfume bottle in colour", 25)),
            list("scene", values("on a podium by the sea at place", 20)),
            list("style", values("studio product shot, golden hour, look", 20)),
        ],
        ..Selection::default()
    };
    let new = NewTemplate {
        name: String::from("Grid"),
        purpose: None,
        source: String::from("{product} {scene}, {style}, slow push in, premium, 产品广告"),
        selection,
    };
    let scope = world.scope(tenant, Action::Launch).await;
    let template = world.templates.create(&scope, new).await.expect("a template");
    let mut quotes = Vec::new();
    for _ in 0..LAUNCHES + WARM_UP {
        let quote = world.batches.quote(&scope, of_template(template.id)).await.expect("a quote");
        assert_eq!(quote.video_count, VIDEOS as i64);
        quotes.push(quote);
    }
    quotes
}

/// Milliseconds of each launch.
async fn launches(world: &World, tenant: &Tenant) -> Vec<f64> {
    let quotes = quotes(world, tenant).await;
    let scope = world.scope(tenant, Action::Launch).await;
    let mut took = Vec::new();
    for quote in &quotes {
        let request = LaunchRequest {
            quote_id: quote.id,
            name: None,
            idempotency_key: quote.id.to_string(),
            pilot: None,
            stop_loss: None,
        };
        let started = Instant::now();
        let batch = world.batches.launch(&scope, request).await.expect("a launch");
        took.push(started.elapsed().as_secs_f64() * 1000.0);
        assert_eq!(batch.total, VIDEOS as i64);
    }
    took.split_off(WARM_UP)
}

/// Milliseconds of one transaction that writes the rows of as many videos and shares, ready-made,
/// in one statement each: the least any launch can cost here.
async fn rows_alone(world: &World, tenant: &Tenant) -> Vec<f64> {
    let model = world.batch(tenant, 1).await;
    let hold = credit_hold::Entity::find()
        .filter(credit_hold::Column::BatchId.eq(model.id))
        .one(world.db.reader())
        .await;
    let hold = hold.expect("a read").expect("a hold").id;
    let mut took = Vec::new();
    for launch in 0..LAUNCHES + WARM_UP {
        let now = world.clock.now();
        let videos: Vec<VideoId> = ids::mint_many(now, VIDEOS);
        let first = i64::try_from(1 + launch * VIDEOS).expect("small");
        let (model, videos) = (&model, &videos);
        let started = Instant::now();
        let done: Result<(), DbErr> = world
            .db
            .tx(Class::Interactive, |tx| async move {
                let backend = tx.get_database_backend();
                let ids: Vec<_> = videos.iter().map(|id| id.0).collect();
                let mut values: Vec<Value> = vec![model.id.into(), model.workspace_id.into()];
                let source = ready_made(first).ids("id", ids.clone());
                let source = source.source(backend, &mut values);
                let sql = format!(
                    "INSERT INTO batch_items (id, batch_id, workspace_id, ordinal, prompt, \
                     bindings, seed, state, attempt, lease_epoch, not_before, round, rev) \
                     SELECT r.id, $1, $2, r.ordinal, r.prompt, r.bindings, 7, 'QUEUED', 0, 0, 0, \
                     1, 1 FROM {source}"
                );
                execute_exactly(&*tx, sql, values, VIDEOS as u64).await?;
                let mut values: Vec<Value> = vec![hold.into()];
                let source = Rows::new().ids("id", ids).source(backend, &mut values);
                let sql = format!(
                    "INSERT INTO credit_hold_item (hold_id, video_id, amount, state) \
                     SELECT $1, r.id, 1, 'OPEN' FROM {source}"
                );
                execute_exactly(&*tx, sql, values, VIDEOS as u64).await
            })
            .await;
        done.expect("the rows");
        took.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    took.split_off(WARM_UP)
}

fn ready_made(first: i64) -> Rows {
    let prompt = "a perfume bottle in colour 7 on a podium by the sea at place 7, studio product \
                  shot, golden hour, look 7, slow push in, premium, 产品广告";
    let bindings = json!({
        "product": "a perfume bottle in colour 7",
        "scene": "on a podium by the sea at place 7",
        "style": "studio product shot, golden hour, look 7",
    });
    Rows::new()
        .ints("ordinal", (first..).take(VIDEOS).collect())
        .texts("prompt", vec![prompt.to_owned(); VIDEOS])
        .json("bindings", vec![bindings.to_string(); VIDEOS])
}

fn report(list: &mut Vec<serde_json::Value>, (case, what): (&str, &str), took: &[f64]) {
    let mut sorted = took.to_vec();
    sorted.sort_by(f64::total_cmp);
    for (name, share) in [("p50", 0.5), ("p95", 0.95)] {
        let place = ((sorted.len() - 1) as f64 * share).round() as usize;
        let metric = format!("{what}_{name}_ms");
        println!("{case} {metric}: {:.0}", sorted[place]);
        list.push(json!({ "case": case, "metric": metric, "value": sorted[place], "unit": "ms" }));
    }
}
