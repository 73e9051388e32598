//! The settler: whatever waits is settled together.
//!
//! A flush takes what has arrived, of all wallets, at most `max` results or after `wait`. Each
//! caller gets its own answer. A flush that fails is split in halves until the culprit stands
//! alone, so that one damaged row cannot hold up the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use entity::enums::Mode;
use tokio::sync::{Mutex, Semaphore, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::chain;
use crate::domain::batches::line::{Answer, Dispatch, Ending};

/// Group commit.
#[derive(Clone, Copy, Debug)]
pub struct FlushOptions {
    /// Most results in one transaction.
    pub max: usize,
    /// Longest wait for company.
    pub wait: Duration,
    /// Flushes under way at once; more than one helps where the database is another process.
    pub at_once: usize,
}

impl Default for FlushOptions {
    fn default() -> Self {
        Self { max: 1000, wait: Duration::from_millis(5), at_once: 1 }
    }
}

/// Why an ending was not settled: nothing of it was written, and it may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsettled {
    /// The transaction failed; the log says why.
    #[error("the settlement failed")]
    Failed,
    /// The settler has shut down.
    #[error("shutting down")]
    Closed,
}

type Waiting = (Ending, oneshot::Sender<Result<Answer, Unsettled>>);

/// The door to the settler. Cheap to clone.
#[derive(Clone)]
pub struct Settler {
    sender: Arc<Mutex<Option<mpsc::Sender<Waiting>>>>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
    direct: mpsc::WeakSender<Waiting>,
    flushes: Arc<AtomicU64>,
}

impl Settler {
    /// Starts the task.
    #[must_use]
    pub fn start(dispatch: Dispatch, options: FlushOptions) -> Self {
        let (sender, receiver) = mpsc::channel(options.max.max(1) * 4);
        let direct = sender.downgrade();
        let flushes = Arc::new(AtomicU64::new(0));
        let task = tokio::spawn(run(dispatch, options, receiver, Arc::clone(&flushes)));
        Self {
            sender: Arc::new(Mutex::new(Some(sender))),
            task: Arc::new(Mutex::new(Some(task))),
            direct,
            flushes,
        }
    }

    /// Settles one ending together with whatever else waits.
    ///
    /// # Errors
    /// [`Unsettled`]: nothing was written about it.
    pub async fn settle(&self, ending: Ending) -> Result<Answer, Unsettled> {
        let (reply, answer) = oneshot::channel();
        let sender = self.direct.upgrade().ok_or(Unsettled::Closed)?;
        sender.send((ending, reply)).await.map_err(|_| Unsettled::Closed)?;
        drop(sender);
        answer.await.map_err(|_| Unsettled::Closed)?
    }

    /// Transactions committed so far.
    #[must_use]
    pub fn flushes(&self) -> u64 {
        self.flushes.load(Ordering::Relaxed)
    }

    /// Takes no more and returns when everything that was taken is settled.
    pub async fn close(&self) {
        self.sender.lock().await.take();
        if let Some(task) = self.task.lock().await.take() {
            // A panic of the task has been reported by the runtime.
            let _ = task.await;
        }
    }
}

async fn run(
    dispatch: Dispatch,
    options: FlushOptions,
    mut receiver: mpsc::Receiver<Waiting>,
    done: Arc<AtomicU64>,
) {
    let at_once = Arc::new(Semaphore::new(options.at_once.max(1)));
    let mut flushes = tokio::task::JoinSet::new();
    loop {
        // While a flush is under way, results gather in the channel.
        let Ok(turn) = Arc::clone(&at_once).acquire_owned().await else { return };
        let batch = gather(&mut receiver, options).await;
        if batch.is_empty() {
            break;
        }
        let (dispatch, done) = (dispatch.clone(), Arc::clone(&done));
        flushes.spawn(async move {
            flush(&dispatch, batch, &done).await;
            drop(turn);
        });
        while flushes.try_join_next().is_some() {}
    }
    flushes.join_all().await;
}

/// What waits, after at most `wait` for company; empty when the door is closed.
async fn gather(receiver: &mut mpsc::Receiver<Waiting>, options: FlushOptions) -> Vec<Waiting> {
    let mut batch = Vec::new();
    if receiver.recv_many(&mut batch, options.max).await == 0 {
        return batch;
    }
    let end = tokio::time::Instant::now() + options.wait;
    while batch.len() < options.max {
        let left = options.max - batch.len();
        match tokio::time::timeout_at(end, receiver.recv_many(&mut batch, left)).await {
            Ok(more) if more > 0 => {}
            _ => break,
        }
    }
    batch
}

async fn flush(dispatch: &Dispatch, batch: Vec<Waiting>, done: &AtomicU64) {
    // Live and test credits never meet in one transaction.
    let (live, test) = batch.into_iter().partition(|(ending, _)| ending.held.mode == Mode::Live);
    let mut parts: Vec<Vec<Waiting>> = vec![test, live];
    parts.retain(|part| !part.is_empty());
    while let Some(part) = parts.pop() {
        let (endings, replies): (Vec<Ending>, Vec<_>) = part.into_iter().unzip();
        let started = Instant::now();
        match dispatch.settle(&endings).await {
            Ok(answers) => {
                metrics::histogram!("reelmill_settle_seconds").record(started.elapsed());
                metrics::counter!("reelmill_settle_flushes_total").increment(1);
                done.fetch_add(1, Ordering::Relaxed);
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // A caller that gave up reads the answer from the database.
                    let _ = reply.send(Ok(answer));
                }
            }
            Err(error) => {
                metrics::counter!("reelmill_settle_failures_total").increment(1);
                tracing::error!(error = %chain(&error), results = endings.len(), "settle failed");
                let mut rest: Vec<Waiting> = endings.into_iter().zip(replies).collect();
                if rest.len() == 1 {
                    for (_, reply) in rest {
                        let _ = reply.send(Err(Unsettled::Failed));
                    }
                } else {
                    parts.push(rest.split_off(rest.len() / 2));
                    parts.push(rest);
                }
            }
        }
    }
}
