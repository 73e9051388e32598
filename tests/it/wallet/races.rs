//! Many connections at once. Here a transaction is never tried again: whatever the database would
//! have refused as a deadlock, a serialization failure or busy fails the test by name.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use entity::ids::VideoId;
use entity::values::{Credits, UnixMs};
use sea_orm::{DbBackend, DbErr};
use server::db::failure::MayRetry;
use server::db::{Class, Db, Tx, connect};
use server::domain::wallet::{self, Error, Freeze, Resolution, Verdict, check};
use server::kernel::secret::Secret;

use super::stage::{self, NOW, Purse};
use crate::harness::database::Database;

crate::harness::both!(
    eight_connections_do_everything_at_once,
    nobody_overdraws,
    a_share_is_resolved_once,
    a_video_has_one_open_share,
    a_reference_is_granted_once,
);

/// An error that is never retried.
#[derive(Debug)]
struct Strict(Error);

impl From<DbErr> for Strict {
    fn from(source: DbErr) -> Self {
        Self(Error::Db(source))
    }
}

impl From<Error> for Strict {
    fn from(source: Error) -> Self {
        Self(source)
    }
}

impl MayRetry for Strict {
    fn is_retryable(&self) -> bool {
        false
    }
}

/// Connections of their own, as another process would have them.
async fn connections(database: &Database, count: usize) -> Vec<Db> {
    let mut all = Vec::new();
    for _ in 0..count {
        let url = Secret::new(database.url.clone());
        let options = connect::Options { url, max_connections: 1 };
        all.push(connect::connect_unmigrated(&options).await.expect("a connection"));
    }
    all
}

/// A small generator of its own: the order of events is random anyway.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

const OPERATIONS: usize = 40;

async fn eight_connections_do_everything_at_once(database: Database) {
    let db = &database.db;
    let purses = [stage::funded(db, 300).await, stage::funded(db, 300).await];
    let videos: Arc<Mutex<Vec<VideoId>>> = Arc::default();
    let mut tasks = Vec::new();
    for (seed, own) in (1..).zip(connections(&database, 8).await) {
        let videos = Arc::clone(&videos);
        tasks.push(tokio::spawn(async move {
            let mut dice = Dice(seed);
            for step in 0..OPERATIONS {
                let now = NOW.plus_ms(i64::try_from(step).expect("few") * 1_000);
                let outcome = one_of_everything(&own, (&mut dice, now), (&purses, &videos)).await;
                match outcome {
                    Ok(()) | Err(Strict(Error::Insufficient { .. })) => {}
                    Err(Strict(other)) => panic!("{other:?}"),
                }
            }
            own.reader().clone().close().await.expect("closing works");
        }));
    }
    for task in tasks {
        task.await.expect("no task fails");
    }
    for purse in purses {
        stage::assert_gapless(db, purse.wallet_id).await;
        let (.., wseq) = stage::stored(db, purse.wallet_id).await;
        assert!(wseq > 100, "a lot happened: {wseq}");
    }
    let report = check::run(db, None).await.expect("the check runs");
    assert!(report.is_sound(), "{report}");
    if db.backend() == DbBackend::Postgres {
        let sql = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
        assert_eq!(stage::number(db, sql, []).await, 0, "deadlocks the server has seen");
    }
}

async fn one_of_everything(
    db: &Db,
    (dice, now): (&mut Dice, UnixMs),
    (purses, videos): (&[Purse; 2], &Mutex<Vec<VideoId>>),
) -> Result<(), Strict> {
    let purse = purses[usize::try_from(dice.roll(2)).expect("small")];
    let number = i64::try_from(dice.roll(9)).expect("small") + 1;
    match dice.roll(8) {
        0 | 1 => {
            let batch = launch(db, purse, (number, 6, now)).await?;
            videos.lock().expect("no panic").extend(batch);
            Ok(())
        }
        2..=4 => settle(db, (dice, now), (purses, videos)).await,
        5 => grant(db, purse, (format!("ref-{}", dice.roll(1_000)), number, now)).await,
        6 => {
            let delta = if number > 4 { number } else { -number };
            let work = |tx: Tx| async move {
                let wallet_id = purse.wallet_id;
                let adjust = wallet::Adjust { wallet_id, delta, actor: "cli", reason: "r" };
                Ok(wallet::adjust_in_tx(&tx, &adjust, now).await?)
            };
            db.tx(Class::Money, work).await
        }
        _ => {
            let service =
                wallet::Wallet::new(db.clone(), server::kernel::clock::Clock::manual(now));
            service.expire_due().await?;
            Ok(())
        }
    }
}

async fn launch(
    db: &Db,
    purse: Purse,
    (price, count, now): (i64, usize, UnixMs),
) -> Result<Vec<VideoId>, Strict> {
    let work = |tx: Tx| async move {
        let batch = stage::insert_batch_in_tx(&tx, purse, price, count).await;
        let freeze = Freeze {
            wallet_id: purse.wallet_id,
            batch_id: batch.id,
            round: 1,
            price: Credits(price),
            videos: &batch.videos,
            actor: "usr_test",
        };
        wallet::freeze_in_tx(&tx, &freeze, now).await?;
        Ok(batch.videos)
    };
    db.tx(Class::Interactive, work).await
}

/// Up to twenty of the newest videos, both wallets, named in either order.
async fn settle(
    db: &Db,
    (dice, now): (&mut Dice, UnixMs),
    (purses, videos): (&[Purse; 2], &Mutex<Vec<VideoId>>),
) -> Result<(), Strict> {
    let mut resolutions: Vec<Resolution> = {
        let known = videos.lock().expect("no panic");
        let recent = known.iter().rev().take(40).copied().collect::<Vec<_>>();
        recent
            .into_iter()
            .map(|video_id| Resolution { video_id, verdict: Verdict::Capture })
            .collect()
    };
    resolutions.retain(|_| dice.roll(2) == 0);
    for one in &mut resolutions {
        if dice.roll(3) == 0 {
            one.verdict = Verdict::Release;
        }
    }
    let mut wallets = [purses[0].wallet_id, purses[1].wallet_id];
    if dice.roll(2) == 0 {
        wallets.reverse();
    }
    let resolutions = &resolutions;
    let work = |tx: Tx| async move {
        let mut locked = wallet::lock_in_tx(&tx, &wallets).await?;
        let resolved = wallet::resolve_in_tx(&tx, &mut locked, resolutions, now).await?;
        stage::record_in_tx(&tx, &resolved).await;
        Ok(wallet::finish_in_tx(&tx, locked).await?)
    };
    db.tx(Class::Money, work).await
}

async fn grant(
    db: &Db,
    purse: Purse,
    (reference, amount, now): (String, i64, UnixMs),
) -> Result<(), Strict> {
    let reference = reference.as_str();
    let work = |tx: Tx| async move {
        let grant = wallet::Grant {
            wallet_id: purse.wallet_id,
            source: entity::enums::LotSource::Promo,
            source_ref: reference,
            amount: Credits(amount),
            expires_at: Some(now.plus_ms(5_000)),
            actor: "system",
            reason: "r",
        };
        match wallet::grant_in_tx(&tx, &grant, now).await {
            Ok(_) | Err(Error::GrantDiffers) => Ok(()),
            Err(other) => Err(Strict(other)),
        }
    };
    db.tx(Class::Money, work).await
}

async fn nobody_overdraws(database: Database) {
    let db = &database.db;
    let purse = stage::funded(db, 100).await;
    let mut tasks = Vec::new();
    for own in connections(&database, 8).await {
        tasks.push(tokio::spawn(async move {
            let mut launched = 0;
            for _ in 0..4 {
                match launch(&own, purse, (7, 1, NOW)).await {
                    Ok(_) => launched += 1,
                    Err(Strict(Error::Insufficient { needed, available })) => {
                        assert!(available < needed, "refused with {available} of {needed}");
                    }
                    Err(Strict(other)) => panic!("{other:?}"),
                }
            }
            launched
        }));
    }
    let mut launched = 0;
    for task in tasks {
        launched += task.await.expect("no task fails");
    }
    assert_eq!(launched, 14, "as many as 100 credits pay for");
    assert_eq!(stage::stored(db, purse.wallet_id).await, (2, 98, 0, 15));
    stage::assert_gapless(db, purse.wallet_id).await;
}

async fn a_share_is_resolved_once(database: Database) {
    let db = &database.db;
    let purse = stage::funded(db, 60).await;
    let batch = stage::launch(db, purse, 1, 60).await.expect("a launch");
    let mut tasks = Vec::new();
    for (place, own) in connections(&database, 4).await.into_iter().enumerate() {
        let verdict = if place % 2 == 0 { Verdict::Capture } else { Verdict::Release };
        let resolutions = stage::all(&batch.videos, verdict);
        tasks.push(tokio::spawn(async move {
            let mut mine = Vec::new();
            for some in resolutions.chunks(7) {
                let wallets = [purse.wallet_id];
                mine.extend(stage::settle(&own, &wallets, some, NOW).await.expect("a flush"));
            }
            mine
        }));
    }
    let mut resolved = Vec::new();
    for task in tasks {
        resolved.extend(task.await.expect("no task fails"));
    }
    let once: BTreeSet<VideoId> = resolved.iter().map(|one| one.video_id).collect();
    assert_eq!((resolved.len(), once.len()), (60, 60), "each share once, by one flush");
    stage::assert_gapless(db, purse.wallet_id).await;
    let report = check::run(db, None).await.expect("the check runs");
    assert!(report.is_sound(), "{report}");
}

async fn a_video_has_one_open_share(database: Database) {
    let db = &database.db;
    let purse = stage::funded(db, 100).await;
    let work = |tx: Tx| async move { Ok(stage::insert_batch_in_tx(&tx, purse, 2, 3).await) };
    let batch = db.tx::<_, Error, _, _>(Class::Interactive, work).await.expect("a batch");
    let mut tasks = Vec::new();
    for (round, own) in (1..).zip(connections(&database, 6).await) {
        let batch = batch.clone();
        tasks.push(tokio::spawn(async move {
            let batch = &batch;
            let work = |tx: Tx| async move {
                let freeze = Freeze {
                    wallet_id: purse.wallet_id,
                    batch_id: batch.id,
                    round,
                    price: Credits(2),
                    videos: &batch.videos,
                    actor: "usr_test",
                };
                Ok::<_, Strict>(wallet::freeze_in_tx(&tx, &freeze, NOW).await?)
            };
            own.tx(Class::Interactive, work).await
        }));
    }
    let mut frozen = 0;
    for task in tasks {
        match task.await.expect("no task fails") {
            Ok(_) => frozen += 1,
            Err(Strict(Error::ShareOpen)) => {}
            Err(Strict(other)) => panic!("{other:?}"),
        }
    }
    assert_eq!(frozen, 1, "one round has the videos");
    assert_eq!(stage::stored(db, purse.wallet_id).await, (94, 6, 0, 2));
}

async fn a_reference_is_granted_once(database: Database) {
    let db = &database.db;
    let purse = stage::funded(db, 0).await;
    let mut tasks = Vec::new();
    for own in connections(&database, 8).await {
        let reference = String::from("invoice-1");
        tasks.push(tokio::spawn(async move { grant(&own, purse, (reference, 30, NOW)).await }));
    }
    for task in tasks {
        task.await.expect("no task fails").expect("granted, or found granted");
    }
    assert_eq!(stage::stored(db, purse.wallet_id).await, (30, 0, 0, 1));
}
