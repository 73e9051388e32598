//! Jobs in memory. What time does to them is worked out whenever somebody asks.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::script::Fault;

/// One job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub id: String,
    pub reference: Option<String>,
    pub prompt: String,
    pub model: String,
    pub seconds: i64,
    pub size: String,
    pub fault: Fault,
    started: Instant,
    takes: Duration,
    created_at: u64,
    pub downloads: u32,
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Queued,
    Running,
    Done,
    Failed,
}

impl Job {
    pub(crate) fn standing(&self) -> Standing {
        let age = self.started.elapsed();
        if age < self.takes / 4 {
            Standing::Queued
        } else if age < self.takes {
            Standing::Running
        } else if matches!(self.fault, Fault::Fail | Fault::Block) {
            Standing::Failed
        } else {
            Standing::Done
        }
    }

    pub(crate) fn is_in_flight(&self) -> bool {
        matches!(self.standing(), Standing::Queued | Standing::Running)
    }

    /// As the shape shows it.
    pub(crate) fn show(&self) -> Value {
        let (status, progress) = match self.standing() {
            Standing::Queued => ("queued", 0),
            Standing::Running => ("in_progress", 50),
            Standing::Done => ("completed", 100),
            Standing::Failed => ("failed", 50),
        };
        let error = match (self.standing(), self.fault) {
            (Standing::Failed, Fault::Block) => {
                json!({ "code": "moderation_blocked", "message": "as scripted" })
            }
            (Standing::Failed, _) => json!({ "code": "server_error", "message": "as scripted" }),
            _ => Value::Null,
        };
        let metadata = self.reference.as_ref().map(|text| json!({ "reference": text }));
        json!({
            "id": self.id, "object": "video", "model": self.model, "status": status,
            "progress": progress, "created_at": self.created_at, "seconds": self.seconds.to_string(),
            "size": self.size, "prompt": self.prompt, "error": error, "metadata": metadata,
        })
    }
}

/// All of them, oldest first.
#[derive(Default)]
pub(crate) struct Jobs {
    order: Vec<String>,
    known: HashMap<String, Job>,
    submissions: HashMap<String, u32>,
    most_in_flight: usize,
}

/// What a create request asked for.
pub(crate) struct Wanted {
    pub reference: Option<String>,
    pub prompt: String,
    pub model: String,
    pub seconds: i64,
    pub size: String,
}

impl Jobs {
    /// Which submission of its video this is, from 1.
    pub(crate) fn count(&mut self, wanted: &Wanted) -> u32 {
        let video = match &wanted.reference {
            Some(text) => text.rsplit_once('_').map_or(text.as_str(), |(video, _)| video),
            None => wanted.prompt.as_str(),
        };
        let count = self.submissions.entry(video.to_owned()).or_default();
        *count += 1;
        *count
    }

    pub(crate) fn add(&mut self, wanted: Wanted, fault: Fault, render: Duration) -> Job {
        let id = format!("video_{:08}", self.order.len() + 1);
        let takes = match fault {
            Fault::Slow | Fault::Deaf | Fault::Stubborn => render * 10,
            Fault::Overdue => render * 30,
            _ => render,
        };
        let now = now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let Wanted { reference, prompt, model, seconds, size } = wanted;
        let job = Job {
            id: id.clone(),
            reference,
            prompt,
            model,
            seconds,
            size,
            fault,
            started: Instant::now(),
            takes,
            created_at: now.as_secs(),
            downloads: 0,
        };
        self.order.push(id.clone());
        if fault != Fault::Lose {
            self.known.insert(id, job.clone());
        }
        self.most_in_flight = self.most_in_flight.max(self.in_flight());
        job
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.known.values().filter(|job| job.is_in_flight()).count()
    }

    pub(crate) const fn most_in_flight(&self) -> usize {
        self.most_in_flight
    }

    pub(crate) fn made(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn find(&mut self, id: &str) -> Option<&mut Job> {
        self.known.get_mut(id)
    }

    pub(crate) fn remove(&mut self, id: &str) {
        self.known.remove(id);
    }

    /// A page of the newest first, and whether there are more.
    pub(crate) fn page(&self, after: Option<&str>, limit: usize) -> (Vec<Value>, bool) {
        let skip = after.and_then(|id| self.order.iter().rev().position(|known| known == id));
        let start = skip.map_or(0, |at| at + 1);
        let mut rest = self.order.iter().rev().skip(start).filter_map(|id| self.known.get(id));
        let page: Vec<Value> = rest.by_ref().take(limit).map(Job::show).collect();
        (page, rest.next().is_some())
    }
}

#[expect(clippy::disallowed_methods, reason = "another program, with a clock of its own")]
fn now() -> SystemTime {
    SystemTime::now()
}
