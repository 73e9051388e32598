//! What was spent, by day, model and template: the captured credits of a period.
//!
//! Exact by construction: the sums are of the ledger's CAPTURE rows, grouped in the database by
//! quarter of an hour, the largest step that every time zone's midnight falls on, and put into the
//! days of the asker's zone here. A test compares each of them with the ledger.

use std::collections::BTreeMap;

use entity::enums::Mode;
use entity::ids::{TemplateId, WalletId, WorkspaceId};
use entity::values::{Credits, UnixMs};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::{Wallet, repo};
use crate::domain::access::Scope;
use crate::kernel::error::ApiError;
use crate::kernel::reason::Reason;

/// Most days of one answer.
pub const MAX_SPEND_DAYS: i64 = 366;
/// What captures are grouped by in the database, milliseconds.
pub(super) const SLOT_MS: i64 = 900_000;

/// Which days, in whose zone.
#[derive(Clone, Debug)]
pub struct SpendAsked {
    /// In which wallet.
    pub mode: Mode,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Name in the IANA database.
    pub time_zone: String,
}

/// Credits and videos of one day, model or template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spent<Key> {
    /// Which.
    pub key: Key,
    /// Charged.
    pub credits: Credits,
    /// Delivered.
    pub videos: i64,
}

/// What was spent.
#[derive(Clone, Debug)]
pub struct Spend {
    /// Of all.
    pub total: Credits,
    /// Every day of the period in order, also those without any.
    pub days: Vec<Spent<Date>>,
    /// By model code, most first.
    pub models: Vec<Spent<String>>,
    /// By template with its name, most first.
    pub templates: Vec<Spent<(TemplateId, String)>>,
}

/// Captures of one quarter of an hour, model and template.
pub(super) struct Slot {
    pub(super) number: i64,
    pub(super) model: String,
    pub(super) template_id: TemplateId,
    pub(super) template: String,
    pub(super) credits: Credits,
    pub(super) videos: i64,
}

/// A period of a wallet.
pub(super) struct Period {
    pub(super) wallet_id: WalletId,
    pub(super) workspace_id: WorkspaceId,
    pub(super) from: UnixMs,
    pub(super) until: UnixMs,
}

/// Reads the name of a time zone.
///
/// # Errors
/// `INVALID_INPUT` of `timeZone`.
pub fn time_zone(name: &str) -> Result<TimeZone, ApiError> {
    let known = (1..=64).contains(&name.len()).then(|| TimeZone::get(name).ok()).flatten();
    known.ok_or_else(|| ApiError::invalid_input("timeZone", Reason::UnknownTimeZone))
}

impl Wallet {
    /// What was charged in a wallet from the first to the last day.
    ///
    /// # Errors
    /// `INVALID_INPUT` for days the wrong way round, more than [`MAX_SPEND_DAYS`] of them or an
    /// unknown zone; `NOT_FOUND`; the database's failure.
    pub async fn spend(&self, scope: &Scope, asked: &SpendAsked) -> Result<Spend, ApiError> {
        let zone = time_zone(&asked.time_zone)?;
        let days = i64::from(asked.from.until(asked.to).map_or(-1, |span| span.get_days()));
        if !(0..MAX_SPEND_DAYS).contains(&days) {
            let refusal = ApiError::invalid_input("to", Reason::CountOutOfRange);
            return Err(refusal.with("min", 1).with("max", MAX_SPEND_DAYS));
        }
        let after = asked.to.checked_add(1.day()).map_err(ApiError::internal)?;
        let period = Period {
            wallet_id: self.find(scope, asked.mode).await?,
            workspace_id: scope.workspace_id(),
            from: midnight(asked.from, &zone)?,
            until: midnight(after, &zone)?,
        };
        let slots = repo::spend::slots(self.db.reader(), &period).await;
        let slots = slots.map_err(super::Error::Db)?;
        Ok(add_up((asked.from, asked.to), &zone, &slots))
    }
}

/// The first moment of a day.
fn midnight(day: Date, zone: &TimeZone) -> Result<UnixMs, ApiError> {
    let start = zone.to_ambiguous_zoned(day.at(0, 0, 0, 0)).compatible();
    let start = start.map_err(ApiError::internal)?;
    Ok(UnixMs(start.timestamp().as_millisecond()))
}

fn add_up((from, to): (Date, Date), zone: &TimeZone, slots: &[Slot]) -> Spend {
    let mut days: BTreeMap<Date, (Credits, i64)> = BTreeMap::new();
    let mut models: BTreeMap<&str, (Credits, i64)> = BTreeMap::new();
    let mut templates: BTreeMap<(TemplateId, &str), (Credits, i64)> = BTreeMap::new();
    let mut total = Credits::ZERO;
    let mut day = Some(from);
    while let Some(this) = day.filter(|this| *this <= to) {
        days.insert(this, (Credits::ZERO, 0));
        day = this.checked_add(1.day()).ok();
    }
    for slot in slots {
        let start = slot.number.saturating_mul(SLOT_MS);
        let date = Timestamp::from_millisecond(start).unwrap_or_default();
        let date = date.to_zoned(zone.clone()).date();
        total = Credits(total.0.saturating_add(slot.credits.0));
        add(days.entry(date).or_default(), slot);
        add(models.entry(&slot.model).or_default(), slot);
        add(templates.entry((slot.template_id, &slot.template)).or_default(), slot);
    }
    let templates = templates.into_iter().map(|((id, name), sums)| ((id, name.to_owned()), sums));
    Spend {
        total,
        days: days.into_iter().map(spent).collect(),
        models: by_size(models.into_iter().map(|(code, sums)| (code.to_owned(), sums))),
        templates: by_size(templates),
    }
}

fn add((credits, videos): &mut (Credits, i64), slot: &Slot) {
    *credits = Credits(credits.0.saturating_add(slot.credits.0));
    *videos = videos.saturating_add(slot.videos);
}

fn spent<Key>((key, (credits, videos)): (Key, (Credits, i64))) -> Spent<Key> {
    Spent { key, credits, videos }
}

fn by_size<Key>(sums: impl Iterator<Item = (Key, (Credits, i64))>) -> Vec<Spent<Key>> {
    let mut all: Vec<Spent<Key>> = sums.map(spent).collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.credits));
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn slot(at: &str, credits: i64) -> Slot {
        let at: Timestamp = at.parse().expect("a moment");
        Slot {
            number: at.as_millisecond().div_euclid(SLOT_MS),
            model: String::from("m"),
            template_id: TemplateId(Uuid::nil()),
            template: String::from("t"),
            credits: Credits(credits),
            videos: 1,
        }
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let slots = [slot("2026-11-21T16:00:00Z", 1), slot("2026-11-22T15:59:00Z", 2)];
        let days = (date(2026, 11, 21), date(2026, 11, 22));
        let credits = |zone: &str| -> Vec<i64> {
            let zone = time_zone(zone).expect("a zone");
            add_up(days, &zone, &slots).days.iter().map(|day| day.credits.0).collect()
        };
        assert_eq!(credits("Asia/Shanghai"), [0, 3]);
        assert_eq!(credits("UTC"), [1, 2]);
        assert_eq!(credits("Asia/Kathmandu"), [1, 2], "a quarter of an hour off the hour");
        let kathmandu = time_zone("Asia/Kathmandu").expect("a zone");
        let edge = midnight(date(2026, 11, 22), &kathmandu).expect("a moment");
        assert_eq!(edge.0.rem_euclid(SLOT_MS), 0);
    }

    #[test]
    fn a_day_that_begins_late_begins_where_it_begins() {
        // Beirut put its clocks forward at midnight: that day begins at one o'clock.
        let zone = time_zone("Asia/Beirut").expect("a zone");
        let start = midnight(date(2022, 3, 27), &zone).expect("a moment");
        let told = Timestamp::from_millisecond(start.0).expect("a moment").to_zoned(zone);
        assert_eq!((told.hour(), told.date()), (1, date(2022, 3, 27)));
        for wrong in ["", "Mars/Olympus", "../../etc/passwd"] {
            assert!(time_zone(wrong).is_err(), "{wrong}");
        }
    }
}
