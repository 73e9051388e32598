//! The access log's pen: rows that come together are written together.
//!
//! Invariants:
//! - Nobody is told that his row is written before it is committed; a file is sent after that.
//! - While one group is being written the next one gathers, so a thousand readers cost the database
//!   as many transactions as it can do one after the other, and no reader waits for a timer.
//! - A row that cannot be written takes no other with it.
//! - A reader who goes away takes nothing back: the use was asked for.

use std::sync::{Arc, Mutex, PoisonError};

use entity::enums::AccessKind;
use entity::ids::AssetId;
use entity::values::UnixMs;
use tokio::sync::oneshot;

use super::{Error, Seen, repo};
use crate::db::{Class, Db};

/// Most uses that are written at once.
const GROUP: usize = 256;

/// The same thing that happened to some files.
pub(super) struct Access {
    pub seen: Seen,
    pub assets: Vec<AssetId>,
    pub ip_sha256: Option<Vec<u8>>,
    pub user_agent: String,
    pub byte_range: Option<String>,
    pub at: UnixMs,
}

/// Where uses wait for their turn. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Journal {
    waiting: Arc<Mutex<Vec<Entry>>>,
    pen: Arc<tokio::sync::Mutex<()>>,
}

struct Entry {
    access: Access,
    written: oneshot::Sender<Result<(), Error>>,
}

impl Journal {
    /// Writes a row for each file; returns when they are committed.
    ///
    /// # Errors
    /// The database's failure.
    pub(super) async fn write(&self, db: &Db, access: Access) -> Result<(), Error> {
        if access.assets.is_empty() {
            return Ok(());
        }
        let (written, answer) = oneshot::channel();
        self.waiting().push(Entry { access, written });
        let (journal, db) = (self.clone(), db.clone());
        // On its own: a reader who hangs up while he writes for others must not stop them.
        tokio::spawn(async move {
            let _turn = journal.pen.lock().await;
            let group = journal.next_group();
            if !group.is_empty() {
                write_down(&db, group).await;
            }
        });
        answer.await.unwrap_or(Err(Error::Unwritten))
    }

    /// Empty where somebody has written for us meanwhile.
    fn next_group(&self) -> Vec<Entry> {
        let mut waiting = self.waiting();
        let most = waiting.len().min(GROUP);
        waiting.drain(..most).collect()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write_down(db: &Db, group: Vec<Entry>) {
    let accesses: Vec<&Access> = group.iter().map(|entry| &entry.access).collect();
    let all = repo::log(db, class(&accesses), &accesses).await;
    for entry in group {
        let answer = match &all {
            Ok(()) => Ok(()),
            Err(_) => repo::log(db, class(&[&entry.access]), &[&entry.access]).await,
        };
        // Whoever has hung up does not want to know.
        let _ = entry.written.send(answer);
    }
}

/// Somebody who waits for links goes before those who look at files.
fn class(accesses: &[&Access]) -> Class {
    match accesses.iter().any(|access| access.seen.kind == AccessKind::LinkIssued) {
        true => Class::Interactive,
        false => Class::Telemetry,
    }
}
