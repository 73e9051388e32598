//! The door to SQLite's one write connection: whoever waits for money goes first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// What a write is for; lower classes wait for higher ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Somebody waits for the answer: sign-in, quote, launch, edits.
    Interactive,
    /// Moves credits or states: settle, claim, cancel.
    Money,
    /// Access rows, session-seen, sweeps.
    Telemetry,
}

/// Turns granted in a row to the higher classes before the next one down gets one.
const MAX_STREAK: u32 = 8;

/// A mutex with three queues. Cheap to clone.
#[derive(Clone, Default)]
pub struct Gate(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    busy: bool,
    streak: u32,
    waiting: [VecDeque<oneshot::Sender<Turn>>; 3],
}

/// The right to write; given on when dropped.
pub struct Turn(Gate);

impl Gate {
    /// Waits for a turn.
    pub async fn enter(&self, class: Class) -> Turn {
        let waiter = {
            let mut state = self.lock();
            if !state.busy {
                state.busy = true;
                return Turn(self.clone());
            }
            let (sender, receiver) = oneshot::channel();
            if let Some(queue) = state.waiting.get_mut(class as usize) {
                queue.push_back(sender);
            }
            receiver
        };
        match waiter.await {
            Ok(turn) => turn,
            // The sender cannot vanish while a `Gate` lives; enter afresh all the same.
            Err(_) => Box::pin(self.enter(class)).await,
        }
    }

    fn pass_on(&self) {
        let mut next = {
            let mut state = self.lock();
            let sender = state.pick();
            state.busy = sender.is_some();
            sender
        };
        // A waiter that gave up hands its turn back through `Turn`'s own drop.
        if let Some(sender) = next.take() {
            drop(sender.send(Turn(self.clone())));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The highest class first, but after [`MAX_STREAK`] turns the lowest that waits.
    fn pick(&mut self) -> Option<oneshot::Sender<Turn>> {
        let starved = self.streak >= MAX_STREAK;
        let found = if starved {
            self.waiting.iter_mut().rev().find_map(VecDeque::pop_front)
        } else {
            self.waiting.iter_mut().find_map(VecDeque::pop_front)
        };
        self.streak = if starved { 0 } else { self.streak + 1 };
        found
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.pass_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn higher_classes_go_first_and_nobody_starves() {
        let gate = Gate::default();
        let first = gate.enter(Class::Telemetry).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for class in [Class::Telemetry, Class::Money, Class::Interactive] {
            let (gate, order) = (gate.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _turn = gate.enter(class).await;
                order.lock().expect("no panic").push(class);
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in tasks {
            task.await.expect("no panic");
        }
        assert_eq!(
            *order.lock().expect("no panic"),
            [Class::Interactive, Class::Money, Class::Telemetry]
        );
    }

    #[tokio::test]
    async fn a_waiter_that_gives_up_does_not_keep_the_door_shut() {
        let gate = Gate::default();
        let first = gate.enter(Class::Money).await;
        let second = gate.clone();
        let waiter = tokio::spawn(async move { second.enter(Class::Money).await });
        tokio::task::yield_now().await;
        waiter.abort();
        drop(first);
        let _third = gate.enter(Class::Telemetry).await;
    }
}
