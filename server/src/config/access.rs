//! `[access]`: accounts and sessions.

use std::path::PathBuf;

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
    /// Invitations of one workspace that may stand open.
    pub max_invitations: i64,
    /// Trials that may start from one client address in a UTC day.
    pub trials_per_ip_day: i64,
    /// Password hashes computed at once; each takes 19 MiB.
    pub hash_concurrency: usize,
    /// Sign-ins and sign-ups that may wait for their hash; more are told to try again.
    pub hash_waiting: usize,
    /// Wrong passwords for one account from one address before waiting begins.
    pub wrong_passwords: u32,
    /// Wrong passwords for one account from all addresses together before waiting begins.
    pub wrong_passwords_per_account: u32,
    /// Wrong passwords from one address, whatever the account, before waiting begins.
    pub wrong_passwords_per_ip: u32,
    /// Wrong passwords forgiven a minute, for each of the three.
    pub forgiven_per_min: u32,
    /// Reset requests and sign-ups from one address in a row; one a minute is forgiven.
    pub requests_per_ip: u32,
    /// Where the plans are read from instead of the embedded catalogue.
    pub plans: Option<PathBuf>,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            open_sign_up: true,
            session_ttl_d: 30,
            link_ttl_h: 24,
            max_invitations: 200,
            trials_per_ip_day: 5,
            hash_concurrency: 2,
            hash_waiting: 64,
            wrong_passwords: 5,
            wrong_passwords_per_account: 100,
            wrong_passwords_per_ip: 30,
            forgiven_per_min: 2,
            requests_per_ip: 20,
            plans: None,
        }
    }
}

impl Section for Access {
    const NAME: &'static str = "access";

    fn check(&self, problems: &mut Problems) {
        problems.range("session_ttl_d", self.session_ttl_d, 1, 365);
        problems.range("link_ttl_h", self.link_ttl_h, 1, 168);
        problems.range("max_invitations", self.max_invitations, 1, 100_000);
        problems.range("trials_per_ip_day", self.trials_per_ip_day, 0, 1_000_000);
        problems.range("hash_concurrency", self.hash_concurrency as i64, 1, 64);
        problems.range("hash_waiting", self.hash_waiting as i64, 1, 100_000);
        for (key, burst) in [
            ("wrong_passwords", self.wrong_passwords),
            ("wrong_passwords_per_account", self.wrong_passwords_per_account),
            ("wrong_passwords_per_ip", self.wrong_passwords_per_ip),
            ("forgiven_per_min", self.forgiven_per_min),
            ("requests_per_ip", self.requests_per_ip),
        ] {
            problems.range(key, i64::from(burst), 1, 1_000_000);
        }
    }
}
