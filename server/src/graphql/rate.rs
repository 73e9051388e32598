//! Rates by query cost: one bucket per user, per client address and per workspace.
//!
//! User and address pay once the cost is known and before anything runs. A workspace pays when the
//! caller has been found to be a member, so that strangers cannot empty its bucket; it pays once
//! per request. What was taken for a request that another bucket refuses is given back.

use std::sync::{Arc, Mutex, PoisonError};

use entity::ids::WorkspaceId;

use super::error::Answer;
use crate::config;
use crate::coord::RateLimiter;
use crate::coord::rate_limiter::{Key, Policy, Subject, Verdict};
use crate::domain::access::Caller;
use crate::kernel::error::{ApiError, ErrorCode};

const PURPOSE: &str = "graphql";

/// The buckets' sizes, and where they are.
#[derive(Clone)]
pub struct Rates {
    limiter: RateLimiter,
    sizes: Arc<config::Rates>,
}

/// What one request has paid.
#[derive(Default)]
pub struct Meter(Mutex<Paid>);

#[derive(Clone, Default)]
struct Paid {
    cost: u32,
    buckets: Vec<Bucket>,
    workspaces: Vec<WorkspaceId>,
}

/// A bucket that was asked.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// `user`, `ip` or `workspace`.
    pub name: &'static str,
    /// Points it holds.
    pub burst: u32,
    /// Points it gains a minute.
    pub per_minute: u32,
    /// Its answer.
    pub verdict: Verdict,
}

/// What a response says about rates.
#[derive(Clone, Debug)]
pub struct Report {
    /// Points the request cost; 0 when it was refused before it had a price.
    pub cost: u32,
    /// The buckets asked.
    pub buckets: Vec<Bucket>,
}

impl Rates {
    /// Over `limiter`, by configuration.
    #[must_use]
    pub const fn new(limiter: RateLimiter, sizes: Arc<config::Rates>) -> Self {
        Self { limiter, sizes }
    }

    /// Takes a request's cost from the buckets of its caller.
    ///
    /// # Errors
    /// `RATE_LIMITED`, with nothing taken.
    pub async fn charge(&self, meter: &Meter, caller: &Caller, cost: u64) -> Answer<()> {
        let cost = u32::try_from(cost).unwrap_or(u32::MAX).max(1);
        meter.lock().cost = cost;
        let user = caller.actor.user_id().map(|id| ("user", Subject::User(id), self.sizes.user));
        let ip = caller.ip.map(|ip| ("ip", Subject::Ip(ip), self.sizes.ip));
        let mut taken: Vec<(Key, Policy)> = Vec::new();
        for (name, subject, rate) in user.into_iter().chain(ip) {
            let (key, policy) = (Key::new(PURPOSE, subject), policy(rate));
            if let Err(refused) = self.take(meter, name, (key, policy)).await {
                for (key, policy) in taken {
                    self.limiter.refund(key, policy, cost.min(policy.burst)).await;
                }
                return Err(refused);
            }
            taken.push((key, policy));
        }
        Ok(())
    }

    /// Takes the request's cost from a workspace's bucket, the first time it is touched.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub async fn charge_workspace(&self, meter: &Meter, workspace: WorkspaceId) -> Answer<()> {
        {
            let mut paid = meter.lock();
            if paid.workspaces.contains(&workspace) {
                return Ok(());
            }
            paid.workspaces.push(workspace);
        }
        let key = Key::new(PURPOSE, Subject::Workspace(workspace));
        self.take(meter, "workspace", (key, policy(self.sizes.workspace))).await
    }

    async fn take(
        &self,
        meter: &Meter,
        name: &'static str,
        (key, policy): (Key, Policy),
    ) -> Answer<()> {
        // A cost above the burst could never be met; the cost limit has its own say about it.
        let cost = meter.lock().cost.min(policy.burst);
        let verdict = self.limiter.take(key, policy, cost).await;
        let Policy { burst, per_minute } = policy;
        meter.lock().buckets.push(Bucket { name, burst, per_minute, verdict });
        if verdict.allowed {
            return Ok(());
        }
        let seconds = verdict.retry_after_ms.saturating_add(999).div_euclid(1000).max(1);
        Err(ApiError::new(ErrorCode::RateLimited).with("bucket", name).with("retryAfterS", seconds))
    }
}

impl Meter {
    /// What has been paid so far.
    #[must_use]
    pub fn report(&self) -> Report {
        let paid = self.lock().clone();
        Report { cost: paid.cost, buckets: paid.buckets }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Paid> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn policy(rate: config::Rate) -> Policy {
    Policy { burst: rate.burst, per_minute: rate.per_s.saturating_mul(60) }
}
