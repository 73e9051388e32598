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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn queue() -> Lanes {
        Lanes::new(Options::default())
    }

    fn lane(number: u128) -> WorkspaceId {
        WorkspaceId(Uuid::from_u128(number))
    }

    /// Lanes with endless work of these weights: how many of `slots` each got, in chunks of at
    /// most `chunk` videos a claim.
    fn serve(weights: &[i64], slots: i64, chunk: i64) -> Vec<i64> {
        let queue = queue();
        for (number, weight) in weights.iter().enumerate() {
            queue.hint(lane(number as u128), Some(*weight));
        }
        let mut served = vec![0; weights.len()];
        let mut left = slots;
        while left > 0 {
            let turn = queue.next().expect("there is always work");
            let claimed = chunk.min(left);
            let number = usize::try_from(turn.workspace_id.0.as_u128()).expect("small");
            served[number] += claimed;
            queue.charge(turn, claimed);
            left -= claimed;
        }
        served
    }

    #[test]
    fn equal_lanes_get_equal_shares() {
        for chunk in [1, 7] {
            let served = serve(&[1; 10], 1000, chunk);
            let sum: f64 = served.iter().map(|n| *n as f64).sum();
            let squares: f64 = served.iter().map(|n| (*n as f64).powi(2)).sum();
            let jain = sum * sum / (served.len() as f64 * squares);
            assert!(jain >= 0.99, "{jain} of {served:?}");
        }
    }

    #[test]
    fn shares_follow_weights() {
        let served = serve(&[1, 2, 5], 8000, 1);
        for (got, wanted) in served.iter().zip([1000, 2000, 5000]) {
            assert!((got - wanted).abs() * 50 <= wanted, "{got} instead of {wanted}");
        }
    }

    #[test]
    fn one_video_after_ten_thousand_gets_the_next_slot() {
        let queue = queue();
        let (bob, alice) = (lane(1), lane(2));
        queue.hint(bob, None);
        for _ in 0..500 {
            let turn = queue.next().expect("bob");
            queue.charge(turn, 1);
        }
        queue.hint(alice, None);
        assert_eq!(queue.next().expect("a turn").workspace_id, alice);
    }

    #[test]
    fn idleness_saves_nothing_up() {
        let queue = queue();
        let (bob, alice) = (lane(1), lane(2));
        queue.hint(alice, None);
        let turn = queue.next().expect("alice");
        queue.charge(turn, 0);
        queue.hint(bob, None);
        for _ in 0..1000 {
            let turn = queue.next().expect("bob");
            queue.charge(turn, 1);
        }
        queue.hint(alice, None);
        let first: Vec<_> = (0..10)
            .map(|_| {
                let turn = queue.next().expect("a turn");
                queue.charge(turn, 1);
                turn.workspace_id
            })
            .collect();
        let hers = first.iter().filter(|id| **id == alice).count();
        assert!((5..=6).contains(&hers), "{hers} of 10");
    }

    #[test]
    fn a_hint_that_comes_during_a_turn_is_not_lost() {
        let queue = queue();
        queue.hint(lane(1), None);
        let turn = queue.next().expect("a turn");
        queue.hint(lane(1), None);
        queue.charge(turn, 0);
        let again = queue.next().expect("the hint keeps the lane active");
        queue.charge(again, 0);
        assert!(queue.next().is_none(), "nothing was heard since");
    }

    #[test]
    fn an_empty_claim_beside_a_full_one_does_not_put_the_lane_to_rest() {
        let queue = queue();
        queue.hint(lane(1), None);
        let (full, empty) = (queue.next().expect("one"), queue.next().expect("two"));
        queue.charge(full, 5);
        queue.charge(empty, 0);
        assert!(queue.next().is_some());
    }

    #[test]
    fn idle_lanes_are_forgotten_past_the_limit() {
        let queue = Lanes::new(Options { max_idle_lanes: 10 });
        for number in 0..100 {
            queue.hint(lane(number), Some(3));
            let turn = queue.next().expect("a turn");
            queue.charge(turn, 0);
        }
        assert!(queue.lock().lanes.len() <= 11);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_by_a_hint() {
        let queue = queue();
        let waiter = queue.clone();
        let waiting = tokio::spawn(async move { waiter.ready().await });
        tokio::task::yield_now().await;
        queue.hint(lane(1), None);
        tokio::time::timeout(Duration::from_secs(5), waiting).await.expect("woken").expect("ran");
    }

    proptest! {
        /// Work conserving: as long as a lane was hinted and never answered with 0, somebody's
        /// turn it is; and the ages of turns are bounded: within as many turns as there are lanes
        /// times the largest weight, everybody had one.
        #[test]
        fn nobody_waits_for_ever(weights in prop::collection::vec(1_i64..=8, 1..12)) {
            let queue = queue();
            for (number, weight) in weights.iter().enumerate() {
                queue.hint(lane(number as u128), Some(*weight));
            }
            let bound = weights.iter().sum::<i64>() + weights.len() as i64;
            let mut seen = std::collections::HashSet::new();
            for _ in 0..bound * 8 {
                let turn = queue.next().expect("there is work");
                seen.insert(turn.workspace_id);
                queue.charge(turn, 1);
            }
            prop_assert_eq!(seen.len(), weights.len());
        }
    }
}
