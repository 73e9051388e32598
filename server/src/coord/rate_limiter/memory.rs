//! Token buckets inside one process.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::ids::{UserId, WorkspaceId};
use entity::values::UnixMs;
use uuid::Uuid;

use super::{Key, Options, Policy, Subject, Verdict};
use crate::kernel::clock::Clock;

/// Parts of a token: one token a minute gains one part a millisecond.
const PARTS: u64 = 60_000;
/// Calls between two looks for idle buckets.
const EVICT_EVERY: u32 = 4096;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Buckets {
    clock: Clock,
    options: Options,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    buckets: HashMap<Key, Bucket>,
    calls: u32,
}

#[derive(Clone, Copy)]
struct Bucket {
    level: u64,
    at: UnixMs,
    policy: Policy,
}

impl Buckets {
    pub(super) fn new(clock: Clock, options: Options) -> Self {
        Self { clock, options, state: Arc::default() }
    }

    pub(super) fn take(&self, key: Key, policy: Policy, cost: u32) -> Verdict {
        let now = self.clock.now();
        let mut state = self.lock();
        state.evict_now_and_then(now);
        let bucket = state.bucket(key, policy, (now, self.options.max_keys));
        bucket.refill(policy, now);
        let wanted = u64::from(cost) * PARTS;
        let allowed = bucket.level >= wanted;
        if allowed {
            bucket.level -= wanted;
        }
        let missing = if allowed { 0 } else { wanted - bucket.level };
        Verdict {
            allowed,
            remaining: u32::try_from(bucket.level / PARTS).unwrap_or(u32::MAX),
            retry_after_ms: gain_time_ms(missing, policy),
            full_after_ms: gain_time_ms(capacity(policy) - bucket.level, policy),
        }
    }

    pub(super) fn refund(&self, key: Key, policy: Policy, tokens: u32) {
        let now = self.clock.now();
        // A bucket that is gone was full.
        if let Some(bucket) = self.lock().buckets.get_mut(&key) {
            bucket.refill(policy, now);
            bucket.level = (bucket.level + u64::from(tokens) * PARTS).min(capacity(policy));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn bucket(&mut self, key: Key, policy: Policy, (now, max): (UnixMs, usize)) -> &mut Bucket {
        let full = Bucket { level: capacity(policy), at: now, policy };
        let crowded = self.buckets.len() >= max;
        if crowded && !self.buckets.contains_key(&key) {
            return self.buckets.entry(crowd_of(key)).or_insert(full);
        }
        match self.buckets.entry(key) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(full),
        }
    }

    /// A bucket that has had time to fill up is the same as none.
    fn evict_now_and_then(&mut self, now: UnixMs) {
        self.calls = (self.calls + 1) % EVICT_EVERY;
        if self.calls == 0 {
            self.buckets.retain(|_, bucket| {
                let missing = capacity(bucket.policy) - bucket.level;
                now.since_ms(bucket.at) < gain_time_ms(missing, bucket.policy)
            });
        }
    }
}

impl Bucket {
    fn refill(&mut self, policy: Policy, now: UnixMs) {
        // A clock that was set back gains nothing and starts counting anew.
        let passed = u64::try_from(now.since_ms(self.at)).unwrap_or(0);
        let gained = passed.saturating_mul(u64::from(policy.per_minute));
        self.level = self.level.saturating_add(gained).min(capacity(policy));
        self.at = now;
        self.policy = policy;
    }
}

fn capacity(policy: Policy) -> u64 {
    u64::from(policy.burst) * PARTS
}

/// Milliseconds in which `parts` are gained, rounded up; a year where nothing is gained.
fn gain_time_ms(parts: u64, policy: Policy) -> i64 {
    const NEVER: i64 = 365 * UnixMs::DAY_MS;
    if parts == 0 {
        return 0;
    }
    match u64::from(policy.per_minute) {
        0 => NEVER,
        gain => i64::try_from(parts.div_ceil(gain)).unwrap_or(NEVER).min(NEVER),
    }
}

/// The bucket that newcomers of one purpose and kind share when there are too many of them.
fn crowd_of(key: Key) -> Key {
    let subject = match key.subject {
        Subject::User(_) => Subject::User(UserId(Uuid::nil())),
        Subject::Ip(_) => Subject::Ip(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        Subject::Workspace(_) => Subject::Workspace(WorkspaceId(Uuid::nil())),
    };
    Key { purpose: key.purpose, subject }
}
