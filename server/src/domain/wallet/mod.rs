//! The wallet: lots, holds, shares and the ledger. One function per intention: [`grant_in_tx`],
//! [`freeze_in_tx`], [`resolve_in_tx`] (capture and release), expiry, [`adjust_in_tx`].
//!
//! Invariants held here:
//! - Every booking first locks its wallets, in the order of their ids, all of one mode.
//! - A credit can be spent only through the guard of a freeze; what is frozen can only be captured
//!   or released, each share once, decided by the share's own row and by unique indexes.
//! - Ledger rows are numbered without gaps per wallet from the locked row and carry the running
//!   balances; the wallet row is written once, last.
//! - Rows of the ledger never change; triggers hold that against everybody.
//!
//! Deliberately absent: commits (whoever opened the transaction does), network, floats, negative
//! balances (what cannot be taken back becomes debt), and repairs: [`check`] reports, never mends.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use entity::credit_ledger::Model as Transfer;
use entity::credit_lot::Model as Lot;
use entity::enums::Mode;
use entity::ids::{BatchId, LotId, WalletId, WorkspaceId};

use crate::db::audit::Deed;
use crate::db::{Class, Db, Tx};
use crate::domain::access::{Caller, Scope};
use crate::kernel::clock::Clock;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::page::{Page, PageArgs};

mod adjust;
mod book;
pub mod check;
mod error;
pub mod event;
mod expire;
mod freeze;
mod grace;
mod grant;
mod limits;
mod lock;
mod model;
mod operator;
mod repo;
mod resolve;
mod spend;
mod statement;

pub use adjust::{Adjust, adjust_in_tx};
pub use book::Locked;
pub use error::Error;
pub use event::LedgerEvent;
pub use freeze::freeze_in_tx;
pub use grant::{Granted, grant_in_tx, grant_once_in_tx};
pub use limits::{LimitsSeen, NewLimits, Period};
pub use lock::{find_in_tx, finish_in_tx, lock_in_tx, open_in_tx};
pub use model::{
    AdjustOrder, Balance, BatchCredits, Freeze, GRACE_MS, Grant, GrantOrder, LedgerFilter,
    MAX_AMOUNT, Resolution, Resolved, Verdict, priority,
};
pub use resolve::resolve_in_tx;
pub use spend::{MAX_SPEND_DAYS, Spend, SpendAsked, Spent, time_zone};
pub use statement::{Statement, StatementAsked, StatementLink, Statements};

/// Wallets whose credits are expired in one transaction of the sweep.
const SWEEP_WALLETS: u64 = 100;

/// Use-cases of the wallet. Cheap to clone.
#[derive(Clone)]
pub struct Wallet {
    db: Db,
    clock: Clock,
}

impl Wallet {
    /// Built once, in `app`.
    #[must_use]
    pub const fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Expires what has lapsed, in every wallet; returns the number of lots. Housekeeping: a
    /// freeze expires what it meets by itself.
    ///
    /// # Errors
    /// The database's failure; what was expired before it stays expired.
    pub async fn expire_due(&self) -> Result<usize, Error> {
        let now = self.clock.now();
        let mut lots: usize = 0;
        for mode in [Mode::Live, Mode::Test] {
            loop {
                let due = repo::lock::due(self.db.reader(), mode, now, SWEEP_WALLETS).await?;
                if due.is_empty() {
                    break;
                }
                let due = &due;
                let work = |tx: Tx| async move {
                    let mut locked = lock_in_tx(&tx, due).await?;
                    let lapsed = expire::expire_in_tx(&tx, &mut locked, now).await?;
                    finish_in_tx(&tx, locked).await?;
                    Ok::<usize, Error>(lapsed)
                };
                lots = lots.saturating_add(self.db.tx(Class::Telemetry, work).await?);
            }
        }
        Ok(lots)
    }

    /// The wallet of the scope's workspace.
    ///
    /// # Errors
    /// [`Error::NotFound`], the database's failure.
    pub async fn balance(&self, scope: &Scope, mode: Mode) -> Result<Balance, Error> {
        self.balance_of(scope.workspace_id(), mode).await
    }

    /// The wallet's lots, newest first; the cursor's key is the lot's id.
    ///
    /// # Errors
    /// `NOT_FOUND`, `INVALID_CURSOR`, the database's failure.
    pub async fn lots(
        &self,
        scope: &Scope,
        mode: Mode,
        page: &PageArgs,
    ) -> Result<Page<Lot>, ApiError> {
        let wallet_id = self.find(scope, mode).await?;
        let slice = slice::<LotId>(page)?;
        let rows = repo::list::lots(self.db.reader(), wallet_id, slice).await;
        Ok(page.cut(rows.map_err(Error::Db)?))
    }

    /// The wallet's ledger, newest first; the cursor's key is the row's `wseq`.
    ///
    /// # Errors
    /// `NOT_FOUND`, `INVALID_CURSOR`, the database's failure.
    pub async fn ledger(
        &self,
        scope: &Scope,
        mode: Mode,
        (filter, page): (LedgerFilter, &PageArgs),
    ) -> Result<Page<Transfer>, ApiError> {
        let wallet_id = self.find(scope, mode).await?;
        let slice = slice::<i64>(page)?;
        let rows = repo::list::ledger(self.db.reader(), wallet_id, filter, slice).await;
        Ok(page.cut(rows.map_err(Error::Db)?))
    }

    /// Credits of these batches over all their rounds; batches of other workspaces are absent.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn by_batch(
        &self,
        scope: &Scope,
        batches: &[BatchId],
    ) -> Result<Vec<BatchCredits>, Error> {
        let found = repo::list::by_batch(self.db.reader(), scope.workspace_id(), batches).await;
        found.map_err(Error::Db)
    }

    async fn find(&self, scope: &Scope, mode: Mode) -> Result<WalletId, Error> {
        let found = repo::lock::find(self.db.reader(), scope.workspace_id(), mode).await?;
        found.ok_or(Error::NotFound)
    }

    async fn balance_of(&self, workspace_id: WorkspaceId, mode: Mode) -> Result<Balance, Error> {
        let now = self.clock.now();
        let found = repo::list::balance(self.db.reader(), workspace_id, mode, now).await?;
        found.ok_or(Error::NotFound)
    }
}

fn deed<'a>(
    caller: &'a Caller,
    workspace_id: WorkspaceId,
    (action, wallet_id): (&'static str, WalletId),
    detail: serde_json::Value,
) -> Deed<'a> {
    Deed {
        workspace_id: Some(workspace_id),
        actor: "",
        action,
        subject: wallet_id.to_string(),
        detail,
        request_id: &caller.request_id,
    }
}

fn slice<Key: std::str::FromStr>(page: &PageArgs) -> Result<repo::list::Slice<Key>, ApiError> {
    let after = page.after.as_deref().map(str::parse::<Key>).transpose();
    let after = after.map_err(|_| ApiError::new(ErrorCode::InvalidCursor))?;
    Ok(repo::list::Slice { after, limit: i64::try_from(page.fetch()).unwrap_or(i64::MAX) })
}
