//! The routes of the shape, and two of our own.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::book::Book;
use crate::clips::Clips;
use crate::form;
use crate::jobs::{Job, Jobs, Standing, Wanted};
use crate::script::{self, Fault};
use crate::wire::{Answer, Reply, Request};

/// Everything an answer is made from.
pub(crate) struct Desk {
    book: Book,
    clips: Clips,
    render: Duration,
    jobs: Mutex<Jobs>,
}

impl Desk {
    pub(crate) fn new(book: Book, clips: Clips, render: Duration) -> Self {
        Self { book, clips, render, jobs: Mutex::default() }
    }

    pub(crate) async fn answer(&self, request: &Request) -> Answer {
        let path: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["v1", "videos"]) => self.create(request).await,
            ("GET", ["v1", "videos"]) => Answer::Whole(self.list(request)),
            ("GET", ["v1", "videos", id]) => Answer::Whole(self.retrieve(id)),
            ("DELETE", ["v1", "videos", id]) => Answer::Whole(self.delete(id)),
            ("GET", ["v1", "videos", id, "content"]) => self.content(id).await,
            ("GET", ["book"]) => {
                let body = self.book.text().into_bytes();
                Answer::Whole(Reply { status: 200, headers: Vec::new(), body })
            }
            ("GET", ["stats"]) => Answer::Whole(self.stats()),
            _ => Answer::Whole(error(404, "not_found")),
        }
    }

    async fn create(&self, request: &Request) -> Answer {
        let wanted = wanted(request);
        let (answer, fault) = self.accept(request, wanted);
        if fault == Fault::SlowAnswer {
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        answer
    }

    /// Decides, makes the job and writes the book under one lock.
    fn accept(&self, request: &Request, wanted: Wanted) -> (Answer, Fault) {
        let mut jobs = self.jobs();
        let nth = jobs.count(&wanted);
        let fault = script::fault(&wanted.prompt, nth);
        let mut entry = json!({
            "did": "submit", "reference": wanted.reference, "prompt": wanted.prompt,
            "model": wanted.model, "seconds": wanted.seconds, "size": wanted.size,
            "idempotencyKey": request.header("idempotency-key"), "fault": format!("{fault:?}"),
            "job": null,
            "authorization": request.header("authorization"),
        });
        let refusal = match fault {
            Fault::Refuse => Some(Answer::Whole(error(400, "moderation_blocked"))),
            Fault::Echo => Some(Answer::Whole(echo(request, &wanted))),
            Fault::Invalid => Some(Answer::Whole(error(400, "invalid_request"))),
            Fault::Busy => Some(Answer::Whole(later(error(429, "rate_limit_exceeded")))),
            Fault::Transient => Some(Answer::Whole(later(error(503, "overloaded")))),
            Fault::Broken => Some(Answer::Whole(error(500, "server_error"))),
            Fault::DropLost => Some(Answer::Nothing),
            _ => None,
        };
        if let Some(refusal) = refusal {
            self.book.write(&entry);
            return (refusal, fault);
        }
        let job = jobs.add(wanted, fault, self.render);
        entry["job"] = json!(job.id);
        self.book.write(&entry);
        let reply = Reply::json(200, &job.show());
        let answer = match fault {
            Fault::Drop => Answer::Nothing,
            Fault::Twice => Answer::Twice(reply),
            _ => Answer::Whole(reply),
        };
        (answer, fault)
    }

    fn list(&self, request: &Request) -> Reply {
        let limit = request.asked("limit").and_then(|text| text.parse().ok()).unwrap_or(20);
        let (data, has_more) = self.jobs().page(request.asked("after"), limit);
        self.book.write(&json!({ "did": "list", "found": data.len() }));
        let id = |at: Option<&Value>| at.map(|job| job["id"].clone());
        let (first, last) = (id(data.first()), id(data.last()));
        let page = json!({ "object": "list", "data": data, "first_id": first, "last_id": last,
            "has_more": has_more });
        Reply::json(200, &page)
    }

    fn retrieve(&self, id: &str) -> Reply {
        let mut jobs = self.jobs();
        let shown = jobs.find(id).map(|job| job.show());
        let status = shown.as_ref().map(|shown| shown["status"].clone());
        self.book.write(&json!({ "did": "poll", "job": id, "status": status }));
        shown.map_or_else(|| error(404, "not_found"), |shown| Reply::json(200, &shown))
    }

    fn delete(&self, id: &str) -> Reply {
        let mut jobs = self.jobs();
        let found = jobs.find(id).map(|job| (job.fault, job.is_in_flight()));
        let (reply, stopped) = match found {
            None => (error(404, "not_found"), false),
            Some((Fault::Stubborn, true)) => (error(409, "not_cancellable"), false),
            Some((Fault::Deaf | Fault::Overdue, true)) => {
                let body = json!({ "id": id, "object": "video.deleted", "deleted": false });
                (Reply::json(202, &body), false)
            }
            // A finished job is not thrown away by a cancel.
            Some((_, false)) => (error(409, "already_ended"), false),
            Some((_, true)) => {
                let body = json!({ "id": id, "object": "video.deleted", "deleted": true });
                (Reply::json(200, &body), true)
            }
        };
        if stopped {
            jobs.remove(id);
        }
        let standing = found.map(|(fault, running)| json!([format!("{fault:?}"), running]));
        self.book.write(&json!({ "did": "cancel", "job": id, "stopped": stopped,
            "standing": standing }));
        reply
    }

    async fn content(&self, id: &str) -> Answer {
        let job = {
            let mut jobs = self.jobs();
            jobs.find(id).map(|job| {
                job.downloads += 1;
                job.clone()
            })
        };
        let answer = match &job {
            Some(job) if job.standing() == Standing::Done => self.file(job).await,
            Some(_) => Answer::Whole(error(409, "not_finished")),
            None => Answer::Whole(error(404, "not_found")),
        };
        let whole = matches!(&answer, Answer::Whole(reply) if reply.status == 200);
        self.book.write(&json!({ "did": "download", "job": id, "whole": whole }));
        answer
    }

    async fn file(&self, job: &Job) -> Answer {
        if job.fault == Fault::Expire {
            return Answer::Whole(error(404, "expired"));
        }
        let Ok(clip) = self.clips.of(&job.size, job.seconds).await else {
            return Answer::Whole(error(500, "no_clip"));
        };
        let body = match job.fault {
            Fault::Truncated => clip[..clip.len() / 2].to_vec(),
            Fault::Garbage => b"this is not a video".to_vec(),
            _ => clip.to_vec(),
        };
        let headers = vec![("content-type", String::from("video/mp4"))];
        let reply = Reply { status: 200, headers, body };
        if job.fault == Fault::Cut && job.downloads <= 2 {
            Answer::Cut(reply)
        } else {
            Answer::Whole(reply)
        }
    }

    fn stats(&self) -> Reply {
        let jobs = self.jobs();
        let stats = json!({ "inFlight": jobs.in_flight(), "mostInFlight": jobs.most_in_flight(),
            "made": jobs.made() });
        Reply::json(200, &stats)
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wanted(request: &Request) -> Wanted {
    let mut fields = form::fields(request);
    let metadata: Value = fields
        .remove("metadata")
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    Wanted {
        reference: metadata["reference"].as_str().map(str::to_owned),
        prompt: fields.remove("prompt").unwrap_or_default(),
        model: fields.remove("model").unwrap_or_default(),
        seconds: fields.remove("seconds").and_then(|text| text.parse().ok()).unwrap_or(4),
        size: fields.remove("size").unwrap_or_else(|| String::from("640x360")),
    }
}

fn error(status: u16, code: &str) -> Reply {
    let body = json!({ "error": { "code": code, "message": "as scripted", "type": "scripted" } });
    Reply::json(status, &body)
}

/// A refusal that repeats everything it was sent.
fn echo(request: &Request, wanted: &Wanted) -> Reply {
    let key = request.header("authorization").unwrap_or("no key");
    let message = format!(
        "the text \"{}\" was refused for {key}; see https://files.example/{}.json?sig=0a1b2c3d",
        wanted.prompt,
        wanted.reference.as_deref().unwrap_or("none"),
    );
    let body = json!({ "error": { "code": "moderation_blocked", "message": message } });
    Reply::json(400, &body)
}

/// The same, with a second to wait.
fn later(mut reply: Reply) -> Reply {
    reply.headers.push(("retry-after", String::from("1")));
    reply
}
