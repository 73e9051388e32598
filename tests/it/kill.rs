//! `kill -9` at named points. A child process (this very program, running the code of `reelmill`)
//! is told to die after the n-th pass of a point; it is started again until the batch is done.
//!
//! One batch of 200 clips of 2 s meets every kind of kill in turn, on each database: after each
//! restart the line recovers what the dead process held, and in the end every video has ended once
//! and the ledger check finds nothing.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use clap::Parser as _;
use entity::enums::{Aspect, Resolution};
use entity::ids::{BatchId, QuoteId, SessionId, UserId, WorkspaceId};
use server::db::Db;
use server::db::connect::{self, connect};
use server::domain::access::{Action, Actor, Caller, Scope};
use server::domain::batches::{LaunchRequest, Quote, QuoteRequest};
use server::domain::media::Store;
use server::domain::wallet::check::{self, ObjectFacts, Objects};
use server::kernel::secret::Secret;

use crate::harness::database::Database;
use crate::harness::world::{Tenant, World};

crate::harness::both!(every_video_ends_once_whenever_the_process_is_killed);

/// Tells the child what to be.
const ROLE: &str = "REELMILL_TEST_CHILD";
/// Longest life of one child.
const PATIENCE: Duration = Duration::from_secs(420);

/// Where `serve` dies, and at which pass: early, late and in between, each kind at least twice.
const KILLS: [(&str, u32); 16] = [
    ("claim.committed", 3),
    ("submit.called", 9),
    ("settle.before_commit", 4),
    ("requeued.committed", 1),
    ("storing.committed", 11),
    ("store.put", 8),
    ("submit.committed", 13),
    ("settle.committed", 10),
    ("store.put", 1),
    ("claim.committed", 12),
    ("settle.before_commit", 9),
    ("requeued.committed", 2),
    ("submit.called", 1),
    ("storing.committed", 2),
    ("settle.committed", 1),
    ("submit.committed", 6),
];

async fn every_video_ends_once_whenever_the_process_is_killed(database: Database) {
    let data = tempfile::tempdir().expect("a data folder");
    let world = World::new(&database.db);
    let tenant = world.tenant("killed", "pro-1", 10_000).await;
    let user = tenant.caller.actor.user_id().expect("a person");
    let child = Child { user, url: &database.url, data: data.path() };

    let quote = quote(&world, &tenant, 200).await;
    let batch = killed_launch(&child, &world, &tenant, &quote).await;
    for (point, nth) in KILLS {
        child.serve_until_killed(point, nth);
        assert!(!settled(&database.db, batch).await, "{point}: nothing was left to kill");
    }
    let cancelled = killed_cancel(&child, &world, &tenant).await;
    child.serve_until_settled(&database.db, &[batch, cancelled]).await;
    assert_ended_once(&world, batch, data.path()).await;
    let undelivered = world
        .number(&format!(
            "SELECT count(*) FROM batch_jobs WHERE id = {} AND cancelled > 0 \
             AND cancelled + delivered = total",
            literal(&database.db, cancelled)
        ))
        .await;
    assert_eq!(undelivered, 1, "the cancelled batch ended by the cancel");
}

/// Kills the launch after its commit; the same request again finds the batch it made.
async fn killed_launch(
    child: &Child<'_>,
    world: &World,
    tenant: &Tenant,
    quote: &Quote,
) -> BatchId {
    let ids = [tenant.workspace_id.to_string(), quote.id.to_string()];
    let launch = [("LAUNCH_WORKSPACE", ids[0].as_str()), ("LAUNCH_QUOTE", ids[1].as_str())];
    let status = child.run("launch", &launch, Some(("launch.committed", 1)));
    assert_eq!(status.signal(), Some(9), "launch.committed: {status:?}");
    let status = child.run("launch", &launch, None);
    assert!(status.success(), "the launch is repeated: {status:?}");
    assert_eq!(world.number("SELECT count(*) FROM batch_jobs").await, 1, "launched once");
    assert_eq!(world.balance(tenant).await.1, 200, "frozen once");
    launched(world, tenant, quote).await
}

/// A batch whose cancel is killed after its commit, with videos under way.
async fn killed_cancel(child: &Child<'_>, world: &World, tenant: &Tenant) -> BatchId {
    let quote = quote(world, tenant, 12).await;
    let batch = launched(world, tenant, &quote).await;
    child.serve_until_killed("claim.committed", 5);
    let ids = [tenant.workspace_id.to_string(), batch.to_string()];
    let cancel = [("CANCEL_WORKSPACE", ids[0].as_str()), ("CANCEL_BATCH", ids[1].as_str())];
    let status = child.run("cancel", &cancel, Some(("cancel.committed", 1)));
    assert_eq!(status.signal(), Some(9), "cancel.committed: {status:?}");
    batch
}

async fn quote(world: &World, tenant: &Tenant, videos: usize) -> Quote {
    let template_id = world.template(tenant, videos).await;
    let scope = world.scope(tenant, Action::Quote).await;
    let request = QuoteRequest {
        seconds: Some(2),
        aspect: Some(Aspect::Wide),
        resolution: Some(Resolution::P360),
        ..crate::harness::world::of_template(template_id)
    };
    world.batches.quote(&scope, request).await.expect("a quote")
}

async fn launched(world: &World, tenant: &Tenant, quote: &Quote) -> BatchId {
    let scope = world.scope(tenant, Action::Launch).await;
    world.batches.launch(&scope, request(quote.id)).await.expect("the batch").id
}

fn request(quote_id: QuoteId) -> LaunchRequest {
    LaunchRequest {
        quote_id,
        name: None,
        idempotency_key: quote_id.to_string(),
        pilot: None,
        stop_loss: None,
    }
}

async fn settled(db: &Db, batch: BatchId) -> bool {
    let sql = "SELECT count(*) FROM batch_jobs WHERE id = $1 AND settled_at IS NOT NULL";
    crate::wallet::stage::number(db, sql, [batch.into()]).await == 1
}

fn literal(db: &Db, batch: BatchId) -> String {
    match db.backend() {
        sea_orm::DbBackend::Sqlite => format!("x'{}'", batch.0.simple()),
        _ => format!("'{}'", batch.0),
    }
}

async fn assert_ended_once(world: &World, batch: BatchId, data: &Path) {
    let batch = literal(&world.db, batch);
    let count = async |sql: String| world.number(&sql).await;
    let of_batch = format!("WHERE batch_id = {batch}");
    let delivered =
        count(format!("SELECT count(*) FROM batch_items {of_batch} AND state = 'DELIVERED'")).await;
    assert_eq!(delivered, 200);
    let once = format!(
        "SELECT count(*) FROM (SELECT video_id FROM attempts {of_batch} \
         AND outcome = 'DELIVERED' GROUP BY video_id HAVING count(*) = 1) AS one"
    );
    assert_eq!(count(once).await, 200, "one delivered attempt each");
    let open = format!("SELECT count(*) FROM attempts {of_batch} AND outcome IS NULL");
    assert_eq!(count(open).await, 0, "no attempt without an end");
    let lost = format!("SELECT count(*) FROM attempts {of_batch} AND outcome = 'LOST'");
    assert!(count(lost).await >= 5, "the kills cost attempts");
    let charged = format!("SELECT sum(amount) FROM credit_ledger {of_batch} AND kind = 'CAPTURE'");
    assert_eq!(count(charged).await, 200);
    assert_eq!(count(String::from("SELECT sum(in_flight) FROM lanes")).await, 0);
    let store = Kept(Store::local(&data.join("objects")).expect("the store"));
    let report = check::run(&world.db, Some(&store)).await.expect("the check runs");
    assert!(report.is_sound(), "{:#?}", report.breaks());
}

/// The store, as the ledger check wants it.
pub struct Kept(pub Store);

#[async_trait]
impl Objects for Kept {
    async fn describe(&self, key: &str) -> std::io::Result<Option<ObjectFacts>> {
        let measured = self.0.measure(key).await.map_err(std::io::Error::other)?;
        Ok(measured.map(|stored| ObjectFacts { bytes: stored.bytes, sha256: stored.sha256 }))
    }
}

/// A child that does not outlive a test that failed.
struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// How children are started.
struct Child<'a> {
    user: UserId,
    url: &'a str,
    data: &'a Path,
}

impl Child<'_> {
    fn command(&self, role: &str, more: &[(&str, &str)]) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command
            .args(["--exact", "kill::child", "--nocapture"])
            .env(ROLE, role)
            .env("DATABASE_URL", self.url)
            .env("TEST_DATA", self.data)
            .env("TEST_USER", self.user.to_string())
            .env("REELMILL_LINE__MAX_ATTEMPTS", "50")
            .env("REELMILL_LINE__RENDER_THREADS", "2")
            .env("REELMILL_LINE__SWEEP_MS", "200")
            .env("REELMILL_LOG__FILTER", "error")
            .envs(more.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    fn run(&self, role: &str, more: &[(&str, &str)], kill: Option<(&str, u32)>) -> ExitStatus {
        let mut command = self.command(role, more);
        if let Some((point, nth)) = kill {
            command.env("REELMILL_KILL_AT", format!("{point}:{nth}"));
        }
        let mut process = Running(command.spawn().expect("a child starts"));
        let started = Instant::now();
        loop {
            if let Some(status) = process.0.try_wait().expect("a child is waited for") {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "not killed at {kill:?} within {PATIENCE:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn serve_until_killed(&self, point: &str, nth: u32) {
        let status = self.run("serve", &[], Some((point, nth)));
        assert_eq!(status.signal(), Some(9), "{point}:{nth}: {status:?}");
    }

    /// Serves in peace until these have settled, then asks it to stop.
    async fn serve_until_settled(&self, db: &Db, batches: &[BatchId]) {
        let mut process = Running(self.command("serve", &[]).spawn().expect("a child starts"));
        let started = Instant::now();
        for batch in batches {
            while !settled(db, *batch).await {
                assert!(
                    process.0.try_wait().expect("alive").is_none(),
                    "the server ended by itself"
                );
                assert!(started.elapsed() < PATIENCE, "not settled within {PATIENCE:?}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        let pid = process.0.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(asked.success());
        let status = process.0.wait().expect("a child is waited for");
        assert!(status.success(), "a graceful stop: {status:?}");
    }
}

/// What a child runs. As a test of its own, in the parent, there is nothing to do.
#[test]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    if role == "serve" {
        let data = text("TEST_DATA");
        let words = ["reelmill", "--data", &data, "serve", "--listen", "127.0.0.1:0"];
        server::cli::Cli::parse_from(words).run().expect("the server serves");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("tokio");
    runtime.block_on(async {
        let url = Secret::new(text("DATABASE_URL"));
        let db = connect(&connect::Options { url, max_connections: 2 }).await.expect("a database");
        let world = World::new(&db);
        if role == "launch" {
            let scope = scope(&world, "LAUNCH_WORKSPACE", Action::Launch).await;
            let quote_id = text("LAUNCH_QUOTE").parse().expect("a quote");
            world.batches.launch(&scope, request(quote_id)).await.expect("a launch");
        } else {
            let scope = scope(&world, "CANCEL_WORKSPACE", Action::Cancel).await;
            let batch_id = text("CANCEL_BATCH").parse().expect("a batch");
            world.batches.cancel(&scope, batch_id).await.expect("a cancel");
        }
    });
}

fn text(name: &str) -> String {
    std::env::var(name).expect(name)
}

async fn scope(world: &World, name: &str, action: Action) -> Scope {
    let workspace_id: WorkspaceId = text(name).parse().expect("a workspace");
    let actor = Actor::User {
        user_id: text("TEST_USER").parse().expect("a person"),
        session_id: SessionId(uuid::Uuid::nil()),
        is_operator: false,
        access_epoch: 0,
    };
    let caller = Caller::local(actor, "test");
    world.access.authorise(&caller, workspace_id, action).await.expect("a scope")
}
