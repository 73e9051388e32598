//! `[media]`: files and links.

use serde::Deserialize;

use super::{Problems, Section};

/// Files and links.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Media {
    /// Life of a link when the caller names none, seconds.
    pub link_ttl_s: i64,
    /// Longest life of a link, seconds.
    pub max_link_ttl_s: i64,
    /// Age at which an object that no asset names is removed, hours.
    pub orphan_after_h: i64,
    /// Drawn onto videos of plans that ask for a mark, where the provider draws none.
    pub mark: String,
}

impl Default for Media {
    fn default() -> Self {
        let mark = String::from("AI generated · Reelmill");
        Self { link_ttl_s: 900, max_link_ttl_s: 86_400, orphan_after_h: 24, mark }
    }
}

impl Section for Media {
    const NAME: &'static str = "media";

    fn check(&self, problems: &mut Problems) {
        problems.range("link_ttl_s", self.link_ttl_s, 10, self.max_link_ttl_s);
        problems.range("max_link_ttl_s", self.max_link_ttl_s, 10, 7 * 86_400);
        if self.mark.is_empty() || self.mark.chars().count() > 40 {
            problems.add("mark", "wanted are 1 to 40 characters");
        }
        problems.range("orphan_after_h", self.orphan_after_h, 1, 24 * 365);
    }
}
