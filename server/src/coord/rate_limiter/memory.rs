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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: Policy = Policy { burst: 10, per_minute: 60 };

    fn setup(max_keys: usize) -> (Clock, Buckets) {
        let clock = Clock::manual(UnixMs(1_000_000));
        (clock.clone(), Buckets::new(clock, Options { max_keys }))
    }

    fn user(number: u128) -> Key {
        Key::new("test", Subject::User(UserId(Uuid::from_u128(number))))
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (clock, buckets) = setup(100);
        assert_eq!(buckets.take(user(1), POLICY, 10).remaining, 0);
        let refused = buckets.take(user(1), POLICY, 2);
        assert_eq!((refused.allowed, refused.retry_after_ms), (false, 2000));
        assert_eq!(refused.full_after_ms, 10_000);
        clock.advance_ms(1999);
        assert!(!buckets.take(user(1), POLICY, 2).allowed);
        clock.advance_ms(1);
        assert!(buckets.take(user(1), POLICY, 2).allowed);
        assert!(buckets.take(user(2), POLICY, 1).allowed, "buckets do not meet");
        let elsewhere = Key { purpose: "another", ..user(1) };
        assert!(buckets.take(elsewhere, POLICY, 10).allowed);
    }

    #[test]
    fn what_is_given_back_never_passes_the_burst() {
        let (_, buckets) = setup(100);
        buckets.take(user(1), POLICY, 6);
        buckets.refund(user(1), POLICY, 4);
        assert_eq!(buckets.take(user(1), POLICY, 0).remaining, 8);
        buckets.refund(user(1), POLICY, 400);
        assert_eq!(buckets.take(user(1), POLICY, 0).remaining, 10);
    }

    #[test]
    fn a_clock_that_is_set_back_gives_nothing_and_blocks_nobody() {
        let (clock, buckets) = setup(100);
        buckets.take(user(1), POLICY, 10);
        clock.advance_ms(-3_600_000);
        assert!(!buckets.take(user(1), POLICY, 1).allowed);
        clock.advance_ms(1000);
        assert!(buckets.take(user(1), POLICY, 1).allowed);
    }

    #[test]
    fn idle_buckets_go_and_busy_ones_stay() {
        let (clock, buckets) = setup(1_000_000);
        for number in 0..1000 {
            buckets.take(user(number), POLICY, 1);
        }
        clock.advance_ms(999);
        buckets.take(user(0), POLICY, 5);
        clock.advance_ms(1);
        for _ in 0..EVICT_EVERY {
            buckets.take(user(0), POLICY, 0);
        }
        assert_eq!(buckets.lock().buckets.len(), 1);
        assert_eq!(buckets.take(user(0), POLICY, 0).remaining, 5);
    }

    #[test]
    fn a_flood_of_addresses_shares_one_bucket_and_frees_nobody() {
        let (_, buckets) = setup(5);
        for number in 1..=5 {
            buckets.take(user(number), POLICY, 10);
        }
        let admitted = (6..1000).filter(|n| buckets.take(user(*n), POLICY, 1).allowed).count();
        assert_eq!(admitted, 10);
        assert!(!buckets.take(user(1), POLICY, 1).allowed, "a known key keeps its own bucket");
    }

    #[test]
    fn ipv6_counts_by_network() {
        let key = |text: &str| Key::new("test", Subject::Ip(text.parse().expect("an address")));
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    }

    proptest! {
        /// In every window at most burst + rate · window is taken.
        #[test]
        fn no_window_admits_more_than_the_policy(
            policy in (1_u32..50, 1_u32..6000),
            steps in prop::collection::vec((0_i64..3000, 0_u32..12, any::<bool>()), 1..120),
        ) {
            let policy = Policy { burst: policy.0, per_minute: policy.1 };
            let (clock, buckets) = setup(100);
            let mut admitted: Vec<(i64, u64)> = Vec::new();
            for (wait, cost, back) in steps {
                clock.advance_ms(wait);
                if buckets.take(user(1), policy, cost).allowed {
                    // What is given back at once counts as never taken.
                    if back {
                        buckets.refund(user(1), policy, cost);
                    } else {
                        admitted.push((clock.now().0, u64::from(cost)));
                    }
                }
            }
            for (start, _) in &admitted {
                let mut sum = 0;
                for (at, cost) in admitted.iter().filter(|(at, _)| at >= start) {
                    sum += cost * PARTS;
                    let window = u64::try_from(at - start).expect("in order");
                    let most = capacity(policy) + window * u64::from(policy.per_minute);
                    prop_assert!(sum <= most, "{sum} parts within {window} ms, at most {most}");
                }
            }
        }
    }
}
