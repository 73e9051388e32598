//! What goes on after its first reply: subscriptions, whichever transport carries them.
//!
//! Invariants:
//! - one update of a batch is read, executed and serialised once for all who asked for the same
//!   with the same rights ([`fanout`]);
//! - who falls behind is told the newest state once it listens again, and slows nobody
//!   ([`follower`]);
//! - a connection hears within a second that its session has ended ([`sessions`]);
//! - connections and subscriptions are counted, per address and per user ([`crate::kernel::places`]).
//!
//! Deliberately absent: any knowledge of frames and events; the transports write those.

use std::net::IpAddr;
use std::sync::Arc;

use entity::ids::UserId;

use self::fanout::Hub;
pub(super) use self::guard::{End, Guard};
pub(super) use self::sessions::Sessions;
use crate::config;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::places::{Place, Places};

mod fanout;
pub(super) mod follower;
mod guard;
mod sessions;

/// What all live connections of a process share. Cheap to clone.
#[derive(Clone)]
pub(super) struct Live {
    pub limits: Arc<config::Graphql>,
    pub sessions: Sessions,
    hub: Hub,
    addresses: Places<IpAddr>,
    users: Places<UserId>,
    subscriptions: Places<UserId>,
}

impl Live {
    pub fn new(limits: Arc<config::Graphql>, sessions: Sessions) -> Self {
        Self {
            limits,
            sessions,
            hub: Hub::default(),
            addresses: Places::default(),
            users: Places::default(),
            subscriptions: Places::default(),
        }
    }

    /// One more connection from an address.
    ///
    /// # Errors
    /// `CONNECTION_LIMIT`.
    pub fn connect(&self, address: Option<IpAddr>) -> Result<Option<Place<IpAddr>>, ApiError> {
        take(
            &self.addresses,
            address,
            (ErrorCode::ConnectionLimit, self.limits.sockets_per_address),
        )
    }

    /// One more connection of a user. Strangers have only their address's limit.
    ///
    /// # Errors
    /// `CONNECTION_LIMIT`.
    pub fn admit(&self, user: Option<UserId>) -> Result<Option<Place<UserId>>, ApiError> {
        take(&self.users, user, (ErrorCode::ConnectionLimit, self.limits.sockets_per_user))
    }

    /// One more subscription of a user. Strangers can follow nothing.
    ///
    /// # Errors
    /// `SUBSCRIPTION_LIMIT`.
    pub fn permit(&self, user: Option<UserId>) -> Result<Option<Place<UserId>>, ApiError> {
        let limit = (ErrorCode::SubscriptionLimit, self.limits.subscriptions_per_user);
        take(&self.subscriptions, user, limit)
    }
}

fn take<K: Copy + Eq + std::hash::Hash>(
    places: &Places<K>,
    key: Option<K>,
    (code, limit): (ErrorCode, usize),
) -> Result<Option<Place<K>>, ApiError> {
    let Some(key) = key else { return Ok(None) };
    let refused = || ApiError::new(code).with("limit", limit);
    places.take(key, limit).map(Some).ok_or_else(refused)
}
