//! Credits lapse: what is left of a lot after its expiry goes to breakage. Held credits do not
//! expire. Runs inside every booking that spends, and as a sweep.

use std::collections::BTreeMap;

use entity::enums::{Account, TransferKind};
use entity::ids::LotId;
use entity::values::UnixMs;

use super::book::{Locked, Posting};
use super::error::Error;
use super::repo::write::LotMove;
use super::repo::{load, write};
use crate::db::Tx;
use crate::db::writes::Writes;

/// Expires what has lapsed by `now` in the locked wallets and finds their next expiry afresh.
/// Returns the number of lots that lapsed.
pub(super) async fn expire_in_tx(
    tx: &Tx,
    locked: &mut Locked,
    now: UnixMs,
) -> Result<usize, Error> {
    let lapsed = load::lapsed_in_tx(tx, locked.wallet_ids(), now).await?;
    let mut moves: BTreeMap<LotId, LotMove> = BTreeMap::new();
    let mut transfers = Vec::with_capacity(lapsed.len());
    for (wallet_id, lot_id, amount) in &lapsed {
        let gone = amount.0;
        let change =
            LotMove { remaining: gone.saturating_neg(), expired: gone, ..LotMove::default() };
        moves.insert(*lot_id, change);
        let posting = Posting {
            kind: TransferKind::Expire,
            from: Account::Available,
            to: Account::Breakage,
            amount: *amount,
            lot_id: Some(*lot_id),
            share: None,
            leg: 0,
            reason: "",
        };
        transfers.push(locked.post(*wallet_id, posting, now)?);
    }
    let writes = write::move_lots(Writes::new(), &moves);
    write::insert_transfers(writes, &transfers).run_in_tx(tx).await?;
    let expiries = load::next_expiries_in_tx(tx, locked.wallet_ids()).await?;
    for (wallet_id, book) in &mut locked.books {
        book.next_expiry = expiries.get(wallet_id).copied();
        book.is_touched = true;
    }
    Ok(lapsed.len())
}
