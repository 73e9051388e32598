//! An operator sets a balance right. Upwards it is a lot like any other; downwards it takes from
//! what is available, in burn order, and what is missing becomes debt. Held credits are left
//! alone: running videos finish.

use std::collections::BTreeMap;

use entity::enums::{Account, LotSource, TransferKind};
use entity::ids::{LotId, WalletId};
use entity::values::{Credits, UnixMs};
use uuid::Uuid;

use super::book::{Locked, Posting};
use super::error::Error;
use super::expire::expire_in_tx;
use super::grant::{Incoming, add_lot_in_tx};
use super::lock::{finish_in_tx, lock_in_tx};
use super::model::check_amount;
use super::repo::write::LotMove;
use super::repo::{load, write};
use crate::db::Tx;
use crate::db::writes::Writes;
use crate::kernel::ids;

/// A correction of one wallet.
#[derive(Clone, Copy, Debug)]
pub struct Adjust<'a> {
    /// Whose.
    pub wallet_id: WalletId,
    /// Credits to add (positive) or take back (negative).
    pub delta: i64,
    /// Who.
    pub actor: &'a str,
    /// Why.
    pub reason: &'a str,
}

/// Adds credits (debt first) or takes them back (shortfall becomes debt).
///
/// # Errors
/// [`Error::NotFound`], [`Error::AmountInvalid`] for zero or too much.
pub async fn adjust_in_tx(tx: &Tx, adjust: &Adjust<'_>, now: UnixMs) -> Result<(), Error> {
    let size = adjust.delta.checked_abs().unwrap_or(i64::MAX);
    let amount = check_amount(Credits(size))?;
    let mut locked = lock_in_tx(tx, &[adjust.wallet_id]).await?.acting(adjust.actor);
    if adjust.delta.is_positive() {
        add_in_tx(tx, &mut locked, adjust, now).await?;
    } else {
        // What has lapsed is no longer there to be taken.
        expire_in_tx(tx, &mut locked, now).await?;
        take_in_tx(tx, &mut locked, &Taking { adjust, amount }, now).await?;
    }
    finish_in_tx(tx, locked).await
}

async fn add_in_tx(
    tx: &Tx,
    locked: &mut Locked,
    adjust: &Adjust<'_>,
    now: UnixMs,
) -> Result<(), Error> {
    let source_ref = format!("adjustment:{}", ids::mint::<Uuid>(now));
    let incoming = Incoming {
        wallet_id: adjust.wallet_id,
        source: LotSource::Adjustment,
        source_ref: &source_ref,
        amount: Credits(adjust.delta),
        expires_at: None,
        kind: TransferKind::Adjust,
        from: Account::Adjustment,
        reason: adjust.reason,
    };
    match add_lot_in_tx(tx, locked, &incoming, now).await? {
        Some(_) => Ok(()),
        None => Err(Error::Contradiction("a fresh reference that is taken")),
    }
}

struct Taking<'a> {
    adjust: &'a Adjust<'a>,
    amount: Credits,
}

async fn take_in_tx(
    tx: &Tx,
    locked: &mut Locked,
    taking: &Taking<'_>,
    now: UnixMs,
) -> Result<(), Error> {
    const RANGE: Error = Error::Contradiction("a lot gave more than was asked of it");
    let wallet_id = taking.adjust.wallet_id;
    let mut open = taking.amount;
    let mut moves: BTreeMap<LotId, LotMove> = BTreeMap::new();
    let mut transfers = Vec::new();
    let mut posting = Posting {
        kind: TransferKind::Adjust,
        from: Account::Available,
        to: Account::Adjustment,
        amount: Credits::ZERO,
        lot_id: None,
        share: None,
        leg: 0,
        reason: taking.adjust.reason,
    };
    for (leg, (lot_id, remaining)) in
        (0_i64..).zip(load::lots_to_burn_in_tx(tx, wallet_id, taking.amount, now).await?)
    {
        let amount = open.min(remaining);
        open = open.checked_sub(amount).ok_or(RANGE)?;
        let gone = amount.0;
        let change =
            LotMove { remaining: gone.saturating_neg(), clawed: gone, ..LotMove::default() };
        moves.insert(lot_id, change);
        posting = Posting { amount, lot_id: Some(lot_id), leg, ..posting };
        transfers.push(locked.post(wallet_id, posting, now)?);
    }
    if open.is_positive() {
        let kind = TransferKind::Debt;
        let owed = Posting { kind, from: Account::Debt, amount: open, lot_id: None, ..posting };
        transfers.push(locked.post(wallet_id, Posting { leg: 0, ..owed }, now)?);
    }
    let writes = write::move_lots(Writes::new(), &moves);
    write::insert_transfers(writes, &transfers).run_in_tx(tx).await?;
    Ok(())
}
