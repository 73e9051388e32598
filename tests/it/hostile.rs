//! Hostile clients against a server of its own process: its memory and the answers of everybody
//! else stay where they were.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser as _;
use serde_json::{Value, json};

use crate::harness::server::{Client, Founder, PASSWORD, text};
use crate::harness::socket::{Heard, Socket, request};

/// Tells the child what to be.
const ROLE: &str = "REELMILL_HOSTILE_CHILD";
/// Silent sockets, and what each may cost at most, KiB.
const SOCKETS: usize = 1_000;
const KIB_PER_SOCKET: u64 = 24;
/// What a barrage may leave behind at most, KiB: allocators keep some of what they once had.
const KIB_LEFT: u64 = 48 * 1024;
/// How much slower the slowest hundredth of others may get: a barrage costs time on the same
/// cores, but nobody may wait for it to end.
const P99_FACTOR: u32 = 8;
const P99_LEAST: Duration = Duration::from_millis(400);

/// A server that ends with the test.
struct Process {
    child: std::process::Child,
    client: Client,
    /// Kept open: the child would die of a line that nobody can take.
    _output: BufReader<ChildStdout>,
    _data: tempfile::TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start() -> Self {
        // For the client: the server that would see to it is not in this process.
        server::ports::egress::install_tls();
        let data = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command
            .args(["--exact", "hostile::child", "--nocapture"])
            .env(ROLE, data.path())
            .env("REELMILL_LOG__FILTER", "error")
            .env("REELMILL_GRAPHQL__SOCKETS_PER_ADDRESS", "5000")
            .env("REELMILL_GRAPHQL__SOCKETS_PER_USER", "5000")
            .env("REELMILL_GRAPHQL__SOCKET_GREETING_S", "60")
            .env("REELMILL_RATES__IP__BURST", "1000000")
            .env("REELMILL_RATES__IP__PER_S", "100000")
            .env("REELMILL_RATES__USER__BURST", "1000000")
            .env("REELMILL_RATES__USER__PER_S", "100000")
            .env("REELMILL_RATES__WORKSPACE__BURST", "1000000")
            .env("REELMILL_RATES__WORKSPACE__PER_S", "100000")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("a child starts");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let address = output
            .by_ref()
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.split("http://").nth(1).map(str::to_owned))
            .expect("an address");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let client =
            Client { http, address: address.trim().parse().expect("an address"), token: None };
        Self { child, client, _output: output, _data: data }
    }

    async fn founder(&self) -> Founder {
        let input = json!({ "email": "o@example.com", "password": PASSWORD, "displayName": "O",
            "workspaceName": "O" });
        let query = "mutation($input: SignUpInput!) { signUp(input: $input) { user { id } workspace { id } } }";
        let (client, data) = self.client.enter(query, json!({ "input": input })).await;
        Founder {
            client,
            email: String::from("o@example.com"),
            user: text(&data["signUp"]["user"]["id"]),
            workspace: text(&data["signUp"]["workspace"]["id"]),
        }
    }

    /// Resident memory, KiB.
    fn rss(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("the child lives");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
    }
}

/// What the child runs. As a test of its own, in the parent, there is nothing to do.
#[test]
fn child() {
    let Ok(data) = std::env::var(ROLE) else { return };
    let words = ["reelmill", "--data", &data, "serve", "--listen", "127.0.0.1:0"];
    server::cli::Cli::parse_from(words).run().expect("the server serves");
}

/// The slowest hundredth of somebody's ordinary questions.
async fn p99(somebody: &Founder, count: usize) -> Duration {
    let query = "query($ws: ID!) { workspace(id: $ws) { id name plan { code } } }";
    let mut took = Vec::with_capacity(count);
    for _ in 0..count {
        let begun = Instant::now();
        somebody.client.data(query, json!({ "ws": somebody.workspace })).await;
        took.push(begun.elapsed());
    }
    took.sort();
    took[took.len() * 99 / 100]
}

/// Texts that cost a careless server memory or time.
fn hostile_bodies() -> Vec<String> {
    let query = |text: String| json!({ "query": text }).to_string();
    let mut fragments = String::from("{ ...F0 } ");
    for link in 0..400 {
        let next = link + 1;
        fragments.push_str(&format!("fragment F{link} on Query {{ ...F{next} ...F{next} }} "));
    }
    let aliases: String = (0..10_000).map(|n| format!("a{n}: __typename ")).collect();
    vec![
        query(format!("{{ __typename {} }}", "@skip(if: false) ".repeat(50_000))),
        query(format!("{{ __typename {} }}", "@nothing ".repeat(90_000))),
        query(format!("{{ {aliases} }}")),
        query(fragments),
        query(format!("{{ a(b: {}{}) }}", "[".repeat(400_000), "]".repeat(400_000))),
        query(format!("{}{}", "{a".repeat(200_000), "}".repeat(200_000))),
        format!("[{}]", vec![r#"{"query":"{__typename}"}"#; 30_000].join(",")),
        format!(
            "{{\"query\":\"{{__typename}}\",\"variables\":{{\"x\":{}{}}}}}",
            "[".repeat(400_000),
            "]".repeat(400_000)
        ),
        query(format!("{{ {} }}", (0..3_000).map(|n| format!("nothing{n} ")).collect::<String>())),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_texts_cost_others_nothing() {
    let process = Process::start();
    let somebody = process.founder().await;
    p99(&somebody, 50).await;
    let bodies = hostile_bodies();
    // Once to warm up: what an allocator keeps, it keeps once.
    barrage(&process.client, &bodies, 1).await;
    let (calm, before) = (p99(&somebody, 200).await, process.rss());
    let (client, bodies_again) = (process.client.clone(), bodies.clone());
    let attack = tokio::spawn(async move { barrage(&client, &bodies_again, 6).await });
    let busy = p99(&somebody, 200).await;
    let longest_reply = attack.await.expect("the barrage ends");
    assert!(longest_reply < 20_000, "a reply of {longest_reply} bytes");
    let most = (calm * P99_FACTOR).max(P99_LEAST);
    assert!(busy <= most, "others' p99 went from {calm:?} to {busy:?}");
    let after = process.rss();
    assert!(after <= before + KIB_LEFT, "{before} KiB became {after} KiB");
}

/// Sends all bodies, so many rounds; the longest reply in bytes.
async fn barrage(client: &Client, bodies: &[String], rounds: usize) -> usize {
    let mut longest = 0;
    for _ in 0..rounds {
        for body in bodies {
            let request = client.http.post(client.url("/graphql"));
            let request = request.header("content-type", "application/json").body(body.clone());
            let answer = request.send().await.expect("an answer");
            let reply = answer.bytes().await.expect("a body");
            let shown: Value = serde_json::from_slice(&reply).expect("JSON");
            assert!(shown["errors"][0]["extensions"]["code"].is_string(), "{shown:#}");
            assert!(shown["errors"].as_array().expect("errors").len() <= 20);
            longest = longest.max(reply.len());
        }
    }
    longest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_sockets_cost_little_and_disturb_nobody() {
    let process = Process::start();
    let somebody = process.founder().await;
    // The first hundred bring what is paid once.
    let mut sockets = silent(&somebody.client, 100).await;
    let (calm, before) = (p99(&somebody, 200).await, process.rss());
    sockets.extend(silent(&somebody.client, SOCKETS).await);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = process.rss();
    let each = after.saturating_sub(before) / SOCKETS as u64;
    println!("{each} KiB a silent socket ({before} KiB, then {after} KiB)");
    assert!(each <= KIB_PER_SOCKET, "{each} KiB a silent socket");
    let busy = p99(&somebody, 200).await;
    let most = (calm * P99_FACTOR).max(P99_LEAST);
    assert!(busy <= most, "others' p99 went from {calm:?} to {busy:?}");
    // All of them still hear, and all end with the session.
    somebody.client.data("mutation { signOut { done } }", json!({})).await;
    for socket in &mut sockets {
        assert_eq!(socket.hear().await, Heard::Closed(4403));
    }
}

async fn silent(client: &Client, count: usize) -> Vec<Socket> {
    let mut sockets = Vec::with_capacity(count);
    for _ in 0..count {
        sockets.push(Socket::open(client).await);
    }
    sockets
}

/// A client that asks for pongs and never reads one is left, and meanwhile nobody waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_that_never_reads_is_left() {
    let process = Process::start();
    let somebody = process.founder().await;
    let before = process.rss();
    let mut deaf = Socket::raw(request(&somebody.client)).await.expect("a socket");
    deaf.say(json!({ "type": "connection_init" })).await;
    let filler = "x".repeat(60_000);
    let flood = tokio::spawn(async move {
        let ping = json!({ "type": "ping", "payload": { "x": filler } });
        let begun = Instant::now();
        // It sends until the server takes nothing more, and then until it has been left.
        while deaf.try_say(&ping, Duration::from_secs(60)).await {}
        begun.elapsed()
    });
    let calm = p99(&somebody, 200).await;
    assert!(calm < Duration::from_secs(1), "others' p99 is {calm:?}");
    let after = flood.await.expect("an end");
    assert!(after < Duration::from_secs(50), "it was never left");
    let after = process.rss();
    assert!(after <= before + KIB_LEFT, "{before} KiB became {after} KiB");
}
