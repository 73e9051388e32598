//! What a subscriber costs: memory of an idle socket, memory with a subscription, CPU of one
//! delivered message. 10,000 sockets follow one batch with the same question; the batch changes.
//!
//! The reference is what no server can do without: a process that does nothing but write as many
//! bytes to as many sockets, one after the other, without a frame or a runtime.
//!
//! `REELMILL_BENCH_SUBSCRIBERS` and `REELMILL_BENCH_UPDATES` shorten it. Prints one JSON object as
//! its last line. The aims are 24 KiB and 10 µs.

use std::io::{BufRead as _, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use harness::database::Database;
use harness::server::{Client, PASSWORD, Server, text};
use harness::socket::Socket;
use measured::{ROLE, Watched, number, setting};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};
use server::kernel::clock::Clock;

#[path = "../it/harness/mod.rs"]
#[expect(dead_code, unused_imports, unused_macros, reason = "the suites use more of it")]
mod harness;
mod measured;

const FOLLOW: &str = "subscription($ws: ID!, $batch: ID!) {
    batchProgress(workspaceId: $ws, batchId: $batch) {
        rev snapshot batch { state counts { total delivered open } } videos { id ordinal state } } }";

#[tokio::main]
async fn main() {
    server::ports::egress::install_tls();
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, most, most).expect("as many files as allowed");
    match std::env::var(ROLE).as_deref() {
        Ok("serve") => return serve().await,
        Ok(_) => return write_alone(),
        Err(_) => {}
    }
    let subscribers = setting("REELMILL_BENCH_SUBSCRIBERS", 10_000);
    let updates = setting("REELMILL_BENCH_UPDATES", 20);
    let mut server = Watched::role("serve");
    let about: Value = serde_json::from_str(&server.line()).expect("what to follow");
    let client = Client {
        http: reqwest::Client::new(),
        address: text(&about["address"]).parse().expect("an address"),
        token: Some(text(&about["token"])),
    };
    // The first ones bring what is paid once.
    let _first = open(&client, 100).await;
    let before = server.memory();
    let mut sockets = open(&client, subscribers).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = per(server.memory().saturating_sub(before), subscribers);
    for socket in &mut sockets {
        socket.subscribe("1", FOLLOW, about["asked"].clone()).await;
        assert_eq!(socket.said().await["type"], "next");
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let following = per(server.memory().saturating_sub(before), subscribers);
    let (spent, mut length) = (server.cpu(), 0);
    for _ in 0..updates {
        let rev = server.ask("bump");
        for socket in &mut sockets {
            let event = socket.said().await;
            let told = event["payload"]["data"]["batchProgress"]["rev"].to_string();
            assert_eq!(told, rev, "{event:#}");
            length = event.to_string().len();
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let spent = server.cpu().saturating_sub(spent).as_secs_f64() * 1e6;
    drop((sockets, server));
    let bare = bare_writes((subscribers, updates), length);
    let case = format!("{subscribers} subscribers");
    let results = [
        number(&case, "memory_per_idle_socket", (idle / 1024.0, "KiB")),
        number(&case, "memory_per_subscriber", (following / 1024.0, "KiB")),
        number(&case, "cpu_per_message", (spent / (subscribers * updates) as f64, "µs")),
    ];
    let reference = [number("bare writes", "cpu_per_message", (bare, "µs"))];
    println!("{}", json!({ "results": results, "reference": reference }));
}

/// Microseconds of a process that writes so many bytes to each of so many sockets.
fn bare_writes((sockets, rounds): (usize, usize), bytes: usize) -> f64 {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env(ROLE, "write").env("BENCH_SOCKETS", sockets.to_string());
    command.env("BENCH_BYTES", bytes.to_string());
    let mut writer = Watched::start(command);
    let address = writer.line();
    let connect = |_| TcpStream::connect(&*address).expect("a connection");
    let mut sockets: Vec<TcpStream> = (0..sockets).map(connect).collect();
    let mut message = vec![0; bytes];
    let spent = writer.cpu();
    for _ in 0..rounds {
        writer.ask("write");
        for socket in &mut sockets {
            socket.read_exact(&mut message).expect("a message");
        }
    }
    let spent = writer.cpu().saturating_sub(spent).as_secs_f64() * 1e6;
    spent / (sockets.len() * rounds) as f64
}

/// The reference: writes when it is told to.
fn write_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("{}", listener.local_addr().expect("an address"));
    let count = setting("BENCH_SOCKETS", 0);
    let message = vec![b'x'; setting("BENCH_BYTES", 0)];
    let accept = |_| listener.accept().expect("a connection").0;
    let mut sockets: Vec<TcpStream> = (0..count).map(accept).collect();
    for _ in std::io::stdin().lock().lines() {
        for socket in &mut sockets {
            socket.write_all(&message).expect("it reads");
        }
        println!("written");
    }
}

fn per(bytes: u64, count: usize) -> f64 {
    bytes as f64 / count as f64
}

async fn open(client: &Client, count: usize) -> Vec<Socket> {
    let mut sockets = Vec::with_capacity(count);
    for _ in 0..count {
        sockets.push(Socket::open(client).await);
    }
    sockets
}

/// The server: the API without the line, so that the batch changes when it is told to.
async fn serve() {
    let server = Server::start_with(Database::sqlite().await, Clock::system(), |config| {
        config.graphql.sockets_per_address = 1_000_000;
        config.graphql.sockets_per_user = 1_000_000;
        config.graphql.subscriptions_per_user = 1_000_000;
    })
    .await;
    let owner = server.founder("owner").await;
    let batch = launch(&owner).await;
    let asked = json!({ "ws": owner.workspace, "batch": batch });
    let about = json!({ "address": server.address.to_string(), "token": owner.client.token, "asked": asked });
    println!("{about}");
    let batch: entity::ids::BatchId = batch.parse().expect("an id");
    let id = format!("X'{}'", batch.0.simple());
    let mut lines = std::io::stdin().lock().lines();
    let mut rev = current(&owner, &asked).await;
    while let Some(Ok(_)) = tokio::task::block_in_place(|| lines.next()) {
        rev += 1;
        let ordinal = rev % 6;
        let sql = format!(
            "UPDATE batch_jobs SET rev = {rev} WHERE id = {id}; \
             UPDATE batch_items SET rev = {rev} WHERE batch_id = {id} AND ordinal = {ordinal}"
        );
        server.database.run(&sql).await;
        server.app.bus.publish(batch, rev).await;
        println!("{rev}");
    }
}

async fn current(owner: &harness::server::Founder, asked: &Value) -> i64 {
    let query = "query($ws: ID!, $batch: ID!) { workspace(id: $ws) { batch(id: $batch) { rev } } }";
    let data = owner.client.data(query, asked.clone()).await;
    data["workspace"]["batch"]["rev"].as_i64().expect("a revision")
}

async fn launch(owner: &harness::server::Founder) -> String {
    let lists = json!([
        { "name": "animal", "values": ["fox", "crane"] },
        { "name": "time", "values": ["dawn", "noon", "dusk"] },
    ]);
    let input = json!({ "workspaceId": owner.workspace, "name": "Animals",
        "source": "A {animal} at {time}", "selection": { "lists": lists } });
    let query = "mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    let input = json!({ "workspaceId": owner.workspace, "templateId": data["createTemplate"]["template"]["id"] });
    let query =
        "mutation($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    let input = json!({ "workspaceId": owner.workspace, "idempotencyKey": PASSWORD,
        "quoteId": data["createQuote"]["quote"]["id"] });
    let query =
        "mutation($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }";
    let data = owner.client.data(query, json!({ "input": input })).await;
    text(&data["launchBatch"]["batch"]["id"])
}
