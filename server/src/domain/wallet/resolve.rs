//! Shares end: captured when their video was delivered, released when it was not. Group-committed:
//! one call ends the shares of a whole flush, of many holds and wallets.

use std::collections::{BTreeMap, BTreeSet};

use entity::credit_ledger::Model as Transfer;
use entity::credit_lot::Model as Lot;
use entity::enums::{Account, TransferKind};
use entity::ids::{HoldId, LotId, VideoId, WalletId};
use entity::values::{Credits, UnixMs};

use super::book::{Locked, Posting, ShareRef};
use super::error::Error;
use super::grace::GraceLots;
use super::model::{Part, Resolution, Resolved, Verdict, draw, has_lapsed};
use super::repo::load::OpenHold;
use super::repo::write::{HoldMove, LotMove};
use super::repo::{load, write};
use crate::db::Tx;
use crate::db::writes::Writes;

/// Ends the open shares of these videos, each exactly once, and returns those that were ended by
/// this call, in the order asked for; shares that had ended before are left alone and left out.
/// Where a video is named twice, the first counts.
///
/// The shares' wallets must be in `locked`; `finish_in_tx` must follow.
///
/// # Errors
/// [`Error::NotLocked`] for a share of another wallet; the database's failure.
pub async fn resolve_in_tx(
    tx: &Tx,
    locked: &mut Locked,
    resolutions: &[Resolution],
    now: UnixMs,
) -> Result<Vec<Resolved>, Error> {
    let mut seen = BTreeSet::new();
    let asked: Vec<Resolution> =
        resolutions.iter().copied().filter(|one| seen.insert(one.video_id)).collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let ended = load::end_shares_in_tx(tx, &asked, now).await?;
    let hold_ids: BTreeSet<HoldId> = ended.values().map(|share| share.hold_id).collect();
    if hold_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut settlement =
        Settlement::new(load::holds_in_tx(tx, hold_ids.iter().copied()).await?, now);
    let releasing = asked.iter().any(|one| one.verdict == Verdict::Release);
    let lapsed = settlement.lapsed_parts();
    if releasing && lapsed > 0 {
        let found = load::grace_lots_in_tx(tx, hold_ids.iter().copied()).await?;
        settlement.grace = GraceLots::new(found, now, lapsed);
    }
    let mut resolved = Vec::with_capacity(ended.len());
    for one in &asked {
        let Some(share) = ended.get(&one.video_id) else { continue };
        let ending = Ending {
            video_id: one.video_id,
            hold_id: share.hold_id,
            amount: share.amount,
            verdict: one.verdict,
        };
        resolved.push(settlement.end(locked, ending)?);
    }
    settlement.write_in_tx(tx).await?;
    Ok(resolved)
}

/// All that one call moves, gathered before it is written.
struct Settlement {
    now: UnixMs,
    holds: BTreeMap<HoldId, OpenHold>,
    grace: GraceLots,
    transfers: Vec<Transfer>,
    lot_moves: BTreeMap<LotId, LotMove>,
    hold_moves: BTreeMap<HoldId, HoldMove>,
    part_moves: BTreeMap<(HoldId, LotId), HoldMove>,
}

#[derive(Clone, Copy)]
struct Ending {
    video_id: VideoId,
    hold_id: HoldId,
    amount: Credits,
    verdict: Verdict,
}

/// One draw of a share on one lot.
struct Drawing {
    wallet_id: WalletId,
    share: ShareRef,
    part: Part,
    amount: Credits,
}

impl Settlement {
    fn new(holds: BTreeMap<HoldId, OpenHold>, now: UnixMs) -> Self {
        Self {
            now,
            holds,
            grace: GraceLots::default(),
            transfers: Vec::new(),
            lot_moves: BTreeMap::new(),
            hold_moves: BTreeMap::new(),
            part_moves: BTreeMap::new(),
        }
    }

    fn lapsed_parts(&self) -> usize {
        let parts = self.holds.values().flat_map(|hold| &hold.parts);
        parts.filter(|part| has_lapsed(part.expires_at, self.now)).count()
    }

    fn end(&mut self, locked: &mut Locked, ending: Ending) -> Result<Resolved, Error> {
        let hold = self
            .holds
            .get_mut(&ending.hold_id)
            .ok_or(Error::Contradiction("a share of a hold without lots"))?;
        let (wallet_id, batch_id) = (hold.wallet_id, hold.batch_id);
        let drawn: Vec<(Part, Credits)> = draw(&mut hold.parts, ending.amount, ending.verdict)?
            .into_iter()
            .filter_map(|(place, amount)| hold.parts.get(place).cloned().zip(Some(amount)))
            .collect();
        let share = ShareRef { hold_id: ending.hold_id, batch_id, video_id: Some(ending.video_id) };
        let mut leg = 0;
        for (part, amount) in drawn {
            let drawing = Drawing { wallet_id, share, part, amount };
            match ending.verdict {
                Verdict::Capture => self.capture(locked, &drawing, &mut leg)?,
                Verdict::Release => self.release(locked, &drawing, &mut leg)?,
            }
        }
        let Ending { video_id, hold_id, amount, verdict } = ending;
        Ok(Resolved { video_id, hold_id, wallet_id, amount, verdict })
    }

    /// Valid from an expired lot too: held credits do not expire.
    fn capture(
        &mut self,
        locked: &mut Locked,
        drawing: &Drawing,
        leg: &mut i64,
    ) -> Result<(), Error> {
        let amount = drawing.amount;
        self.note_hold(drawing, HoldMove { captured: amount, released: Credits::ZERO })?;
        let held = amount.0.saturating_neg();
        let change = LotMove { held, consumed: amount.0, ..LotMove::default() };
        self.note_lot(drawing.part.lot_id, change)?;
        let (kind, lot_id) = (TransferKind::Capture, drawing.part.lot_id);
        self.post(locked, drawing, (kind, Account::Held, Account::Revenue, lot_id), leg)
    }

    /// Back to the same lot; where that has expired meanwhile, to the grace lot in its stead.
    fn release(
        &mut self,
        locked: &mut Locked,
        drawing: &Drawing,
        leg: &mut i64,
    ) -> Result<(), Error> {
        let amount = drawing.amount;
        let lot_id = drawing.part.lot_id;
        self.note_hold(drawing, HoldMove { captured: Credits::ZERO, released: amount })?;
        let held = amount.0.saturating_neg();
        if !has_lapsed(drawing.part.expires_at, self.now) {
            let change = LotMove { held, remaining: amount.0, ..LotMove::default() };
            self.note_lot(lot_id, change)?;
            locked.book_mut(drawing.wallet_id)?.expects(drawing.part.expires_at);
            let kind = TransferKind::Release;
            return self.post(
                locked,
                drawing,
                (kind, Account::Held, Account::Available, lot_id),
                leg,
            );
        }
        let change = LotMove { held, expired: amount.0, ..LotMove::default() };
        self.note_lot(lot_id, change)?;
        let lapse = (TransferKind::Expire, Account::Held, Account::Breakage, lot_id);
        self.post(locked, drawing, lapse, leg)?;
        let hold_id = drawing.share.hold_id;
        let grace = self.grace.catch(drawing.wallet_id, hold_id, &drawing.part, amount)?;
        locked.book_mut(drawing.wallet_id)?.expects(Some(grace.expires_at));
        let catch = (TransferKind::Grant, Account::Issued, Account::Available, grace.lot_id);
        self.post(locked, drawing, catch, leg)
    }

    fn post(
        &mut self,
        locked: &mut Locked,
        drawing: &Drawing,
        (kind, from, to, lot_id): (TransferKind, Account, Account, LotId),
        leg: &mut i64,
    ) -> Result<(), Error> {
        let posting = Posting {
            kind,
            from,
            to,
            amount: drawing.amount,
            lot_id: Some(lot_id),
            share: Some(drawing.share),
            leg: *leg,
            reason: "",
        };
        *leg = leg.saturating_add(1);
        self.transfers.push(locked.post(drawing.wallet_id, posting, self.now)?);
        Ok(())
    }

    fn note_lot(&mut self, lot_id: LotId, change: LotMove) -> Result<(), Error> {
        let sum = self.lot_moves.entry(lot_id).or_default();
        *sum = sum.and(change)?;
        Ok(())
    }

    fn note_hold(&mut self, drawing: &Drawing, change: HoldMove) -> Result<(), Error> {
        let hold_id = drawing.share.hold_id;
        let hold = self.hold_moves.entry(hold_id).or_default();
        *hold = hold.and(change)?;
        let part = self.part_moves.entry((hold_id, drawing.part.lot_id)).or_default();
        *part = part.and(change)?;
        Ok(())
    }

    async fn write_in_tx(self, tx: &Tx) -> Result<(), Error> {
        let Self { now, grace, mut lot_moves, transfers, hold_moves, part_moves, .. } = self;
        let (new_lots, grown): (Vec<Lot>, Vec<(LotId, LotMove)>) = grace.into_writes();
        for (lot_id, change) in grown {
            let sum = lot_moves.entry(lot_id).or_default();
            *sum = sum.and(change)?;
        }
        let writes = write::move_parts(Writes::new(), &part_moves);
        let writes = write::move_holds(writes, &hold_moves, now);
        let writes = write::move_lots(writes, &lot_moves);
        let writes = write::insert_lots(writes, &new_lots);
        write::insert_transfers(writes, &transfers).run_in_tx(tx).await?;
        Ok(())
    }
}
