//! The rows that commit with a fact: all or nothing, append-only, one effect per key.

use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbBackend, DbErr};
use serde_json::json;
use server::db::audit::{self, Deed};
use server::db::dialect::{database_now, execute, statement};
use server::db::idempotency::{self, Claim, Verdict};
use server::db::outbox::{self, Message};
use server::db::{Class, Db};
use server::kernel::clock::Clock;
use server::kernel::ids::mint;
use uuid::Uuid;

use crate::harness::database::Database;

crate::harness::both!(
    a_refused_transaction_leaves_nothing,
    equal_requests_under_one_key_have_one_effect,
    other_input_under_a_key_is_a_conflict,
    audit_rows_cannot_be_changed_or_dropped_early,
    access_rows_cannot_be_changed_or_dropped_early,
    history_holds_against_replace_and_truncate,
    entities_and_schema_agree,
);

fn now() -> UnixMs {
    Clock::system().now()
}

fn deed() -> Deed<'static> {
    Deed {
        workspace_id: None,
        actor: "system",
        action: "test.deed",
        subject: String::from("nothing"),
        detail: json!({}),
        request_id: "test",
    }
}

async fn count(db: &Db, table: &str) -> i64 {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS n FROM {table}");
    let row = db.reader().query_one_raw(statement(db.reader(), sql, [])).await;
    row.expect("a count").expect("a row").try_get("", "n").expect("n")
}

async fn a_refused_transaction_leaves_nothing(database: Database) {
    let db = &database.db;
    let refused: Result<(), DbErr> = db
        .tx(Class::Interactive, |tx| async move {
            audit::record_in_tx(&tx, now(), deed()).await?;
            let message = Message { workspace_id: None, topic: "test", payload: json!({}) };
            outbox::put_in_tx(&tx, now(), message).await?;
            Err(DbErr::Custom(String::from("refused")))
        })
        .await;
    assert!(refused.is_err());
    assert_eq!((count(db, "audit_log").await, count(db, "outbox").await), (0, 0));
}

async fn claim(db: &Db, workspace: WorkspaceId, input: &'static [u8], result_id: Uuid) -> Verdict {
    db.tx(Class::Interactive, |tx| async move {
        let claim =
            Claim { workspace_id: workspace, operation: "test", key: "the-key", input, result_id };
        let verdict = idempotency::claim_in_tx(&tx, now(), &claim).await?;
        if verdict == Verdict::Fresh {
            audit::record_in_tx(&tx, now(), deed()).await?;
        }
        Ok::<_, DbErr>(verdict)
    })
    .await
    .expect("a verdict")
}

async fn equal_requests_under_one_key_have_one_effect(database: Database) {
    let workspace: WorkspaceId = mint(now());
    let tasks = (0..8).map(|_| {
        let db = database.db.clone();
        tokio::spawn(async move { claim(&db, workspace, b"input", mint(now())).await })
    });
    let verdicts: Vec<_> = futures_util::future::join_all(tasks).await;
    let verdicts: Vec<_> = verdicts.into_iter().map(|joined| joined.expect("no panic")).collect();
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == Verdict::Fresh).count(), 1);
    let replayed = verdicts.iter().filter_map(|verdict| match verdict {
        Verdict::Replay(id) => Some(*id),
        _ => None,
    });
    let replayed: Vec<_> = replayed.collect();
    assert_eq!(replayed.len(), 7);
    assert!(replayed.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(count(&database.db, "audit_log").await, 1);
}

async fn other_input_under_a_key_is_a_conflict(database: Database) {
    let workspace: WorkspaceId = mint(now());
    assert_eq!(claim(&database.db, workspace, b"one", mint(now())).await, Verdict::Fresh);
    assert_eq!(claim(&database.db, workspace, b"two", mint(now())).await, Verdict::Conflict);
    let other: WorkspaceId = mint(now());
    assert_eq!(claim(&database.db, other, b"two", mint(now())).await, Verdict::Fresh);
}

/// Runs one statement in a transaction of its own.
async fn attempt(db: &Db, sql: &'static str) -> Result<u64, DbErr> {
    db.tx(Class::Interactive, |tx| async move { execute(&*tx, sql, []).await }).await
}

async fn audit_rows_cannot_be_changed_or_dropped_early(database: Database) {
    let db = &database.db;
    let old = UnixMs(now().0 - 400 * UnixMs::DAY_MS);
    for at in [now(), old] {
        db.tx(Class::Interactive, |tx| async move { audit::record_in_tx(&tx, at, deed()).await })
            .await
            .expect("a row");
    }
    assert!(attempt(db, "UPDATE audit_log SET actor = 'somebody else'").await.is_err());
    assert!(attempt(db, "DELETE FROM audit_log").await.is_err());
    assert_eq!(count(db, "audit_log").await, 2);
    let cutoff = "DELETE FROM audit_log WHERE at = (SELECT min(at) FROM audit_log)";
    assert_eq!(attempt(db, cutoff).await.expect("a row past its retention may go"), 1);
}

async fn access_rows_cannot_be_changed_or_dropped_early(database: Database) {
    let db = &database.db;
    let at = database_now(db.reader()).await.expect("a clock");
    db.tx(Class::Telemetry, |tx| async move {
        execute(
            &*tx,
            "INSERT INTO video_external_access_log \
             (id, workspace_id, asset_id, kind, actor, expires_at, user_agent, at) \
             VALUES ($1, $2, $3, 'FETCHED', 'anonymous', 0, '', $4)",
            [mint::<Uuid>(at).into(), mint::<Uuid>(at).into(), mint::<Uuid>(at).into(), at.into()],
        )
        .await
    })
    .await
    .expect("a row");
    assert!(attempt(db, "UPDATE video_external_access_log SET kind = 'REFUSED'").await.is_err());
    assert!(attempt(db, "DELETE FROM video_external_access_log").await.is_err());
}

async fn history_holds_against_replace_and_truncate(database: Database) {
    let db = &database.db;
    let at = database_now(db.reader()).await.expect("a clock");
    db.tx(Class::Interactive, |tx| async move { audit::record_in_tx(&tx, at, deed()).await })
        .await
        .expect("an audit row");
    let row = mint::<Uuid>(at);
    let ids = || [row.into(), at.into()];
    db.tx(Class::Telemetry, |tx| async move {
        execute(
            &*tx,
            "INSERT INTO video_external_access_log \
             (id, workspace_id, asset_id, kind, actor, expires_at, user_agent, at) \
             VALUES ($1, $1, $1, 'FETCHED', 'anonymous', 0, '', $2)",
            ids(),
        )
        .await?;
        execute(
            &*tx,
            "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, credit_account, \
             amount, available_after, held_after, lot_id, hold_id, video_id, leg, actor, reason, \
             created_at) VALUES ($1, 1, 'CAPTURE', 'HELD', 'REVENUE', 1, 0, 0, $1, $1, $1, 0, 'a', \
             'told', $2)",
            ids(),
        )
        .await
    })
    .await
    .expect("an access row and a transfer");
    for table in ["audit_log", "video_external_access_log", "credit_ledger"] {
        let attempts: &[&str] = match db.backend() {
            DbBackend::Sqlite => &[
                "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
                "REPLACE INTO {t} (rowid, {columns}) SELECT rowid, {columns} FROM {t}",
            ],
            _ => &["TRUNCATE {t}", "TRUNCATE {t} CASCADE"],
        };
        for sql in attempts {
            let columns = match table {
                "audit_log" => "id, actor, action, subject, detail, request_id, at",
                "credit_ledger" => {
                    "wallet_id, wseq, kind, debit_account, credit_account, amount, \
                     available_after, held_after, leg, actor, reason, created_at"
                }
                _ => "id, workspace_id, asset_id, kind, actor, expires_at, user_agent, at",
            };
            let sql = sql.replace("{t}", table).replace("{columns}", columns);
            let told = db
                .tx(Class::Interactive, |tx| {
                    let sql = sql.clone();
                    async move { execute(&*tx, sql, []).await }
                })
                .await;
            let refusal = format!("{:?}", told.expect_err(&sql));
            assert!(refusal.contains("append-only"), "{sql}: {refusal}");
            assert_eq!(count(db, table).await, 1, "{sql}");
        }
    }
    if db.backend() == DbBackend::Sqlite {
        // A share's second transfer under another number: only the unique index would see it.
        let sql = "INSERT OR REPLACE INTO credit_ledger (wallet_id, wseq, kind, debit_account, \
             credit_account, amount, available_after, held_after, hold_id, video_id, leg, actor, \
             reason, created_at) SELECT wallet_id, 2, kind, debit_account, credit_account, amount, \
             0, 0, hold_id, video_id, leg, 'b', 'forged', created_at FROM credit_ledger";
        assert!(attempt(db, sql).await.is_err());
        assert_eq!(count(db, "credit_ledger").await, 1);
    }
}

async fn entities_and_schema_agree(database: Database) {
    use sea_orm::{EntityName as _, Iden as _, Iterable as _};
    let connection = database.db.reader();
    let mut known = Vec::new();
    macro_rules! agree {
        ($($module:ident)*) => {$({
            let table = entity::$module::Entity.table_name().to_owned();
            let mut declared: Vec<String> =
                entity::$module::Column::iter().map(|column| column.to_string()).collect();
            let mut real = columns(&database.db, &table).await;
            declared.sort();
            real.sort();
            assert_eq!(declared, real, "columns of {table}");
            known.push(table);
        })*};
    }
    agree!(access_log asset attempt audit batch_item batch_job credit_hold credit_hold_item
        credit_hold_lot credit_ledger credit_lot credit_wallet daily_allowance idempotency_key lane
        membership model_price one_time_link open_batch outbox provider_counter provider_key quote session
        share_link spend_limit template template_version trial_allowance user value_list video_mark voucher
        voucher_use workspace zip_order);
    let sql = match connection.get_database_backend() {
        sea_orm::DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table'",
        _ => {
            "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    for table in names(&database.db, sql).await {
        let ours = table != "seaql_migrations" && !table.starts_with("sqlite_");
        assert!(
            !ours || known.contains(&table),
            "{table} has no entity, or is missing in this test"
        );
    }
}

async fn columns(db: &Db, table: &str) -> Vec<String> {
    let sql = match db.backend() {
        sea_orm::DbBackend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        _ => format!(
            "SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'"
        ),
    };
    names(db, &sql).await
}

async fn names(db: &Db, sql: &str) -> Vec<String> {
    let rows = db.reader().query_all_raw(statement(db.reader(), sql, [])).await.expect("a list");
    rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
}
