//! One execution for many equal subscribers.
//!
//! A topic follows a batch in the name of its first subscriber and hands every update, already
//! text, to all who asked for the same with the same rights. It ends with its last subscriber, or
//! when its own subscription ends, for whatever reason: each subscriber then asks for itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_graphql::Response;
use entity::ids::WorkspaceId;
use futures_util::{Stream, StreamExt as _};
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

use crate::graphql::Rights;
use crate::kernel::language::Language;

/// Updates that a subscriber may fall behind before it is told the newest state instead.
pub(super) const BACKLOG: usize = 4;

/// What equal subscribers have in common. Where they resume from is not part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub query: Arc<str>,
    pub operation: Option<String>,
    /// The variables in canonical order, without the one that says where to resume.
    pub variables: String,
    pub workspace: WorkspaceId,
    pub rights: Rights,
    pub language: Language,
}

/// One update of a topic.
#[derive(Clone)]
pub(super) struct Update {
    /// It holds what changed after this revision…
    pub from: i64,
    /// …up to this one.
    pub to: i64,
    /// Nothing comes after it.
    pub last: bool,
    /// The reply, as text.
    pub text: Arc<str>,
}

/// Updates for equal subscribers.
pub(super) struct Topic {
    key: Key,
    topics: Topics,
    sender: Weak<broadcast::Sender<Update>>,
    newest: Arc<AtomicI64>,
    task: AbortHandle,
}

type Topics = Arc<Mutex<HashMap<Key, Weak<Topic>>>>;

/// The topics of a process. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Hub(Topics);

/// A reply together with the revision it brings; `None` for a reply that is no update.
pub(super) type Step = (Response, Option<(i64, bool)>);

impl Hub {
    /// Joins the topic of `key`; without one `start` makes the stream of a new one, which goes on
    /// after revision `rev`.
    pub fn join<S>(&self, key: &Key, rev: i64, start: impl FnOnce() -> S) -> Arc<Topic>
    where
        S: Stream<Item = Step> + Send + 'static,
    {
        let mut topics = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = topics.get(key).and_then(Weak::upgrade);
        if let Some(topic) = &known
            && topic.sender.strong_count() > 0
        {
            return Arc::clone(topic);
        }
        let sender = Arc::new(broadcast::channel(BACKLOG).0);
        let newest = Arc::new(AtomicI64::new(rev));
        let weak = Arc::downgrade(&sender);
        let task = tokio::spawn(publish(start(), sender, Arc::clone(&newest))).abort_handle();
        let topics_of_all = Arc::clone(&self.0);
        let topic =
            Arc::new(Topic { key: key.clone(), topics: topics_of_all, sender: weak, newest, task });
        topics.insert(key.clone(), Arc::downgrade(&topic));
        drop(topics);
        // The one before may be held by nobody else: it takes the lock when it ends.
        drop(known);
        topic
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Topic {
    /// Updates from now on; `None` when it has ended.
    pub fn listen(&self) -> Option<broadcast::Receiver<Update>> {
        self.sender.upgrade().map(|sender| sender.subscribe())
    }

    /// The newest revision it has told. Ask after [`Self::listen`], and nothing falls in between.
    pub fn newest(&self) -> i64 {
        self.newest.load(Ordering::Acquire)
    }
}

impl Drop for Topic {
    fn drop(&mut self) {
        self.task.abort();
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        // Another one may have taken its place.
        if topics.get(&self.key).is_some_and(|topic| topic.strong_count() == 0) {
            topics.remove(&self.key);
        }
    }
}

async fn publish<S>(stream: S, sender: Arc<broadcast::Sender<Update>>, newest: Arc<AtomicI64>)
where
    S: Stream<Item = Step> + Send + 'static,
{
    let mut stream = std::pin::pin!(stream);
    while let Some((response, step)) = stream.next().await {
        // A refusal is between the server and the one in whose name the topic runs.
        let Some((to, last)) = step.filter(|_| response.errors.is_empty()) else { return };
        let from = newest.load(Ordering::Acquire);
        let text = super::follower::text(&response).into();
        metrics::counter!("reelmill_updates_executed_total").increment(1);
        newest.store(to, Ordering::Release);
        // Nobody listening is fine.
        let _ = sender.send(Update { from, to, last, text });
        if last {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use tokio::sync::broadcast::error::RecvError;
    use tokio::sync::mpsc;
    use tokio_stream::wrappers::UnboundedReceiverStream;
    use uuid::Uuid;

    use super::*;

    fn key(query: &str) -> Key {
        Key {
            query: query.into(),
            operation: None,
            variables: String::new(),
            workspace: WorkspaceId(Uuid::from_u128(1)),
            rights: Rights::default(),
            language: Language::En,
        }
    }

    fn step(rev: i64) -> Step {
        (Response::new(async_graphql::Value::from(rev)), Some((rev, false)))
    }

    #[tokio::test]
    async fn equal_subscribers_share_one_execution_and_one_text() {
        let hub = Hub::default();
        let started = AtomicUsize::new(0);
        let (say, said) = mpsc::unbounded_channel();
        let mut said = Some(said);
        let mut topics = Vec::new();
        for _ in 0..100 {
            topics.push(hub.join(&key("a"), 3, || {
                started.fetch_add(1, Ordering::Relaxed);
                UnboundedReceiverStream::new(said.take().expect("one start"))
            }));
        }
        assert_eq!(started.load(Ordering::Relaxed), 1);
        let mut ears: Vec<_> = topics.iter().map(|topic| topic.listen().expect("alive")).collect();
        say.send(step(5)).expect("it listens");
        let mut texts = Vec::new();
        for ear in &mut ears {
            let update = ear.recv().await.expect("an update");
            assert_eq!((update.from, update.to), (3, 5));
            texts.push(update.text);
        }
        assert!(texts.iter().all(|text| Arc::ptr_eq(text, &texts[0])), "one text for all");
        let other = hub.join(&key("b"), 0, futures_util::stream::pending);
        assert_eq!(hub.len(), 2);
        drop((topics, other));
        assert_eq!(hub.len(), 0, "a topic ends with its last subscriber");
    }

    #[tokio::test]
    async fn who_does_not_listen_holds_up_nobody_and_is_told_so() {
        let hub = Hub::default();
        let (say, said) = mpsc::unbounded_channel();
        let topic = hub.join(&key("a"), 0, || UnboundedReceiverStream::new(said));
        let mut slow = topic.listen().expect("alive");
        let mut quick = topic.listen().expect("alive");
        for rev in 1..=20 {
            say.send(step(rev)).expect("it listens");
            assert_eq!(quick.recv().await.expect("an update").to, rev);
        }
        assert!(matches!(slow.recv().await, Err(RecvError::Lagged(_))));
        assert_eq!(topic.newest(), 20);
    }

    #[tokio::test]
    async fn a_refusal_ends_the_topic_and_is_told_to_nobody() {
        let hub = Hub::default();
        let (say, said) = mpsc::unbounded_channel();
        let topic = hub.join(&key("a"), 0, || UnboundedReceiverStream::new(said));
        let mut ear = topic.listen().expect("alive");
        let refused = async_graphql::ServerError::new("no", None);
        say.send((Response::from_errors(vec![refused]), None)).expect("it listens");
        assert!(matches!(ear.recv().await, Err(RecvError::Closed)));
        assert!(topic.listen().is_none());
        // The next one to join begins anew.
        let again = hub.join(&key("a"), 0, futures_util::stream::pending);
        assert!(again.listen().is_some());
    }
}
