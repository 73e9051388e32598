//! What the wallet is told and what it answers; the burn order and how a share draws on lots.
//! Pure: no clock, no database.

use entity::enums::{LotSource, Mode, ShareState, TransferKind};
use entity::ids::{BatchId, HoldId, LotId, VideoId, WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};

use super::error::Error;
use crate::kernel::reason::Reason;

/// Most credits in one grant, adjustment or freeze; keeps every sum far from `i64`'s end.
pub const MAX_AMOUNT: Credits = Credits(1_000_000_000_000);

/// Life of a grace lot from the first release it caught, in milliseconds.
pub const GRACE_MS: i64 = 7 * UnixMs::DAY_MS;

/// Credits that come in.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    /// To whom.
    pub wallet_id: WalletId,
    /// Where from; decides the priority (see [`priority`]).
    pub source: LotSource,
    /// The business object it stands for: the same reference is granted once per wallet.
    pub source_ref: &'a str,
    /// How many, 1 … [`MAX_AMOUNT`].
    pub amount: Credits,
    /// When what is left lapses; `None` never.
    pub expires_at: Option<UnixMs>,
    /// `usr_…`, `operator:usr_…`, `cli` or `system`.
    pub actor: &'a str,
    /// Words for the ledger row.
    pub reason: &'a str,
}

/// Credits of a round that are set aside at launch: `price` for each video.
#[derive(Clone, Copy, Debug)]
pub struct Freeze<'a> {
    /// Who pays.
    pub wallet_id: WalletId,
    /// For what.
    pub batch_id: BatchId,
    /// 1 is the launch, each retry the next.
    pub round: i64,
    /// Price of one video.
    pub price: Credits,
    /// The videos; each gets an open share.
    pub videos: &'a [VideoId],
    /// Who launched.
    pub actor: &'a str,
}

/// How a share ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Delivered: charged.
    Capture,
    /// Not delivered: given back.
    Release,
}

impl Verdict {
    /// State of a share that ended like this.
    #[must_use]
    pub const fn share_state(self) -> ShareState {
        match self {
            Self::Capture => ShareState::Captured,
            Self::Release => ShareState::Released,
        }
    }
}

/// One share to be ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Whose open share.
    pub video_id: VideoId,
    /// How.
    pub verdict: Verdict,
}

/// One share that was ended by this very call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Whose share.
    pub video_id: VideoId,
    /// Of which hold.
    pub hold_id: HoldId,
    /// In which wallet.
    pub wallet_id: WalletId,
    /// Its size.
    pub amount: Credits,
    /// How it ended.
    pub verdict: Verdict,
}

/// An operator's grant.
#[derive(Clone, Debug)]
pub struct GrantOrder {
    /// To whom.
    pub workspace_id: WorkspaceId,
    /// In which wallet.
    pub mode: Mode,
    /// Where from.
    pub source: LotSource,
    /// 1 … 100 bytes without a colon; granting the same one twice grants once.
    pub reference: String,
    /// How many, 1 … [`MAX_AMOUNT`].
    pub amount: Credits,
    /// When what is left lapses; `None` never.
    pub expires_at: Option<UnixMs>,
    /// Why; goes into ledger and audit.
    pub reason: String,
}

/// An operator's correction.
#[derive(Clone, Debug)]
pub struct AdjustOrder {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// In which wallet.
    pub mode: Mode,
    /// Credits to add (positive) or take back (negative); a shortfall becomes debt.
    pub delta: i64,
    /// Why; goes into ledger and audit.
    pub reason: String,
    /// Makes a repeat of this order harmless, 1 … 200 characters.
    pub idempotency_key: String,
}

/// What a wallet holds at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Which.
    pub wallet_id: WalletId,
    /// Live or test.
    pub mode: Mode,
    /// Can be spent now: lapsed credits are left out even before they are swept.
    pub available: Credits,
    /// Frozen for open videos.
    pub held: Credits,
    /// Owed after a clawback.
    pub debt: Credits,
}

/// Which ledger rows are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct LedgerFilter {
    /// Only this kind.
    pub kind: Option<TransferKind>,
    /// Only what this batch froze, captured and released.
    pub batch_id: Option<BatchId>,
}

/// A batch's credits over all its rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchCredits {
    /// Which.
    pub batch_id: BatchId,
    /// Still frozen.
    pub held: Credits,
    /// Charged.
    pub captured: Credits,
    /// Given back.
    pub released: Credits,
}

/// Burn priority of a source: lower burns first. Grace lots inherit theirs.
#[must_use]
pub const fn priority(source: LotSource) -> i64 {
    match source {
        LotSource::Trial => 10,
        LotSource::Promo => 20,
        LotSource::Subscription => 30,
        // What an operator set right goes before what was paid for.
        LotSource::Adjustment => 40,
        LotSource::Purchase | LotSource::Grace => 50,
    }
}

/// True when credits with this expiry cannot be spent at `now` any more.
#[must_use]
pub fn has_lapsed(expires_at: Option<UnixMs>, now: UnixMs) -> bool {
    expires_at.is_some_and(|end| end <= now)
}

/// The earlier of two expiries, where `None` is never.
#[must_use]
pub fn earlier(one: Option<UnixMs>, other: Option<UnixMs>) -> Option<UnixMs> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Checks an amount at the door.
///
/// # Errors
/// [`Error::AmountInvalid`] outside 1 … [`MAX_AMOUNT`].
pub fn check_amount(amount: Credits) -> Result<Credits, Error> {
    if amount.0 < 1 {
        return Err(Error::AmountInvalid(Reason::AmountTooSmall));
    }
    if amount > MAX_AMOUNT {
        return Err(Error::AmountInvalid(Reason::AmountTooLarge));
    }
    Ok(amount)
}

/// What a hold still has from one lot.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) lot_id: LotId,
    pub(super) room: Credits,
    pub(super) expires_at: Option<UnixMs>,
    pub(super) priority: i64,
}

/// Takes `amount` out of a hold's parts, which are in burn order: a capture draws from the front,
/// a release gives back from the end. Returns the parts touched (by place) with their amounts.
pub(super) fn draw(
    parts: &mut [Part],
    amount: Credits,
    verdict: Verdict,
) -> Result<Vec<(usize, Credits)>, Error> {
    let mut open = amount;
    let mut drawn = Vec::with_capacity(1);
    let mut visit = |place: usize, part: &mut Part| -> Option<()> {
        let take = part.room.min(open);
        if take.is_positive() {
            part.room = part.room.checked_sub(take)?;
            open = open.checked_sub(take)?;
            drawn.push((place, take));
        }
        Some(())
    };
    let done = match verdict {
        Verdict::Capture => {
            parts.iter_mut().enumerate().try_for_each(|(place, part)| visit(place, part))
        }
        Verdict::Release => {
            parts.iter_mut().enumerate().rev().try_for_each(|(place, part)| visit(place, part))
        }
    };
    if done.is_none() || open.is_positive() {
        return Err(Error::Contradiction("a hold's lots hold less than its open shares"));
    }
    Ok(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn parts(rooms: &[i64]) -> Vec<Part> {
        let part = |(place, room): (usize, &i64)| Part {
            lot_id: LotId(Uuid::from_u128(place as u128)),
            room: Credits(*room),
            expires_at: None,
            priority: 10,
        };
        rooms.iter().enumerate().map(part).collect()
    }

    #[test]
    fn captures_rise_and_releases_fall() {
        let mut three = parts(&[2, 5, 4]);
        let drawn = draw(&mut three, Credits(3), Verdict::Capture).expect("enough");
        assert_eq!(drawn, [(0, Credits(2)), (1, Credits(1))]);
        let drawn = draw(&mut three, Credits(6), Verdict::Release).expect("enough");
        assert_eq!(drawn, [(2, Credits(4)), (1, Credits(2))]);
        assert!(draw(&mut three, Credits(3), Verdict::Capture).is_err(), "only 2 are left");
    }

    #[test]
    fn amounts_have_an_edge_on_either_side() {
        for (amount, fine) in [(0, false), (-1, false), (1, true), (MAX_AMOUNT.0, true)] {
            assert_eq!(check_amount(Credits(amount)).is_ok(), fine, "{amount}");
        }
        assert!(check_amount(Credits(MAX_AMOUNT.0 + 1)).is_err());
        assert!(check_amount(Credits(i64::MAX)).is_err());
    }

    #[test]
    fn an_expiry_is_the_first_moment_at_which_credits_are_gone() {
        assert!(!has_lapsed(None, UnixMs(i64::MAX)));
        assert!(!has_lapsed(Some(UnixMs(5)), UnixMs(4)));
        assert!(has_lapsed(Some(UnixMs(5)), UnixMs(5)));
        assert_eq!(earlier(Some(UnixMs(3)), None), Some(UnixMs(3)));
        assert_eq!(earlier(Some(UnixMs(3)), Some(UnixMs(2))), Some(UnixMs(2)));
        assert_eq!(earlier(None, None), None);
    }
}
