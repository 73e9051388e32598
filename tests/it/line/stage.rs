//! A workspace with launched batches, a scripted generator, and workers that can be started and
//! stopped, over one of the two databases.

use std::path::PathBuf;
use std::time::Duration;

use entity::ids::{BatchId, VideoId};
use sea_orm::{ConnectionTrait as _, Value};
use server::coord::{EventBus, WorkQueue, work_queue};
use server::db::dialect::{execute, statement};
use server::db::{Class, Db, Tx};
use server::domain::batches::line::{
    Candidate, ClaimRequest, ClaimedBatch, Dispatch, Ending, Error, Fence, Held, NewAsset,
    Parts as LineParts, Rules, What,
};
use server::domain::media::probe::Prober;
use server::domain::media::{Probe, Store, Stored};
use server::domain::wallet::Wallet;
use server::kernel::clock::Clock;
use server::ports::provider::offer::{Offer, Offers};
use server::ports::provider::scripted::{Scripted, Step};
use server::ports::provider::{Cancel, Cost, Provider, Traits};
use server::worker::{FlushOptions, Line, Options, Parts};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::harness::database::Database;
use crate::wallet::stage::{self as books, Batch, NOW, Purse};

/// A job that dies with its process, as `animatic`'s do.
pub const MORTAL: Traits = Traits {
    name: "scripted",
    idempotent_submit: false,
    find_by_reference: false,
    cancel: Cancel::Running,
    cancel_refunds: true,
    jobs_end_with_process: true,
    draws_watermark: true,
    deadline_s: 600,
    poll_every: Duration::from_millis(20),
    result_lifetime: Duration::from_secs(600),
    absence_proves_after: Duration::from_secs(600),
};

/// A job that lives elsewhere.
pub const REMOTE: Traits = Traits { jobs_end_with_process: false, ..MORTAL };

/// The one offer of a claim without workers.
pub const CANDIDATE: Candidate = Candidate {
    name: "scripted",
    model: "animatic-1",
    embedded: false,
    most: 1_000,
    resting: false,
    rank: 0,
};

/// Price of a video on this stage.
pub const PRICE: i64 = 3;

/// Everything around one line.
pub struct Stage {
    pub db: Db,
    pub clock: Clock,
    pub purse: Purse,
    pub queue: WorkQueue,
    pub bus: EventBus,
    pub scripted: Scripted,
    pub folder: TempDir,
    _database: Database,
}

impl Stage {
    /// A workspace with credits and room for 64, and a generator that follows `script`.
    pub async fn new(database: Database, traits: Traits, script: Vec<Step>) -> Self {
        let db = database.db.clone();
        let purse = books::funded(&db, 1_000_000).await;
        counters(&db, purse).await;
        let folder = tempfile::tempdir().expect("a folder");
        let video = folder.path().join("prepared.mp4");
        std::fs::copy(prepared().await, &video).expect("the prepared clip");
        std::fs::write(video.with_extension("garbage"), b"no video at all").expect("garbage");
        let clock = Clock::manual(NOW);
        let queue = WorkQueue::memory(work_queue::Options::default());
        let bus = EventBus::memory();
        let scripted = Scripted::new(traits, video, script);
        let stage = Self { db, clock, purse, queue, bus, scripted, folder, _database: database };
        server::domain::batches::line::counters::ensure_provider(&stage.db, traits.name, 64)
            .await
            .expect("a provider counter");
        stage
    }

    /// Launches `count` videos of 4 s, 640 × 360.
    pub async fn launch(&self, count: usize) -> Batch {
        self.launch_for(self.purse, count).await
    }

    /// Launches for another purse.
    pub async fn launch_for(&self, purse: Purse, count: usize) -> Batch {
        let videos = i64::try_from(count).expect("few");
        let work = |tx: Tx| async move {
            let sql = "UPDATE daily_allowances SET used = used + $1 WHERE workspace_id = $2";
            execute(&*tx, sql, [videos.into(), purse.workspace_id.into()]).await?;
            let sql = "UPDATE open_batches SET open_count = open_count + 1 WHERE workspace_id = $1";
            execute(&*tx, sql, [purse.workspace_id.into()]).await?;
            Ok::<_, Error>(())
        };
        self.db.tx(Class::Money, work).await.expect("counters");
        books::launch(&self.db, purse, PRICE, count).await.expect("a launch")
    }

    /// The line without workers.
    pub fn dispatch(&self, owner: &str) -> Dispatch {
        Dispatch::new(self.parts(), rules(owner))
    }

    fn parts(&self) -> LineParts {
        LineParts {
            db: self.db.clone(),
            clock: self.clock.clone(),
            wallet: Wallet::new(self.db.clone(), self.clock.clone()),
            queue: self.queue.clone(),
            bus: self.bus.clone(),
        }
    }

    /// Claims up to `most` videos of the purse's lane.
    pub async fn claim(&self, line: &Dispatch, most: i64) -> Option<ClaimedBatch> {
        let request =
            ClaimRequest { workspace_id: self.purse.workspace_id, most, offers: &[CANDIDATE] };
        line.claim(&request).await.expect("a claim")
    }

    /// Starts workers with quick timings.
    pub async fn start(&self, change: impl FnOnce(&mut Options)) -> Line {
        self.start_on(8, change).await
    }

    /// As [`Self::start`], over another store.
    pub async fn start_over(&self, store: Store, change: impl FnOnce(&mut Options)) -> Line {
        self.start_with(store, vec![self.offer(8)], change).await
    }

    /// As [`Self::start`], with so many slots.
    pub async fn start_on(&self, slots: usize, change: impl FnOnce(&mut Options)) -> Line {
        self.start_offers(vec![self.offer(slots)], change).await
    }

    /// As [`Self::start`], over these offers.
    pub async fn start_offers(
        &self,
        offers: Vec<Offer>,
        change: impl FnOnce(&mut Options),
    ) -> Line {
        self.start_with(self.store(), offers, change).await
    }

    fn offer(&self, slots: usize) -> Offer {
        Offer {
            provider: Provider::Scripted(self.scripted.clone()),
            model: "animatic-1",
            cap: 64,
            slots,
            order: 0,
            cost_per_s: Some(Cost { minor: 5, currency: "USD" }),
        }
    }

    async fn start_with(
        &self,
        store: Store,
        offers: Vec<Offer>,
        change: impl FnOnce(&mut Options),
    ) -> Line {
        let mut options = Options {
            rules: rules("worker"),
            sweep_every: Duration::from_millis(50),
            reconcile_every: Duration::from_millis(50),
            store_tries: 2,
            store_backoff: Duration::from_millis(10),
            drain: Duration::from_secs(20),
            flush: FlushOptions { wait: Duration::from_millis(2), ..FlushOptions::default() },
            ..Options::default()
        };
        change(&mut options);
        let fetched = self.folder.path().join("fetched");
        std::fs::create_dir_all(&fetched).expect("a folder");
        let parts = Parts {
            line: self.parts(),
            store,
            prober: Prober::default(),
            offers: Offers::new(offers),
            fetched,
        };
        Line::start(parts, options).await.expect("workers")
    }

    pub fn store(&self) -> Store {
        Store::local(&self.folder.path().join("objects")).expect("a store")
    }

    /// Waits until the batch has settled.
    pub async fn settled(&self, batch: BatchId) {
        self.until(
            "SELECT count(*) FROM batch_jobs WHERE id = $1 AND settled_at IS NOT NULL",
            [batch.into()],
        )
        .await;
    }

    /// Waits until the query counts at least one.
    pub async fn until(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let values: Vec<Value> = values.into_iter().collect();
        for _ in 0..6_000 {
            if self.number(sql, values.clone()).await > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let states = self.states().await;
        panic!("still not so after 60 s: {sql}; videos: {states:?}");
    }

    pub async fn number(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        books::number(&self.db, sql, values).await
    }

    /// (state, error code, attempt) of every video, by id.
    pub async fn states(&self) -> Vec<(String, Option<String>, i64)> {
        let sql = "SELECT state, error_code, attempt FROM batch_items ORDER BY id";
        let reader = self.db.reader();
        let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<Option<String>>("", name).expect("a text");
                let attempt = row.try_get("", "attempt").expect("a number");
                (text("state").expect("a state"), text("error_code"), attempt)
            })
            .collect()
    }

    /// (outcome, error class, late) of every attempt of a video.
    pub async fn attempts(&self, video: VideoId) -> Vec<(Option<String>, Option<String>, bool)> {
        let sql = "SELECT outcome, error_code, late FROM attempts WHERE video_id = $1 \
                   ORDER BY attempt";
        let reader = self.db.reader();
        let rows =
            reader.query_all_raw(statement(reader, sql, [video.into()])).await.expect("rows");
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<Option<String>>("", name).expect("a text");
                (text("outcome"), text("error_code"), row.try_get("", "late").expect("a flag"))
            })
            .collect()
    }

    /// The claim of the only attempt there is, as its holder knew it.
    pub async fn held_before(&self) -> Held {
        let sql = "SELECT v.id AS id, v.batch_id AS batch_id, v.lease_epoch AS epoch \
                   FROM batch_items v JOIN attempts a ON a.video_id = v.id";
        let reader = self.db.reader();
        let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
        assert_eq!(rows.len(), 1, "one attempt");
        let fence = Fence {
            video_id: rows[0].try_get("", "id").expect("an id"),
            attempt: 1,
            lease_epoch: rows[0].try_get("", "epoch").expect("a number"),
        };
        Held {
            fence,
            batch_id: rows[0].try_get("", "batch_id").expect("an id"),
            workspace_id: self.purse.workspace_id,
            wallet_id: self.purse.wallet_id,
            mode: entity::enums::Mode::Live,
            provider: "scripted",
        }
    }

    /// Runs one statement as a test's own hand.
    pub async fn change(&self, sql: &str, values: impl IntoIterator<Item = Value>) {
        let values: Vec<Value> = values.into_iter().collect();
        let (sql, values) = (&sql, &values);
        let work = |tx: Tx| async move {
            execute(&*tx, *sql, values.clone()).await?;
            Ok::<_, Error>(())
        };
        self.db.tx(Class::Money, work).await.expect("a change");
    }

    /// Every lease has run out, by the database's clock.
    pub async fn run_out_leases(&self) {
        self.change("UPDATE batch_items SET lease_until = 1 WHERE lease_until IS NOT NULL", [])
            .await;
    }

    /// Closes the batch as a cancel does for videos in flight.
    pub async fn close(&self, batch: BatchId) {
        self.change(
            "UPDATE batch_jobs SET gate = 'CLOSED', cancel_requested = $1, rev = rev + 1 \
             WHERE id = $2",
            [true.into(), batch.into()],
        )
        .await;
    }

    /// Pauses the batch as a person does.
    pub async fn pause(&self, batch: BatchId) {
        self.change(
            "UPDATE batch_jobs SET paused_from = gate, gate = 'PAUSED', gate_reason = 'PERSON', \
             gate_since = $1, rev = rev + 1 WHERE id = $2",
            [self.clock.now().into(), batch.into()],
        )
        .await;
    }

    /// Nothing is held or in flight, the ledger has no gap, and charges equal deliveries.
    pub async fn assert_whole(&self) {
        let delivered = "SELECT count(*) FROM batch_items WHERE state = 'DELIVERED'";
        let delivered = self.number(delivered, []).await;
        let assets = self.number("SELECT count(*) FROM assets", []).await;
        assert_eq!(assets, delivered, "one asset per delivered video");
        let captured = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM credit_ledger WHERE kind = 'CAPTURE'";
        assert_eq!(self.number(captured, []).await, PRICE * delivered, "charged for delivered");
        let open = "SELECT count(*) FROM credit_hold_item WHERE state = 'OPEN'";
        let waiting = "SELECT count(*) FROM batch_items WHERE ended_at IS NULL";
        assert_eq!(self.number(open, []).await, self.number(waiting, []).await, "open shares");
        books::assert_gapless(&self.db, self.purse.wallet_id).await;
        let in_flight = "SELECT count(*) FROM batch_items WHERE state IN \
                         ('SUBMITTING', 'RENDERING', 'STORING', 'OUTCOME_UNKNOWN')";
        let in_flight = self.number(in_flight, []).await;
        let lanes = "SELECT CAST(sum(in_flight) AS BIGINT) FROM lanes";
        assert_eq!(self.number(lanes, []).await, in_flight, "lane counters");
        let provider = "SELECT in_flight FROM provider_counters WHERE provider = 'scripted'";
        assert_eq!(self.number(provider, []).await, in_flight, "provider counter");
        let unsettled = "SELECT count(*) FROM batch_jobs WHERE settled_at IS NULL";
        let counted = "SELECT CAST(sum(open_count) AS BIGINT) FROM open_batches";
        assert_eq!(
            self.number(counted, []).await,
            self.number(unsettled, []).await,
            "open batches"
        );
        let undelivered = "SELECT CAST(sum(used) AS BIGINT) FROM daily_allowances";
        let videos = self.number("SELECT count(*) FROM batch_items", []).await;
        let ended_without =
            "SELECT count(*) FROM batch_items WHERE state IN ('FAILED','CANCELLED')";
        assert_eq!(
            self.number(undelivered, []).await,
            videos - self.number(ended_without, []).await,
            "the allowance is given back for what was not delivered"
        );
    }
}

/// Counter rows of a purse's workspace, as sign-up makes them.
pub async fn counters(db: &Db, purse: Purse) {
    let work = |tx: Tx| async move {
        let id: Value = purse.workspace_id.into();
        let sql = "INSERT INTO lanes (workspace_id, in_flight, cap, weight) VALUES ($1, 0, 64, 1) \
                   ON CONFLICT DO NOTHING";
        execute(&*tx, sql, [id.clone()]).await?;
        let sql = "INSERT INTO open_batches (workspace_id, open_count) VALUES ($1, 0) \
                   ON CONFLICT DO NOTHING";
        execute(&*tx, sql, [id.clone()]).await?;
        let sql = "INSERT INTO daily_allowances (workspace_id, day, used) VALUES ($1, 0, 0) \
                   ON CONFLICT DO NOTHING";
        execute(&*tx, sql, [id]).await?;
        Ok::<_, Error>(())
    };
    db.tx(Class::Money, work).await.expect("counter rows");
}

/// Rules with quick timings; leases long enough that only a test lets them run out.
pub fn rules(owner: &str) -> Rules {
    Rules {
        owner: owner.to_owned(),
        lease: Duration::from_secs(60),
        backoff: Duration::from_millis(10),
        backoff_max: Duration::from_millis(50),
        ..Rules::default()
    }
}

/// An asset whose file nobody looks at.
pub fn asset(held: &server::domain::batches::line::Held) -> Box<NewAsset> {
    Box::new(NewAsset {
        keys: held.object_keys(),
        stored: Stored { bytes: 1_000, sha256: vec![7; 32] },
        probe: Probe { codec: String::from("h264"), width: 640, height: 360, duration_ms: 4_000 },
    })
}

/// The holder's file is stored.
pub fn delivered(held: Held) -> Ending {
    let what = What::Delivered { asset: asset(&held), cost: None };
    Ending::by_holder(held, what)
}

/// The holder's attempt ended without a usable result; another may follow.
pub fn retried(held: Held) -> Ending {
    let outcome = entity::enums::AttemptOutcome::Lost;
    let detail = String::new();
    let what = What::Retry { outcome, class: "LOST", detail, wait: None, cost: None };
    Ending::by_holder(held, what)
}

/// A real clip of 4 s, 640 × 360, made once per run.
async fn prepared() -> PathBuf {
    static CLIP: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
    let made = CLIP
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a folder");
            let clip = folder.path().join("clip.mp4");
            let done = tokio::process::Command::new("ffmpeg")
                .args(["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i"])
                .arg("testsrc2=size=640x360:rate=24:duration=4")
                .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"])
                .arg(&clip)
                .status()
                .await
                .expect("ffmpeg runs: apt-get install ffmpeg");
            assert!(done.success(), "ffmpeg makes the clip");
            (folder, clip)
        })
        .await;
    made.1.clone()
}
