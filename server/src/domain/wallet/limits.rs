//! Limits that a workspace sets itself: what may be spent in a UTC day and a UTC month, and below
//! which balance it wants to be told.
//!
//! Invariants:
//! - A limit is decided inside the freeze, under the wallet's row lock: whoever freezes on this
//!   wallet has either committed, and is counted, or waits. What a period has spent is the sum of
//!   its holds less what they gave back, so nothing has to be given back by anybody else and no
//!   counter can drift from the books.
//! - The message of a low balance commits with the booking that crossed the line, once: `low_since`
//!   is set by a guarded update and emptied by the booking that brings enough again.
//!
//! Why sums and no counter rows, as the daily allowance has: a counter would be moved by every
//! release of every settlement; the sum is asked for by those alone who have set a limit.

use std::collections::BTreeMap;

use entity::enums::Mode;
use entity::ids::{WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};
use serde_json::json;

use super::book::Book;
use super::error::Error;
use super::lock::{find_in_tx, lock_in_tx};
use super::model::check_amount;
use super::{Wallet, deed, repo};
use crate::db::audit::{self, Deed};
use crate::db::outbox::{self, Message};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};

/// What a workspace wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewLimits {
    /// Most credits in a UTC day; none without it.
    pub daily: Option<Credits>,
    /// Most credits in a UTC month; none without it.
    pub monthly: Option<Credits>,
    /// Told when less is available; never without it.
    pub low_balance: Option<Credits>,
}

/// What is wanted, and how things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitsSeen {
    /// As set.
    pub limits: NewLimits,
    /// Since when less than `low_balance` is available.
    pub low_since: Option<UnixMs>,
    /// Launched today, less what was given back.
    pub used_today: Credits,
    /// Launched this month, less what was given back.
    pub used_this_month: Credits,
    /// When tomorrow begins.
    pub day_ends_at: UnixMs,
    /// When next month begins.
    pub month_ends_at: UnixMs,
}

/// Which limit refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A UTC day.
    Day,
    /// A UTC month.
    Month,
}

/// The UTC day and month a moment is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Periods {
    pub(super) day: UnixMs,
    pub(super) month: UnixMs,
    next_day: UnixMs,
    next_month: UnixMs,
}

impl Periods {
    pub(super) fn of(now: UnixMs) -> Self {
        let day = UnixMs(now.day().saturating_mul(UnixMs::DAY_MS));
        let date = jiff::Timestamp::from_millisecond(now.0)
            .unwrap_or_default()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date();
        let days_in = i64::from(date.days_in_month());
        let before = i64::from(date.day()).saturating_sub(1).saturating_mul(UnixMs::DAY_MS);
        let month = day.plus_ms(before.saturating_neg());
        Self {
            day,
            month,
            next_day: day.plus_ms(UnixMs::DAY_MS),
            next_month: month.plus_ms(days_in.saturating_mul(UnixMs::DAY_MS)),
        }
    }
}

impl Wallet {
    /// The limits of a wallet, and how much of them is used.
    ///
    /// # Errors
    /// [`Error::NotFound`], the database's failure.
    pub async fn limits(&self, scope: &Scope, mode: Mode) -> Result<LimitsSeen, Error> {
        let wallet_id = self.find(scope, mode).await?;
        let periods = Periods::of(self.clock.now());
        let reader = self.db.reader();
        let (limits, low_since) = repo::limits::read(reader, wallet_id).await?.unwrap_or_default();
        let (used_today, used_this_month) =
            repo::limits::spent(reader, wallet_id, (periods.day, periods.month)).await?;
        Ok(LimitsSeen {
            limits,
            low_since,
            used_today,
            used_this_month,
            day_ends_at: periods.next_day,
            month_ends_at: periods.next_month,
        })
    }

    /// Sets the limits of a wallet, all three at once, audited. What was launched before stays.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below admin, [`Error::AmountInvalid`], [`Error::NotFound`].
    pub async fn set_limits(
        &self,
        scope: &Scope,
        mode: Mode,
        limits: NewLimits,
    ) -> Result<LimitsSeen, Error> {
        if !scope.may(Action::EditLimits) {
            return Err(Error::Forbidden);
        }
        for amount in [limits.daily, limits.monthly, limits.low_balance].into_iter().flatten() {
            check_amount(amount)?;
        }
        let now = self.clock.now();
        let caller = scope.caller();
        let actor = caller.actor.label();
        let actor = actor.as_str();
        let work = |tx: Tx| async move {
            let wallet_id = find_in_tx(&tx, scope.workspace_id(), mode).await?;
            let locked = lock_in_tx(&tx, &[wallet_id]).await?;
            let available = locked.book(wallet_id)?.available;
            repo::limits::write_in_tx(&tx, wallet_id, &limits, now).await?;
            tell_in_tx(&tx, &[(wallet_id, available)], now).await?;
            let detail = json!({
                "mode": mode.as_str(),
                "daily": limits.daily.map(|n| n.0),
                "monthly": limits.monthly.map(|n| n.0),
                "lowBalance": limits.low_balance.map(|n| n.0),
            });
            let deed = deed(caller, scope.workspace_id(), ("limits.set", wallet_id), detail);
            audit::record_in_tx(&tx, now, Deed { actor, ..deed }).await?;
            Ok::<(), Error>(())
        };
        self.db.tx(Class::Interactive, work).await?;
        self.limits(scope, mode).await
    }
}

/// Refuses `needed` more credits than a limit leaves. The caller holds the wallet's lock.
pub(super) async fn within_in_tx(
    tx: &Tx,
    wallet_id: WalletId,
    needed: Credits,
    now: UnixMs,
) -> Result<(), Error> {
    let Some((limits, _)) = repo::limits::read(&**tx, wallet_id).await? else { return Ok(()) };
    if limits.daily.is_none() && limits.monthly.is_none() {
        return Ok(());
    }
    let periods = Periods::of(now);
    let (today, month) =
        repo::limits::spent(&**tx, wallet_id, (periods.day, periods.month)).await?;
    for (period, limit, used) in
        [(Period::Day, limits.daily, today), (Period::Month, limits.monthly, month)]
    {
        let Some(limit) = limit else { continue };
        if used.checked_add(needed).is_none_or(|sum| sum > limit) {
            let left = limit.checked_sub(used).unwrap_or(Credits::ZERO);
            return Err(Error::SpendLimit { period, needed, left, limit });
        }
    }
    Ok(())
}

/// What the touched wallets of a transaction have available now.
pub(super) fn touched(books: &BTreeMap<WalletId, Book>) -> Vec<(WalletId, Credits)> {
    let moved = books.iter().filter(|(_, book)| book.is_touched);
    moved.map(|(id, book)| (*id, book.available)).collect()
}

/// Tells of wallets that fell below their line, once each, and forgets those that rose again. The
/// caller holds their locks.
pub(super) async fn tell_in_tx(
    tx: &Tx,
    wallets: &[(WalletId, Credits)],
    now: UnixMs,
) -> Result<(), Error> {
    for crossing in repo::limits::crossings_in_tx(tx, wallets).await? {
        if !repo::limits::mark_in_tx(tx, crossing.wallet_id, (crossing.falls, now)).await? {
            continue;
        }
        if crossing.falls {
            outbox::put_in_tx(tx, now, message(&crossing)).await?;
        }
    }
    Ok(())
}

/// A wallet on the other side of its line than was told.
pub(super) struct Crossing {
    pub(super) wallet_id: WalletId,
    pub(super) workspace_id: WorkspaceId,
    pub(super) mode: Mode,
    pub(super) low_balance: Credits,
    pub(super) available: Credits,
    pub(super) falls: bool,
}

fn message(crossing: &Crossing) -> Message {
    Message {
        workspace_id: Some(crossing.workspace_id),
        topic: "credits.low",
        payload: json!({
            "mode": crossing.mode.as_str(),
            "available": crossing.available.0,
            "lowBalance": crossing.low_balance.0,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_months_begin_at_midnight_utc() {
        // 2028-02-29T23:59:59.999Z, in a leap year.
        let late = UnixMs(1_835_481_599_999);
        let periods = Periods::of(late);
        assert_eq!(periods.next_day, UnixMs(1_835_481_600_000));
        assert_eq!(periods.next_month, periods.next_day);
        assert_eq!(periods.month, periods.next_month.plus_ms(-29 * UnixMs::DAY_MS));
        let next = Periods::of(periods.next_day);
        assert_eq!((next.day, next.month), (periods.next_day, periods.next_month));
        assert_eq!(next.next_month.since_ms(next.month), 31 * UnixMs::DAY_MS);
    }
}
