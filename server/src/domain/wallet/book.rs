//! Wallets locked by a transaction, and the numbering of their transfers.
//!
//! A transfer gets its number and its running balances here, in memory, from the row that was
//! locked; the wallet row itself is written once, by `finish_in_tx`.

use std::collections::{BTreeMap, BTreeSet};

use entity::credit_ledger::Model as Transfer;
use entity::enums::{Account, Mode, TransferKind};
use entity::ids::{BatchId, HoldId, LotId, VideoId, WalletId};
use entity::values::{Credits, UnixMs};

use super::error::Error;
use super::model::earlier;

/// Wallets whose rows this transaction has locked, all of one mode.
///
/// After the last booking it must be given to `finish_in_tx`; without that the next booking on
/// one of these wallets meets a number that is taken already, and fails.
#[must_use = "finish_in_tx writes the balances"]
pub struct Locked {
    pub(super) books: BTreeMap<WalletId, Book>,
    /// Moment of the newest booking.
    pub(super) booked_at: Option<UnixMs>,
    actor: String,
}

/// One locked wallet: its row, and where the bookings have taken it since.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) mode: Mode,
    pub(super) locked_wseq: i64,
    pub(super) wseq: i64,
    pub(super) available: Credits,
    pub(super) held: Credits,
    pub(super) debt: Credits,
    pub(super) next_expiry: Option<UnixMs>,
    pub(super) is_touched: bool,
}

/// One transfer to be booked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posting<'a> {
    pub(super) kind: TransferKind,
    pub(super) from: Account,
    pub(super) to: Account,
    pub(super) amount: Credits,
    pub(super) lot_id: Option<LotId>,
    pub(super) share: Option<ShareRef>,
    pub(super) leg: i64,
    pub(super) reason: &'a str,
}

/// Which hold, and within it which video, a transfer is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShareRef {
    pub(super) hold_id: HoldId,
    pub(super) batch_id: BatchId,
    pub(super) video_id: Option<VideoId>,
}

impl Locked {
    pub(super) fn new(books: BTreeMap<WalletId, Book>) -> Result<Self, Error> {
        let modes: BTreeSet<Mode> = books.values().map(|book| book.mode).collect();
        if modes.len() > 1 {
            return Err(Error::ModesMixed);
        }
        Ok(Self { books, booked_at: None, actor: String::from("system") })
    }

    /// Names who acts in the ledger rows that follow; `system` unless told.
    pub fn acting(mut self, actor: &str) -> Self {
        actor.clone_into(&mut self.actor);
        self
    }

    /// The wallets, in order.
    pub fn wallet_ids(&self) -> impl Iterator<Item = WalletId> {
        self.books.keys().copied()
    }

    pub(super) fn book(&self, wallet_id: WalletId) -> Result<&Book, Error> {
        self.books.get(&wallet_id).ok_or(Error::NotLocked)
    }

    pub(super) fn book_mut(&mut self, wallet_id: WalletId) -> Result<&mut Book, Error> {
        self.books.get_mut(&wallet_id).ok_or(Error::NotLocked)
    }

    /// Moves the balances and returns the numbered row, to be inserted by the caller.
    pub(super) fn post(
        &mut self,
        wallet_id: WalletId,
        posting: Posting<'_>,
        now: UnixMs,
    ) -> Result<Transfer, Error> {
        let book = self.books.get_mut(&wallet_id).ok_or(Error::NotLocked)?;
        book.apply(&posting)?;
        self.booked_at = Some(now);
        Ok(Transfer {
            wallet_id,
            wseq: book.wseq,
            kind: posting.kind,
            debit_account: posting.from,
            credit_account: posting.to,
            amount: posting.amount,
            available_after: book.available,
            held_after: book.held,
            lot_id: posting.lot_id,
            hold_id: posting.share.map(|share| share.hold_id),
            video_id: posting.share.and_then(|share| share.video_id),
            batch_id: posting.share.map(|share| share.batch_id),
            leg: posting.leg,
            actor: self.actor.clone(),
            reason: posting.reason.to_owned(),
            created_at: now,
        })
    }
}

impl Book {
    fn apply(&mut self, posting: &Posting<'_>) -> Result<(), Error> {
        const BELOW: Error = Error::Contradiction("a balance would leave its range");
        let amount = posting.amount;
        match posting.from {
            Account::Available => {
                self.available = self.available.checked_sub(amount).ok_or(BELOW)?
            }
            Account::Held => self.held = self.held.checked_sub(amount).ok_or(BELOW)?,
            Account::Debt => self.debt = self.debt.checked_add(amount).ok_or(BELOW)?,
            Account::Issued | Account::Revenue | Account::Breakage | Account::Adjustment => {}
        }
        match posting.to {
            Account::Available => {
                self.available = self.available.checked_add(amount).ok_or(BELOW)?
            }
            Account::Held => self.held = self.held.checked_add(amount).ok_or(BELOW)?,
            Account::Debt => self.debt = self.debt.checked_sub(amount).ok_or(BELOW)?,
            Account::Issued | Account::Revenue | Account::Breakage | Account::Adjustment => {}
        }
        self.wseq = self.wseq.checked_add(1).ok_or(BELOW)?;
        self.is_touched = true;
        Ok(())
    }

    /// Notes that credits with this expiry can be spent again.
    pub(super) fn expects(&mut self, expires_at: Option<UnixMs>) {
        self.next_expiry = earlier(self.next_expiry, expires_at);
        self.is_touched = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn book(mode: Mode) -> Book {
        Book {
            mode,
            locked_wseq: 7,
            wseq: 7,
            available: Credits(10),
            held: Credits(4),
            debt: Credits(0),
            next_expiry: None,
            is_touched: false,
        }
    }

    fn posting(from: Account, to: Account, amount: i64) -> Posting<'static> {
        Posting {
            kind: TransferKind::Capture,
            from,
            to,
            amount: Credits(amount),
            lot_id: None,
            share: None,
            leg: 0,
            reason: "",
        }
    }

    #[test]
    fn numbers_are_gapless_and_balances_run_along() {
        let id = WalletId(Uuid::from_u128(1));
        let mut locked = Locked::new(BTreeMap::from([(id, book(Mode::Live))])).expect("one mode");
        let steps = [
            (Account::Held, Account::Revenue, 3, 8, (10, 1)),
            (Account::Held, Account::Available, 1, 9, (11, 0)),
            (Account::Available, Account::Held, 11, 10, (0, 11)),
        ];
        for (from, to, amount, wseq, after) in steps {
            let row = locked.post(id, posting(from, to, amount), UnixMs(1)).expect("in range");
            assert_eq!((row.wseq, (row.available_after.0, row.held_after.0)), (wseq, after));
        }
        assert!(locked.post(id, posting(Account::Available, Account::Held, 1), UnixMs(1)).is_err());
    }

    #[test]
    fn live_and_test_never_meet() {
        let books = BTreeMap::from([
            (WalletId(Uuid::from_u128(1)), book(Mode::Live)),
            (WalletId(Uuid::from_u128(2)), book(Mode::Test)),
        ]);
        assert!(matches!(Locked::new(books), Err(Error::ModesMixed)));
    }
}
