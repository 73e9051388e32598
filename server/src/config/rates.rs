//! `[rates]`: token buckets. A bucket holds `burst` points and regains `per_s` points a second;
//! a request costs what its query costs. None may be smaller than the dearest query allowed.

use serde::Deserialize;

use super::{Problems, Section};

/// One bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Points it holds.
    pub burst: u32,
    /// Points regained a second.
    pub per_s: u32,
}

/// The buckets.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Per signed-in user, points of query cost.
    pub user: Rate,
    /// Per client address, points of query cost.
    pub ip: Rate,
    /// Per workspace, points of query cost.
    pub workspace: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            user: Rate { burst: 6_000, per_s: 300 },
            ip: Rate { burst: 8_000, per_s: 400 },
            workspace: Rate { burst: 8_000, per_s: 400 },
        }
    }
}

impl Rates {
    /// A bucket that never holds what the dearest query costs could never pay for it.
    pub(super) fn check_against_cost(&self, cost: usize, problems: &mut Problems) {
        for (key, rate) in self.buckets() {
            if (rate.burst as usize) < cost {
                let reason = format!(
                    "a burst of {} can never pay for a query of the highest cost, {cost} \
                     (graphql.cost)",
                    rate.burst
                );
                problems.add(key, reason);
            }
        }
    }

    const fn buckets(&self) -> [(&'static str, Rate); 3] {
        [("user", self.user), ("ip", self.ip), ("workspace", self.workspace)]
    }
}

impl Section for Rates {
    const NAME: &'static str = "rates";

    fn check(&self, problems: &mut Problems) {
        for (key, rate) in self.buckets() {
            problems.range(key, i64::from(rate.burst), 1, 100_000_000);
            problems.range(key, i64::from(rate.per_s), 1, 100_000_000);
        }
    }
}
