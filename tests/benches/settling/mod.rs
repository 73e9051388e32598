//! Batches whose videos wait for nothing but their settlement, and the callers that settle them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::enums::Mode;
use entity::ids::BatchId;
use futures_util::StreamExt as _;
use sea_orm::Value;
use server::coord::{EventBus, WorkQueue, work_queue};
use server::db::dialect::execute;
use server::db::{Class, Db, Tx};
use server::domain::batches::line::{
    Answer, Dispatch, Ending, Error, Fence, Held, NewAsset, Parts, Rules, What, counters,
};
use server::domain::media::{Probe, Stored};
use server::domain::wallet::Wallet;
use server::kernel::clock::Clock;
use server::worker::Settler;

use crate::stage::{self, NOW, Purse};

const PRICE: i64 = 3;
/// Callers that wait at once: more than a flush takes, so that flushes are full.
const CALLERS: usize = 4_000;

/// How much there is to settle.
pub struct Case {
    pub name: &'static str,
    pub wallets: usize,
    pub batches_each: usize,
    pub videos_each: usize,
}

/// A settler's view of the database, on its own queue and bus.
pub fn dispatch(db: &Db) -> Dispatch {
    let clock = Clock::manual(NOW);
    let parts = Parts {
        db: db.clone(),
        clock: clock.clone(),
        wallet: Wallet::new(db.clone(), clock),
        queue: WorkQueue::memory(work_queue::Options::default()),
        bus: EventBus::memory(),
    };
    Dispatch::new(parts, Rules::default())
}

/// Every caller waits for its own answer, as a worker does.
pub async fn settle_all(settler: &Settler, endings: Vec<Ending>) -> Vec<Duration> {
    futures_util::stream::iter(endings)
        .map(|ending| async move {
            let started = Instant::now();
            let answer = settler.settle(ending).await.expect("settled");
            assert_eq!(answer, Answer::Delivered);
            started.elapsed()
        })
        .buffer_unordered(CALLERS)
        .collect()
        .await
}

/// Launches everything and brings every video to STORING, as the line would have.
pub async fn prepare(db: &Db, case: &Case) -> Vec<Ending> {
    counters::ensure_provider(db, "scripted", 1_000_000_000).await.expect("a provider");
    let mut lanes: Vec<Vec<Ending>> = Vec::new();
    for _ in 0..case.wallets {
        let videos = i64::try_from(case.batches_each * case.videos_each).expect("few");
        let purse = stage::funded(db, videos * PRICE).await;
        let mut endings = Vec::new();
        for _ in 0..case.batches_each {
            let batch = stage::launch(db, purse, PRICE, case.videos_each).await.expect("a launch");
            for video_id in batch.videos {
                endings.push(delivered(purse, batch.id, video_id));
            }
        }
        lane(db, purse, case.batches_each, videos).await;
        lanes.push(endings);
    }
    to_storing(db).await;
    // Round robin: a flush meets as many wallets as there are.
    let mut mixed = Vec::new();
    let mut lanes: Vec<_> = lanes.into_iter().map(Vec::into_iter).collect();
    while mixed.len() < case.wallets * case.batches_each * case.videos_each {
        mixed.extend(lanes.iter_mut().filter_map(Iterator::next));
    }
    mixed
}

fn delivered(purse: Purse, batch_id: BatchId, video_id: entity::ids::VideoId) -> Ending {
    let held = Held {
        fence: Fence { video_id, attempt: 1, lease_epoch: 1 },
        batch_id,
        workspace_id: purse.workspace_id,
        wallet_id: purse.wallet_id,
        mode: Mode::Live,
        provider: "scripted",
    };
    let asset = Box::new(NewAsset {
        keys: held.object_keys(),
        stored: Stored { bytes: 123_456, sha256: vec![7; 32] },
        probe: Probe { codec: String::from("h264"), width: 640, height: 360, duration_ms: 4_000 },
    });
    Ending::by_holder(held, What::Delivered { asset, cost: None })
}

async fn lane(db: &Db, purse: Purse, batches: usize, videos: i64) {
    let batches = i64::try_from(batches).expect("few");
    let work = |tx: Tx| async move {
        let id: Value = purse.workspace_id.into();
        let sql = "INSERT INTO lanes (workspace_id, in_flight, cap, weight) VALUES ($1, $2, $2, 1)";
        execute(&*tx, sql, [id.clone(), videos.into()]).await?;
        let sql = "INSERT INTO open_batches (workspace_id, open_count) VALUES ($1, $2)";
        execute(&*tx, sql, [id.clone(), batches.into()]).await?;
        let sql =
            "UPDATE provider_counters SET in_flight = in_flight + $1 WHERE provider = 'scripted'";
        execute(&*tx, sql, [videos.into()]).await?;
        Ok::<_, Error>(())
    };
    db.tx(Class::Money, work).await.expect("counters");
}

async fn to_storing(db: &Db) {
    let statements: Arc<[&str]> = Arc::new([
        "UPDATE batch_items SET state = 'STORING', attempt = 1, lease_epoch = 1, rev = 1, \
         lease_owner = 'bench', lease_until = 9000000000000",
        "UPDATE batch_jobs SET ever_claimed = (1 = 1), state = 'PROCESSING', rev = 1",
        "INSERT INTO attempts (video_id, attempt, batch_id, workspace_id, provider, reference, \
         late, claimed_at, submitted_at, stored_from_at, provider_job_id) \
         SELECT id, 1, batch_id, workspace_id, 'scripted', \
         'ref-' || CAST(ordinal AS TEXT) || '-' || CAST(batch_id AS TEXT), (1 = 0), 1, 1, 1, 'job' \
         FROM batch_items",
    ]);
    let reference = match db.backend() {
        sea_orm::DbBackend::Sqlite => "hex(batch_id)",
        _ => "CAST(batch_id AS TEXT)",
    };
    let statements = &statements;
    let work = |tx: Tx| async move {
        for sql in statements.iter() {
            let sql = sql.replace("CAST(batch_id AS TEXT)", reference);
            execute(&*tx, sql, []).await?;
        }
        Ok::<_, Error>(())
    };
    db.tx(Class::Money, work).await.expect("every video is stored");
    if db.backend() != sea_orm::DbBackend::Sqlite {
        let work = |tx: Tx| async move {
            execute(&*tx, "ANALYZE", []).await?;
            Ok::<_, Error>(())
        };
        db.tx(Class::Money, work).await.expect("statistics");
    }
}
