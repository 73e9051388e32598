//! What the wallet alone costs: shares ended per second in flushes of several sizes, on one wallet
//! and on a thousand, and the freeze of a large batch. The whole delivery is measured elsewhere.
//!
//! `cargo bench -p server --bench wallet_settle`; PostgreSQL joins in when
//! `REELMILL_TEST_POSTGRES` names a server on which databases may be made. An argument such as
//! `sqlite/1000x` or `/1x1000` runs only the cases (database/wallets x flush) that contain it.

use std::error::Error as StdError;
use std::time::Instant;

use entity::enums::{LotSource, Mode};
use entity::ids::{BatchId, VideoId, WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};
use sea_orm::ConnectionTrait as _;
use server::db::{Class, Db, Tx, connect, dialect};
use server::domain::wallet::{self, Error, Freeze, Grant, Resolution, Verdict, check};
use server::kernel::ids::{mint, mint_many};
use server::kernel::secret::Secret;
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn StdError>>;

const NOW: UnixMs = UnixMs(1_800_000_000_000);
const SETTLED: usize = 100_000;
const PRICE: Credits = Credits(3);

fn main() -> Outcome<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let folder = tempfile::tempdir()?;
        bench("sqlite", &format!("sqlite://{}/bench.db", folder.path().display())).await?;
        if let Ok(server) = std::env::var("REELMILL_TEST_POSTGRES") {
            bench("postgres", &make_database(&server).await?).await?;
        }
        Ok(())
    })
}

async fn make_database(server: &str) -> Outcome<String> {
    let name =
        format!("bench_{}", mint::<Uuid>(server::kernel::clock::Clock::system().now()).simple());
    let connection = sea_orm::Database::connect(server).await?;
    connection.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    let (base, _) = server.rsplit_once('/').ok_or("an address with a database")?;
    Ok(format!("{base}/{name}"))
}

async fn bench(case: &str, url: &str) -> Outcome<()> {
    let options = connect::Options { url: Secret::new(url.to_owned()), max_connections: 4 };
    let db = connect(&options).await?;
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (wallets, flush) in [(1, 1), (1, 100), (1, 1000), (1000, 1000)] {
        let name = format!("{case}/{wallets}x{flush}");
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let settled = if flush == 1 { 500 } else { SETTLED };
        let purses = purses(&db, wallets).await?;
        let started = Instant::now();
        let mut videos = Vec::with_capacity(settled);
        let each = (settled / wallets).min(10_000);
        for round in 0..settled / each {
            let wallet_id = purses.get(round % wallets).copied().ok_or("a wallet")?;
            videos.push(freeze(&db, wallet_id, each).await?);
        }
        let launches = videos.len();
        let frozen_ms = started.elapsed().as_secs_f64() * 1e3 / f64::from(u32::try_from(launches)?);
        let resolutions = interleave(&videos);
        let mut times = Vec::new();
        let started = Instant::now();
        for some in resolutions.chunks(flush) {
            let flushing = Instant::now();
            settle(&db, &purses, some).await?;
            times.push(flushing.elapsed().as_secs_f64() * 1e3);
        }
        let per_s = f64::from(u32::try_from(settled)?) / started.elapsed().as_secs_f64();
        times.sort_by(f64::total_cmp);
        let p50 = times.get(times.len() / 2).copied().unwrap_or_default();
        println!(
            "{name}: {per_s:.0} settlements/s, flush p50 {p50:.1} ms; \
             freeze of {each} videos {frozen_ms:.1} ms"
        );
    }
    let started = Instant::now();
    let report = check::run(&db, None).await?;
    let took = started.elapsed().as_secs_f64();
    println!(
        "{case}: ledger check {took:.2} s; {} breaks (no batches here)",
        report.breaks().len()
    );
    Ok(())
}

/// Shares of all holds in turn, one in ten released.
fn interleave(videos: &[Vec<VideoId>]) -> Vec<Resolution> {
    let longest = videos.iter().map(Vec::len).max().unwrap_or_default();
    let in_turn = (0..longest).flat_map(|place| videos.iter().filter_map(move |v| v.get(place)));
    let verdict = |place: usize| if place % 10 == 9 { Verdict::Release } else { Verdict::Capture };
    in_turn
        .enumerate()
        .map(|(place, video_id)| Resolution { video_id: *video_id, verdict: verdict(place) })
        .collect()
}

async fn purses(db: &Db, count: usize) -> Result<Vec<WalletId>, Error> {
    let work = |tx: Tx| async move {
        let mut purses = Vec::with_capacity(count);
        for _ in 0..count {
            let workspace_id: WorkspaceId = mint(NOW);
            let sql = "INSERT INTO workspaces (id, name, industry, plan, entitlement, created_by, \
                       created_at, deleted_at) VALUES ($1, 'W', NULL, 'pro-1', NULL, $1, 0, NULL)";
            dialect::execute(&*tx, sql, [workspace_id.into()]).await?;
            let wallet_id = wallet::open_in_tx(&tx, workspace_id, Mode::Live, NOW).await?;
            for source_ref in ["one", "two"] {
                let amount = Credits(wallet::MAX_AMOUNT.0 / 1_000_000);
                let grant = Grant {
                    wallet_id,
                    source: LotSource::Purchase,
                    source_ref,
                    amount,
                    expires_at: None,
                    actor: "system",
                    reason: "",
                };
                wallet::grant_in_tx(&tx, &grant, NOW).await?;
            }
            purses.push(wallet_id);
        }
        Ok(purses)
    };
    db.tx(Class::Money, work).await
}

async fn freeze(db: &Db, wallet_id: WalletId, count: usize) -> Result<Vec<VideoId>, Error> {
    let videos: Vec<VideoId> = mint_many(NOW, count);
    let batch_id: BatchId = mint(NOW);
    let chosen = videos.as_slice();
    let work = |tx: Tx| async move {
        let (round, price, actor) = (1, PRICE, "usr");
        let freeze = Freeze { wallet_id, batch_id, round, price, videos: chosen, actor };
        wallet::freeze_in_tx(&tx, &freeze, NOW).await
    };
    db.tx(Class::Interactive, work).await?;
    Ok(videos)
}

async fn settle(db: &Db, purses: &[WalletId], some: &[Resolution]) -> Result<(), Error> {
    let work = |tx: Tx| async move {
        let mut locked = wallet::lock_in_tx(&tx, purses).await?;
        let resolved = wallet::resolve_in_tx(&tx, &mut locked, some, NOW).await?;
        if resolved.len() != some.len() {
            return Err(Error::NotFound);
        }
        wallet::finish_in_tx(&tx, locked).await
    };
    db.tx(Class::Money, work).await
}
