//! A list of 100 batches with 4 fields: requests a second and CPU of one, beside the bare stock
//! layer of the framework and npm `mercurius` with JIT.
//!
//! Ours signs in, reads the database and limits; the references answer from memory and do nothing
//! else. `stock` is ours without all that: the distance to it is what the product costs, the
//! distance from it to mercurius what the framework does.
//!
//! `REELMILL_BENCH_SECONDS` shortens it. Prints one JSON object as its last line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, SimpleObject};
use async_graphql_axum::GraphQL;
use entity::enums::{LotSource, Mode};
use entity::values::Credits;
use harness::database::Database;
use harness::server::{Client, Founder, Server, text};
use measured::{ROLE, Watched, number, setting};
use serde_json::{Value, json};
use server::domain::access::{Actor, Caller};
use server::domain::plans::SetPlan;
use server::domain::wallet::GrantOrder;

#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;
#[expect(dead_code, reason = "another bench uses the rest")]
mod measured;

/// Requests under way at a time.
const AT_ONCE: usize = 8;
const BATCHES: usize = 100;
const BARE: &str = "{ batches { id name state rev } }";

#[tokio::main]
async fn main() {
    server::ports::egress::install_tls();
    match std::env::var(ROLE).as_deref() {
        Ok("ours") => return ours().await,
        Ok(_) => return stock().await,
        Err(_) => {}
    }
    let mut server = Watched::role("ours");
    let about: Value = serde_json::from_str(&server.line()).expect("what to ask");
    let url = text(&about["url"]);
    let session = Some(text(&about["token"]));
    let query = text(&about["query"]);
    let results = measure("reelmill", &server, (&url, session, &query)).await;
    drop(server);
    let mut server = Watched::role("stock");
    let url = server.line();
    let mut reference = measure("stock async-graphql-axum", &server, (&url, None, BARE)).await;
    drop(server);
    let mut server = Watched::start(mercurius());
    let url = format!("{}/graphql", server.line());
    reference.extend(measure("mercurius, JIT", &server, (&url, None, BARE)).await);
    println!("{}", json!({ "results": results, "reference": reference }));
}

/// Asks for some seconds, after half a second of warming up.
async fn measure(
    case: &str,
    server: &Watched,
    (url, token, query): (&str, Option<String>, &str),
) -> Vec<Value> {
    let body = json!({ "query": query }).to_string();
    let seconds = setting("REELMILL_BENCH_SECONDS", 10) as u64;
    check(url, token.as_deref(), &body).await;
    load((url, &token, &body), Duration::from_millis(500)).await;
    let (spent, begun) = (server.cpu(), Instant::now());
    let answered = load((url, &token, &body), Duration::from_secs(seconds)).await;
    let (spent, took) = (server.cpu().saturating_sub(spent), begun.elapsed());
    let per_second = answered as f64 / took.as_secs_f64();
    let each = spent.as_secs_f64() * 1e6 / answered as f64;
    vec![
        number(case, "requests", (per_second, "1/s")),
        number(case, "cpu_per_request", (each, "µs")),
        number(case, "memory", (server.memory() as f64 / 1024.0 / 1024.0, "MiB")),
    ]
}

fn request(
    client: &reqwest::Client,
    (url, token, body): (&str, Option<&str>, &str),
) -> reqwest::RequestBuilder {
    let request = client.post(url).header("content-type", "application/json");
    let request = request.header("x-reelmill-request", "1").body(body.to_owned());
    match token {
        Some(token) => request.header("cookie", format!("reelmill_session={token}")),
        None => request,
    }
}

/// A measurement of refusals would be worth nothing.
async fn check(url: &str, token: Option<&str>, body: &str) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = request(&client, (url, token, body)).send().await.expect("an answer");
    let reply: Value = answer.json().await.expect("JSON");
    let rows = [&reply["data"]["batches"], &reply["data"]["workspace"]["batches"]["nodes"]];
    let rows = rows.into_iter().find_map(Value::as_array).map_or(0, Vec::len);
    assert_eq!(rows, BATCHES, "{reply:#}");
}

async fn load((url, token, body): (&str, &Option<String>, &str), time: Duration) -> u64 {
    let answered = Arc::new(AtomicU64::new(0));
    let end = Instant::now() + time;
    let mut tasks = Vec::new();
    for _ in 0..AT_ONCE {
        let (url, token, body) = (url.to_owned(), token.clone(), body.to_owned());
        let answered = Arc::clone(&answered);
        tasks.push(tokio::spawn(async move {
            let client = reqwest::Client::builder().no_proxy().build().expect("a client");
            while Instant::now() < end {
                let answer = request(&client, (&url, token.as_deref(), &body)).send().await;
                let answer = answer.expect("an answer").bytes().await.expect("a body");
                assert!(answer.len() > BATCHES * 20, "a short answer");
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    for task in tasks {
        task.await.expect("it asks to the end");
    }
    answered.load(Ordering::Relaxed)
}

async fn ours() {
    let server = Server::start(Database::sqlite().await).await;
    let owner = server.founder("owner").await;
    enrich(&server, &owner).await;
    let template = template(&owner).await;
    for number in 0..BATCHES {
        launch(&owner, &template, number).await;
    }
    let query = format!(
        "{{ workspace(id: \"{}\") {{ batches(first: {BATCHES}) {{ nodes {{ id name state rev }} }} }} }}",
        owner.workspace
    );
    let Client { token, .. } = &owner.client;
    println!("{}", json!({ "url": owner.client.url("/graphql"), "token": token, "query": query }));
    std::future::pending::<()>().await;
}

/// A plan that allows a hundred batches at once, and the credits for them.
async fn enrich(server: &Server, owner: &Founder) {
    let operator = Caller::local(Actor::Cli, "bench");
    let workspace_id = owner.workspace.parse().expect("an id");
    let reason = String::from("bench");
    let contract =
        json!({ "maxVideosPerBatch": 10, "maxVideosPerDay": 10_000, "maxOpenBatches": 1_000 });
    let plan = String::from("enterprise");
    let change = SetPlan { workspace_id, plan, contract: Some(contract), reason: reason.clone() };
    server.app.plans.set_plan(&operator, &change).await.expect("a plan");
    let order = GrantOrder {
        workspace_id,
        mode: Mode::Live,
        source: LotSource::Purchase,
        reference: String::from("bench"),
        amount: Credits(10_000),
        expires_at: None,
        reason,
    };
    server.app.wallet.grant(&operator, &order).await.expect("a grant");
}

async fn template(owner: &Founder) -> String {
    let lists = json!([{ "name": "animal", "values": ["fox"] }]);
    let input = json!({ "workspaceId": owner.workspace, "name": "Animals",
        "source": "A {animal}", "selection": { "lists": lists } });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["createTemplate"]["template"]["id"])
}

async fn launch(owner: &Founder, template: &str, number: usize) {
    let input = json!({ "workspaceId": owner.workspace, "templateId": template });
    let query =
        "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    let input = json!({ "workspaceId": owner.workspace, "idempotencyKey": format!("bench-{number}"),
        "quoteId": data["createQuote"]["quote"]["id"] });
    let query =
        "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";
    owner.client.data(query, json!({ "input": input })).await;
}

#[derive(Clone, SimpleObject)]
struct Row {
    id: String,
    name: String,
    state: String,
    rev: i32,
}

struct Bare(Vec<Row>);

#[Object]
impl Bare {
    async fn batches(&self) -> &[Row] {
        &self.0
    }
}

async fn stock() {
    let row = |n: usize| Row {
        id: format!("bat_{n:026}"),
        name: format!("Batch {n}"),
        state: String::from("QUEUED"),
        rev: i32::try_from(n).expect("small"),
    };
    let rows = (0..BATCHES).map(row).collect();
    let schema = Schema::new(Bare(rows), EmptyMutation, EmptySubscription);
    let router =
        axum::Router::new().route("/graphql", axum::routing::post_service(GraphQL::new(schema)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("http://{}/graphql", listener.local_addr().expect("an address"));
    axum::serve(listener, router).await.expect("it serves");
}

/// Node with what the lock file names.
fn mercurius() -> Command {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("node/mercurius");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("mercurius");
    std::fs::create_dir_all(&folder).expect("a folder");
    for name in ["package.json", "package-lock.json", "serve.mjs"] {
        std::fs::copy(from.join(name), folder.join(name)).expect("a file of the reference");
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    let done = npm.stdout(std::process::Stdio::null()).status();
    assert!(done.expect("npm starts: this bench needs node").success(), "npm ci failed");
    let mut node = Command::new(harness::node::program());
    node.arg("serve.mjs").current_dir(folder);
    node
}
