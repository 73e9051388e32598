//! What people wait for a sign-in and for a list of batches while launches of 10,000 videos and
//! full-speed settling run on SQLite, where all of them share one writer. Beside the same requests
//! of the same server before the load. Prints one JSON object as its last line.

use std::future::Future;
use std::time::{Duration, Instant};

use customer::{Customer, VIDEOS};
use harness::database::Database;
use harness::server::{Founder, PASSWORD, Server};
use serde_json::{Value as Json, json};
use server::config::Config;
use server::domain::wallet::check;
use server::kernel::clock::Clock;
use server::worker::{FlushOptions, Settler};
use settling::Case;
use tokio_util::sync::CancellationToken;

mod customer;
#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;
#[expect(dead_code, reason = "a case of its own needs no name")]
mod settling;
#[path = "../it/wallet/stage.rs"]
#[expect(dead_code, reason = "the suites use more of it")]
mod stage;

/// More than there is time for.
const LAUNCHES: usize = 100;
/// What the settler has to do meanwhile.
const TO_SETTLE: Case = Case { name: "sqlite", wallets: 1, batches_each: 30, videos_each: VIDEOS };
/// How long the server is asked before the load.
const QUIET: Duration = Duration::from_secs(10);
/// Pauses of one person between two requests.
const BETWEEN_SIGN_INS: Duration = Duration::from_millis(50);
const BETWEEN_LISTS: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() {
    let database = Database::sqlite().await;
    let endings = settling::prepare(&database.db, &TO_SETTLE).await;
    let change = |config: &mut Config| config.access.requests_per_ip = 1_000_000;
    let server = Server::start_with(database, Clock::system(), change).await;
    let customer = Customer::new(&server, LAUNCHES).await;
    let owner = &customer.founder;
    customer.launch().await;

    let quiet = CancellationToken::new();
    let (asked, ()) = tokio::join!(people(&server, owner, &quiet), async {
        tokio::time::sleep(QUIET).await;
        quiet.cancel();
    });
    let reference = asked.lines("quiet");

    let (over, settled) = (CancellationToken::new(), endings.len());
    let settling = async {
        let settler = Settler::start(
            settling::dispatch(&server.app.db),
            FlushOptions { at_once: 1, ..FlushOptions::default() },
        );
        let started = Instant::now();
        settling::settle_all(&settler, endings).await;
        let took = started.elapsed();
        settler.close().await;
        over.cancel();
        took
    };
    let (asked, launches, took) =
        tokio::join!(people(&server, owner, &over), launching(&customer, &over), settling);
    let report = check::run(&server.app.db, None).await.expect("the check runs");
    assert!(report.is_sound(), "{:#?}", report.breaks());
    let mut results = asked.lines("loaded");
    let rate = settled as f64 / took.as_secs_f64();
    results.push(line("loaded", "settlements_per_second", (rate.round(), "1/s")));
    results.push(line("loaded", "launches", (launches.len() as f64, "launches")));
    results.push(line("loaded", "launch_p50_ms", (percentile(&launches, 50), "ms")));
    println!("{}", json!({ "results": results, "reference": reference }));
}

/// Milliseconds that people waited.
struct Asked {
    sign_ins: Vec<f64>,
    lists: Vec<f64>,
}

impl Asked {
    fn lines(&self, case: &str) -> Vec<Json> {
        let mut lines = Vec::new();
        for (what, took) in [("sign_in", &self.sign_ins), ("list", &self.lists)] {
            for percent in [50, 99] {
                let metric = format!("{what}_p{percent}_ms");
                lines.push(line(case, &metric, (percentile(took, percent), "ms")));
            }
            lines.push(line(case, &format!("{what}s"), (took.len() as f64, "requests")));
        }
        lines
    }
}

/// One person signs in again and again, another looks at the list.
async fn people(server: &Server, owner: &Founder, until: &CancellationToken) -> Asked {
    let stranger = server.stranger();
    let sign_in = || async {
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { user { id } } }";
        let input = json!({ "email": owner.email, "password": PASSWORD });
        stranger.data(query, json!({ "input": input })).await;
    };
    let list = || async {
        let query = "query($id: ID!) { workspace(id: $id) { batches(first: 20) { nodes { id name state counts { total delivered } } } } }";
        owner.client.data(query, json!({ "id": owner.workspace })).await;
    };
    let (sign_ins, lists) =
        tokio::join!(again(until, BETWEEN_SIGN_INS, sign_in), again(until, BETWEEN_LISTS, list));
    Asked { sign_ins, lists }
}

async fn again<F: Future<Output = ()>>(
    until: &CancellationToken,
    pause: Duration,
    ask: impl Fn() -> F,
) -> Vec<f64> {
    let mut took = Vec::new();
    while !until.is_cancelled() {
        let started = Instant::now();
        ask().await;
        took.push(started.elapsed().as_secs_f64() * 1000.0);
        tokio::time::sleep(pause).await;
    }
    took
}

async fn launching(customer: &Customer, until: &CancellationToken) -> Vec<f64> {
    let mut took = Vec::new();
    while !until.is_cancelled() && took.len() < LAUNCHES - 1 {
        took.push(customer.launch().await);
    }
    took
}

fn percentile(took: &[f64], percent: usize) -> f64 {
    let mut sorted = took.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len().max(1) - 1) * percent / 100).copied().unwrap_or(f64::NAN)
}

fn line(case: &str, metric: &str, (value, unit): (f64, &str)) -> Json {
    json!({ "case": case, "metric": metric, "value": (value * 10.0).round() / 10.0, "unit": unit })
}
