//! A generator that does what a test tells it to: fail by class, wait, lose jobs, finish late.
//!
//! Compiled with the feature `failpoints` only. It hands out one prepared file for every job. It
//! lives in the process under test, so that a test of the line can hold one call at one moment;
//! what goes over a wire, and what must outlive the process, is tested with the program
//! `tests/scripted-provider`.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{
    Cancel, Failure, FailureClass, JobId, JobStatus, ResultFile, Sighting, Stop, Submission,
    Traits, Unfetched,
};

/// What happens to one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A job that finishes at once with the prepared file.
    Deliver,
    /// A job that runs until [`Scripted::finish`] or a stop.
    Hold,
    /// A job that runs until [`Scripted::finish`], whoever asks it to stop.
    HoldDeaf,
    /// The call itself does not return until [`Scripted::open_gate`]; then it delivers.
    HoldSubmit,
    /// The call fails.
    FailSubmit(FailureClass),
    /// A job that ends with this failure.
    FailJob(FailureClass),
    /// A job that nobody knows afterwards.
    Lose,
    /// A job that finishes with a file that is no video.
    DeliverGarbage,
    /// A job that finishes with a file that can no longer be fetched.
    Expire,
    /// The call fails as if the connection broke, and a job is kept that finishes at once.
    DropKept,
    /// The same with a job that runs until [`Scripted::finish`] or a stop.
    DropHeld,
    /// The same with a job that a stop deletes: the stop is proven at once, and nobody knows the
    /// job afterwards.
    DropDeletable,
    /// The same with a job that has failed by then.
    DropFailed,
}

/// The script and what came of it. Cheap to clone.
#[derive(Clone)]
pub struct Scripted(Arc<Inner>);

struct Inner {
    traits: Traits,
    video: PathBuf,
    garbage: PathBuf,
    gate: watch::Sender<bool>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By ordinal of the submission; past its end every step is `Deliver`.
    script: std::collections::VecDeque<Step>,
    jobs: HashMap<JobId, (Step, JobStatus)>,
    submissions: Vec<Submission>,
    cancels: Vec<JobId>,
}

impl Scripted {
    /// A generator that hands out `video`, following `script` and then delivering.
    #[must_use]
    pub fn new(traits: Traits, video: PathBuf, script: Vec<Step>) -> Self {
        let garbage = video.with_extension("garbage");
        let state = State { script: script.into(), ..State::default() };
        let gate = watch::channel(false).0;
        Self(Arc::new(Inner { traits, video, garbage, gate, state: Mutex::new(state) }))
    }

    /// Every submission so far.
    #[must_use]
    pub fn submissions(&self) -> Vec<Submission> {
        self.lock().submissions.clone()
    }

    /// Every request to stop so far.
    #[must_use]
    pub fn cancels(&self) -> Vec<JobId> {
        self.lock().cancels.clone()
    }

    /// Lets a held job finish with the prepared file.
    pub fn finish(&self, job: &JobId) {
        if let Some((_, status)) = self.lock().jobs.get_mut(job) {
            *status = JobStatus::Done { cost: None };
        }
    }

    /// Lets held calls return.
    pub fn open_gate(&self) {
        self.0.gate.send_replace(true);
    }

    pub(super) fn traits(&self) -> Traits {
        self.0.traits
    }

    pub(super) async fn submit(&self, submission: Submission) -> Result<JobId, Failure> {
        let job = JobId(format!("job-{}", submission.reference));
        let step = {
            let mut state = self.lock();
            state.submissions.push(submission);
            state.script.pop_front().unwrap_or(Step::Deliver)
        };
        if step == Step::HoldSubmit {
            let mut gate = self.0.gate.subscribe();
            let _ = gate.wait_for(|open| *open).await;
        }
        let running = JobStatus::Running { per_mille: 0 };
        let status = match &step {
            Step::FailSubmit(class) => return Err(Failure::new(*class, "as scripted")),
            Step::DropKept => JobStatus::Done { cost: None },
            Step::Hold | Step::HoldDeaf | Step::DropHeld | Step::DropDeletable => running,
            Step::DropFailed => {
                JobStatus::Failed(Failure::new(FailureClass::Refused, "as scripted"))
            }
            Step::FailJob(class) => JobStatus::Failed(Failure::new(*class, "as scripted")),
            Step::Lose => JobStatus::Gone,
            Step::Deliver | Step::HoldSubmit | Step::DeliverGarbage | Step::Expire => {
                JobStatus::Done { cost: None }
            }
        };
        let dropped = matches!(
            step,
            Step::DropKept | Step::DropHeld | Step::DropDeletable | Step::DropFailed
        );
        self.lock().jobs.insert(job.clone(), (step, status));
        if dropped {
            return Err(Failure::new(FailureClass::Unknown, "as scripted"));
        }
        Ok(job)
    }

    pub(super) async fn poll(&self, job: &JobId) -> Result<JobStatus, Failure> {
        Ok(self.lock().jobs.get(job).map_or(JobStatus::Gone, |(_, status)| status.clone()))
    }

    pub(super) async fn cancel(&self, job: &JobId) -> Result<Stop, Failure> {
        let mut state = self.lock();
        state.cancels.push(job.clone());
        if let Some((Step::DropDeletable, _)) = state.jobs.get(job) {
            state.jobs.remove(job);
            return Ok(Stop::Confirmed);
        }
        if let Some((Step::Hold | Step::DropHeld, status @ JobStatus::Running { .. })) =
            state.jobs.get_mut(job)
        {
            *status = JobStatus::Stopped;
        }
        Ok(if self.0.traits.cancel == Cancel::None { Stop::Unsupported } else { Stop::Asked })
    }

    pub(super) fn fetch(&self, job: &JobId) -> Result<ResultFile, Unfetched> {
        let video = match self.lock().jobs.get(job) {
            Some((Step::DeliverGarbage, _)) => self.0.garbage.clone(),
            Some((Step::Expire, _)) | None => return Err(Unfetched::Expired),
            Some(_) => self.0.video.clone(),
        };
        Ok(ResultFile { video, poster: None })
    }

    pub(super) fn find(&self, reference: &str) -> Sighting {
        let job = JobId(format!("job-{reference}"));
        let known = self.lock().jobs.contains_key(&job);
        if known { Sighting::Job(job) } else { Sighting::Absent }
    }

    pub(super) fn forget(&self, job: &JobId) {
        self.lock().jobs.remove(job);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
