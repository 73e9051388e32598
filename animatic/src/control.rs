//! What a caller shares with a running render: a flag to stop it and a number to watch.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Shared between the render thread and whoever watches it; clones share the same state.
#[derive(Clone, Debug, Default)]
pub struct Control {
    cancelled: Arc<AtomicBool>,
    per_mille: Arc<AtomicU32>,
}

impl Control {
    /// Neither cancelled nor begun.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the render to stop. It returns `Cancelled` within a fraction of a second.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether a stop was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// How much is done, 0 to 1000. 1000 is reached only when both files are complete.
    pub fn per_mille(&self) -> u32 {
        self.per_mille.load(Ordering::Acquire)
    }

    pub(crate) fn report(&self, per_mille: u32) {
        self.per_mille.store(per_mille.min(1000), Ordering::Release);
    }
}
