//! The shape of OpenAI's videos API, as several gateways speak it: create (multipart), retrieve,
//! list, content, delete. The API it came from is being shut down; the shape lives on.
//!
//! Our reference goes out twice: as `Idempotency-Key`, for gateways that honour it, and as
//! `metadata.reference`, which those that keep metadata show again in the list, newest first. An
//! operator declares per offer which of the two can be relied on; by default neither is.
//!
//! What an answer to *create* means:
//! - no connection: transient, provably nothing was made;
//! - 429: throttled; 503 with `Retry-After`, 401, 402, 403, 404: transient (the operator's trouble,
//!   not the video's), nothing was made;
//! - 400 and 422: refused when the code speaks of moderation or policy, else invalid;
//! - everything else, and a connection that was lost: unknown. A job may exist and may cost.

use std::path::Path;

use entity::enums::{Aspect, Resolution};
use reqwest::Method;
use serde::Deserialize;

use super::remote::{Remote, nothing_made, unanswered, unread, unsubmitted};
use super::{
    Cancel, Failure, FailureClass, JobId, JobStatus, ResultFile, Sighting, Stop, Submission,
    Traits, Unfetched,
};
use crate::ports::egress::{Answer, Body, Egress};

/// Jobs in one page of the list.
const PAGE: usize = 100;
/// Most pages read for one reference.
const MOST_PAGES: usize = 100;
/// How far the provider's clock may be behind ours when its list is searched, seconds.
const CLOCK_SKEW_S: i64 = 300;
/// Largest file that is fetched.
const MOST_FILE: u64 = 4 << 30;

/// The adapter. Cheap to clone.
#[derive(Clone)]
pub struct OpenAiVideos {
    remote: std::sync::Arc<Remote>,
    egress: Egress,
}

#[derive(Deserialize)]
struct Video {
    id: String,
    status: String,
    #[serde(default)]
    progress: Option<f64>,
    #[serde(default)]
    created_at: Option<i64>,
    #[serde(default)]
    seconds: Option<String>,
    #[serde(default)]
    error: Option<Reason>,
    #[serde(default)]
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default)]
    reference: Option<String>,
}

#[derive(Default, Deserialize)]
struct Reason {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    error: Reason,
}

#[derive(Deserialize)]
struct Page {
    data: Vec<Video>,
    #[serde(default)]
    has_more: bool,
}

#[derive(Deserialize)]
struct Deleted {
    #[serde(default)]
    deleted: bool,
}

impl OpenAiVideos {
    /// An adapter over this client.
    #[must_use]
    pub fn new(remote: Remote, egress: Egress) -> Self {
        Self { remote: std::sync::Arc::new(remote), egress }
    }

    pub(super) fn traits(&self) -> Traits {
        self.remote.promises.traits()
    }

    pub(super) async fn submit(&self, submission: Submission) -> Result<JobId, Failure> {
        let metadata = serde_json::json!({ "reference": submission.reference });
        let fields = vec![
            ("model", self.remote.model.clone()),
            ("prompt", submission.prompt),
            ("seconds", submission.seconds.to_string()),
            ("size", size(submission.aspect, submission.resolution)),
            ("metadata", metadata.to_string()),
        ];
        let mut call = self.remote.call(Method::POST, "/videos");
        call = call.header("idempotency-key", &submission.reference);
        call.body = Body::Form(fields);
        call.timeout = self.remote.submit_timeout;
        call.once = true;
        let answer = self.egress.call(call).await.map_err(unsubmitted)?;
        match answer.status {
            200..=299 => {
                let video: Video = serde_json::from_slice(&answer.body)
                    .map_err(|_| Failure::new(FailureClass::Unknown, "an answer without a job"))?;
                Ok(JobId(video.id))
            }
            status => Err(not_accepted(status, &answer)),
        }
    }

    pub(super) async fn poll(&self, job: &JobId) -> Result<JobStatus, Failure> {
        let call = self.remote.call(Method::GET, &format!("/videos/{}", job.0));
        let answer = self.egress.call(call).await.map_err(unanswered)?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body)
                .map(|video| self.status(&video))
                .map_err(|_| Failure::new(FailureClass::Transient, "an answer that is no job")),
            404 | 410 => Ok(JobStatus::Gone),
            _ => Err(unread(&answer)),
        }
    }

    pub(super) async fn fetch(&self, job: &JobId, to: &Path) -> Result<ResultFile, Unfetched> {
        let call = self.remote.call(Method::GET, &format!("/videos/{}/content", job.0));
        let fetched = self.egress.download(call, to, MOST_FILE).await;
        match fetched.map_err(|trouble| Unfetched::Failed(unanswered(trouble)))? {
            Ok(_) => Ok(ResultFile { video: to.to_owned(), poster: None }),
            Err(answer) if matches!(answer.status, 404 | 410) => Err(Unfetched::Expired),
            Err(answer) => Err(Unfetched::Failed(unread(&answer))),
        }
    }

    pub(super) async fn find(&self, reference: &str, since: i64) -> Result<Sighting, Failure> {
        let mut after = String::new();
        for _ in 0..MOST_PAGES {
            let call =
                self.remote.call(Method::GET, &format!("/videos?limit={PAGE}&order=desc{after}"));
            let answer = self.egress.call(call).await.map_err(unanswered)?;
            let page: Option<Page> = serde_json::from_slice(&answer.body).ok();
            let Some(page) = page.filter(|_| answer.status == 200) else {
                return Err(Failure::new(FailureClass::Transient, "the list cannot be read"));
            };
            let ours = |video: &&Video| {
                video.metadata.as_ref().and_then(|kept| kept.reference.as_deref())
                    == Some(reference)
            };
            if let Some(found) = page.data.iter().find(ours) {
                return Ok(Sighting::Job(JobId(found.id.clone())));
            }
            let Some(oldest) = page.data.last() else { return Ok(Sighting::Absent) };
            let past = oldest.created_at.is_some_and(|at| at < since - CLOCK_SKEW_S);
            if past || !page.has_more {
                return Ok(Sighting::Absent);
            }
            after = format!("&after={}", oldest.id);
        }
        // Too long to prove anything.
        Err(Failure::new(FailureClass::Transient, "the list is too long"))
    }

    pub(super) async fn cancel(&self, job: &JobId) -> Result<Stop, Failure> {
        if self.traits().cancel == Cancel::None {
            return Ok(Stop::Unsupported);
        }
        // Deleting a finished job would throw its file away.
        match self.poll(job).await? {
            JobStatus::Running { per_mille } => {
                if self.traits().cancel == Cancel::Queued && per_mille > 0 {
                    return Ok(Stop::Declined);
                }
            }
            _ => return Ok(Stop::Declined),
        }
        let call = self.remote.call(Method::DELETE, &format!("/videos/{}", job.0));
        let answer = self.egress.call(call).await.map_err(unanswered)?;
        let deleted: Option<Deleted> = serde_json::from_slice(&answer.body).ok();
        Ok(match (answer.status, deleted) {
            (200, Some(Deleted { deleted: true })) => Stop::Confirmed,
            (200..=299, _) => Stop::Asked,
            _ => Stop::Declined,
        })
    }

    fn status(&self, video: &Video) -> JobStatus {
        match video.status.as_str() {
            "completed" => {
                let seconds = video.seconds.as_ref().and_then(|text| text.parse().ok());
                JobStatus::Done { cost: seconds.and_then(|seconds| self.remote.cost(seconds)) }
            }
            "failed" => JobStatus::Failed(job_failure(video.error.as_ref())),
            "cancelled" | "canceled" => JobStatus::Stopped,
            "expired" => JobStatus::Failed(Failure::new(FailureClass::Transient, "expired")),
            "queued" => JobStatus::Running { per_mille: 0 },
            _ => {
                let percent = video.progress.unwrap_or(0.0).clamp(0.1, 100.0);
                JobStatus::Running { per_mille: (percent * 10.0) as u32 }
            }
        }
    }
}

fn size(aspect: Aspect, resolution: Resolution) -> String {
    let (width, height) = super::pixels(aspect, resolution);
    format!("{width}x{height}")
}

fn not_accepted(status: u16, answer: &Answer) -> Failure {
    let reason: Reason = serde_json::from_slice(&answer.body)
        .map(|refusal: Refusal| refusal.error)
        .unwrap_or_default();
    let class = nothing_made(answer).unwrap_or(match status {
        400 | 422 if is_moderation(&reason) => FailureClass::Refused,
        400 | 422 => FailureClass::Invalid,
        _ => FailureClass::Unknown,
    });
    Failure { retry_after: answer.retry_after, ..Failure::new(class, words(status, &reason)) }
}

fn job_failure(reason: Option<&Reason>) -> Failure {
    let unsaid = Reason::default();
    let reason = reason.unwrap_or(&unsaid);
    let class = if is_moderation(reason) { FailureClass::Refused } else { FailureClass::Transient };
    Failure::new(class, words(200, reason))
}

fn is_moderation(reason: &Reason) -> bool {
    let code = reason.code.as_deref().unwrap_or_default().to_ascii_lowercase();
    ["moderation", "policy", "safety", "blocked"].iter().any(|word| code.contains(word))
}

fn words(status: u16, reason: &Reason) -> String {
    let code = reason.code.as_deref().unwrap_or("no code");
    let message = reason.message.as_deref().unwrap_or_default();
    format!("status {status}, {code}: {message}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::ports::egress::Trouble;

    fn class(status: u16, body: &str, retry_after: Option<u64>) -> FailureClass {
        let answer = Answer {
            status,
            retry_after: retry_after.map(Duration::from_secs),
            body: body.as_bytes().to_vec(),
        };
        not_accepted(status, &answer).class
    }

    #[test]
    fn only_what_provably_made_nothing_may_be_tried_again() {
        let moderated = r#"{"error":{"code":"moderation_blocked"}}"#;
        assert_eq!(class(400, moderated, None), FailureClass::Refused);
        assert_eq!(class(400, "{}", None), FailureClass::Invalid);
        assert_eq!(class(429, "", Some(3)), FailureClass::Throttled);
        assert_eq!(class(503, "", Some(3)), FailureClass::Transient);
        assert_eq!(class(401, "", None), FailureClass::Transient);
        for unknown in [500, 502, 503, 504, 408, 302] {
            assert_eq!(class(unknown, "", None), FailureClass::Unknown, "{unknown}");
        }
        assert_eq!(unsubmitted(Trouble::NotSent).class, FailureClass::Transient);
        assert_eq!(unsubmitted(Trouble::Lost).class, FailureClass::Unknown);
    }
}
