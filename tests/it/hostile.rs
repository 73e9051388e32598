//! Hostile clients against a server of its own process: its memory and the answers of everybody
//! else stay where they were.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
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
/// Rounds of one run: in each the others are asked in peace and then beside the hostile ones, so
/// that whatever else this machine does meets both.
const ROUNDS: usize = 7;
/// Questions of one half of a round; the second slowest is its p99.
const QUESTIONS: usize = 120;
/// How much slower the others may get, by the median of the rounds' p99: hostile clients cost time
/// on the same cores, but nobody may wait for them.
const P99_FACTOR: u32 = 3;
/// What a busy machine's scheduler may add.
const P99_SLACK: Duration = Duration::from_millis(25);
/// What may be left behind between the first and the last rounds, KiB.
const KIB_LEFT: u64 = 8 * 1024;

/// The rounds of a run.
#[derive(Default)]
struct Rounds {
    calm: Vec<Duration>,
    busy: Vec<Duration>,
    /// Memory after each round, KiB.
    kib: Vec<u64>,
}

impl Rounds {
    fn assert_undisturbed(&self) {
        let (calm, busy) = (median(&self.calm), median(&self.busy));
        println!(
            "others' p99: {calm:?} in peace, {busy:?} beside; {:?} {:?}",
            self.calm, self.busy
        );
        let most = calm * P99_FACTOR + P99_SLACK;
        assert!(busy <= most, "others' p99 went from {:?} to {:?}", self.calm, self.busy);
    }

    /// What an allocator keeps it keeps once: later rounds add nothing to it.
    fn assert_nothing_left(&self) {
        let (first, last) = (median(&self.kib[..3]), median(&self.kib[self.kib.len() - 3..]));
        println!("memory after the rounds, KiB: {:?}", self.kib);
        assert!(last <= first + KIB_LEFT, "it grows with every round, KiB: {:?}", self.kib);
    }
}

fn median<T: Ord + Copy>(all: &[T]) -> T {
    let mut all = all.to_vec();
    all.sort();
    all[all.len() / 2]
}

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
async fn p99(somebody: &Founder) -> Duration {
    let query = "query($ws: ID!) { workspace(id: $ws) { id name plan { code } } }";
    let mut took = Vec::with_capacity(QUESTIONS);
    for _ in 0..QUESTIONS {
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
    let bodies = hostile_bodies();
    p99(&somebody).await;
    barrage(&process.client, &bodies).await;
    let mut rounds = Rounds::default();
    for _ in 0..ROUNDS {
        rounds.calm.push(p99(&somebody).await);
        let (over, client, bodies) = (Arc::default(), process.client.clone(), bodies.clone());
        let attack = tokio::spawn(until(Arc::clone(&over), client, bodies));
        rounds.busy.push(p99(&somebody).await);
        over.store(true, Ordering::Relaxed);
        let longest_reply = attack.await.expect("the barrage ends");
        assert!(longest_reply < 20_000, "a reply of {longest_reply} bytes");
        rounds.kib.push(process.rss());
    }
    rounds.assert_undisturbed();
    rounds.assert_nothing_left();
}

/// Barrages, one after the other and at least one; the longest reply in bytes.
async fn until(over: Arc<AtomicBool>, client: Client, bodies: Vec<String>) -> usize {
    let mut longest = barrage(&client, &bodies).await;
    while !over.load(Ordering::Relaxed) {
        longest = longest.max(barrage(&client, &bodies).await);
    }
    longest
}

/// Sends all bodies; the longest reply in bytes.
async fn barrage(client: &Client, bodies: &[String]) -> usize {
    let mut longest = 0;
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
    longest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_sockets_cost_little_and_disturb_nobody() {
    let process = Process::start();
    let somebody = process.founder().await;
    // The first hundred bring what is paid once.
    let mut sockets = silent(&somebody.client, 100).await;
    p99(&somebody).await;
    let before = process.rss();
    let mut rounds = Rounds::default();
    for round in 0..3 {
        rounds.calm.extend([p99(&somebody).await, p99(&somebody).await]);
        sockets.extend(silent(&somebody.client, SOCKETS).await);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let after = process.rss();
        let each = after.saturating_sub(before) / SOCKETS as u64;
        println!("{each} KiB a silent socket ({before} KiB, then {after} KiB)");
        assert!(each <= KIB_PER_SOCKET, "{each} KiB a silent socket");
        rounds.busy.extend([p99(&somebody).await, p99(&somebody).await]);
        if round < 2 {
            // Hung up without a word.
            sockets.truncate(100);
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    rounds.assert_undisturbed();
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
    p99(&somebody).await;
    let (before, mut rounds) = (process.rss(), Rounds::default());
    rounds.calm.extend([p99(&somebody).await, p99(&somebody).await]);
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
    for _ in 0..ROUNDS {
        rounds.busy.push(p99(&somebody).await);
    }
    let took = flood.await.expect("an end");
    assert!(took < Duration::from_secs(50), "it was never left");
    // Before it and after it is in peace.
    rounds.calm.extend([p99(&somebody).await, p99(&somebody).await, p99(&somebody).await]);
    rounds.assert_undisturbed();
    let after = process.rss();
    assert!(after <= before + KIB_LEFT, "{before} KiB became {after} KiB");
}
