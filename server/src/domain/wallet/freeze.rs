//! Credits of a round are set aside: a guard decides, lots are drawn in burn order, every video
//! gets an open share.

use std::collections::BTreeMap;

use entity::credit_hold::Model as Hold;
use entity::credit_ledger::Model as Transfer;
use entity::enums::{Account, TransferKind};
use entity::ids::{HoldId, LotId, WalletId};
use entity::values::{Credits, UnixMs};

use super::book::{Book, Locked, Posting, ShareRef};
use super::error::Error;
use super::expire::expire_in_tx;
use super::limits;
use super::lock::{finish_in_tx, lock_in_tx};
use super::model::{Freeze, check_amount, has_lapsed};
use super::repo::write::{Allocation, LotMove};
use super::repo::{load, lock, write};
use crate::db::Tx;
use crate::db::writes::Writes;
use crate::kernel::ids;
use crate::kernel::reason::Reason;

/// Freezes `price` for each video and returns the hold.
///
/// The wallet's guard is the first statement on money: it decides under the row's lock, and what
/// it set aside no later capture or release can overdraw. Credits that have lapsed are expired
/// here first, so none can be spent in the time before the sweep.
///
/// Must be the only booking on its wallet in the transaction.
///
/// # Errors
/// [`Error::Insufficient`], [`Error::SpendLimit`], [`Error::NotFound`], [`Error::AmountInvalid`] for no videos or a price
/// out of range, [`Error::HoldExists`], [`Error::ShareOpen`].
pub async fn freeze_in_tx(tx: &Tx, freeze: &Freeze<'_>, now: UnixMs) -> Result<HoldId, Error> {
    let needed = price_of(freeze)?;
    let book = set_aside_in_tx(tx, freeze.wallet_id, needed, now).await?;
    // Under the wallet's lock, which the guard took: nobody else freezes on it meanwhile.
    limits::within_in_tx(tx, freeze.wallet_id, needed, now).await?;
    let locked = before_the_guard(freeze, book, needed)?;
    let hold = Hold {
        id: ids::mint(now),
        wallet_id: freeze.wallet_id,
        batch_id: freeze.batch_id,
        round: freeze.round,
        amount: needed,
        captured: Credits::ZERO,
        released: Credits::ZERO,
        created_at: now,
        closed_at: None,
    };
    write::insert_hold_in_tx(tx, &hold)
        .await
        .map_err(|e| Error::on_unique(e, Error::HoldExists))?;
    let lots = load::lots_to_burn_in_tx(tx, freeze.wallet_id, needed, now).await?;
    allocate_in_tx(tx, locked, &Plan { freeze, hold: &hold, lots: &lots }, now).await?;
    Ok(hold.id)
}

fn price_of(freeze: &Freeze<'_>) -> Result<Credits, Error> {
    check_amount(freeze.price)?;
    let count = i64::try_from(freeze.videos.len()).unwrap_or(i64::MAX);
    let needed = freeze.price.checked_mul(count);
    check_amount(needed.ok_or(Error::AmountInvalid(Reason::PriceOutOfRange))?)
}

/// Runs the guard; where it refuses because credits have lapsed, expires them and asks once more.
async fn set_aside_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    needed: Credits,
    now: UnixMs,
) -> Result<Book, Error> {
    if let Some((_, book)) = lock::set_aside_in_tx(tx, wallet_id, needed, now).await? {
        return Ok(book);
    }
    let mut locked = lock_in_tx(tx, &[wallet_id]).await?;
    if has_lapsed(locked.book(wallet_id)?.next_expiry, now) {
        expire_in_tx(tx, &mut locked, now).await?;
    }
    let available = locked.book(wallet_id)?.available;
    finish_in_tx(tx, locked).await?;
    match lock::set_aside_in_tx(tx, wallet_id, needed, now).await? {
        Some((_, book)) => Ok(book),
        None => Err(Error::Insufficient { needed, available }),
    }
}

/// The book as it stood before the guard moved it, so that the transfers move it again, row by
/// row, with their running balances.
fn before_the_guard(freeze: &Freeze<'_>, mut book: Book, needed: Credits) -> Result<Locked, Error> {
    const RANGE: Error = Error::Contradiction("the guard set aside more than there was");
    book.available = book.available.checked_add(needed).ok_or(RANGE)?;
    book.held = book.held.checked_sub(needed).ok_or(RANGE)?;
    let locked = Locked::new(BTreeMap::from([(freeze.wallet_id, book)]))?;
    Ok(locked.acting(freeze.actor))
}

struct Plan<'a> {
    freeze: &'a Freeze<'a>,
    hold: &'a Hold,
    lots: &'a [(LotId, Credits)],
}

async fn allocate_in_tx(
    tx: &Tx,
    mut locked: Locked,
    plan: &Plan<'_>,
    now: UnixMs,
) -> Result<(), Error> {
    let parts = allocate(plan.hold.amount, plan.lots)?;
    let mut moves = BTreeMap::new();
    let mut transfers = Vec::with_capacity(parts.len());
    for part in &parts {
        let taken = part.amount.0;
        let change =
            LotMove { remaining: taken.saturating_neg(), held: taken, ..LotMove::default() };
        moves.insert(part.lot_id, change);
        transfers.push(post_freeze(&mut locked, plan, part, now)?);
    }
    let (hold_id, price) = (plan.hold.id, plan.freeze.price);
    let writes = write::insert_parts(Writes::new(), hold_id, &parts);
    let writes = write::insert_shares(writes, hold_id, price, plan.freeze.videos);
    let writes = write::move_lots(writes, &moves);
    let writes = write::insert_transfers(writes, &transfers);
    let writes = write::write_wallets(writes, &locked.books);
    writes.run_in_tx(tx).await.map_err(|e| Error::on_unique(e, Error::ShareOpen))?;
    limits::tell_in_tx(tx, &limits::touched(&locked.books), now).await
}

fn post_freeze(
    locked: &mut Locked,
    plan: &Plan<'_>,
    part: &Allocation,
    now: UnixMs,
) -> Result<Transfer, Error> {
    let share = ShareRef { hold_id: plan.hold.id, batch_id: plan.hold.batch_id, video_id: None };
    let posting = Posting {
        kind: TransferKind::Freeze,
        from: Account::Available,
        to: Account::Held,
        amount: part.amount,
        lot_id: Some(part.lot_id),
        share: Some(share),
        leg: part.ord,
        reason: "",
    };
    locked.post(plan.freeze.wallet_id, posting, now)
}

/// Splits `needed` over lots in burn order.
fn allocate(needed: Credits, lots: &[(LotId, Credits)]) -> Result<Vec<Allocation>, Error> {
    const SHORT: Error = Error::Contradiction("a wallet's lots hold less than it has available");
    let mut open = needed;
    let mut parts = Vec::with_capacity(lots.len());
    for (ord, (lot_id, remaining)) in (0_i64..).zip(lots) {
        let amount = open.min(*remaining);
        if !amount.is_positive() {
            break;
        }
        open = open.checked_sub(amount).ok_or(SHORT)?;
        parts.push(Allocation { lot_id: *lot_id, ord, amount });
    }
    if open.is_positive() { Err(SHORT) } else { Ok(parts) }
}
