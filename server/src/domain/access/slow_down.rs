//! Slowing down who guesses: three buckets of wrong passwords (account and address together,
//! account alone, address alone) and one of requests that cost something (sign-up, reset).
//!
//! Invariants: an attempt is paid for before the password is looked at and given back when it was
//! right, so parallel guesses cannot slip past a count; a known and an unknown account are counted
//! alike, because the bucket is named by the address as typed.
//!
//! The narrow bucket keeps a guesser from locking a person out: it counts his address, not hers.

use std::net::IpAddr;

use entity::ids::UserId;
use uuid::Uuid;

use super::error::Error;
use super::model::Email;
use crate::config;
use crate::coord::RateLimiter;
use crate::coord::rate_limiter::{Key, Policy, Subject};
use crate::kernel::secret::sha256;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(super) struct SlowDown {
    limiter: RateLimiter,
    guesses: [Policy; 3],
    requests: Policy,
}

/// An attempt that has been paid for.
pub(super) struct Paid(Vec<(Key, Policy)>);

impl SlowDown {
    pub(super) fn new(limiter: RateLimiter, config: &config::Access) -> Self {
        let policy = |burst| Policy { burst, per_minute: config.forgiven_per_min };
        Self {
            limiter,
            guesses: [
                policy(config.wrong_passwords),
                policy(config.wrong_passwords_per_account),
                policy(config.wrong_passwords_per_ip),
            ],
            requests: Policy { burst: config.requests_per_ip, per_minute: 1 },
        }
    }

    /// Pays for looking at a password.
    pub(super) async fn pay_guess(&self, email: &str, ip: Option<IpAddr>) -> Result<Paid, Error> {
        let [narrow, account, address] = self.guesses;
        let mut wanted = vec![(Key::new("sign-in.account", named(email, None)), account)];
        if let Some(ip) = ip {
            wanted.push((Key::new("sign-in.ip", Subject::Ip(ip)), address));
        }
        wanted.push((Key::new("sign-in.account-ip", named(email, ip)), narrow));
        self.pay(wanted).await
    }

    /// Gives back what a right password had paid.
    pub(super) async fn give_back(&self, paid: Paid) {
        for (key, policy) in paid.0 {
            self.limiter.refund(key, policy, 1).await;
        }
    }

    /// Pays for a request that anybody may make; never given back.
    pub(super) async fn pay_request(
        &self,
        purpose: &'static str,
        ip: Option<IpAddr>,
    ) -> Result<(), Error> {
        let Some(ip) = ip else { return Ok(()) };
        self.pay(vec![(Key::new(purpose, Subject::Ip(ip)), self.requests)]).await.map(drop)
    }

    /// All of it or nothing.
    async fn pay(&self, wanted: Vec<(Key, Policy)>) -> Result<Paid, Error> {
        let mut paid = Paid(Vec::with_capacity(wanted.len()));
        for (key, policy) in wanted {
            let verdict = self.limiter.take(key, policy, 1).await;
            if !verdict.allowed {
                self.give_back(paid).await;
                let retry_after_s = verdict.retry_after_ms.max(1).saturating_add(999) / 1000;
                return Err(Error::TooManyAttempts { retry_after_s });
            }
            paid.0.push((key, policy));
        }
        Ok(paid)
    }
}

/// A bucket's name for an account that may not exist: an id made from what was typed, not a
/// person's own. Buckets of different purposes never meet.
fn named(email: &str, ip: Option<IpAddr>) -> Subject {
    let network = ip.map(|ip| Key::new("", Subject::Ip(ip)).subject);
    let digest = sha256(format!("{}\n{network:?}", Email::normalise(email)).as_bytes());
    let mut short = [0; 16];
    short.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Subject::User(UserId(Uuid::from_bytes(short)))
}
