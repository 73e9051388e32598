//! What a plan grants and what a video costs. Limits are compared inside the launch's transaction,
//! never before it.

use entity::values::Credits;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The limits of a workspace: its plan's, changed by its contract where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entitlement {
    /// Models that may be used; `*` stands for every one.
    pub models: Vec<String>,
    /// Most videos in one batch; 1 means single videos.
    pub max_videos_per_batch: i64,
    /// Most videos launched in a UTC day and not given back.
    pub max_videos_per_day: i64,
    /// Most unsettled batches at once.
    pub max_open_batches: i64,
    /// Most videos in flight at once (the lane's cap).
    pub concurrency: i64,
    /// Share of the line when others wait too.
    pub weight: i64,
    /// Whether videos carry the mark.
    pub watermark: bool,
    /// Whether only the embedded provider makes videos: nothing is bought for whoever pays nothing.
    #[serde(default)]
    pub embedded_only: bool,
}

impl Entitlement {
    /// Whether `model` may be used.
    #[must_use]
    pub fn allows_model(&self, model: &str) -> bool {
        self.models.iter().any(|known| known == "*" || known == model)
    }

    /// Whether every limit is a limit: positive, and at least one model named.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        !self.models.is_empty()
            && [
                self.max_videos_per_batch,
                self.max_videos_per_day,
                self.max_open_batches,
                self.concurrency,
                self.weight,
            ]
            .iter()
            .all(|limit| *limit > 0)
    }

    /// These limits with those that `contract` (an object with some of the same names) replaces;
    /// `None` when it has other names, other types or a limit that is none.
    #[must_use]
    pub fn with_contract(&self, contract: &Value) -> Option<Self> {
        let mut merged = serde_json::to_value(self).ok()?;
        let (Value::Object(limits), Value::Object(changes)) = (&mut merged, contract) else {
            return None;
        };
        for (name, value) in changes {
            limits.insert(name.clone(), value.clone());
        }
        serde_json::from_value::<Self>(merged).ok().filter(Self::is_sound)
    }
}

/// The price of a model at some lines, as in effect at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// Price list it comes from; quotes pin it.
    pub version: i64,
    /// Price of one started block.
    pub credits_per_block: Credits,
    /// Seconds in a block.
    pub block_s: i64,
}

impl Price {
    /// Price of one video of `seconds`: every started block counts, and there is at least one.
    ///
    /// Saturates at `i64::MAX`, which no wallet can pay; the schema keeps both factors positive.
    #[must_use]
    pub fn for_seconds(&self, seconds: i64) -> Credits {
        let block_s = self.block_s.max(1);
        let started = (seconds.max(1) - 1) / block_s + 1;
        Credits(self.credits_per_block.0.saturating_mul(started))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn limits() -> Entitlement {
        Entitlement {
            models: vec![String::from("*")],
            max_videos_per_batch: 10,
            max_videos_per_day: 20,
            max_open_batches: 3,
            concurrency: 4,
            weight: 5,
            watermark: true,
            embedded_only: false,
        }
    }

    #[test]
    fn animatic_costs_a_credit_per_started_four_seconds() {
        let draft = Price { version: 1, credits_per_block: Credits(1), block_s: 4 };
        let fine = Price { version: 1, credits_per_block: Credits(3), block_s: 4 };
        let prices: Vec<i64> = (1..=10).map(|seconds| draft.for_seconds(seconds).0).collect();
        assert_eq!(prices, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
        assert_eq!([2, 4, 5, 10].map(|seconds| fine.for_seconds(seconds).0), [3, 3, 6, 9]);
        let absurd = Price { version: 1, credits_per_block: Credits(i64::MAX), block_s: 1 };
        assert_eq!(absurd.for_seconds(10), Credits(i64::MAX));
    }

    #[test]
    fn a_contract_replaces_what_it_names() {
        let changed = limits()
            .with_contract(&json!({ "maxVideosPerDay": 7, "watermark": false }))
            .expect("sound");
        assert_eq!((changed.max_videos_per_day, changed.watermark), (7, false));
        assert_eq!(changed.concurrency, limits().concurrency);
    }

    #[test]
    fn a_contract_with_other_names_types_or_no_limit_is_refused() {
        for contract in [
            json!({ "maxVideosPerDya": 7 }),
            json!({ "maxVideosPerDay": "7" }),
            json!({ "concurrency": 0 }),
            json!({ "models": [] }),
            json!([]),
            json!(null),
        ] {
            assert_eq!(limits().with_contract(&contract), None, "{contract}");
        }
    }
}
