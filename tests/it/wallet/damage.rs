//! The ledger check finds damage: one damaged row of each kind, and exactly the comparisons that
//! must notice it. Constraints and triggers are taken away first, for they would not let it happen.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use entity::enums::{LotSource, Mode};
use entity::values::{Credits, UnixMs};
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection, DbBackend};
use server::db::{Class, Db, Tx};
use server::domain::batches::model::{Tally, batch_state};
use server::domain::wallet::check::{self, Code, ObjectFacts, Objects};
use server::domain::wallet::{self, Error, Verdict, Wallet};
use server::kernel::clock::Clock;

use super::stage::{self, NOW, Purse};
use crate::harness::database::Database;

crate::harness::both!(
    each_kind_of_damage_is_found,
    the_state_of_a_batch_is_what_the_model_says,
    objects_are_compared,
);

/// What is done to the tables, and the codes that must come of it.
type Damage = (&'static [&'static str], &'static [Code]);

const A: &str = "(SELECT id FROM batch_jobs WHERE price_per_video = 4)";

const DAMAGES: &[Damage] = &[
    (
        &["UPDATE credit_wallet SET available = available + 1 WHERE mode = 'LIVE'"],
        &[Code::WalletAvailable, Code::LotsAvailable],
    ),
    (
        &["UPDATE credit_wallet SET held = held + 1 WHERE mode = 'LIVE'"],
        &[Code::WalletHeld, Code::LotsHeld, Code::SharesHeld],
    ),
    (&["UPDATE credit_wallet SET debt = debt + 1 WHERE mode = 'TEST'"], &[Code::WalletDebt]),
    (&["UPDATE credit_wallet SET wseq = wseq + 1 WHERE mode = 'LIVE'"], &[Code::WseqHead]),
    (&["UPDATE credit_wallet SET next_expiry = NULL WHERE mode = 'LIVE'"], &[Code::NextExpiry]),
    (
        &["UPDATE credit_wallet SET next_expiry = next_expiry + 1 WHERE mode = 'LIVE'"],
        &[Code::NextExpiry],
    ),
    (
        &["UPDATE credit_lot SET remaining = remaining + 1, granted = granted + 1 \
           WHERE granted = 50"],
        &[Code::LotReplay, Code::LotsAvailable],
    ),
    (
        &["UPDATE credit_lot SET held = held + 1, granted = granted + 1 WHERE granted = 50"],
        &[Code::LotReplay, Code::LotsHeld, Code::LotParts],
    ),
    (
        &["UPDATE credit_lot SET consumed = consumed + 1, granted = granted + 1 \
           WHERE granted = 50"],
        &[Code::LotReplay],
    ),
    (
        &[
            "UPDATE credit_lot SET expired = expired + 1, clawed = clawed - 1 WHERE source = 'GRACE'",
        ],
        &[Code::LotReplay],
    ),
    (
        &["UPDATE credit_lot SET granted = granted + 1 WHERE granted = 50"],
        &[Code::LotSum, Code::LotReplay],
    ),
    (
        &["UPDATE credit_hold SET captured = captured + 1 WHERE batch_id = {a}"],
        &[Code::HoldShares, Code::HoldParts],
    ),
    (&["UPDATE credit_hold SET closed_at = 5 WHERE batch_id = {a}"], &[Code::HoldClosed]),
    (
        &["UPDATE credit_hold SET wallet_id = (SELECT id FROM credit_wallet WHERE mode = 'TEST') \
           WHERE closed_at IS NOT NULL"],
        &[Code::LedgerForeign, Code::HoldBatch],
    ),
    (&["UPDATE batch_jobs SET mode = 'TEST' WHERE id = {a}"], &[Code::ModeMixed, Code::BatchQuote]),
    (
        &["UPDATE quotes SET price_per_video = 5, total = 15 WHERE price_per_video = 4"],
        &[Code::BatchQuote],
    ),
    (
        &["UPDATE quotes SET video_count = 4, total = 16 WHERE price_per_video = 4"],
        &[Code::BatchQuote],
    ),
    (&["DELETE FROM quotes WHERE price_per_video = 4"], &[Code::BatchQuote]),
    (&["UPDATE batch_jobs SET state = 'FAILED' WHERE id = {a}"], &[Code::BatchState]),
    (&["UPDATE batch_jobs SET settled_at = 5 WHERE id = {a}"], &[Code::BatchState]),
    (&["UPDATE batch_jobs SET settled_at = NULL WHERE price_per_video = 2"], &[Code::BatchState]),
    (
        &["UPDATE batch_jobs SET wallet_id = (SELECT id FROM credit_wallet WHERE mode = 'TEST') \
           WHERE id = {a}"],
        &[Code::HoldBatch, Code::ModeMixed],
    ),
    (
        &["UPDATE credit_hold_lot SET amount = amount + 1 WHERE released = 4"],
        &[Code::HoldParts, Code::PartReplay, Code::LotParts],
    ),
    (
        &[
            "UPDATE credit_hold_lot SET captured = captured + 1, released = released - 1 \
           WHERE released = 4",
            "UPDATE credit_hold_lot SET captured = captured - 1, released = released + 1 \
           WHERE captured = 4",
        ],
        &[Code::PartReplay],
    ),
    (
        &["UPDATE credit_hold_item SET amount = amount + 1 WHERE state = 'OPEN'"],
        &[Code::SharesHeld, Code::HoldShares, Code::SharePrice],
    ),
    (
        &["UPDATE credit_hold_item SET state = 'RELEASED' WHERE state = 'OPEN'"],
        &[Code::SharesHeld, Code::HoldShares, Code::ShareReplay, Code::NoShareForOpenVideo],
    ),
    (
        &["UPDATE credit_ledger SET leg = 9, video_id = (SELECT video_id FROM credit_ledger \
           WHERE kind = 'GRANT' AND video_id IS NOT NULL) WHERE kind = 'CAPTURE' AND amount = 2"],
        &[Code::ShareReplay],
    ),
    (
        &["DELETE FROM credit_hold_item WHERE state = 'RELEASED' AND amount = 4"],
        &[Code::HoldShares, Code::ShareMissing],
    ),
    (
        &["UPDATE batch_jobs SET price_per_video = 5 WHERE id = {a}"],
        &[Code::SharePrice, Code::BatchCaptured, Code::BatchQuote],
    ),
    (
        &[
            "UPDATE batch_items SET state = 'CANCELLED' WHERE state = 'QUEUED'",
            "UPDATE batch_jobs SET cancelled = cancelled + 1 WHERE id = {a}",
        ],
        &[Code::OpenShareOnEndedVideo, Code::BatchState],
    ),
    (
        &[
            "DELETE FROM batch_items WHERE state = 'QUEUED'",
            "UPDATE batch_jobs SET total = total - 1 WHERE id = {a}",
        ],
        &[Code::ShareVideo, Code::BatchQuote, Code::BatchState],
    ),
    (
        &["DELETE FROM credit_hold_item WHERE state = 'OPEN'"],
        &[Code::SharesHeld, Code::HoldShares, Code::NoShareForOpenVideo],
    ),
    (
        &[
            "UPDATE batch_items SET state = 'FAILED' WHERE state = 'DELIVERED' AND batch_id = {a}",
            "UPDATE batch_jobs SET delivered = delivered - 1, failed = failed + 1 WHERE id = {a}",
        ],
        &[
            Code::BatchCaptured,
            Code::CaptureWithoutDelivery,
            Code::AssetWithoutDelivery,
            Code::BatchState,
        ],
    ),
    (
        &[
            "UPDATE batch_items SET state = 'DELIVERED' WHERE state = 'FAILED' AND batch_id = {a}",
            "UPDATE batch_jobs SET delivered = delivered + 1, failed = failed - 1 WHERE id = {a}",
        ],
        &[Code::BatchCaptured, Code::DeliveredWithoutCapture, Code::DeliveredWithoutAsset],
    ),
    (
        &["UPDATE batch_jobs SET delivered = delivered + 1 WHERE id = {a}"],
        &[Code::BatchCounts, Code::BatchState],
    ),
    (
        &["UPDATE batch_jobs SET total = total + 1 WHERE id = {a}"],
        &[Code::BatchCounts, Code::BatchQuote],
    ),
    (&["DELETE FROM assets WHERE batch_id = {a}"], &[Code::DeliveredWithoutAsset]),
    (
        &["UPDATE assets SET video_id = id WHERE batch_id = {a}"],
        &[Code::DeliveredWithoutAsset, Code::AssetWithoutDelivery],
    ),
    (
        &[
            "UPDATE credit_ledger SET wseq = wseq + 1 WHERE wallet_id = (SELECT id FROM \
           credit_wallet WHERE mode = 'LIVE') AND wseq = (SELECT wseq FROM credit_wallet \
           WHERE mode = 'LIVE')",
            "UPDATE credit_wallet SET wseq = wseq + 1 WHERE mode = 'LIVE'",
        ],
        &[Code::WseqGap],
    ),
    (
        &["DELETE FROM credit_ledger WHERE kind = 'CAPTURE' AND amount = 4"],
        &[
            Code::WseqGap,
            Code::RunningBalance,
            Code::WalletHeld,
            Code::LotReplay,
            Code::PartReplay,
            Code::ShareReplay,
            Code::BatchCaptured,
        ],
    ),
    (
        &["UPDATE credit_ledger SET available_after = available_after + 1 WHERE kind = 'CAPTURE' \
           AND amount = 4"],
        &[Code::RunningBalance],
    ),
    (
        &["UPDATE credit_ledger SET held_after = held_after + 1 WHERE kind = 'CAPTURE' \
           AND amount = 4"],
        &[Code::RunningBalance],
    ),
    (
        &["UPDATE credit_ledger SET kind = 'ADJUST' WHERE kind = 'GRANT' AND amount = 50"],
        &[Code::TransferShape],
    ),
    (
        &[
            "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, credit_account, amount, \
           available_after, held_after, leg, actor, reason, created_at) SELECT workspace_id, 1, \
           'GRANT', 'ISSUED', 'AVAILABLE', 1, 1, 0, 0, 'x', '', 0 FROM credit_wallet \
           WHERE mode = 'TEST'",
        ],
        &[Code::LedgerOrphan],
    ),
    (
        &[
            "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, credit_account, amount, \
           available_after, held_after, leg, actor, reason, created_at) SELECT id, wseq + 1, \
           'ADJUST', 'AVAILABLE', 'ADJUSTMENT', 5, -5, 0, 0, 'x', '', 0 FROM credit_wallet \
           WHERE mode = 'TEST'",
            "UPDATE credit_wallet SET wseq = wseq + 1, available = -5 WHERE mode = 'TEST'",
        ],
        &[Code::BalanceNegative, Code::LotsAvailable],
    ),
];

async fn each_kind_of_damage_is_found(database: Database) {
    let db = &database.db;
    sound_books(db).await;
    assert_eq!(codes(db, None).await, BTreeSet::new(), "before any damage");
    let hand = bare_hands(&database).await;
    for (statements, expected) in DAMAGES {
        for sql in *statements {
            let sql = sql.replace("{a}", A);
            let done = hand.execute_unprepared(&sql).await.expect("damage");
            assert_eq!(done.rows_affected(), 1, "one row: {sql}");
        }
        let expected: BTreeSet<Code> = expected.iter().copied().collect();
        assert_eq!(codes(db, None).await, expected, "after {statements:?}");
        restore(&hand).await;
    }
    assert_eq!(codes(db, None).await, BTreeSet::new(), "after the last repair");
    let tried: BTreeSet<Code> = DAMAGES.iter().flat_map(|(_, codes)| *codes).copied().collect();
    let objects = [Code::ObjectMissing, Code::ObjectLength, Code::ObjectSha256];
    let known: BTreeSet<Code> =
        Code::ALL.iter().copied().filter(|c| !objects.contains(c)).collect();
    assert_eq!(tried, known, "every comparison has a damage that it must find");
}

/// The check says the rule of `batch_state` a second time, in SQL: for every batch of two videos they
/// agree, and no other state passes.
async fn the_state_of_a_batch_is_what_the_model_says(database: Database) {
    let db = &database.db;
    sound_books(db).await;
    let hand = bare_hands(&database).await;
    let mut tallies = 0;
    for ended in 0..27 {
        let (delivered, failed, cancelled) = (ended % 3, ended / 3 % 3, ended / 9);
        let open = 2 - delivered - failed - cancelled;
        for flags in 0..4 {
            if open < 0 {
                continue;
            }
            let (ever_claimed, cancel_requested) = (flags % 2 == 1, flags / 2 == 1);
            let tally = Tally { total: 2, delivered, open, ever_claimed, cancel_requested };
            let state = batch_state(&tally).as_str();
            let settled = if open == 0 { "5" } else { "NULL" };
            let flag = |set: bool| if set { "(1 = 1)" } else { "(1 = 0)" };
            let (claimed, cancel) = (flag(ever_claimed), flag(cancel_requested));
            let sql = format!(
                "UPDATE batch_jobs SET total = 2, delivered = {delivered}, failed = {failed}, \
                 cancelled = {cancelled}, ever_claimed = {claimed}, cancel_requested = {cancel}, \
                 state = '{state}', settled_at = {settled} WHERE id = {A}"
            );
            hand.execute_unprepared(&sql).await.expect("a batch");
            assert!(!codes(db, None).await.contains(&Code::BatchState), "{sql}");
            let other = "UPDATE batch_jobs SET state = CASE state WHEN 'FAILED' THEN 'COMPLETED' \
                 ELSE 'FAILED' END WHERE id = {a}";
            hand.execute_unprepared(&other.replace("{a}", A)).await.expect("another state");
            assert!(codes(db, None).await.contains(&Code::BatchState), "{sql}");
            tallies += 1;
        }
    }
    assert_eq!(tallies, 40);
}

async fn objects_are_compared(database: Database) {
    let db = &database.db;
    sound_books(db).await;
    let hand = bare_hands(&database).await;
    let rows = hand.query_all_raw(sea_orm::Statement::from_string(
        db.backend(),
        "SELECT object_key, bytes, sha256 FROM assets ORDER BY object_key",
    ));
    let facts = |row: sea_orm::QueryResult| {
        let sha256 = row.try_get("", "sha256").expect("a digest");
        let facts = ObjectFacts { bytes: row.try_get("", "bytes").expect("a length"), sha256 };
        (row.try_get::<String>("", "object_key").expect("a key"), facts)
    };
    let whole: BTreeMap<String, ObjectFacts> =
        rows.await.expect("assets").into_iter().map(facts).collect();
    assert_eq!(whole.len(), 2, "two videos were delivered");
    assert_eq!(codes(db, Some(&Store(whole.clone()))).await, BTreeSet::new());
    let first = whole.keys().next().expect("an object").clone();

    let mut damaged = whole.clone();
    damaged.remove(&first);
    assert_eq!(codes(db, Some(&Store(damaged))).await, BTreeSet::from([Code::ObjectMissing]));
    let mut damaged = whole.clone();
    damaged.get_mut(&first).expect("an object").bytes += 1;
    assert_eq!(codes(db, Some(&Store(damaged))).await, BTreeSet::from([Code::ObjectLength]));
    let mut damaged = whole;
    damaged.get_mut(&first).expect("an object").sha256[31] ^= 1;
    assert_eq!(codes(db, Some(&Store(damaged))).await, BTreeSet::from([Code::ObjectSha256]));
}

struct Store(BTreeMap<String, ObjectFacts>);

#[async_trait]
impl Objects for Store {
    async fn describe(&self, key: &str) -> std::io::Result<Option<ObjectFacts>> {
        Ok(self.0.get(key).cloned())
    }
}

async fn codes(db: &Db, objects: Option<&dyn Objects>) -> BTreeSet<Code> {
    let report = check::run(db, objects).await.expect("the check runs");
    assert_eq!(report.is_sound(), report.breaks().is_empty());
    report.breaks().iter().map(|found| found.code).collect()
}

/// Books with a bit of everything: two lots under one hold, one of them expired; a capture, a
/// release, an open share; a grace lot, a clawback, a debt.
async fn sound_books(db: &Db) {
    let workspace_id = stage::workspace(db).await;
    let live = stage::purse(db, workspace_id, Mode::Live).await;
    let test = stage::purse(db, workspace_id, Mode::Test).await;
    trial(db, live).await;
    stage::grant(db, live, "bought", 50, None).await;
    stage::grant(db, test, "play", 3, None).await;
    let small = stage::launch(db, live, 2, 2).await.expect("from the trial alone");
    let large = stage::launch(db, live, 4, 3).await.expect("from both lots");
    let after = NOW.plus_ms(2_000);
    let wallets = [live.wallet_id];
    let one = |batch: &stage::Batch, video: usize, verdict| {
        stage::all(&batch.videos[video..=video], verdict)
    };
    let mut flush = one(&small, 0, Verdict::Release);
    flush.extend(one(&small, 1, Verdict::Capture));
    flush.extend(one(&large, 0, Verdict::Capture));
    flush.extend(one(&large, 1, Verdict::Release));
    let resolved = stage::settle(db, &wallets, &flush, after).await.expect("a flush");
    assert_eq!(resolved.len(), 4);
    Wallet::new(db.clone(), Clock::manual(after)).expire_due().await.expect("a sweep");
    for (purse, delta) in [(live, -1), (test, -10)] {
        let work = |tx: Tx| async move {
            let wallet_id = purse.wallet_id;
            let adjust = wallet::Adjust { wallet_id, delta, actor: "cli", reason: "test" };
            wallet::adjust_in_tx(&tx, &adjust, after).await
        };
        db.tx(Class::Money, work).await.expect("an adjustment");
    }
}

async fn trial(db: &Db, purse: Purse) {
    let work = |tx: Tx| async move {
        let grant = wallet::Grant {
            wallet_id: purse.wallet_id,
            source: LotSource::Trial,
            source_ref: "trial",
            amount: Credits(10),
            expires_at: Some(UnixMs(NOW.0 + 1_000)),
            actor: "system",
            reason: "sign-up",
        };
        wallet::grant_in_tx(&tx, &grant, NOW).await
    };
    db.tx::<_, Error, _, _>(Class::Money, work).await.expect("a trial");
}

const TABLES: [&str; 10] = [
    "quotes",
    "credit_wallet",
    "credit_lot",
    "credit_hold",
    "credit_hold_lot",
    "credit_hold_item",
    "credit_ledger",
    "batch_jobs",
    "batch_items",
    "assets",
];

/// A connection that no trigger, foreign key or CHECK holds back, and copies to go back to.
async fn bare_hands(database: &Database) -> DatabaseConnection {
    let mut options = ConnectOptions::new(&database.url);
    options.max_connections(1).sqlx_logging(false);
    let hand = sea_orm::Database::connect(options).await.expect("a second connection");
    let free = match hand.get_database_backend() {
        DbBackend::Sqlite => {
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \
             DROP TRIGGER credit_ledger_no_update; DROP TRIGGER credit_ledger_no_delete; \
             DROP TRIGGER credit_ledger_no_replace;"
        }
        _ => {
            "SET session_replication_role = replica; DO $$ DECLARE c record; BEGIN \
             FOR c IN SELECT conrelid::regclass AS t, conname FROM pg_constraint \
             WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP \
             EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.t, c.conname); \
             END LOOP; END $$;"
        }
    };
    hand.execute_unprepared(free).await.expect("constraints go");
    for table in TABLES {
        let copy = format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}");
        hand.execute_unprepared(&copy).await.expect("a copy");
    }
    hand
}

async fn restore(hand: &DatabaseConnection) {
    for table in TABLES {
        let sql = format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM kept_{table};");
        hand.execute_unprepared(&sql).await.expect("a repair");
    }
}
