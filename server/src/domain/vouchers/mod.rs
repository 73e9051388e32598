//! Vouchers: the operator makes codes, a workspace takes each of them once.
//!
//! Invariants held here:
//! - A code is stored as SHA-256 alone: its 100 random bits need no slow hash. It is shown once.
//! - A workspace takes a voucher once: the row of its use is inserted first, and the primary key
//!   decides between two who try at the same moment. The lot's reference is a second lock.
//! - Never more workspaces than `max_uses`: a guarded UPDATE counts, after the wallet was locked.
//! - Use, lot, ledger row, count and audit row commit together.
//!
//! Lock order: the use's own row, which nothing else can name yet → wallet → voucher.
//! Deliberately absent: vouchers of play credits, and taking back what was taken (`adjust` does).

use entity::enums::{LotSource, Mode};
use entity::ids::{UserId, VoucherId};
use entity::values::{Credits, UnixMs};
use serde_json::json;

use crate::coord::RateLimiter;
use crate::coord::rate_limiter::{Key, Policy, Subject};
use crate::db::{Class, Db, Tx};
use crate::domain::access::{Action, Caller, Note, Scope};
use crate::domain::wallet::{self, Grant};
use crate::kernel::clock::Clock;
use crate::kernel::ids;
use crate::kernel::page::{Page, PageArgs};
use crate::kernel::secret::{Secret, sha256};

mod code;
mod error;
mod repo;

pub use error::Error;

/// Wrong codes in a row, and how many are forgiven a minute; per person and per workspace.
const WRONG_CODES: Policy = Policy { burst: 10, per_minute: 2 };
/// Most vouchers made at once.
pub const MAX_CODES: usize = 1_000;
/// Most days a voucher or its credits live.
const MAX_DAYS: i64 = 3_660;
/// Most workspaces of one voucher.
const MAX_USES: i64 = 1_000_000;
/// Most characters of a reason.
const MAX_REASON: usize = 500;

/// What is to be made.
#[derive(Clone, Debug)]
pub struct NewVouchers {
    /// How many codes, 1 … [`MAX_CODES`].
    pub count: usize,
    /// What each workspace gets.
    pub credits: Credits,
    /// Days until what is left of them lapses; never without it.
    pub credits_days: Option<i64>,
    /// Workspaces that may take each.
    pub max_uses: i64,
    /// Days until the codes are useless.
    pub days: i64,
    /// Why; goes into the audit log.
    pub reason: String,
}

/// A voucher as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// Which.
    pub id: VoucherId,
    /// What each workspace gets.
    pub credits: Credits,
    /// Days until what is left of them lapses.
    pub credits_days: Option<i64>,
    /// Workspaces that may take it.
    pub max_uses: i64,
    /// Workspaces that have.
    pub uses: i64,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: UnixMs,
    /// Taken back.
    pub revoked_at: Option<UnixMs>,
}

/// What a code has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// Credits granted.
    pub credits: Credits,
    /// When what is left of them lapses.
    pub expires_at: Option<UnixMs>,
}

/// Use-cases of vouchers. Cheap to clone.
#[derive(Clone)]
pub struct Vouchers {
    db: Db,
    clock: Clock,
    limiter: RateLimiter,
}

impl Vouchers {
    /// Built once, in `app`.
    #[must_use]
    pub const fn new(db: Db, clock: Clock, limiter: RateLimiter) -> Self {
        Self { db, clock, limiter }
    }

    /// Makes vouchers of the same terms and returns their codes, which are shown this once.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but an operator, [`Error::Terms`].
    pub async fn create(
        &self,
        caller: &Caller,
        new: &NewVouchers,
    ) -> Result<Vec<(VoucherId, Secret)>, Error> {
        operator(caller)?;
        new.check()?;
        let now = self.clock.now();
        let mut made = Vec::with_capacity(new.count);
        for id in ids::mint_many::<VoucherId>(now, new.count) {
            made.push((id, code::mint()?));
        }
        let actor = caller.actor.label();
        let (made_ref, actor) = (&made, actor.as_str());
        self.db
            .tx(Class::Interactive, |tx| async move {
                repo::insert_in_tx(&tx, new, (made_ref, actor, now)).await?;
                for (id, _) in made_ref {
                    let detail = json!({
                        "credits": new.credits.0, "uses": new.max_uses, "reason": new.reason.trim(),
                    });
                    let note = note("voucher.create", *id, detail);
                    caller.note_in_tx(&tx, now, note).await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(made)
    }

    /// Every voucher, newest first, for the operator. The codes are not there.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Cursor`].
    pub async fn list(&self, caller: &Caller, page: &PageArgs) -> Result<Page<Voucher>, Error> {
        operator(caller)?;
        let before =
            page.after.as_deref().map(str::parse).transpose().map_err(|_| Error::Cursor)?;
        Ok(page.cut(repo::list(self.db.reader(), before, page.fetch()).await?))
    }

    /// Takes a voucher back; what was taken of it stays.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`] also when it was taken back before.
    pub async fn revoke(&self, caller: &Caller, id: VoucherId) -> Result<(), Error> {
        operator(caller)?;
        let now = self.clock.now();
        self.db
            .tx(Class::Interactive, |tx| async move {
                if !repo::revoke_in_tx(&tx, id, now).await? {
                    return Err(Error::NotFound);
                }
                Ok(caller.note_in_tx(&tx, now, note("voucher.revoke", id, json!({}))).await?)
            })
            .await
    }

    /// Takes a voucher for the scope's workspace: its credits are in the live wallet.
    ///
    /// # Errors
    /// [`Error::Forbidden`] below owner, [`Error::Invalid`] for a code that is unknown, over or
    /// taken back, [`Error::UsedUp`], [`Error::Redeemed`], [`Error::TooManyAttempts`].
    pub async fn redeem(&self, scope: &Scope, code: &Secret) -> Result<Redeemed, Error> {
        let caller = scope.caller();
        let user_id = caller.actor.user_id().ok_or(Error::Forbidden)?;
        if !scope.may(Action::RedeemVouchers) {
            return Err(Error::Forbidden);
        }
        self.pay(scope, user_id).await?;
        let digest = code::normal(code).map(|text| sha256(text.as_bytes()));
        let digest = &digest.ok_or(Error::Invalid)?;
        let now = self.clock.now();
        let redeemed = self
            .db
            .tx(Class::Interactive, |tx| async move {
                let known = repo::by_digest_in_tx(&tx, digest.clone()).await?;
                let voucher = known.ok_or(Error::Invalid)?;
                redeem_in_tx(&tx, scope, (user_id, &voucher), now).await
            })
            .await?;
        // A right code is no guess.
        for (key, policy) in buckets(scope, user_id) {
            self.limiter.refund(key, policy, 1).await;
        }
        Ok(redeemed)
    }

    async fn pay(&self, scope: &Scope, user_id: UserId) -> Result<(), Error> {
        for (key, policy) in buckets(scope, user_id) {
            let verdict = self.limiter.take(key, policy, 1).await;
            if !verdict.allowed {
                let retry_after_s = verdict.retry_after_ms.max(1).saturating_add(999) / 1000;
                return Err(Error::TooManyAttempts { retry_after_s });
            }
        }
        Ok(())
    }
}

fn buckets(scope: &Scope, user_id: UserId) -> [(Key, Policy); 2] {
    let key = |subject| (Key::new("voucher", subject), WRONG_CODES);
    [key(Subject::User(user_id)), key(Subject::Workspace(scope.workspace_id()))]
}

async fn redeem_in_tx(
    tx: &Tx,
    scope: &Scope,
    (user_id, voucher): (UserId, &Voucher),
    now: UnixMs,
) -> Result<Redeemed, Error> {
    if voucher.revoked_at.is_some() || voucher.expires_at <= now {
        return Err(Error::Invalid);
    }
    let (workspace_id, caller) = (scope.workspace_id(), scope.caller());
    if !repo::take_in_tx(tx, (voucher.id, workspace_id), user_id, now).await? {
        return Err(Error::Redeemed);
    }
    let wallet_id = wallet::find_in_tx(tx, workspace_id, Mode::Live).await?;
    let days = voucher.credits_days;
    let expires_at = days.map(|days| now.plus_ms(days.saturating_mul(UnixMs::DAY_MS)));
    let grant = Grant {
        wallet_id,
        source: LotSource::Promo,
        source_ref: &format!("voucher:{}", voucher.id),
        amount: voucher.credits,
        expires_at,
        actor: &caller.actor.label(),
        reason: wallet::event::VOUCHER,
    };
    if !wallet::grant_once_in_tx(tx, &grant, now).await?.is_new {
        return Err(Error::Redeemed);
    }
    // The statement decides; what was read before is for the words of a refusal alone.
    if !repo::count_in_tx(tx, voucher.id, now).await? {
        return Err(Error::UsedUp);
    }
    let note = Note {
        workspace_id: Some(workspace_id),
        action: "voucher.redeem",
        subject: voucher.id.to_string(),
        detail: json!({ "credits": voucher.credits.0 }),
    };
    caller.note_in_tx(tx, now, note).await?;
    Ok(Redeemed { credits: voucher.credits, expires_at })
}

impl NewVouchers {
    fn check(&self) -> Result<(), Error> {
        let within = |field: &'static str, number: i64, max: i64| {
            let sound = (1..=max).contains(&number);
            if sound { Ok(()) } else { Err(Error::Terms { field, max }) }
        };
        let count = i64::try_from(self.count).unwrap_or(i64::MAX);
        within("count", count, i64::try_from(MAX_CODES).unwrap_or(i64::MAX))?;
        within("credits", self.credits.0, wallet::MAX_AMOUNT.0)?;
        within("uses", self.max_uses, MAX_USES)?;
        within("days", self.days, MAX_DAYS)?;
        within("creditsDays", self.credits_days.unwrap_or(1), MAX_DAYS)?;
        let letters = self.reason.trim().chars().count();
        if (1..=MAX_REASON).contains(&letters) { Ok(()) } else { Err(Error::Reason) }
    }
}

fn operator(caller: &Caller) -> Result<(), Error> {
    if caller.actor.is_operator() { Ok(()) } else { Err(Error::Forbidden) }
}

fn note(action: &'static str, id: VoucherId, detail: serde_json::Value) -> Note {
    Note { workspace_id: None, action, subject: id.to_string(), detail }
}
