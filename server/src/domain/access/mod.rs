//! Who is asking, and what they may do: people, sessions, one-time links, members, workspaces.
//!
//! Invariants held here:
//! - passwords are stored as argon2id, tokens of sessions and links as SHA-256; no audit row, error
//!   or printed value holds an address, a password or a token ([`password`], [`model`]);
//! - sign-in and reset requests answer alike for known and unknown addresses, after the same work;
//! - a one-time link works once: a guarded UPDATE decides, not a look beforehand;
//! - a workspace keeps an owner: the statement that would take the last one away changes nothing;
//! - every query of a tenant's data starts from its workspace, and what belongs to another is
//!   [`Error::NotFound`];
//! - a change of role, membership, password or session bumps the user's access epoch in the same
//!   transaction, and the bus hears of it after the commit.
//!
//! Deliberately absent: sending mail (messages wait in the outbox, reset links are handed out by
//! the operator), sessions that renew
//! themselves, rules for the composition of passwords.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use entity::ids::{SessionId, UserId};
use entity::values::UnixMs;

use crate::config;
use crate::coord::rate_limiter::Options;
use crate::coord::{EventBus, RateLimiter};
use crate::db::Db;
use crate::kernel::clock::Clock;
use crate::kernel::secret::MasterKey;

mod device;
pub mod error;
mod invitations;
mod links;
mod members;
pub mod model;
mod password;
mod people;
mod repo;
mod scope;
mod sessions;
mod sign_in;
mod slow_down;
mod trail;
mod workspaces;

pub use device::Device;
pub use error::Error;
pub use invitations::{InvitationSeen, Invited, SEALED_FOR};
pub use links::{Joined, NewAccount, OneTimeLink};
pub use members::Member;
pub use model::{Action, Actor, Caller, Email, Scope};
pub(in crate::domain) use people::DraftUser;
pub use people::User;
pub use sessions::SessionSeen;
pub use sign_in::SignedIn;
pub(in crate::domain) use trail::Note;
pub use workspaces::{AuditEntry, Membership, Workspace};

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    db: Db,
    clock: Clock,
    key: MasterKey,
    bus: EventBus,
    config: config::Access,
    passwords: password::Passwords,
    slow_down: slow_down::SlowDown,
    seen: Arc<Mutex<HashMap<SessionId, UnixMs>>>,
}

impl Access {
    /// A service with a rate limiter and a bus of its own.
    #[must_use]
    pub fn new(db: Db, clock: Clock, key: MasterKey, config: config::Access) -> Self {
        let limiter = RateLimiter::memory(clock.clone(), Options::default());
        Self {
            passwords: password::Passwords::new(config.hash_concurrency, config.hash_waiting),
            slow_down: slow_down::SlowDown::new(limiter, &config),
            bus: EventBus::memory(),
            seen: Arc::default(),
            db,
            clock,
            key,
            config,
        }
    }

    /// The same with the process's rate limiter and bus.
    #[must_use]
    pub fn with_coordination(mut self, limiter: RateLimiter, bus: EventBus) -> Self {
        self.slow_down = slow_down::SlowDown::new(limiter, &self.config);
        self.bus = bus;
        self
    }

    /// Password hashes computed since the start.
    #[must_use]
    pub fn hashes_performed(&self) -> u64 {
        self.passwords.performed()
    }

    async fn announce(&self, user_id: UserId, epoch: i64) {
        self.bus.publish_access(user_id, epoch).await;
    }
}
