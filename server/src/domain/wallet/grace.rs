//! Grace lots: where releases go whose own lot has expired meanwhile.
//!
//! One per (hold, lot), with the lot's priority, living 7 days from the first release it caught;
//! later releases make it grow. Once it has expired itself, the next release opens a new one.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use entity::credit_lot::Model as Lot;
use entity::enums::LotSource;
use entity::ids::{HoldId, LotId, WalletId};
use entity::values::{Credits, UnixMs};

use super::error::Error;
use super::model::{GRACE_MS, Part, has_lapsed};
use super::repo::write::LotMove;
use crate::kernel::ids;

/// The grace lots of the holds of one settlement.
#[derive(Default)]
pub(super) struct GraceLots {
    now: UnixMs,
    living: BTreeMap<(HoldId, LotId), Grace>,
    /// How many were made before, by (hold, lot): numbers their references.
    made: BTreeMap<(HoldId, LotId), i64>,
    /// Ids for new lots in rising order, so that lots of one moment burn in the order of making.
    ids: VecDeque<LotId>,
}

enum Grace {
    Stored { lot_id: LotId, expires_at: UnixMs, growth: Credits },
    New(Lot),
}

/// Where a release was caught.
pub(super) struct Caught {
    pub(super) lot_id: LotId,
    pub(super) expires_at: UnixMs,
}

impl GraceLots {
    /// `lapsed` is the number of (hold, lot) pairs that may need one.
    pub(super) fn new(stored: Vec<Lot>, now: UnixMs, lapsed: usize) -> Self {
        let ids = ids::mint_many(now, lapsed).into();
        let mut lots = Self { now, ids, ..Self::default() };
        for lot in stored {
            let (Some(hold), Some(origin)) = (lot.grace_hold, lot.grace_lot) else { continue };
            let made = lots.made.entry((hold, origin)).or_default();
            *made = made.saturating_add(1);
            if let Some(expires_at) = lot.expires_at.filter(|at| !has_lapsed(Some(*at), now)) {
                let grace = Grace::Stored { lot_id: lot.id, expires_at, growth: Credits::ZERO };
                lots.living.insert((hold, origin), grace);
            }
        }
        lots
    }

    pub(super) fn catch(
        &mut self,
        wallet_id: WalletId,
        hold_id: HoldId,
        part: &Part,
        amount: Credits,
    ) -> Result<Caught, Error> {
        const RANGE: Error = Error::Contradiction("a grace lot would leave its range");
        let key = (hold_id, part.lot_id);
        let made = self.made.get(&key).copied().unwrap_or_default();
        let now = self.now;
        let grace = match self.living.entry(key) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(free) => {
                let id = self.ids.pop_front().unwrap_or_else(|| ids::mint(now));
                let lot = Lot { id, ..empty_lot(wallet_id, hold_id, part, (made, now)) };
                free.insert(Grace::New(lot))
            }
        };
        match grace {
            Grace::Stored { lot_id, expires_at, growth } => {
                *growth = growth.checked_add(amount).ok_or(RANGE)?;
                Ok(Caught { lot_id: *lot_id, expires_at: *expires_at })
            }
            Grace::New(lot) => {
                lot.granted = lot.granted.checked_add(amount).ok_or(RANGE)?;
                lot.remaining = lot.granted;
                Ok(Caught { lot_id: lot.id, expires_at: now.plus_ms(GRACE_MS) })
            }
        }
    }

    /// Lots to insert, and growth of lots that are stored already.
    pub(super) fn into_writes(self) -> (Vec<Lot>, Vec<(LotId, LotMove)>) {
        let mut new = Vec::new();
        let mut grown = Vec::new();
        for grace in self.living.into_values() {
            match grace {
                Grace::New(lot) => new.push(lot),
                Grace::Stored { lot_id, growth, .. } if growth.is_positive() => {
                    let more = growth.0;
                    let change = LotMove { granted: more, remaining: more, ..LotMove::default() };
                    grown.push((lot_id, change));
                }
                Grace::Stored { .. } => {}
            }
        }
        (new, grown)
    }
}

fn empty_lot(wallet_id: WalletId, hold_id: HoldId, part: &Part, (made, now): (i64, UnixMs)) -> Lot {
    Lot {
        id: ids::mint(now),
        wallet_id,
        source: LotSource::Grace,
        source_ref: format!("grace:{hold_id}:{}:{}", part.lot_id, made.saturating_add(1)),
        priority: part.priority,
        granted: Credits::ZERO,
        remaining: Credits::ZERO,
        held: Credits::ZERO,
        consumed: Credits::ZERO,
        expired: Credits::ZERO,
        clawed: Credits::ZERO,
        expires_at: Some(now.plus_ms(GRACE_MS)),
        grace_hold: Some(hold_id),
        grace_lot: Some(part.lot_id),
        created_at: now,
    }
}
