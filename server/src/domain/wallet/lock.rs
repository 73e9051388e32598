//! Opening, locking and writing back of wallets.

use entity::enums::Mode;
use entity::ids::{WalletId, WorkspaceId};
use entity::values::UnixMs;

use super::book::Locked;
use super::error::Error;
use super::limits;
use super::repo::{lock, write};
use crate::db::Tx;
use crate::db::writes::Writes;
use crate::kernel::ids;

/// Opens the wallet of a workspace in one mode, empty.
///
/// # Errors
/// [`Error::Contradiction`] when it exists already.
pub async fn open_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    mode: Mode,
    now: UnixMs,
) -> Result<WalletId, Error> {
    let id: WalletId = ids::mint(now);
    match lock::insert_wallet_in_tx(tx, id, workspace_id, mode, now).await? {
        1 => Ok(id),
        _ => Err(Error::Contradiction("the workspace has this wallet already")),
    }
}

/// The wallet of a workspace in one mode.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn find_in_tx(tx: &Tx, workspace_id: WorkspaceId, mode: Mode) -> Result<WalletId, Error> {
    lock::find(&**tx, workspace_id, mode).await?.ok_or(Error::NotFound)
}

/// Locks these wallets (in the order of their ids, each once) and reads their numbers.
///
/// # Errors
/// [`Error::NotFound`] when one does not exist, [`Error::ModesMixed`] when they are of both modes:
/// live and test never meet in one transaction, so a flush is made per mode.
pub async fn lock_in_tx(tx: &Tx, wallets: &[WalletId]) -> Result<Locked, Error> {
    let mut wanted = wallets.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let books = lock::lock_in_tx(tx, &wanted).await?;
    if books.len() != wanted.len() {
        return Err(Error::NotFound);
    }
    Locked::new(books)
}

/// Writes numbers and balances of the wallets that were booked on, once, into the rows already
/// locked. The last step of every transaction that books.
///
/// # Errors
/// The database's failure, also when a wallet was booked on behind `locked`'s back.
pub async fn finish_in_tx(tx: &Tx, locked: Locked) -> Result<(), Error> {
    write::write_wallets(Writes::new(), &locked.books).run_in_tx(tx).await?;
    match locked.booked_at {
        Some(now) => limits::tell_in_tx(tx, &limits::touched(&locked.books), now).await,
        None => Ok(()),
    }
}
