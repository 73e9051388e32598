//! The CHECKs of the books' tables: each is met by one row that breaks it and nothing else, and
//! refuses it. Whatever a use-case gets wrong, these numbers cannot be stored.

use sea_orm::{ConnectionTrait as _, DbBackend};
use server::db::{Class, Db, Tx};
use server::domain::wallet::{Error, Verdict, check};

use super::stage::{self, NOW};
use crate::harness::database::Database;

crate::harness::both!(every_check_of_the_books_refuses_a_row);

/// One change for each CHECK, in the order of the tables.
const CHANGES: [&str; 24] = [
    "UPDATE credit_wallet SET mode = 'PLAY'",
    "UPDATE credit_wallet SET available = -1",
    "UPDATE credit_wallet SET held = -1",
    "UPDATE credit_wallet SET debt = -1",
    "UPDATE credit_wallet SET wseq = -1",
    "UPDATE credit_lot SET source = 'GIFT'",
    "UPDATE credit_lot SET granted = 0, remaining = 0, held = 0, consumed = 0, expired = 0, clawed = 0",
    "UPDATE credit_lot SET remaining = -1, consumed = consumed + remaining + 1",
    "UPDATE credit_lot SET held = -1, remaining = remaining + held + 1",
    "UPDATE credit_lot SET consumed = -1, remaining = remaining + consumed + 1",
    "UPDATE credit_lot SET expired = -1, remaining = remaining + expired + 1",
    "UPDATE credit_lot SET clawed = -1, remaining = remaining + clawed + 1",
    "UPDATE credit_lot SET granted = granted + 1",
    "UPDATE credit_hold SET round = 0",
    "UPDATE credit_hold SET amount = 0, captured = 0, released = 0",
    "UPDATE credit_hold SET captured = -1",
    "UPDATE credit_hold SET released = -1",
    "UPDATE credit_hold SET released = amount - captured + 1",
    "UPDATE credit_hold_lot SET amount = 0, captured = 0, released = 0",
    "UPDATE credit_hold_lot SET captured = -1",
    "UPDATE credit_hold_lot SET released = -1",
    "UPDATE credit_hold_lot SET released = amount - captured + 1",
    "UPDATE credit_hold_item SET amount = 0",
    "UPDATE credit_hold_item SET state = 'LOST' WHERE state = 'RELEASED'",
];

/// `wseq`, kind, accounts, amount, running balances: the first is sound, each other breaks one.
const TRANSFERS: [&str; 7] = [
    "900, 'GRANT', 'ISSUED', 'AVAILABLE', 1, 1, 0",
    "0, 'GRANT', 'ISSUED', 'AVAILABLE', 1, 1, 0",
    "901, 'GIFT', 'ISSUED', 'AVAILABLE', 1, 1, 0",
    "901, 'GRANT', 'ISSUED', 'ISSUED', 1, 1, 0",
    "901, 'GRANT', 'ISSUED', 'AVAILABLE', 0, 1, 0",
    "901, 'GRANT', 'ISSUED', 'AVAILABLE', 1, -1, 0",
    "901, 'GRANT', 'ISSUED', 'AVAILABLE', 1, 1, -1",
];

fn transfer(values: &str) -> String {
    format!(
        "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, credit_account, amount, \
         available_after, held_after, leg, actor, reason, created_at) \
         SELECT id, {values}, 0, 'x', '', 0 FROM credit_wallet"
    )
}

/// Runs a statement in a transaction that is given up; what the database said of it.
async fn said(db: &Db, sql: &str) -> Result<u64, String> {
    let work = |tx: Tx| async move {
        let done = tx.execute_unprepared(sql).await?;
        let rows = i64::try_from(done.rows_affected()).expect("few rows");
        // Given up: the rows stay as they were for the next one.
        Err::<(), _>(Error::Insufficient {
            needed: entity::values::Credits(rows),
            available: entity::values::Credits(0),
        })
    };
    match db.tx(Class::Money, work).await {
        Err(Error::Insufficient { needed, .. }) => Ok(needed.0.unsigned_abs()),
        Err(Error::Db(refusal)) => Err(format!("{refusal:?}")),
        other => panic!("{other:?}"),
    }
}

async fn every_check_of_the_books_refuses_a_row(database: Database) {
    let db = &database.db;
    let purse = stage::funded(db, 20).await;
    let batch = stage::launch(db, purse, 2, 3).await.expect("a launch");
    let mut flush = stage::all(&batch.videos[..1], Verdict::Capture);
    flush.extend(stage::all(&batch.videos[1..2], Verdict::Release));
    stage::settle(db, &[purse.wallet_id], &flush, NOW).await.expect("a flush");
    assert_eq!(said(db, &transfer(TRANSFERS[0])).await, Ok(1), "only the damage is refused");
    let broken = TRANSFERS[1..].iter().map(|values| transfer(values));
    for sql in CHANGES.iter().map(|sql| (*sql).to_owned()).chain(broken) {
        match said(db, &sql).await {
            Ok(rows) => panic!("{rows} rows were accepted: {sql}"),
            Err(refusal) => {
                let text = refusal.to_lowercase();
                assert!(text.contains("check constraint"), "{sql}: {refusal}");
            }
        }
    }
    let tried = CHANGES.len() + TRANSFERS.len() - 1;
    assert_eq!(tried as i64, checks(db).await, "every CHECK has a row that breaks it");
    let report = check::run(db, None).await.expect("the check runs");
    assert!(report.is_sound(), "{report}");
}

/// CHECKs on the tables of the books.
async fn checks(db: &Db) -> i64 {
    let sql = match db.backend() {
        DbBackend::Sqlite => {
            "SELECT CAST(sum((length(sql) - length(replace(sql, 'CHECK (', ''))) / 7) AS INTEGER) \
             FROM sqlite_master WHERE type = 'table' AND name LIKE 'credit\\_%' ESCAPE '\\'"
        }
        _ => {
            "SELECT count(*) FROM pg_constraint WHERE contype = 'c' \
             AND connamespace = 'public'::regnamespace \
             AND conrelid::regclass::text LIKE 'credit\\_%'"
        }
    };
    stage::number(db, sql, []).await
}
