//! Credits come in: one lot per business object, debt paid first.

use entity::credit_lot::Model as Lot;
use entity::enums::{Account, LotSource, TransferKind};
use entity::ids::{LotId, WalletId};
use entity::values::{Credits, UnixMs};

use super::book::{Locked, Posting};
use super::error::Error;
use super::lock::{finish_in_tx, lock_in_tx};
use super::model::{Grant, check_amount, has_lapsed, priority};
use super::repo::{load, write};
use crate::db::Tx;
use crate::db::writes::Writes;
use crate::kernel::ids;
use crate::kernel::reason::Reason;

/// What became of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The lot, new or found.
    pub lot_id: LotId,
    /// False when this reference had been granted before and nothing was booked.
    pub is_new: bool,
}

/// Grants credits once per reference; what the wallet owes is paid from them first.
///
/// # Errors
/// [`Error::NotFound`], [`Error::AmountInvalid`] for amounts out of range, an expiry in the past or
/// source GRACE, [`Error::GrantDiffers`] when the reference was granted with other terms.
pub async fn grant_in_tx(tx: &Tx, grant: &Grant<'_>, now: UnixMs) -> Result<LotId, Error> {
    grant_once_in_tx(tx, grant, now).await.map(|granted| granted.lot_id)
}

/// As [`grant_in_tx`], telling a new lot from one that was there.
///
/// # Errors
/// Those of [`grant_in_tx`].
pub async fn grant_once_in_tx(tx: &Tx, grant: &Grant<'_>, now: UnixMs) -> Result<Granted, Error> {
    check_amount(grant.amount)?;
    if has_lapsed(grant.expires_at, now) {
        return Err(Error::AmountInvalid(Reason::GrantExpired));
    }
    if grant.source == LotSource::Grace {
        return Err(Error::AmountInvalid(Reason::GraceGranted));
    }
    let mut locked = lock_in_tx(tx, &[grant.wallet_id]).await?.acting(grant.actor);
    let incoming = Incoming {
        wallet_id: grant.wallet_id,
        source: grant.source,
        source_ref: grant.source_ref,
        amount: grant.amount,
        expires_at: grant.expires_at,
        kind: TransferKind::Grant,
        from: Account::Issued,
        reason: grant.reason,
    };
    let granted = match add_lot_in_tx(tx, &mut locked, &incoming, now).await? {
        Some(lot_id) => Granted { lot_id, is_new: true },
        None => Granted { lot_id: same_lot_in_tx(tx, grant).await?, is_new: false },
    };
    finish_in_tx(tx, locked).await?;
    Ok(granted)
}

/// Credits on their way into a locked wallet.
pub(super) struct Incoming<'a> {
    pub(super) wallet_id: WalletId,
    pub(super) source: LotSource,
    pub(super) source_ref: &'a str,
    pub(super) amount: Credits,
    pub(super) expires_at: Option<UnixMs>,
    pub(super) kind: TransferKind,
    pub(super) from: Account,
    pub(super) reason: &'a str,
}

/// Makes the lot and books it; `None` when its reference is taken.
pub(super) async fn add_lot_in_tx(
    tx: &Tx,
    locked: &mut Locked,
    incoming: &Incoming<'_>,
    now: UnixMs,
) -> Result<Option<LotId>, Error> {
    let paid = locked.book(incoming.wallet_id)?.debt.min(incoming.amount);
    let remaining = incoming
        .amount
        .checked_sub(paid)
        .ok_or(Error::Contradiction("a debt larger than itself"))?;
    let lot = Lot {
        id: ids::mint(now),
        wallet_id: incoming.wallet_id,
        source: incoming.source,
        source_ref: incoming.source_ref.to_owned(),
        priority: priority(incoming.source),
        granted: incoming.amount,
        remaining,
        held: Credits::ZERO,
        consumed: Credits::ZERO,
        expired: Credits::ZERO,
        clawed: paid,
        expires_at: incoming.expires_at,
        grace_hold: None,
        grace_lot: None,
        created_at: now,
    };
    if write::insert_lot_once_in_tx(tx, &lot).await? == 0 {
        return Ok(None);
    }
    let coming = Posting {
        kind: incoming.kind,
        from: incoming.from,
        to: Account::Available,
        amount: incoming.amount,
        lot_id: Some(lot.id),
        share: None,
        leg: 0,
        reason: incoming.reason,
    };
    let mut transfers = vec![locked.post(lot.wallet_id, coming, now)?];
    if paid.is_positive() {
        let paying = Posting {
            kind: TransferKind::Debt,
            from: Account::Available,
            to: Account::Debt,
            amount: paid,
            leg: 1,
            ..coming
        };
        transfers.push(locked.post(lot.wallet_id, paying, now)?);
    }
    if remaining.is_positive() {
        locked.book_mut(lot.wallet_id)?.expects(lot.expires_at);
    }
    write::insert_transfers(Writes::new(), &transfers).run_in_tx(tx).await?;
    Ok(Some(lot.id))
}

async fn same_lot_in_tx(tx: &Tx, grant: &Grant<'_>) -> Result<LotId, Error> {
    let lot = load::lot_by_ref_in_tx(tx, grant.wallet_id, grant.source_ref)
        .await?
        .ok_or(Error::Contradiction("a reference that is taken by no lot"))?;
    let same = lot.granted == grant.amount
        && lot.source == grant.source
        && lot.expires_at == grant.expires_at;
    if same { Ok(lot.id) } else { Err(Error::GrantDiffers) }
}
