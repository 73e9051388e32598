//! `[access]`: accounts and sessions.

use serde::Deserialize;

use super::{Problems, Section};

/// Accounts and sessions.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Access {
    /// Whether anybody may sign up.
    pub open_sign_up: bool,
    /// Life of a session, days.
    pub session_ttl_d: i64,
    /// Life of a one-time link, hours.
    pub link_ttl_h: i64,
    /// Trials that may start from one client address in a UTC day.
    pub trials_per_ip_day: i64,
    /// Password hashes computed at once; each takes 19 MiB.
    pub hash_concurrency: usize,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            open_sign_up: true,
            session_ttl_d: 30,
            link_ttl_h: 24,
            trials_per_ip_day: 5,
            hash_concurrency: 2,
        }
    }
}

impl Section for Access {
    const NAME: &'static str = "access";

    fn check(&self, problems: &mut Problems) {
        problems.range("session_ttl_d", self.session_ttl_d, 1, 365);
        problems.range("link_ttl_h", self.link_ttl_h, 1, 168);
        problems.range("trials_per_ip_day", self.trials_per_ip_day, 0, 1_000_000);
        problems.range("hash_concurrency", self.hash_concurrency as i64, 1, 64);
    }
}
