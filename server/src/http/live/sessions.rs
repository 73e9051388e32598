//! Whether the sessions behind open connections still stand.
//!
//! All of them are looked up together, more than once a second and at once when the bus says that
//! somebody's access has changed: a query per thousand sessions, however many connections they
//! have. What cannot be looked up for a while has ended.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use entity::ids::SessionId;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::coord::EventBus;
use crate::domain::access::{Access, Actor};

/// Time between two looks: with the time a look takes, less than a second.
const LOOK: Duration = Duration::from_millis(750);
/// Shortest time between two looks.
const SPACING: Duration = Duration::from_millis(50);
/// Looks that may fail in a row: what cannot be checked has ended.
const MAX_BLIND: u32 = 7;
/// Sessions of one query.
const CHUNK: usize = 1_000;

/// What is known of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http) enum Standing {
    /// It lives, and stands for this person with these rights.
    Lives(Actor),
    /// It was ended or has expired.
    Ended,
    /// Nothing: the database has not answered for a while.
    Unknown,
}

/// Hears of changes to one session.
pub(in crate::http) type Watch = watch::Receiver<Standing>;

type Known = Mutex<HashMap<SessionId, watch::Sender<Standing>>>;

/// The sessions of open connections. Cheap to clone; the looking ends with the last clone.
#[derive(Clone)]
pub(in crate::http) struct Sessions(Arc<Known>);

impl Sessions {
    /// Starts looking.
    pub fn start(access: Access, bus: EventBus) -> Self {
        let known = Arc::new(Mutex::default());
        tokio::spawn(look(Arc::downgrade(&known), access, bus));
        Self(known)
    }

    /// Watches the session of `actor` from now on; a stranger has none.
    pub fn watch(&self, actor: &Actor) -> Option<Watch> {
        let Actor::User { session_id, .. } = actor else { return None };
        let mut known = lock(&self.0);
        let fresh = || watch::channel(Standing::Lives(actor.clone())).0;
        let sender = known.entry(*session_id).or_insert_with(fresh);
        let mut watch = sender.subscribe();
        // What was known before this connection counts as news to it if it differs.
        if *sender.borrow() != Standing::Lives(actor.clone()) {
            watch.mark_changed();
        }
        Some(watch)
    }
}

async fn look(known: Weak<Known>, access: Access, bus: EventBus) {
    let mut changes = bus.subscribe_access().await;
    let mut blind = 0_u32;
    loop {
        let begun = Instant::now();
        let Some(strong) = known.upgrade() else { return };
        let ids = watched(&strong);
        for chunk in ids.chunks(CHUNK) {
            match access.standing(chunk).await {
                Ok(found) => {
                    blind = 0;
                    tell(&strong, chunk, |id| match found.get(&id) {
                        Some(actor) => Standing::Lives(actor.clone()),
                        None => Standing::Ended,
                    });
                }
                Err(error) => {
                    blind += 1;
                    tracing::warn!(error = ?error, "sessions of open connections were not checked");
                    if blind >= MAX_BLIND {
                        tell(&strong, &ids, |_| Standing::Unknown);
                    }
                    break;
                }
            }
        }
        drop(strong);
        match timeout_at(begun + LOOK, changes.next()).await {
            // Many changes at once need few looks.
            Ok(Some(_)) => sleep_until(begun + SPACING).await,
            // The bus is gone: by the clock alone.
            Ok(None) => sleep_until(begun + LOOK).await,
            Err(_) => {}
        }
    }
}

/// The sessions that anybody watches; the others are forgotten.
fn watched(known: &Known) -> Vec<SessionId> {
    let mut known = lock(known);
    known.retain(|_, sender| sender.receiver_count() > 0);
    known.keys().copied().collect()
}

fn tell(known: &Known, ids: &[SessionId], standing: impl Fn(SessionId) -> Standing) {
    let known = lock(known);
    for id in ids {
        let Some(sender) = known.get(id) else { continue };
        let now = standing(*id);
        sender.send_if_modified(|before| {
            let news = *before != now;
            *before = now;
            news
        });
    }
}

fn lock(known: &Known) -> MutexGuard<'_, HashMap<SessionId, watch::Sender<Standing>>> {
    known.lock().unwrap_or_else(PoisonError::into_inner)
}
