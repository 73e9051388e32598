//! How many deliveries a second the settler commits: state, share, hold, lots, ledger row, asset,
//! attempt, wallet, batch and counters, with every guard. Through the real settler; its callers
//! wait as the workers do. Ends in the ledger check. Prints one JSON object as its last line.

use std::time::{Duration, Instant};

use harness::database::Database;
use serde_json::{Value as Json, json};
use server::db::Db;
use server::domain::wallet::check;
use server::worker::{FlushOptions, Settler};
use settling::{Case, dispatch, prepare, settle_all};

#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;
mod settling;
#[path = "../it/wallet/stage.rs"]
#[expect(dead_code, reason = "the suites use more of it")]
mod stage;

const CASES: [Case; 3] = [
    Case { name: "postgres", wallets: 1, batches_each: 8, videos_each: 10_000 },
    Case { name: "sqlite", wallets: 1, batches_each: 8, videos_each: 10_000 },
    Case { name: "postgres-1000-wallets", wallets: 1_000, batches_each: 1, videos_each: 60 },
];

#[tokio::main]
async fn main() {
    let only = std::env::var("SETTLE_CASE").ok();
    let mut results = Vec::new();
    for case in CASES.iter().filter(|case| only.as_deref().is_none_or(|name| name == case.name)) {
        let database = match case.name {
            "sqlite" => Database::sqlite().await,
            _ => Database::postgres().await,
        };
        results.extend(run(&database.db, case).await);
    }
    println!("{}", json!({ "results": results, "reference": [] }));
}

async fn run(db: &Db, case: &Case) -> Vec<Json> {
    let endings = prepare(db, case).await;
    let count = endings.len();
    let flush = flush_options(case);
    let settler = Settler::start(dispatch(db), flush);
    let started = Instant::now();
    let waits = settle_all(&settler, endings).await;
    let took = started.elapsed();
    settler.close().await;
    let flushes = settler.flushes();
    let report = check::run(db, None).await.expect("the check runs");
    assert!(report.is_sound(), "{:#?}", report.breaks());
    let per_second = (count as f64 / took.as_secs_f64()).round();
    let flush_size = (count as f64 / flushes.max(1) as f64).round();
    let p99 = percentile(waits, 99).as_secs_f64() * 1000.0;
    eprintln!(
        "{}: {count} settled in {took:.2?}: {per_second}/s, {flush_size} a flush, ack p99 {p99:.0} ms",
        case.name
    );
    vec![
        json!({ "case": case.name, "metric": "settlements_per_second", "value": per_second, "unit": "1/s" }),
        json!({ "case": case.name, "metric": "flush_size_mean", "value": flush_size, "unit": "results" }),
        json!({ "case": case.name, "metric": "ack_p99_ms", "value": p99.round(), "unit": "ms" }),
    ]
}

fn flush_options(case: &Case) -> FlushOptions {
    let usual = FlushOptions::default();
    let number = |name: &str, usual: usize| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
    };
    let at_once = if case.name == "sqlite" { 1 } else { number("SETTLE_AT_ONCE", usual.at_once) };
    FlushOptions { max: number("SETTLE_MAX", usual.max), at_once, ..usual }
}

fn percentile(mut waits: Vec<Duration>, percent: usize) -> Duration {
    waits.sort_unstable();
    waits[(waits.len() - 1) * percent / 100]
}
