//! Adapters to video generators, behind one closed enum.
//!
//! Invariants:
//! - An adapter never decides about money or states: it says what happened, in a closed list of
//!   classes, and declares in [`Traits`] what can be relied on. The line decides.
//! - [`Submission::reference`] is ours and was committed before the call; an adapter passes it on
//!   wherever the generator takes one.
//! - "Not found" ([`JobStatus::Gone`]) is not "done" and not "never happened".
//!
//! Deliberately absent: prices (what a customer pays never depends on the adapter).

use std::path::PathBuf;
use std::time::Duration;

use entity::enums::{Aspect, Resolution};

pub mod animatic;
#[cfg(feature = "failpoints")]
pub mod scripted;

/// What an adapter can be relied on for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Name in `attempts.provider` and `provider_counters`.
    pub name: &'static str,
    /// The same reference submitted twice makes one job.
    pub idempotent_submit: bool,
    /// A job can be found by our reference.
    pub find_by_reference: bool,
    /// A job can be asked to stop.
    pub cancel: bool,
    /// Jobs live in this process: when it ends, they ended without a result.
    pub jobs_end_with_process: bool,
    /// Draws the mark itself when asked.
    pub draws_watermark: bool,
    /// Seconds after the submission at which a job is asked to stop.
    pub deadline_s: i64,
}

/// One video to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Ours, committed before the call.
    pub reference: String,
    /// Expanded prompt.
    pub prompt: String,
    /// Variable → value, in a stable order.
    pub values: Vec<(String, String)>,
    /// Seed.
    pub seed: u64,
    /// Whole seconds.
    pub seconds: i64,
    /// Shape.
    pub aspect: Aspect,
    /// Lines.
    pub resolution: Resolution,
    /// Mark the picture as generated.
    pub watermark: bool,
}

/// A job's name at its provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobId(pub String);

/// Money a provider charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Minor units.
    pub minor: i64,
    /// ISO 4217.
    pub currency: &'static str,
}

/// A finished file, on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    /// The video.
    pub video: PathBuf,
    /// A still picture, when the provider makes one.
    pub poster: Option<PathBuf>,
    /// What it cost us, when known.
    pub cost: Option<Cost>,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// Under way.
    Running {
        /// Progress, 0 … 1000.
        per_mille: u32,
    },
    /// Finished.
    Done(ResultFile),
    /// Ended without a file.
    Failed(Failure),
    /// Ended because we asked: proven to deliver nothing.
    Stopped,
    /// The provider knows no such job.
    Gone,
}

/// Classes of failure; closed, because each leads to its own edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureClass {
    /// Too much at once; provably nothing was made.
    Throttled,
    /// Passing trouble; provably nothing was made.
    Transient,
    /// The provider does not make this prompt.
    Refused,
    /// The provider cannot read the request.
    Invalid,
    /// Whether it was submitted cannot be told.
    Unknown,
}

impl FailureClass {
    /// Form in `attempts.error_code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "THROTTLED",
            Self::Transient => "TRANSIENT",
            Self::Refused => "REFUSED",
            Self::Invalid => "INVALID",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// A failure as an adapter saw it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider failed ({})", class.as_str())]
pub struct Failure {
    /// What it means.
    pub class: FailureClass,
    /// The provider's words, without secrets; cut before they are stored.
    pub detail: String,
    /// When to come back, if the provider said so.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// A failure of this class.
    #[must_use]
    pub fn new(class: FailureClass, detail: impl Into<String>) -> Self {
        Self { class, detail: detail.into(), retry_after: None }
    }
}

/// What became of a request to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Taken: the job will end [`JobStatus::Stopped`], or `Done` if it was quicker.
    Asked,
    /// This provider cannot be asked.
    Unsupported,
}

/// The adapters this build knows. Cheap to clone.
#[derive(Clone)]
pub enum Provider {
    /// The embedded model.
    Animatic(animatic::Animatic),
    /// A generator that follows a script, for tests.
    #[cfg(feature = "failpoints")]
    Scripted(scripted::Scripted),
}

impl Provider {
    /// What it can be relied on for.
    #[must_use]
    pub fn traits(&self) -> Traits {
        match self {
            Self::Animatic(_) => animatic::TRAITS,
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.traits(),
        }
    }

    /// Hands a video over.
    ///
    /// # Errors
    /// A [`Failure`]; only class `Unknown` leaves open whether a job exists.
    pub async fn submit(&self, submission: Submission) -> Result<JobId, Failure> {
        match self {
            Self::Animatic(animatic) => animatic.submit(submission),
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.submit(submission).await,
        }
    }

    /// Where the job stands.
    ///
    /// # Errors
    /// A [`Failure`] to *ask*; it says nothing about the job.
    pub async fn poll(&self, job: &JobId) -> Result<JobStatus, Failure> {
        match self {
            Self::Animatic(animatic) => Ok(animatic.poll(job)),
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.poll(job).await,
        }
    }

    /// Returns when the job may have changed, at the latest after `most`.
    pub async fn changed(&self, job: &JobId, most: Duration) {
        match self {
            Self::Animatic(animatic) => animatic.changed(job, most).await,
            #[cfg(feature = "failpoints")]
            Self::Scripted(_) => tokio::time::sleep(most.min(Duration::from_millis(20))).await,
        }
    }

    /// Asks the job to stop.
    ///
    /// # Errors
    /// A [`Failure`] to ask.
    pub async fn cancel(&self, job: &JobId) -> Result<Stop, Failure> {
        match self {
            Self::Animatic(animatic) => Ok(animatic.cancel(job)),
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.cancel(job).await,
        }
    }

    /// Forgets a job whose end has been recorded, and removes what it left on this machine.
    pub async fn forget(&self, job: &JobId) {
        match self {
            Self::Animatic(animatic) => animatic.forget(job).await,
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.forget(job),
        }
    }
}
