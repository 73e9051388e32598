//! Adapters to video generators, behind one closed enum.
//!
//! Invariants:
//! - An adapter never decides about money or states: it says what happened, in a closed list of
//!   classes, and declares in [`Traits`] what can be relied on. The line decides.
//! - [`Submission::reference`] is ours and was committed before the call; an adapter passes it on
//!   wherever the generator takes one.
//! - "Not found" ([`JobStatus::Gone`]) is not "done" and not "never happened".
//!
//! - Retrying is never an adapter's own idea: a call that must not be repeated is made once.
//!
//! Deliberately absent: prices (what a customer pays never depends on the adapter).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use entity::enums::{Aspect, Resolution};

pub mod animatic;
pub mod key;
pub mod offer;
pub mod openai_videos;
pub mod remote;
pub mod replicate;
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
    /// When a job can be asked to stop.
    pub cancel: Cancel,
    /// A job that was stopped costs nothing; otherwise its attempt is booked with its estimate.
    pub cancel_refunds: bool,
    /// Jobs live in this process: when it ends, they ended without a result.
    pub jobs_end_with_process: bool,
    /// Draws the mark itself when asked.
    pub draws_watermark: bool,
    /// Seconds after the submission at which a job is asked to stop.
    pub deadline_s: i64,
    /// Pause between two looks at a job.
    pub poll_every: Duration,
    /// How long a result can be fetched after it was first seen.
    pub result_lifetime: Duration,
    /// Age of an attempt from which "no job has this reference" proves that none ever will.
    pub absence_proves_after: Duration,
}

/// When a job can be asked to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancel {
    /// Never.
    None,
    /// While it waits.
    Queued,
    /// At any time.
    Running,
}

/// The one copy of a name that lives as long as the process. Names of offers and currencies come
/// from the configuration and from stored attempts, so there are few of them.
#[must_use]
pub fn intern(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}

/// Width and height of a video, pixels.
const fn pixels(aspect: Aspect, resolution: Resolution) -> (u32, u32) {
    let (long, short) = match resolution {
        Resolution::P360 => (640, 360),
        Resolution::P720 => (1280, 720),
    };
    match aspect {
        Aspect::Wide => (long, short),
        Aspect::Tall => (short, long),
        Aspect::Square => (short, short),
    }
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
}

/// Why a finished job's file did not come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfetched {
    /// The provider no longer has it: asking again is of no use.
    Expired,
    /// Passing trouble; it can still be fetched.
    Failed(Failure),
}

/// What a search by our reference found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// This job.
    Job(JobId),
    /// No job has the reference, as of now.
    Absent,
}

/// Where a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobStatus {
    /// Under way.
    Running {
        /// Progress, 0 … 1000.
        per_mille: u32,
    },
    /// Finished: there is a file to fetch.
    Done {
        /// What it cost us, when known.
        cost: Option<Cost>,
    },
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
    /// The provider's words, as they came: `line::detail` decides what is kept of them, and they
    /// go into no log.
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
    /// Proven: it has ended and will deliver nothing.
    Confirmed,
    /// Not taken: it goes on, or has ended already.
    Declined,
    /// This provider cannot be asked.
    Unsupported,
}

/// The adapters this build knows. Cheap to clone.
#[derive(Clone)]
pub enum Provider {
    /// The embedded model.
    Animatic(animatic::Animatic),
    /// The shape of OpenAI's videos API.
    OpenAiVideos(openai_videos::OpenAiVideos),
    /// Replicate's predictions.
    Replicate(replicate::Replicate),
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
            Self::OpenAiVideos(remote) => remote.traits(),
            Self::Replicate(remote) => remote.traits(),
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
            Self::OpenAiVideos(remote) => remote.submit(submission).await,
            Self::Replicate(remote) => remote.submit(submission).await,
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
            Self::OpenAiVideos(remote) => remote.poll(job).await,
            Self::Replicate(remote) => remote.poll(job).await,
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.poll(job).await,
        }
    }

    /// Brings the file of a finished job onto this machine; what is written goes into `folder`,
    /// under a name that begins with `stem`.
    ///
    /// # Errors
    /// [`Unfetched`]; the job's end is not in doubt.
    pub async fn fetch(
        &self,
        job: &JobId,
        folder: &Path,
        stem: &str,
    ) -> Result<ResultFile, Unfetched> {
        match self {
            Self::Animatic(animatic) => Ok(animatic.file(job)),
            Self::OpenAiVideos(remote) => remote.fetch(job, &folder.join(stem)).await,
            Self::Replicate(remote) => remote.fetch(job, &folder.join(stem)).await,
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.fetch(job),
        }
    }

    /// Looks for the job of a reference that was submitted at `since` (seconds since 1970) or
    /// later. Only for adapters that declare `find_by_reference`.
    ///
    /// # Errors
    /// A [`Failure`] to *ask*.
    pub async fn find(&self, reference: &str, since: i64) -> Result<Sighting, Failure> {
        match self {
            Self::Animatic(animatic) => Ok(animatic.find(reference)),
            Self::OpenAiVideos(remote) => remote.find(reference, since).await,
            Self::Replicate(_) => {
                Err(Failure::new(FailureClass::Transient, "predictions have no reference"))
            }
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => Ok(scripted.find(reference)),
        }
    }

    /// Returns when the job may have changed, at the latest after `most`.
    pub async fn changed(&self, job: &JobId, most: Duration) {
        match self {
            Self::Animatic(animatic) => animatic.changed(job, most).await,
            Self::OpenAiVideos(_) | Self::Replicate(_) => tokio::time::sleep(most).await,
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
            Self::OpenAiVideos(remote) => remote.cancel(job).await,
            Self::Replicate(remote) => remote.cancel(job).await,
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.cancel(job).await,
        }
    }

    /// Forgets a job whose end has been recorded, and removes what it left on this machine.
    pub async fn forget(&self, job: &JobId) {
        match self {
            Self::Animatic(animatic) => animatic.forget(job).await,
            Self::OpenAiVideos(_) | Self::Replicate(_) => {} // its jobs are its own
            #[cfg(feature = "failpoints")]
            Self::Scripted(scripted) => scripted.forget(job),
        }
    }
}
