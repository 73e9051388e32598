//! The bulk statements, one per table, and the rows they take. Each touches exactly as many rows
//! as it is given; `db::writes` holds them to it.

use std::collections::BTreeMap;

use entity::credit_ledger::Model as Transfer;
use entity::credit_lot::Model as Lot;
use entity::ids::{HoldId, LotId, VideoId, WalletId};
use entity::values::{Credits, UnixMs};
use sea_orm::DbErr;
use uuid::Uuid;

use super::super::book::Book;
use super::super::error::Error;
use crate::db::bulk::Rows;
use crate::db::writes::Writes;
use crate::db::{Tx, dialect};

/// How a lot's numbers change; they always add up to the change of `granted`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct LotMove {
    pub(in super::super) granted: i64,
    pub(in super::super) remaining: i64,
    pub(in super::super) held: i64,
    pub(in super::super) consumed: i64,
    pub(in super::super) expired: i64,
    pub(in super::super) clawed: i64,
}

impl LotMove {
    /// Both changes together.
    pub(in super::super) fn and(self, other: Self) -> Result<Self, Error> {
        let sum = |one: i64, two: i64| {
            one.checked_add(two).ok_or(Error::Contradiction("a lot would leave its range"))
        };
        Ok(Self {
            granted: sum(self.granted, other.granted)?,
            remaining: sum(self.remaining, other.remaining)?,
            held: sum(self.held, other.held)?,
            consumed: sum(self.consumed, other.consumed)?,
            expired: sum(self.expired, other.expired)?,
            clawed: sum(self.clawed, other.clawed)?,
        })
    }
}

/// What a hold, or its part of one lot, has charged and given back.
#[derive(Clone, Copy, Debug, Default)]
pub(in super::super) struct HoldMove {
    pub(in super::super) captured: Credits,
    pub(in super::super) released: Credits,
}

impl HoldMove {
    /// Both changes together.
    pub(in super::super) fn and(self, other: Self) -> Result<Self, Error> {
        let sum = |one: Credits, two: Credits| {
            one.checked_add(two).ok_or(Error::Contradiction("a hold would leave its range"))
        };
        Ok(Self {
            captured: sum(self.captured, other.captured)?,
            released: sum(self.released, other.released)?,
        })
    }
}

/// A hold's part of one lot, at the freeze.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Allocation {
    pub(in super::super) lot_id: LotId,
    pub(in super::super) ord: i64,
    pub(in super::super) amount: Credits,
}

const MOVE_LOTS: &str = "UPDATE credit_lot AS l SET granted = l.granted + r.granted, \
     remaining = l.remaining + r.remaining, held = l.held + r.held, \
     consumed = l.consumed + r.consumed, expired = l.expired + r.expired, \
     clawed = l.clawed + r.clawed FROM {rows} WHERE l.id = r.id";

pub(in super::super) fn move_lots(to: Writes, moves: &BTreeMap<LotId, LotMove>) -> Writes {
    let column = |of: fn(&LotMove) -> i64| moves.values().map(of).collect::<Vec<i64>>();
    let rows = Rows::new()
        .ids("id", moves.keys().map(|lot| lot.0).collect())
        .ints("granted", column(|lot| lot.granted))
        .ints("remaining", column(|lot| lot.remaining))
        .ints("held", column(|lot| lot.held))
        .ints("consumed", column(|lot| lot.consumed))
        .ints("expired", column(|lot| lot.expired))
        .ints("clawed", column(|lot| lot.clawed));
    to.each(MOVE_LOTS, rows)
}

const INSERT_LOTS: &str = "INSERT INTO credit_lot (id, wallet_id, source, source_ref, priority, \
     granted, remaining, held, consumed, expired, clawed, expires_at, grace_hold, grace_lot, \
     created_at) SELECT r.id, r.wallet_id, r.source, r.source_ref, r.priority, r.granted, \
     r.remaining, 0, 0, 0, r.clawed, r.expires_at, r.grace_hold, r.grace_lot, r.created_at \
     FROM {rows}";

pub(in super::super) fn insert_lots(to: Writes, lots: &[Lot]) -> Writes {
    let ints = |of: fn(&Lot) -> i64| lots.iter().map(of).collect::<Vec<i64>>();
    let rows = Rows::new()
        .ids("id", lots.iter().map(|lot| lot.id.0).collect())
        .ids("wallet_id", lots.iter().map(|lot| lot.wallet_id.0).collect())
        .texts("source", lots.iter().map(|lot| lot.source.as_str().to_owned()).collect())
        .texts("source_ref", lots.iter().map(|lot| lot.source_ref.clone()).collect())
        .ints("priority", ints(|lot| lot.priority))
        .ints("granted", ints(|lot| lot.granted.0))
        .ints("remaining", ints(|lot| lot.remaining.0))
        .ints("clawed", ints(|lot| lot.clawed.0))
        .maybe_ints("expires_at", lots.iter().map(|lot| lot.expires_at.map(|at| at.0)).collect())
        .maybe_ids("grace_hold", lots.iter().map(|lot| lot.grace_hold.map(|id| id.0)).collect())
        .maybe_ids("grace_lot", lots.iter().map(|lot| lot.grace_lot.map(|id| id.0)).collect())
        .ints("created_at", ints(|lot| lot.created_at.0));
    to.each(INSERT_LOTS, rows)
}

const INSERT_TRANSFERS: &str = "INSERT INTO credit_ledger (wallet_id, wseq, kind, debit_account, \
     credit_account, amount, available_after, held_after, lot_id, hold_id, video_id, batch_id, \
     leg, actor, reason, created_at) SELECT r.wallet_id, r.wseq, r.kind, r.debit_account, \
     r.credit_account, r.amount, r.available_after, r.held_after, r.lot_id, r.hold_id, \
     r.video_id, r.batch_id, r.leg, r.actor, r.reason, r.created_at FROM {rows}";

pub(in super::super) fn insert_transfers(to: Writes, transfers: &[Transfer]) -> Writes {
    let ids = |of: fn(&Transfer) -> Option<Uuid>| transfers.iter().map(of).collect::<Vec<_>>();
    let ints = |of: fn(&Transfer) -> i64| transfers.iter().map(of).collect::<Vec<i64>>();
    let texts = |of: fn(&Transfer) -> &str| -> Vec<String> {
        transfers.iter().map(|row| of(row).to_owned()).collect()
    };
    let rows = Rows::new()
        .ids("wallet_id", transfers.iter().map(|row| row.wallet_id.0).collect())
        .ints("wseq", ints(|row| row.wseq))
        .texts("kind", texts(|row| row.kind.as_str()))
        .texts("debit_account", texts(|row| row.debit_account.as_str()))
        .texts("credit_account", texts(|row| row.credit_account.as_str()))
        .ints("amount", ints(|row| row.amount.0))
        .ints("available_after", ints(|row| row.available_after.0))
        .ints("held_after", ints(|row| row.held_after.0))
        .maybe_ids("lot_id", ids(|row| row.lot_id.map(|id| id.0)))
        .maybe_ids("hold_id", ids(|row| row.hold_id.map(|id| id.0)))
        .maybe_ids("video_id", ids(|row| row.video_id.map(|id| id.0)))
        .maybe_ids("batch_id", ids(|row| row.batch_id.map(|id| id.0)))
        .ints("leg", ints(|row| row.leg))
        .texts("actor", texts(|row| &row.actor))
        .texts("reason", texts(|row| &row.reason))
        .ints("created_at", ints(|row| row.created_at.0));
    to.each(INSERT_TRANSFERS, rows)
}

const MOVE_HOLDS: &str = "UPDATE credit_hold AS h SET captured = h.captured + r.captured, \
     released = h.released + r.released, closed_at = CASE WHEN \
     h.captured + r.captured + h.released + r.released = h.amount THEN r.at ELSE NULL END \
     FROM {rows} WHERE h.id = r.id";

pub(in super::super) fn move_holds(
    to: Writes,
    moves: &BTreeMap<HoldId, HoldMove>,
    now: UnixMs,
) -> Writes {
    let rows = Rows::new()
        .ids("id", moves.keys().map(|hold| hold.0).collect())
        .ints("captured", moves.values().map(|hold| hold.captured.0).collect())
        .ints("released", moves.values().map(|hold| hold.released.0).collect())
        .ints("at", vec![now.0; moves.len()]);
    to.each(MOVE_HOLDS, rows)
}

const MOVE_PARTS: &str = "UPDATE credit_hold_lot AS p SET captured = p.captured + r.captured, \
     released = p.released + r.released FROM {rows} \
     WHERE p.hold_id = r.hold_id AND p.lot_id = r.lot_id";

pub(in super::super) fn move_parts(
    to: Writes,
    moves: &BTreeMap<(HoldId, LotId), HoldMove>,
) -> Writes {
    let rows = Rows::new()
        .ids("hold_id", moves.keys().map(|(hold, _)| hold.0).collect())
        .ids("lot_id", moves.keys().map(|(_, lot)| lot.0).collect())
        .ints("captured", moves.values().map(|part| part.captured.0).collect())
        .ints("released", moves.values().map(|part| part.released.0).collect());
    to.each(MOVE_PARTS, rows)
}

const INSERT_PARTS: &str = "INSERT INTO credit_hold_lot (hold_id, lot_id, ord, amount, captured, \
     released) SELECT r.hold_id, r.lot_id, r.ord, r.amount, 0, 0 FROM {rows}";

pub(in super::super) fn insert_parts(to: Writes, hold_id: HoldId, parts: &[Allocation]) -> Writes {
    let rows = Rows::new()
        .ids("hold_id", vec![hold_id.0; parts.len()])
        .ids("lot_id", parts.iter().map(|part| part.lot_id.0).collect())
        .ints("ord", parts.iter().map(|part| part.ord).collect())
        .ints("amount", parts.iter().map(|part| part.amount.0).collect());
    to.each(INSERT_PARTS, rows)
}

const INSERT_SHARES: &str = "INSERT INTO credit_hold_item (hold_id, video_id, amount, state, \
     resolved_at) SELECT r.hold_id, r.video_id, r.amount, 'OPEN', NULL FROM {rows}";

pub(in super::super) fn insert_shares(
    to: Writes,
    hold_id: HoldId,
    price: Credits,
    videos: &[VideoId],
) -> Writes {
    let rows = Rows::new()
        .ids("hold_id", vec![hold_id.0; videos.len()])
        .ids("video_id", videos.iter().map(|video| video.0).collect())
        .ints("amount", vec![price.0; videos.len()]);
    to.each(INSERT_SHARES, rows)
}

/// One row: the unique index on (batch, round) speaks for itself, apart from the shares' own.
pub(in super::super) async fn insert_hold_in_tx(
    tx: &Tx,
    hold: &entity::credit_hold::Model,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO credit_hold (id, wallet_id, batch_id, round, amount, captured, \
               released, created_at, closed_at) VALUES ($1, $2, $3, $4, $5, 0, 0, $6, NULL)";
    let values = [
        hold.id.into(),
        hold.wallet_id.into(),
        hold.batch_id.into(),
        hold.round.into(),
        hold.amount.into(),
        hold.created_at.into(),
    ];
    dialect::execute_exactly(&**tx, sql, values, 1).await
}

/// A lot whose reference decides whether it is new: 0 rows when it was granted before.
pub(in super::super) async fn insert_lot_once_in_tx(tx: &Tx, lot: &Lot) -> Result<u64, DbErr> {
    let sql = "INSERT INTO credit_lot (id, wallet_id, source, source_ref, priority, granted, \
               remaining, held, consumed, expired, clawed, expires_at, grace_hold, grace_lot, \
               created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8, $9, NULL, NULL, $10) \
               ON CONFLICT (wallet_id, source_ref) DO NOTHING";
    let values = [
        lot.id.into(),
        lot.wallet_id.into(),
        lot.source.as_str().into(),
        lot.source_ref.as_str().into(),
        lot.priority.into(),
        lot.granted.into(),
        lot.remaining.into(),
        lot.clawed.into(),
        lot.expires_at.into(),
        lot.created_at.into(),
    ];
    dialect::execute(&**tx, sql, values).await
}

// `wseq` stands in the WHERE although the row is locked: a booking that went around the lock
// inside this very transaction (a freeze between lock and finish) is refused, not overwritten.
const WRITE_WALLETS: &str = "UPDATE credit_wallet AS w SET wseq = r.wseq, \
     available = r.available, held = r.held, debt = r.debt, next_expiry = r.next_expiry \
     FROM {rows} WHERE w.id = r.id AND w.wseq = r.locked_wseq";

pub(in super::super) fn write_wallets(to: Writes, books: &BTreeMap<WalletId, Book>) -> Writes {
    let touched: Vec<(&WalletId, &Book)> =
        books.iter().filter(|(_, book)| book.is_touched).collect();
    let column = |of: fn(&Book) -> i64| touched.iter().map(|(_, book)| of(book)).collect();
    let rows = Rows::new()
        .ids("id", touched.iter().map(|(id, _)| id.0).collect())
        .ints("locked_wseq", column(|book| book.locked_wseq))
        .ints("wseq", column(|book| book.wseq))
        .ints("available", column(|book| book.available.0))
        .ints("held", column(|book| book.held.0))
        .ints("debt", column(|book| book.debt.0))
        .maybe_ints(
            "next_expiry",
            touched.iter().map(|(_, book)| book.next_expiry.map(|at| at.0)).collect(),
        );
    to.each(WRITE_WALLETS, rows)
}
