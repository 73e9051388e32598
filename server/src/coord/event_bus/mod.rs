//! What changed: revisions of batches for those who follow them, access epochs for open sockets.
//!
//! An event carries numbers, never content: who hears of revision 17 reads the database. Only the
//! newest revision matters, so a slow listener skips and never lags. Published after commit.

use entity::ids::{BatchId, UserId};

mod memory;

pub use memory::{AccessEvents, BatchEvents, Channels};

/// A change of what somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessChange {
    /// The user's epoch is now this.
    Epoch {
        /// Whose.
        user_id: UserId,
        /// The new epoch.
        epoch: i64,
    },
    /// Some changes were missed: check every open socket.
    Missed,
}

/// The bus. Cheap to clone.
#[derive(Clone)]
pub enum EventBus {
    /// One process.
    Memory(Channels),
}

impl EventBus {
    /// A bus inside this process.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Channels::default())
    }

    /// Batch `batch_id` has reached revision `rev`.
    pub async fn publish(&self, batch_id: BatchId, rev: i64) {
        match self {
            Self::Memory(channels) => channels.publish(batch_id, rev),
        }
    }

    /// Follows a batch from now on. Subscribe first, then read: nothing falls in between.
    pub async fn subscribe(&self, batch_id: BatchId) -> BatchEvents {
        match self {
            Self::Memory(channels) => channels.subscribe(batch_id),
        }
    }

    /// What `user_id` may do has changed.
    pub async fn publish_access(&self, user_id: UserId, epoch: i64) {
        match self {
            Self::Memory(channels) => channels.publish_access(user_id, epoch),
        }
    }

    /// Follows every change of access from now on.
    pub async fn subscribe_access(&self) -> AccessEvents {
        match self {
            Self::Memory(channels) => channels.subscribe_access(),
        }
    }
}
