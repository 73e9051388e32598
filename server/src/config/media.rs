//! `[media]`: files, links, archives and shares.

use serde::Deserialize;

use super::{Problems, Section};

/// Files, links, archives and shares.
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
    /// Archives that this process packs at once.
    pub zips: i64,
    /// Archives of one workspace that are packed at once.
    pub zips_per_workspace: i64,
    /// How long the reader of an archive may take nothing before it is cut off, seconds.
    pub zip_stall_s: i64,
    /// Share links of one workspace that may be open at once.
    pub shares: i64,
    /// Longest life of a share link, days.
    pub max_share_days: i64,
    /// Openings of share links from one address, a minute.
    pub share_opens_per_minute: i64,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            link_ttl_s: 900,
            max_link_ttl_s: 86_400,
            orphan_after_h: 24,
            mark: String::from("AI generated · Reelmill"),
            zips: 16,
            zips_per_workspace: 3,
            zip_stall_s: 60,
            shares: 200,
            max_share_days: 90,
            share_opens_per_minute: 120,
        }
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
        problems.range("zips", self.zips, 1, 10_000);
        problems.range("zips_per_workspace", self.zips_per_workspace, 1, self.zips);
        problems.range("zip_stall_s", self.zip_stall_s, 1, 3_600);
        problems.range("shares", self.shares, 0, 1_000_000);
        problems.range("max_share_days", self.max_share_days, 1, 3_650);
        problems.range("share_opens_per_minute", self.share_opens_per_minute, 1, 1_000_000);
    }
}
