//! The comparisons that the database carries out: each returns only rows that disagree, as an id,
//! sometimes a second one, and the two texts that should be equal.

use entity::ids::{AssetId, BatchId, HoldId, LotId, VideoId, WalletId};
use sea_orm::{DbErr, QueryResult};
use uuid::Uuid;

use super::report::{Break, Code};

/// Kind of a row named by a break.
#[derive(Clone, Copy)]
enum Noun {
    Wallet,
    Lot,
    Hold,
    Batch,
    Video,
    Asset,
}

impl Noun {
    fn text(self, id: Uuid) -> String {
        match self {
            Self::Wallet => WalletId(id).to_string(),
            Self::Lot => LotId(id).to_string(),
            Self::Hold => HoldId(id).to_string(),
            Self::Batch => BatchId(id).to_string(),
            Self::Video => VideoId(id).to_string(),
            Self::Asset => AssetId(id).to_string(),
        }
    }
}

/// One comparison: `select` yields `one`, `other` (an id or NULL), `expected` and `found`.
pub(super) struct Comparison {
    code: Code,
    one: Noun,
    other: Noun,
    select: &'static str,
}

impl Comparison {
    const fn new(code: Code, one: Noun, select: &'static str) -> Self {
        Self { code, one, other: one, select }
    }

    const fn and(self, other: Noun) -> Self {
        Self { other, ..self }
    }

    pub(super) fn sql(&self) -> String {
        let select = self.select.replace("{sums}", SUMS);
        format!("SELECT * FROM ({select}) AS c WHERE c.expected <> c.found ORDER BY 1, 2")
    }

    pub(super) fn read(&self, row: &QueryResult) -> Result<Break, DbErr> {
        let mut subject = self.one.text(row.try_get("", "one")?);
        if let Some(other) = row.try_get::<Option<Uuid>>("", "other")? {
            subject = format!("{subject} {}", self.other.text(other));
        }
        let (expected, found) = (row.try_get("", "expected")?, row.try_get("", "found")?);
        Ok(Break { code: self.code, subject, expected, found })
    }
}

/// What transfers between accounts add up to.
const SUMS: &str = "\
    sum(CASE WHEN credit_account = 'AVAILABLE' AND debit_account <> 'HELD' THEN amount ELSE 0 END) AS granted, \
    sum(CASE WHEN credit_account = 'AVAILABLE' THEN amount WHEN debit_account = 'AVAILABLE' THEN -amount ELSE 0 END) AS remaining, \
    sum(CASE WHEN credit_account = 'HELD' THEN amount WHEN debit_account = 'HELD' THEN -amount ELSE 0 END) AS held, \
    sum(CASE WHEN credit_account = 'REVENUE' THEN amount ELSE 0 END) AS consumed, \
    sum(CASE WHEN credit_account = 'BREAKAGE' THEN amount ELSE 0 END) AS expired, \
    sum(CASE WHEN debit_account = 'AVAILABLE' AND credit_account IN ('ADJUSTMENT', 'DEBT') THEN amount ELSE 0 END) AS clawed, \
    sum(CASE WHEN credit_account = 'HELD' THEN amount ELSE 0 END) AS frozen, \
    sum(CASE WHEN debit_account = 'HELD' AND credit_account = 'REVENUE' THEN amount ELSE 0 END) AS captured, \
    sum(CASE WHEN debit_account = 'HELD' AND credit_account <> 'REVENUE' THEN amount ELSE 0 END) AS released";

pub(super) const ALL: &[Comparison] = &[
    Comparison::new(
        Code::LedgerOrphan,
        Noun::Wallet,
        "SELECT l.wallet_id AS one, CAST(NULL AS UUID) AS other, 'a wallet' AS expected, \
         CAST(count(*) AS TEXT) || ' transfer(s)' AS found FROM credit_ledger AS l \
         LEFT JOIN credit_wallet AS w ON w.id = l.wallet_id WHERE w.id IS NULL GROUP BY l.wallet_id",
    ),
    Comparison::new(
        Code::LedgerForeign,
        Noun::Wallet,
        "SELECT t.wallet_id AS one, t.lot_id AS other, 'its own' AS expected, \
         CAST(sum(t.n) AS TEXT) || ' transfer(s)' AS found FROM (SELECT wallet_id, lot_id, hold_id, \
         count(*) AS n FROM credit_ledger GROUP BY wallet_id, lot_id, hold_id) AS t \
         LEFT JOIN credit_lot AS o ON o.id = t.lot_id LEFT JOIN credit_hold AS h ON h.id = t.hold_id \
         WHERE (t.lot_id IS NOT NULL AND (o.id IS NULL OR o.wallet_id <> t.wallet_id)) \
         OR (t.hold_id IS NOT NULL AND (h.id IS NULL OR h.wallet_id <> t.wallet_id)) \
         GROUP BY t.wallet_id, t.lot_id",
    )
    .and(Noun::Lot),
    Comparison::new(
        Code::LotsAvailable,
        Noun::Wallet,
        "SELECT w.id AS one, CAST(NULL AS UUID) AS other, CAST(COALESCE(s.n, 0) AS TEXT) AS expected, \
         CAST(w.available AS TEXT) AS found FROM credit_wallet AS w LEFT JOIN (SELECT wallet_id, \
         sum(remaining) AS n FROM credit_lot GROUP BY wallet_id) AS s ON s.wallet_id = w.id",
    ),
    Comparison::new(
        Code::LotsHeld,
        Noun::Wallet,
        "SELECT w.id AS one, CAST(NULL AS UUID) AS other, CAST(COALESCE(s.n, 0) AS TEXT) AS expected, \
         CAST(w.held AS TEXT) AS found FROM credit_wallet AS w LEFT JOIN (SELECT wallet_id, \
         sum(held) AS n FROM credit_lot GROUP BY wallet_id) AS s ON s.wallet_id = w.id",
    ),
    Comparison::new(
        Code::SharesHeld,
        Noun::Wallet,
        "SELECT w.id AS one, CAST(NULL AS UUID) AS other, CAST(COALESCE(s.n, 0) AS TEXT) AS expected, \
         CAST(w.held AS TEXT) AS found FROM credit_wallet AS w LEFT JOIN (SELECT h.wallet_id, \
         sum(i.amount) AS n FROM credit_hold_item AS i JOIN credit_hold AS h ON h.id = i.hold_id \
         WHERE i.state = 'OPEN' GROUP BY h.wallet_id) AS s ON s.wallet_id = w.id",
    ),
    Comparison::new(
        Code::NextExpiry,
        Noun::Wallet,
        "SELECT w.id AS one, CAST(NULL AS UUID) AS other, 'at most ' || CAST(s.soonest AS TEXT) AS expected, \
         COALESCE(CAST(w.next_expiry AS TEXT), 'never') AS found FROM credit_wallet AS w \
         JOIN (SELECT wallet_id, min(expires_at) AS soonest FROM credit_lot WHERE remaining > 0 \
         AND expires_at IS NOT NULL GROUP BY wallet_id) AS s ON s.wallet_id = w.id \
         WHERE w.next_expiry IS NULL OR w.next_expiry > s.soonest",
    ),
    Comparison::new(
        Code::LotSum,
        Noun::Lot,
        "SELECT id AS one, CAST(NULL AS UUID) AS other, CAST(granted AS TEXT) AS expected, \
         CAST(remaining + held + consumed + expired + clawed AS TEXT) AS found FROM credit_lot",
    ),
    Comparison::new(
        Code::LotReplay,
        Noun::Lot,
        "SELECT o.id AS one, CAST(NULL AS UUID) AS other, COALESCE(t.granted, 0) || '/' || COALESCE(t.remaining, 0) \
         || '/' || COALESCE(t.held, 0) || '/' || COALESCE(t.consumed, 0) || '/' || \
         COALESCE(t.expired, 0) || '/' || COALESCE(t.clawed, 0) AS expected, o.granted || '/' || \
         o.remaining || '/' || o.held || '/' || o.consumed || '/' || o.expired || '/' || o.clawed \
         AS found FROM credit_lot AS o LEFT JOIN (SELECT lot_id, {sums} FROM credit_ledger \
         WHERE lot_id IS NOT NULL GROUP BY lot_id) AS t ON t.lot_id = o.id",
    ),
    Comparison::new(
        Code::LotParts,
        Noun::Lot,
        "SELECT o.id AS one, CAST(NULL AS UUID) AS other, CAST(COALESCE(s.n, 0) AS TEXT) AS expected, \
         CAST(o.held AS TEXT) AS found FROM credit_lot AS o LEFT JOIN (SELECT lot_id, \
         sum(amount - captured - released) AS n FROM credit_hold_lot GROUP BY lot_id) AS s \
         ON s.lot_id = o.id",
    ),
    Comparison::new(
        Code::HoldShares,
        Noun::Hold,
        "SELECT h.id AS one, CAST(NULL AS UUID) AS other, COALESCE(s.amount, 0) || '/' || COALESCE(s.captured, 0) \
         || '/' || COALESCE(s.released, 0) AS expected, h.amount || '/' || h.captured || '/' || \
         h.released AS found FROM credit_hold AS h LEFT JOIN (SELECT hold_id, sum(amount) AS amount, \
         sum(CASE WHEN state = 'CAPTURED' THEN amount ELSE 0 END) AS captured, \
         sum(CASE WHEN state = 'RELEASED' THEN amount ELSE 0 END) AS released \
         FROM credit_hold_item GROUP BY hold_id) AS s ON s.hold_id = h.id",
    ),
    Comparison::new(
        Code::HoldParts,
        Noun::Hold,
        "SELECT h.id AS one, CAST(NULL AS UUID) AS other, COALESCE(s.amount, 0) || '/' || COALESCE(s.captured, 0) \
         || '/' || COALESCE(s.released, 0) AS expected, h.amount || '/' || h.captured || '/' || \
         h.released AS found FROM credit_hold AS h LEFT JOIN (SELECT hold_id, sum(amount) AS amount, \
         sum(captured) AS captured, sum(released) AS released FROM credit_hold_lot GROUP BY hold_id) \
         AS s ON s.hold_id = h.id",
    ),
    Comparison::new(
        Code::HoldClosed,
        Noun::Hold,
        "SELECT id AS one, CAST(NULL AS UUID) AS other, CASE WHEN captured + released = amount THEN 'closed' \
         ELSE 'open' END AS expected, CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END \
         AS found FROM credit_hold",
    ),
    Comparison::new(
        Code::HoldBatch,
        Noun::Hold,
        "SELECT h.id AS one, h.wallet_id AS other, 'paid from this wallet' AS expected, \
         CASE WHEN b.id IS NULL THEN 'no batch' WHEN b.wallet_id <> h.wallet_id THEN 'another wallet' \
         ELSE 'paid from this wallet' END AS found FROM credit_hold AS h \
         LEFT JOIN batch_jobs AS b ON b.id = h.batch_id",
    )
    .and(Noun::Wallet),
    Comparison::new(
        Code::ModeMixed,
        Noun::Batch,
        "SELECT b.id AS one, w.id AS other, CASE WHEN w.mode = b.mode THEN 'its workspace' \
         ELSE b.mode END AS expected, CASE WHEN w.mode <> b.mode THEN w.mode \
         WHEN w.workspace_id = b.workspace_id THEN 'its workspace' ELSE 'another one' END AS found \
         FROM batch_jobs AS b JOIN credit_wallet AS w ON w.id = b.wallet_id",
    )
    .and(Noun::Wallet),
    Comparison::new(
        Code::PartReplay,
        Noun::Hold,
        "SELECT p.hold_id AS one, p.lot_id AS other, COALESCE(t.frozen, 0) || '/' || \
         COALESCE(t.captured, 0) || '/' || COALESCE(t.released, 0) AS expected, p.amount || '/' || \
         p.captured || '/' || p.released AS found FROM credit_hold_lot AS p LEFT JOIN (SELECT \
         hold_id, lot_id, {sums} FROM credit_ledger WHERE hold_id IS NOT NULL \
         GROUP BY hold_id, lot_id) AS t ON t.hold_id = p.hold_id AND t.lot_id = p.lot_id",
    )
    .and(Noun::Lot),
    Comparison::new(
        Code::ShareReplay,
        Noun::Hold,
        "SELECT i.hold_id AS one, i.video_id AS other, COALESCE(t.captured, 0) || '/' || \
         COALESCE(t.released, 0) AS expected, CASE i.state WHEN 'CAPTURED' THEN i.amount ELSE 0 END \
         || '/' || CASE i.state WHEN 'RELEASED' THEN i.amount ELSE 0 END AS found \
         FROM credit_hold_item AS i LEFT JOIN (SELECT hold_id, video_id, {sums} FROM credit_ledger \
         WHERE hold_id IS NOT NULL AND video_id IS NOT NULL GROUP BY hold_id, video_id) AS t \
         ON t.hold_id = i.hold_id AND t.video_id = i.video_id",
    )
    .and(Noun::Video),
    Comparison::new(
        Code::ShareMissing,
        Noun::Hold,
        "SELECT l.hold_id AS one, l.video_id AS other, 'a share' AS expected, \
         CAST(count(*) AS TEXT) || ' transfer(s)' AS found FROM credit_ledger AS l \
         LEFT JOIN credit_hold_item AS i ON i.hold_id = l.hold_id AND i.video_id = l.video_id \
         WHERE l.hold_id IS NOT NULL AND l.video_id IS NOT NULL AND i.video_id IS NULL \
         GROUP BY l.hold_id, l.video_id",
    )
    .and(Noun::Video),
    Comparison::new(
        Code::SharePrice,
        Noun::Hold,
        "SELECT i.hold_id AS one, i.video_id AS other, CAST(b.price_per_video AS TEXT) AS expected, \
         CAST(i.amount AS TEXT) AS found FROM credit_hold_item AS i \
         JOIN credit_hold AS h ON h.id = i.hold_id JOIN batch_jobs AS b ON b.id = h.batch_id \
         WHERE b.price_per_video <> i.amount",
    )
    .and(Noun::Video),
    Comparison::new(
        Code::ShareVideo,
        Noun::Hold,
        "SELECT i.hold_id AS one, i.video_id AS other, 'a video of the batch' AS expected, \
         CASE WHEN v.id IS NULL THEN 'no video' ELSE 'one of another batch' END AS found \
         FROM credit_hold_item AS i JOIN credit_hold AS h ON h.id = i.hold_id \
         LEFT JOIN batch_items AS v ON v.id = i.video_id \
         WHERE v.id IS NULL OR v.batch_id <> h.batch_id",
    )
    .and(Noun::Video),
    Comparison::new(
        Code::OpenShareOnEndedVideo,
        Noun::Video,
        "SELECT v.id AS one, i.hold_id AS other, 'no open share' AS expected, v.state AS found \
         FROM credit_hold_item AS i JOIN batch_items AS v ON v.id = i.video_id \
         WHERE i.state = 'OPEN' AND v.state IN ('DELIVERED', 'FAILED', 'CANCELLED')",
    )
    .and(Noun::Hold),
    Comparison::new(
        Code::NoShareForOpenVideo,
        Noun::Video,
        "SELECT v.id AS one, CAST(NULL AS UUID) AS other, 'an open share' AS expected, v.state AS found \
         FROM batch_items AS v LEFT JOIN credit_hold_item AS i \
         ON i.video_id = v.id AND i.state = 'OPEN' \
         WHERE i.video_id IS NULL AND v.state NOT IN ('DELIVERED', 'FAILED', 'CANCELLED')",
    ),
    Comparison::new(
        Code::BatchCaptured,
        Noun::Batch,
        "SELECT b.id AS one, CAST(NULL AS UUID) AS other, CAST(b.price_per_video * COALESCE(v.n, 0) AS TEXT) \
         AS expected, CAST(COALESCE(t.n, 0) AS TEXT) AS found FROM batch_jobs AS b \
         LEFT JOIN (SELECT batch_id, count(*) AS n FROM batch_items WHERE state = 'DELIVERED' \
         GROUP BY batch_id) AS v ON v.batch_id = b.id \
         LEFT JOIN (SELECT batch_id, sum(amount) AS n FROM credit_ledger WHERE kind = 'CAPTURE' \
         GROUP BY batch_id) AS t ON t.batch_id = b.id",
    ),
    Comparison::new(
        Code::BatchCounts,
        Noun::Batch,
        "SELECT b.id AS one, CAST(NULL AS UUID) AS other, COALESCE(v.n, 0) || '/' || \
         COALESCE(v.delivered, 0) || '/' || COALESCE(v.failed, 0) || '/' || \
         COALESCE(v.cancelled, 0) AS expected, b.total || '/' || b.delivered || '/' || b.failed \
         || '/' || b.cancelled AS found FROM batch_jobs AS b LEFT JOIN (SELECT batch_id, count(*) AS n, \
         sum(CASE WHEN state = 'DELIVERED' THEN 1 ELSE 0 END) AS delivered, \
         sum(CASE WHEN state = 'FAILED' THEN 1 ELSE 0 END) AS failed, \
         sum(CASE WHEN state = 'CANCELLED' THEN 1 ELSE 0 END) AS cancelled \
         FROM batch_items GROUP BY batch_id) AS v ON v.batch_id = b.id",
    ),
    Comparison::new(
        Code::BatchQuote,
        Noun::Batch,
        "SELECT b.id AS one, CAST(NULL AS UUID) AS other, COALESCE(q.mode || '/' || \
         q.price_per_video || '/' || q.video_count, 'a quote') AS expected, b.mode || '/' || \
         b.price_per_video || '/' || b.total AS found FROM batch_jobs AS b \
         LEFT JOIN quotes AS q ON q.id = b.quote_id AND q.workspace_id = b.workspace_id",
    ),
    // The same rules as `batches::model::batch_state`, which a test holds them to.
    Comparison::new(
        Code::BatchState,
        Noun::Batch,
        "SELECT b.id AS one, CAST(NULL AS UUID) AS other, CASE WHEN b.open > 0 THEN \
         CASE WHEN b.delivered > 0 THEN 'PARTIAL' WHEN b.ever_claimed THEN 'PROCESSING' \
         ELSE 'QUEUED' END || ', open' ELSE CASE WHEN b.delivered = b.total THEN 'COMPLETED' \
         WHEN b.delivered > 0 THEN 'PARTIAL' WHEN b.cancel_requested THEN 'CANCELLED' \
         ELSE 'FAILED' END || ', settled' END AS expected, b.state || \
         CASE WHEN b.settled_at IS NULL THEN ', open' ELSE ', settled' END AS found FROM (SELECT \
         batch_jobs.*, total - delivered - failed - cancelled AS open FROM batch_jobs) AS b",
    ),
    Comparison::new(
        Code::DeliveredWithoutCapture,
        Noun::Video,
        "SELECT v.id AS one, CAST(NULL AS UUID) AS other, 'a captured share' AS expected, 'none' AS found \
         FROM batch_items AS v LEFT JOIN credit_hold_item AS i \
         ON i.video_id = v.id AND i.state = 'CAPTURED' \
         WHERE v.state = 'DELIVERED' AND i.video_id IS NULL",
    ),
    Comparison::new(
        Code::CaptureWithoutDelivery,
        Noun::Video,
        "SELECT v.id AS one, i.hold_id AS other, 'DELIVERED' AS expected, v.state AS found \
         FROM credit_hold_item AS i JOIN batch_items AS v ON v.id = i.video_id \
         WHERE i.state = 'CAPTURED' AND v.state <> 'DELIVERED'",
    )
    .and(Noun::Hold),
    Comparison::new(
        Code::DeliveredWithoutAsset,
        Noun::Video,
        "SELECT v.id AS one, CAST(NULL AS UUID) AS other, 'an asset' AS expected, 'none' AS found \
         FROM batch_items AS v LEFT JOIN assets AS a ON a.video_id = v.id \
         WHERE v.state = 'DELIVERED' AND a.id IS NULL",
    ),
    Comparison::new(
        Code::AssetWithoutDelivery,
        Noun::Asset,
        "SELECT a.id AS one, a.video_id AS other, 'DELIVERED' AS expected, \
         COALESCE(v.state, 'no video') AS found FROM assets AS a \
         LEFT JOIN batch_items AS v ON v.id = a.video_id WHERE v.id IS NULL OR v.state <> 'DELIVERED'",
    )
    .and(Noun::Video),
];
