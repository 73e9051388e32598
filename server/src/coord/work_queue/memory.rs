//! The queue of lanes inside one process: an ordered set under a lock, O(log lanes) a call.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::ids::WorkspaceId;
use tokio::sync::Notify;

use super::{Options, Turn};

/// Virtual time of one video at weight 1. Divisible by small weights, so that shares are exact.
const UNIT: u128 = 5_040_000;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Lanes {
    state: Arc<Mutex<State>>,
    wake: Arc<Notify>,
    options: Options,
}

#[derive(Default)]
struct State {
    lanes: HashMap<WorkspaceId, Lane>,
    /// Lanes with work: virtual time, order of becoming active, whose.
    active: BTreeSet<(u128, u64, WorkspaceId)>,
    /// Start tag of the turn handed out last.
    global: u128,
    arrivals: u64,
}

#[derive(Clone, Copy)]
struct Lane {
    vt: u128,
    weight: u128,
    /// Order of arrival while active.
    active: Option<u64>,
    /// Grows with every hint and every claim that found something.
    heard: u64,
}

impl Lanes {
    pub(super) fn new(options: Options) -> Self {
        Self { state: Arc::default(), wake: Arc::default(), options }
    }

    pub(super) fn hint(&self, workspace_id: WorkspaceId, weight: Option<i64>) {
        let mut state = self.lock();
        let lane = state.lane(workspace_id);
        lane.heard += 1;
        if let Some(weight) = weight {
            lane.weight = u128::try_from(weight).unwrap_or(1).max(1);
        }
        state.activate(workspace_id);
        drop(state);
        self.wake.notify_one();
    }

    pub(super) fn next(&self) -> Option<Turn> {
        let mut state = self.lock();
        let (start, arrival, workspace_id) = state.active.pop_first()?;
        state.global = state.global.max(start);
        let lane = state.lane(workspace_id);
        lane.vt = start + UNIT / lane.weight;
        let (vt, heard) = (lane.vt, lane.heard);
        state.active.insert((vt, arrival, workspace_id));
        Some(Turn { workspace_id, heard })
    }

    pub(super) fn charge(&self, turn: Turn, videos: i64) {
        let mut state = self.lock();
        let known = state.lanes.contains_key(&turn.workspace_id);
        if !known {
            return;
        }
        state.leave(turn.workspace_id);
        let lane = state.lane(turn.workspace_id);
        let claimed = u128::try_from(videos).unwrap_or(0);
        // One was charged in advance.
        lane.vt = (lane.vt + claimed * UNIT / lane.weight).saturating_sub(UNIT / lane.weight);
        if claimed > 0 {
            lane.heard += 1;
        }
        if claimed > 0 || lane.heard != turn.heard {
            state.enter(turn.workspace_id);
            drop(state);
            self.wake.notify_one();
        } else {
            state.forget(self.options.max_idle_lanes);
        }
    }

    pub(super) async fn ready(&self) {
        if self.waiting() == 0 {
            self.wake.notified().await;
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.lock().active.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lane(&mut self, workspace_id: WorkspaceId) -> &mut Lane {
        self.lanes.entry(workspace_id).or_insert(Lane { vt: 0, weight: 1, active: None, heard: 0 })
    }

    /// Becomes active: no credit from the time it was idle.
    fn activate(&mut self, workspace_id: WorkspaceId) {
        let global = self.global;
        let lane = self.lane(workspace_id);
        if lane.active.is_none() {
            lane.vt = lane.vt.max(global);
            self.enter(workspace_id);
        }
    }

    fn enter(&mut self, workspace_id: WorkspaceId) {
        self.arrivals += 1;
        let arrival = self.arrivals;
        let lane = self.lane(workspace_id);
        lane.active = Some(arrival);
        let vt = lane.vt;
        self.active.insert((vt, arrival, workspace_id));
    }

    fn leave(&mut self, workspace_id: WorkspaceId) {
        let lane = self.lane(workspace_id);
        let vt = lane.vt;
        if let Some(arrival) = lane.active.take() {
            self.active.remove(&(vt, arrival, workspace_id));
        }
    }

    /// Drops idle lanes above `limit`: those behind the global time lose nothing but their weight.
    fn forget(&mut self, limit: usize) {
        if self.lanes.len() - self.active.len() <= limit {
            return;
        }
        let global = self.global;
        self.lanes.retain(|_, lane| lane.active.is_some() || lane.vt > global);
    }
}
