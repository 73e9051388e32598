//! Token buckets: how fast somebody may ask.
//!
//! A bucket holds `burst` tokens and gains `per_minute` of them a minute. In any window at most
//! `burst + per_minute · window` are taken (tested). Arithmetic is in whole 1/60,000 tokens, so
//! that a millisecond's gain is exact and nothing drifts.
//!
//! A cost above the burst is never admitted; callers refuse such requests by another code.

use std::net::{IpAddr, Ipv6Addr};

use entity::ids::{UserId, WorkspaceId};

use crate::kernel::clock::Clock;

mod memory;

pub use memory::Buckets;

/// Numbers of the limiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Buckets kept at once. Past it newcomers share one bucket per purpose and kind of key, so
    /// that a flood of addresses neither frees anybody from a limit nor fills the memory.
    pub max_keys: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_keys: 500_000 }
    }
}

/// How much and how fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Tokens at once.
    pub burst: u32,
    /// Tokens gained a minute.
    pub per_minute: u32,
}

impl Policy {
    /// A policy whose rate is given a second.
    #[must_use]
    pub const fn per_second(burst: u32, per_s: u32) -> Self {
        Self { burst, per_minute: per_s.saturating_mul(60) }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person.
    User(UserId),
    /// An address; IPv6 counts by /64, which is what one customer is given.
    Ip(IpAddr),
    /// A tenant.
    Workspace(WorkspaceId),
}

/// Whose bucket, for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// `graphql`, `sign-in` …; buckets of two purposes never meet.
    pub purpose: &'static str,
    /// Who.
    pub subject: Subject,
}

impl Key {
    /// A bucket's name.
    #[must_use]
    pub fn new(purpose: &'static str, subject: Subject) -> Self {
        let subject = match subject {
            Subject::Ip(IpAddr::V6(ip)) => Subject::Ip(network_of(ip)),
            other => other,
        };
        Self { purpose, subject }
    }
}

fn network_of(ip: Ipv6Addr) -> IpAddr {
    match ip.to_ipv4_mapped() {
        Some(mapped) => IpAddr::V4(mapped),
        None => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX))),
    }
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the tokens were taken.
    pub allowed: bool,
    /// Whole tokens left.
    pub remaining: u32,
    /// When refused: milliseconds until the cost can be met.
    pub retry_after_ms: i64,
    /// Milliseconds until the bucket is full again.
    pub full_after_ms: i64,
}

/// The limiter. Cheap to clone.
#[derive(Clone)]
pub enum RateLimiter {
    /// One process.
    Memory(Buckets),
}

impl RateLimiter {
    /// A limiter inside this process.
    #[must_use]
    pub fn memory(clock: Clock, options: Options) -> Self {
        Self::Memory(Buckets::new(clock, options))
    }

    /// Takes `cost` tokens, or none.
    pub async fn take(&self, key: Key, policy: Policy, cost: u32) -> Verdict {
        match self {
            Self::Memory(buckets) => buckets.take(key, policy, cost),
        }
    }

    /// Gives back tokens that were reserved and not needed; never above the burst.
    pub async fn refund(&self, key: Key, policy: Policy, tokens: u32) {
        match self {
            Self::Memory(buckets) => buckets.refund(key, policy, tokens),
        }
    }
}
