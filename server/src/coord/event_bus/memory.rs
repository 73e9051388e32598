//! The bus inside one process: a watched number per followed batch, one channel for access.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::ids::{BatchId, UserId};
use tokio::sync::{broadcast, watch};

use super::AccessChange;

/// Access changes a listener may fall behind before it is told that it missed some.
const ACCESS_BACKLOG: usize = 1024;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Channels {
    batches: Arc<Mutex<HashMap<BatchId, watch::Sender<i64>>>>,
    access: broadcast::Sender<(UserId, i64)>,
}

impl Default for Channels {
    fn default() -> Self {
        Self { batches: Arc::default(), access: broadcast::channel(ACCESS_BACKLOG).0 }
    }
}

/// Follows one batch.
pub struct BatchEvents {
    batch_id: BatchId,
    // Dropped before the channel is looked at, see `Drop`.
    revisions: Option<watch::Receiver<i64>>,
    channels: Channels,
}

/// Follows access changes.
pub struct AccessEvents(broadcast::Receiver<(UserId, i64)>);

impl Channels {
    pub(super) fn publish(&self, batch_id: BatchId, rev: i64) {
        if let Some(sender) = self.lock().get(&batch_id) {
            // Commits may be announced out of order; the number only grows.
            sender.send_if_modified(|newest| {
                let newer = rev > *newest;
                *newest = rev.max(*newest);
                newer
            });
        }
    }

    pub(super) fn subscribe(&self, batch_id: BatchId) -> BatchEvents {
        let mut batches = self.lock();
        let sender = batches.entry(batch_id).or_insert_with(|| watch::channel(0).0);
        let revisions = Some(sender.subscribe());
        drop(batches);
        BatchEvents { batch_id, revisions, channels: self.clone() }
    }

    pub(super) fn publish_access(&self, user_id: UserId, epoch: i64) {
        // Nobody listening is fine.
        let _ = self.access.send((user_id, epoch));
    }

    pub(super) fn subscribe_access(&self) -> AccessEvents {
        AccessEvents(self.access.subscribe())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BatchId, watch::Sender<i64>>> {
        self.batches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BatchEvents {
    /// Waits for a newer revision; `None` when the bus is gone.
    pub async fn changed(&mut self) -> Option<i64> {
        let revisions = self.revisions.as_mut()?;
        revisions.changed().await.ok()?;
        Some(*revisions.borrow_and_update())
    }
}

impl Drop for BatchEvents {
    fn drop(&mut self) {
        self.revisions = None;
        let mut batches = self.channels.lock();
        if batches.get(&self.batch_id).is_some_and(|sender| sender.receiver_count() == 0) {
            batches.remove(&self.batch_id);
        }
    }
}

impl AccessEvents {
    /// Waits for a change; `None` when the bus is gone.
    pub async fn next(&mut self) -> Option<AccessChange> {
        match self.0.recv().await {
            Ok((user_id, epoch)) => Some(AccessChange::Epoch { user_id, epoch }),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(AccessChange::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[tokio::test]
    async fn a_slow_listener_hears_the_newest_revision_only() {
        let bus = Channels::default();
        let batch = BatchId(Uuid::from_u128(1));
        let mut events = bus.subscribe(batch);
        for rev in [2, 5, 4] {
            bus.publish(batch, rev);
        }
        bus.publish(BatchId(Uuid::from_u128(2)), 9);
        assert_eq!(events.changed().await, Some(5));
        let more = tokio::time::timeout(std::time::Duration::from_millis(20), events.changed());
        assert!(more.await.is_err(), "an older revision wakes nobody");
    }

    #[tokio::test]
    async fn nothing_is_kept_for_batches_that_nobody_follows() {
        let bus = Channels::default();
        let batch = BatchId(Uuid::from_u128(1));
        bus.publish(batch, 1);
        let (one, two) = (bus.subscribe(batch), bus.subscribe(batch));
        drop(one);
        assert_eq!(bus.lock().len(), 1);
        drop(two);
        assert!(bus.lock().is_empty());
    }

    #[tokio::test]
    async fn who_falls_behind_on_access_is_told() {
        let bus = Channels::default();
        let mut events = bus.subscribe_access();
        let user = UserId(Uuid::from_u128(1));
        for epoch in 0..=i64::try_from(ACCESS_BACKLOG).expect("small") {
            bus.publish_access(user, epoch);
        }
        assert_eq!(events.next().await, Some(AccessChange::Missed));
        assert_eq!(events.next().await, Some(AccessChange::Epoch { user_id: user, epoch: 1 }));
    }
}
