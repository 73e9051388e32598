//! What a plan grants. Limits are compared inside the launch's transaction, never before it.

use serde::{Deserialize, Serialize};

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
}

impl Entitlement {
    /// Whether `model` may be used.
    #[must_use]
    pub fn allows_model(&self, model: &str) -> bool {
        self.models.iter().any(|known| known == "*" || known == model)
    }
}
