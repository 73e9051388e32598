//! The embedded model as a provider: a pool of niced threads, jobs in memory.
//!
//! Jobs end with the process ([`TRAITS`]), so nothing here is stored; files are written under a
//! work folder of each start's own. Submitting the same reference again finds the same job.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use animatic::{Control, Fonts, Request, Tools};
use entity::enums::{Aspect, Resolution};
use tokio::sync::watch;

use super::{
    Cancel, Failure, FailureClass, JobId, JobStatus, ResultFile, Sighting, Stop, Submission, Traits,
};
use crate::kernel::secret::random_bytes;

#[cfg(test)]
mod tests;

/// What the embedded model can be relied on for.
pub const TRAITS: Traits = Traits {
    name: "animatic",
    idempotent_submit: true,
    find_by_reference: true,
    cancel: Cancel::Running,
    cancel_refunds: true,
    jobs_end_with_process: true,
    draws_watermark: true,
    deadline_s: 300,
    poll_every: Duration::from_millis(500),
    result_lifetime: Duration::from_secs(3_600),
    absence_proves_after: Duration::ZERO,
};

/// How the pool is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where results are written, in a folder of this start's own; older ones are cleared.
    pub work_dir: PathBuf,
    /// Render threads, at least 1. See [`default_threads`].
    pub threads: usize,
    /// Niceness of the threads, 0 … 19: the server answers first.
    pub niceness: i32,
}

/// Cores − 1; both of two, because a single thread leaves the second idle while its encoder waits
/// for frames, and the threads are nice enough for requests to go first.
#[must_use]
pub fn default_threads() -> usize {
    threads_of(std::thread::available_parallelism().map_or(1, usize::from))
}

fn threads_of(cores: usize) -> usize {
    cores.saturating_sub(1).max(cores.min(2))
}

/// The pool. Cheap to clone; the threads end when the last clone is dropped.
#[derive(Clone)]
pub struct Animatic(Arc<Owner>);

struct Owner(Arc<Pool>);

struct Pool {
    work_dir: PathBuf,
    fonts: Fonts,
    tools: Tools,
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    closed: bool,
    waiting: std::collections::VecDeque<(JobId, Request)>,
    jobs: HashMap<JobId, Job>,
}

struct Job {
    control: Control,
    status: watch::Sender<Option<JobStatus>>,
}

impl Animatic {
    /// Clears the work folder and starts the threads.
    ///
    /// # Errors
    /// When the folder cannot be made or a thread cannot be started.
    pub fn start(options: Options, fonts: Fonts, tools: Tools) -> std::io::Result<Self> {
        let work_dir = own_folder(&options.work_dir)?;
        let pool = Arc::new(Pool {
            work_dir,
            fonts,
            tools,
            state: Mutex::new(State::default()),
            wake: Condvar::new(),
        });
        for place in 0..options.threads.max(1) {
            let pool = Arc::clone(&pool);
            let niceness = options.niceness;
            std::thread::Builder::new().name(format!("render-{place}")).spawn(move || {
                // On Linux the priority of "this process" is that of the calling thread, and the
                // encoder it starts inherits it. Refusal leaves it as it was: merely less polite.
                let _ = rustix::process::setpriority_process(None, niceness);
                pool.work();
            })?;
        }
        Ok(Self(Arc::new(Owner(pool))))
    }

    pub(super) fn submit(&self, submission: Submission) -> Result<JobId, Failure> {
        let job = JobId(submission.reference.clone());
        let request = request(submission)?;
        let mut state = self.pool().lock();
        if state.closed {
            return Err(Failure::new(FailureClass::Transient, "shutting down"));
        }
        if !state.jobs.contains_key(&job) {
            let (status, _) = watch::channel(None);
            state.jobs.insert(job.clone(), Job { control: Control::new(), status });
            state.waiting.push_back((job.clone(), request));
            self.pool().wake.notify_one();
        }
        Ok(job)
    }

    pub(super) fn poll(&self, job: &JobId) -> JobStatus {
        let state = self.pool().lock();
        let Some(known) = state.jobs.get(job) else { return JobStatus::Gone };
        let ended = known.status.borrow().clone();
        ended.unwrap_or_else(|| JobStatus::Running { per_mille: known.control.per_mille() })
    }

    pub(super) async fn changed(&self, job: &JobId, most: Duration) {
        let watched = self.pool().lock().jobs.get(job).map(|known| known.status.subscribe());
        if let Some(mut status) = watched {
            // A timeout or a forgotten job: the caller polls again either way.
            let _ = tokio::time::timeout(most, status.wait_for(Option::is_some)).await;
        }
    }

    pub(super) fn cancel(&self, job: &JobId) -> Stop {
        let mut state = self.pool().lock();
        let before = state.waiting.len();
        state.waiting.retain(|(waiting, _)| waiting != job);
        let never_started = state.waiting.len() < before;
        if let Some(known) = state.jobs.get(job) {
            known.control.cancel();
            if never_started {
                known.status.send_replace(Some(JobStatus::Stopped));
            }
        }
        Stop::Asked
    }

    pub(super) fn file(&self, job: &JobId) -> ResultFile {
        let (video, poster) = (self.pool().video_path(job), self.pool().poster_path(job));
        ResultFile { video, poster: Some(poster) }
    }

    pub(super) fn find(&self, reference: &str) -> Sighting {
        let job = JobId(reference.to_owned());
        let known = self.pool().lock().jobs.contains_key(&job);
        if known { Sighting::Job(job) } else { Sighting::Absent }
    }

    pub(super) async fn forget(&self, job: &JobId) {
        self.cancel(job);
        self.pool().lock().jobs.remove(job);
        for file in [self.pool().video_path(job), self.pool().poster_path(job)] {
            // Moved into the store, or never written; the rest goes at the next start.
            let _ = tokio::fs::remove_file(file).await;
        }
    }

    fn pool(&self) -> &Pool {
        &self.0.0
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        for job in state.jobs.values() {
            job.control.cancel();
        }
        self.0.wake.notify_all();
    }
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some((job, request, control)) = self.next() {
            let status = self.render(&job, &request, &control);
            if let Some(known) = self.lock().jobs.get(&job) {
                known.status.send_replace(Some(status));
            }
        }
    }

    fn next(&self) -> Option<(JobId, Request, Control)> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some((job, request)) = state.waiting.pop_front() {
                let control = state.jobs.get(&job).map(|known| known.control.clone());
                if let Some(control) = control {
                    return Some((job, request, control));
                }
                continue; // forgotten while it waited
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn render(&self, job: &JobId, request: &Request, control: &Control) -> JobStatus {
        let (video, poster) = (self.video_path(job), self.poster_path(job));
        let drawn = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            draw(self, request, control, &video, &poster)
        }));
        match drawn {
            Ok(Ok(())) => JobStatus::Done { cost: None },
            Ok(Err(_)) if control.is_cancelled() => JobStatus::Stopped,
            Ok(Err(detail)) => JobStatus::Failed(Failure::new(FailureClass::Transient, detail)),
            Err(_) => {
                JobStatus::Failed(Failure::new(FailureClass::Transient, "the model panicked"))
            }
        }
    }

    fn video_path(&self, job: &JobId) -> PathBuf {
        self.work_dir.join(format!("{}.mp4", job.0))
    }

    fn poster_path(&self, job: &JobId) -> PathBuf {
        self.work_dir.join(format!("{}.jpg", job.0))
    }
}

/// A fresh folder under `work`, and the older ones gone. The encoders of a killed process may
/// still be writing to theirs: such a folder is left to the next start.
fn own_folder(work: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(work)?;
    for entry in std::fs::read_dir(work)? {
        let path = entry?.path();
        let gone = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        if let Err(error) = gone {
            tracing::warn!(%error, "an older work folder is left to the next start");
        }
    }
    let random = random_bytes::<8>().map_err(std::io::Error::other)?;
    let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let own = work.join(name);
    std::fs::create_dir(&own)?;
    Ok(own)
}

fn draw(
    pool: &Pool,
    request: &Request,
    control: &Control,
    video: &Path,
    poster: &Path,
) -> Result<(), String> {
    animatic::render_to_files(request, &pool.fonts, &pool.tools, video, poster, control)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn request(submission: Submission) -> Result<Request, Failure> {
    let invalid = |detail: String| Failure::new(FailureClass::Invalid, detail);
    let request = Request {
        prompt: submission.prompt,
        values: submission.values,
        seed: submission.seed,
        aspect: match submission.aspect {
            Aspect::Wide => animatic::Aspect::Wide,
            Aspect::Tall => animatic::Aspect::Tall,
            Aspect::Square => animatic::Aspect::Square,
        },
        resolution: match submission.resolution {
            Resolution::P360 => animatic::Resolution::P360,
            Resolution::P720 => animatic::Resolution::P720,
        },
        seconds: u8::try_from(submission.seconds)
            .map_err(|_| invalid(format!("{} s", submission.seconds)))?,
        watermark: submission.watermark,
    };
    request.validate().map_err(|error| invalid(error.to_string()))?;
    Ok(request)
}
