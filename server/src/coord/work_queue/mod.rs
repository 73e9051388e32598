//! The queue of lanes: which workspace's turn it is. Videos themselves wait in the database.
//!
//! Start-time fair queueing: a lane's virtual time grows by `dispatched / weight`; the lane with
//! the lowest goes next; a lane that becomes active starts no earlier than the lane served last,
//! so nobody saves up turns while idle and a newcomer waits for one slot, not for a backlog.
//!
//! Hints may be lost, doubled or reordered without effect on correctness: the sweep hints again.

use entity::ids::WorkspaceId;

mod memory;

pub use memory::Lanes;

/// Numbers of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Idle lanes remembered (their weight and virtual time) before the furthest behind are
    /// forgotten.
    pub max_idle_lanes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_idle_lanes: 100_000 }
    }
}

/// A lane's turn, as handed out by [`WorkQueue::next`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a turn is answered with `charge`"]
pub struct Turn {
    /// Whose turn it is.
    pub workspace_id: WorkspaceId,
    /// What had been heard of the lane when the turn was handed out.
    pub(crate) heard: u64,
}

/// The queue of lanes. Cheap to clone.
#[derive(Clone)]
pub enum WorkQueue {
    /// One process.
    Memory(Lanes),
}

impl WorkQueue {
    /// A queue inside this process.
    #[must_use]
    pub fn memory(options: Options) -> Self {
        Self::Memory(Lanes::new(options))
    }

    /// The lane may have videos to claim, or room again.
    pub async fn hint(&self, workspace_id: WorkspaceId) {
        match self {
            Self::Memory(lanes) => lanes.hint(workspace_id, None),
        }
    }

    /// As [`Self::hint`], with the weight the lane's plan gives it. A weight stays until changed;
    /// a lane that was never weighed counts 1.
    pub async fn hint_weighed(&self, workspace_id: WorkspaceId, weight: i64) {
        match self {
            Self::Memory(lanes) => lanes.hint(workspace_id, Some(weight)),
        }
    }

    /// Whose turn it is; `None` when no lane is known to have work. The lane is charged one video
    /// in advance, so that several workers asking at once are led to several lanes.
    pub async fn next(&self) -> Option<Turn> {
        match self {
            Self::Memory(lanes) => lanes.next(),
        }
    }

    /// Answers a turn: `videos` were claimed. With 0 the lane rests until the next hint, unless
    /// one arrived since the turn was handed out.
    pub async fn charge(&self, turn: Turn, videos: i64) {
        match self {
            Self::Memory(lanes) => lanes.charge(turn, videos),
        }
    }

    /// Returns when a lane may have work. May return without reason; ask [`Self::next`].
    pub async fn ready(&self) {
        match self {
            Self::Memory(lanes) => lanes.ready().await,
        }
    }

    /// Lanes that are known to have work.
    pub async fn waiting(&self) -> usize {
        match self {
            Self::Memory(lanes) => lanes.waiting(),
        }
    }
}
