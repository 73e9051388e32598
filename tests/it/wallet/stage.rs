//! Workspaces, batches and deliveries around the wallet, as the line would leave them, so that
//! the ledger check has whole books to look at.

use entity::enums::Mode;
use entity::ids::{BatchId, VideoId, WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};
use sea_orm::{ConnectionTrait as _, Value};
use server::db::bulk::Rows;
use server::db::dialect::{execute, statement};
use server::db::{Class, Db, Tx};
use server::domain::wallet::{self, Error, Freeze, Resolution, Resolved, Verdict};
use server::kernel::ids::{mint, mint_many};
use uuid::Uuid;

/// A moment well after the seed data.
pub const NOW: UnixMs = UnixMs(1_800_000_000_000);

/// A wallet with the workspace it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Purse {
    pub workspace_id: WorkspaceId,
    pub wallet_id: WalletId,
    pub mode: Mode,
}

/// A launched batch.
#[derive(Clone, Debug)]
pub struct Batch {
    pub id: BatchId,
    pub videos: Vec<VideoId>,
}

pub async fn workspace(db: &Db) -> WorkspaceId {
    let work = |tx: Tx| async move {
        let id: WorkspaceId = mint(NOW);
        let sql = "INSERT INTO workspaces (id, name, industry, plan, entitlement, created_by, \
                   created_at, deleted_at) VALUES ($1, 'W', NULL, 'trial', NULL, $2, $3, NULL)";
        execute(&*tx, sql, [id.into(), Uuid::nil().into(), NOW.into()]).await?;
        Ok::<_, Error>(id)
    };
    db.tx(Class::Interactive, work).await.expect("a workspace")
}

pub async fn purse(db: &Db, workspace_id: WorkspaceId, mode: Mode) -> Purse {
    let work = |tx: Tx| async move { wallet::open_in_tx(&tx, workspace_id, mode, NOW).await };
    let wallet_id = db.tx(Class::Interactive, work).await.expect("a wallet");
    Purse { workspace_id, wallet_id, mode }
}

/// A fresh workspace with a live wallet holding one lot that never expires.
pub async fn funded(db: &Db, amount: i64) -> Purse {
    let purse = purse(db, workspace(db).await, Mode::Live).await;
    if amount > 0 {
        grant(db, purse, "first", amount, None).await;
    }
    purse
}

pub async fn grant(db: &Db, purse: Purse, source_ref: &str, amount: i64, ends: Option<UnixMs>) {
    let work = |tx: Tx| async move {
        let grant = wallet::Grant {
            wallet_id: purse.wallet_id,
            source: entity::enums::LotSource::Purchase,
            source_ref,
            amount: Credits(amount),
            expires_at: ends,
            actor: "system",
            reason: "test",
        };
        wallet::grant_in_tx(&tx, &grant, NOW).await
    };
    db.tx(Class::Money, work).await.expect("a grant");
}

async fn insert_quote_in_tx(tx: &Tx, purse: Purse, price: i64, total: i64) -> Uuid {
    let id = mint::<Uuid>(NOW);
    let sql = "INSERT INTO quotes (id, workspace_id, mode, template_id, template_version, selection, \
         model, seconds, aspect, resolution, seed, watermark, video_count, price_per_video, total, \
         price_version, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, 1, '{}', \
         'animatic-1', 4, '16:9', '360p', 0, $5, $6, $7, $8, 1, $4, $9, $9)";
    let values: [Value; 9] = [
        id.into(),
        purse.workspace_id.into(),
        purse.mode.as_str().into(),
        Uuid::nil().into(),
        false.into(),
        total.into(),
        price.into(),
        (price * total).into(),
        NOW.into(),
    ];
    execute(&**tx, sql, values).await.expect("a quote row");
    id
}

/// Inserts a batch with its videos QUEUED.
pub async fn insert_batch_in_tx(tx: &Tx, purse: Purse, price: i64, count: usize) -> Batch {
    let id: BatchId = mint(NOW);
    let total = i64::try_from(count).expect("few videos").max(1);
    let quote_id = insert_quote_in_tx(tx, purse, price, total).await;
    let sql = "INSERT INTO batch_jobs (id, workspace_id, wallet_id, quote_id, template_id, \
         template_version, name, mode, model, seconds, aspect, resolution, seed, watermark, \
         price_per_video, priority, gate, paused_from, round, state, total, delivered, failed, \
         cancelled, ever_claimed, cancel_requested, rev, allowance_day, variables, created_by, created_at, \
         settled_at) VALUES ($1, $2, $3, $4, $5, 1, 'B', $6, 'animatic-1', 4, '16:9', '360p', 0, \
         $7, $8, 'BULK', 'OPEN', NULL, 1, 'QUEUED', $9, 0, 0, 0, $7, $7, 0, 0, '[]', $5, $10, NULL)";
    let values: [Value; 10] = [
        id.into(),
        purse.workspace_id.into(),
        purse.wallet_id.into(),
        quote_id.into(),
        Uuid::nil().into(),
        purse.mode.as_str().into(),
        false.into(),
        price.into(),
        total.into(),
        NOW.into(),
    ];
    execute(&**tx, sql, values).await.expect("a batch row");
    let videos: Vec<VideoId> = mint_many(NOW, count);
    let mut values = vec![id.into(), purse.workspace_id.into()];
    let source = Rows::new()
        .ids("id", videos.iter().map(|video| video.0).collect())
        .ints("ordinal", (0..).take(count).collect())
        .json("bindings", vec![String::from("{}"); count])
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO batch_items (id, batch_id, workspace_id, ordinal, prompt, bindings, seed, \
         state, attempt, lease_epoch, not_before, round, rev) SELECT r.id, $1, $2, r.ordinal, 'p', \
         r.bindings, 0, 'QUEUED', 0, 0, 0, 1, 0 FROM {source}"
    );
    execute(&**tx, sql, values).await.expect("video rows");
    Batch { id, videos }
}

/// One launch: the freeze's guard, then batch and videos.
pub async fn launch(db: &Db, purse: Purse, price: i64, count: usize) -> Result<Batch, Error> {
    let work = |tx: Tx| async move {
        let batch = insert_batch_in_tx(&tx, purse, price, count).await;
        let freeze = Freeze {
            wallet_id: purse.wallet_id,
            batch_id: batch.id,
            round: 1,
            price: Credits(price),
            videos: &batch.videos,
            actor: "usr_test",
        };
        wallet::freeze_in_tx(&tx, &freeze, NOW).await?;
        Ok(batch)
    };
    db.tx(Class::Interactive, work).await
}

/// One flush: shares first, then what the line would write for those that were resolved.
pub async fn settle(
    db: &Db,
    wallets: &[WalletId],
    resolutions: &[Resolution],
    now: UnixMs,
) -> Result<Vec<Resolved>, Error> {
    let work = |tx: Tx| async move {
        let mut locked = wallet::lock_in_tx(&tx, wallets).await?;
        let resolved = wallet::resolve_in_tx(&tx, &mut locked, resolutions, now).await?;
        record_in_tx(&tx, &resolved).await;
        wallet::finish_in_tx(&tx, locked).await?;
        Ok(resolved)
    };
    db.tx(Class::Money, work).await
}

/// Video states, assets and batch counts for what was resolved.
pub async fn record_in_tx(tx: &Tx, resolved: &[Resolved]) {
    let delivered: Vec<VideoId> = of(resolved, Verdict::Capture);
    let failed: Vec<VideoId> = of(resolved, Verdict::Release);
    for (state, videos) in [("DELIVERED", &delivered), ("FAILED", &failed)] {
        set_state_in_tx(tx, videos, state).await;
    }
    let mut values = vec![NOW.into()];
    let keys = delivered.iter().map(|video| format!("{video}.mp4")).collect();
    let source = Rows::new()
        .ids("id", delivered.iter().map(|_| mint::<Uuid>(NOW)).collect())
        .ids("video_id", delivered.iter().map(|video| video.0).collect())
        .texts("object_key", keys)
        .bytes("sha256", vec![vec![7; 32]; delivered.len()])
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO assets (id, video_id, batch_id, workspace_id, attempt, object_key, poster_key, \
         bytes, sha256, width, height, duration_ms, codec, created_at) SELECT r.id, r.video_id, \
         i.batch_id, i.workspace_id, 1, r.object_key, 'p', 9, r.sha256, 640, 360, 4000, 'h264', $1 \
         FROM {source} JOIN batch_items AS i ON i.id = r.video_id"
    );
    execute(&**tx, sql, values).await.expect("assets");
}

/// Puts videos into a state and counts their batches again.
pub async fn set_state_in_tx(tx: &Tx, videos: &[VideoId], state: &str) {
    if videos.is_empty() {
        return;
    }
    let ids = || videos.iter().map(|video| video.0).collect::<Vec<Uuid>>();
    let mut values = vec![state.into()];
    let source = Rows::new().ids("id", ids()).source(tx.get_database_backend(), &mut values);
    let sql = format!("UPDATE batch_items AS i SET state = $1 FROM {source} WHERE i.id = r.id");
    execute(&**tx, sql, values).await.expect("states");
    let mut values = Vec::new();
    let source = Rows::new().ids("id", ids()).source(tx.get_database_backend(), &mut values);
    let count = |state: &str| {
        format!(
            "(SELECT count(*) FROM batch_items AS i WHERE i.batch_id = b.id AND i.state = '{state}')"
        )
    };
    let sql = format!(
        "UPDATE batch_jobs AS b SET delivered = {}, failed = {}, cancelled = {} WHERE b.id IN \
         (SELECT i.batch_id FROM {source} JOIN batch_items AS i ON i.id = r.id)",
        count("DELIVERED"),
        count("FAILED"),
        count("CANCELLED")
    );
    execute(&**tx, sql, values).await.expect("counts");
    let open = "total > delivered + failed + cancelled";
    let sql = format!(
        "UPDATE batch_jobs SET settled_at = CASE WHEN {open} THEN NULL ELSE CAST($1 AS BIGINT) END, \
         state = CASE WHEN delivered = total THEN 'COMPLETED' WHEN delivered > 0 THEN 'PARTIAL' \
         WHEN {open} THEN 'QUEUED' ELSE 'FAILED' END"
    );
    execute(&**tx, sql, [NOW.into()]).await.expect("states of batches");
}

fn of(resolved: &[Resolved], verdict: Verdict) -> Vec<VideoId> {
    resolved.iter().filter(|one| one.verdict == verdict).map(|one| one.video_id).collect()
}

/// Every video with the same verdict.
pub fn all(videos: &[VideoId], verdict: Verdict) -> Vec<Resolution> {
    videos.iter().map(|video_id| Resolution { video_id: *video_id, verdict }).collect()
}

/// One number.
pub async fn number(db: &Db, sql: &str, values: impl IntoIterator<Item = Value>) -> i64 {
    let row = db.reader().query_one_raw(statement(db.reader(), sql, values)).await;
    row.expect("a result").expect("a row").try_get_by_index(0).expect("a number")
}

/// (available, held, debt, wseq) as stored.
pub async fn stored(db: &Db, wallet_id: WalletId) -> (i64, i64, i64, i64) {
    let sql = "SELECT available, held, debt, wseq FROM credit_wallet WHERE id = $1";
    let row = db.reader().query_one_raw(statement(db.reader(), sql, [wallet_id.into()])).await;
    let row = row.expect("a result").expect("a wallet");
    let read = |column: &str| row.try_get::<i64>("", column).expect("a number");
    (read("available"), read("held"), read("debt"), read("wseq"))
}

/// Fails unless the wallet's ledger is numbered 1 … wseq.
pub async fn assert_gapless(db: &Db, wallet_id: WalletId) {
    let (.., wseq) = stored(db, wallet_id).await;
    let count = "SELECT count(*) FROM credit_ledger WHERE wallet_id = $1";
    let last = "SELECT COALESCE(max(wseq), 0) FROM credit_ledger WHERE wallet_id = $1";
    assert_eq!(number(db, count, [wallet_id.into()]).await, wseq, "rows and wseq");
    assert_eq!(number(db, last, [wallet_id.into()]).await, wseq, "last and wseq");
}
