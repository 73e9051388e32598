//! How long a launch of 10,000 videos takes a client of the API: the request read and authorised,
//! prompts rendered, credits frozen, shares and videos written, committed, answered. On both
//! databases, beside what the same rows cost the database alone.
//!
//! All launches are of one wallet, on tables that already hold the launches before; the line does
//! not run. Prints one JSON object as its last line.

use std::time::Instant;

use customer::{Customer, VIDEOS};
use entity::credit_hold;
use entity::ids::VideoId;
use harness::database::Database;
use harness::server::Server;
use harness::world::World;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait as _, QueryFilter as _, Value,
};
use serde_json::json;
use server::db::Class;
use server::db::bulk::Rows;
use server::db::dialect::execute_exactly;
use server::kernel::ids;

mod customer;
#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;

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
        let server = Server::start(database).await;
        let took = launches(&server).await;
        report(&mut results, (case, "launch"), &took);
        let took = rows_alone(&world).await;
        report(&mut reference, (case, "rows_alone"), &took);
    }
    println!("{}", json!({ "results": results, "reference": reference }));
}

/// Milliseconds of each launch.
async fn launches(server: &Server) -> Vec<f64> {
    let customer = Customer::new(server, LAUNCHES + WARM_UP).await;
    let mut took = Vec::new();
    for _ in 0..LAUNCHES + WARM_UP {
        took.push(customer.launch().await);
    }
    took.split_off(WARM_UP)
}

/// Milliseconds of one transaction that writes the rows of as many videos and shares, ready-made,
/// in one statement each: the least any launch can cost here.
async fn rows_alone(world: &World) -> Vec<f64> {
    let tenant = world.tenant("reference", "enterprise", 1).await;
    let model = world.batch(&tenant, 1).await;
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
