//! The pool with real fonts and an encoder that tells when it starts.

use std::os::unix::fs::PermissionsExt;
use std::sync::Weak;
use std::time::Instant;

use super::*;

/// A pool of one thread. Its encoder appends its process id and niceness to a log, waits for a
/// gate to be opened, and becomes ffmpeg.
struct Studio {
    dir: tempfile::TempDir,
    animatic: Animatic,
}

/// This thread's niceness; the pool is a little nicer.
fn own_niceness() -> i32 {
    rustix::process::getpriority_process(None).unwrap()
}

fn pool_niceness() -> i32 {
    (own_niceness() + 2).min(19)
}

fn studio() -> Studio {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display();
    let script = format!(
        "#!/bin/sh\necho $$ $(nice) >> '{at}/log'\n\
         while [ ! -e '{at}/gate' ]; do sleep 0.02; done\nexec ffmpeg \"$@\"\n"
    );
    let ffmpeg = dir.path().join("encoder");
    std::fs::write(&ffmpeg, script).unwrap();
    std::fs::set_permissions(&ffmpeg, std::fs::Permissions::from_mode(0o755)).unwrap();
    let options =
        Options { work_dir: dir.path().join("work"), threads: 1, niceness: pool_niceness() };
    let fonts = Fonts::system().expect("apt-get install fonts-smiley-sans fonts-droid-fallback");
    let animatic = Animatic::start(options, fonts, Tools { ffmpeg }).unwrap();
    Studio { dir, animatic }
}

impl Studio {
    fn open(&self) {
        std::fs::write(self.dir.path().join("gate"), "").unwrap();
    }

    fn submit(&self, reference: &str) -> JobId {
        self.animatic.submit(submission(reference)).unwrap()
    }

    /// Process id and niceness of every encoder that was started.
    fn started(&self) -> Vec<(String, i32)> {
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        let lines = log.lines().filter_map(|line| line.split_once(' '));
        lines.map(|(pid, nice)| (pid.to_owned(), nice.parse().unwrap())).collect()
    }

    /// Waits for so many encoders; the process id of the last.
    fn encoder(&self, count: usize) -> String {
        until("the encoder never started", || self.started().len() >= count);
        self.started()[count - 1].0.clone()
    }

    async fn end(&self, job: &JobId) -> JobStatus {
        self.animatic.changed(job, Duration::from_secs(120)).await;
        self.animatic.poll(job)
    }

    fn files(&self, job: &JobId) -> [bool; 2] {
        let file = self.animatic.file(job);
        [file.video.exists(), file.poster.unwrap().exists()]
    }
}

fn until(complaint: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{complaint}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn gone(pid: &str) -> bool {
    !Path::new("/proc").join(pid).exists()
}

fn submission(reference: &str) -> Submission {
    Submission {
        reference: reference.to_owned(),
        prompt: String::from("a lighthouse by the sea"),
        values: vec![(String::from("place"), String::from("sea"))],
        seed: 5,
        seconds: 2,
        aspect: Aspect::Square,
        resolution: Resolution::P360,
        watermark: true,
    }
}

const UNDER_WAY: fn(&JobStatus) -> bool = |status| matches!(status, JobStatus::Running { .. });

#[test]
fn one_core_is_left_free_where_there_are_more_than_two() {
    assert_eq!([0, 1, 2, 3, 4, 16].map(threads_of), [0, 1, 2, 2, 3, 15]);
}

#[test]
fn all_of_a_submission_is_passed_on() {
    let passed = request(submission("a")).unwrap();
    let expected = Request {
        prompt: String::from("a lighthouse by the sea"),
        values: vec![(String::from("place"), String::from("sea"))],
        seed: 5,
        aspect: animatic::Aspect::Square,
        resolution: animatic::Resolution::P360,
        seconds: 2,
        watermark: true,
    };
    assert_eq!(passed, expected);
    let bare = Submission { watermark: false, ..submission("a") };
    assert!(!request(bare).unwrap().watermark);
    for seconds in [-1, 1, 11, 300] {
        let refused = request(Submission { seconds, ..submission("a") }).unwrap_err();
        assert_eq!(refused.class, FailureClass::Invalid, "{seconds} s");
    }
}

#[tokio::test]
async fn the_same_reference_is_the_same_job_drawn_once_and_niced() {
    let studio = studio();
    let before = own_niceness();
    let job = studio.submit("a");
    assert_eq!(studio.submit("a"), job);
    studio.encoder(1);
    assert_eq!(studio.submit("a"), job, "while it runs");
    assert_eq!(studio.animatic.find("a"), Sighting::Job(job.clone()));
    assert_eq!(studio.animatic.find("b"), Sighting::Absent);
    studio.open();
    assert_eq!(studio.end(&job).await, JobStatus::Done { cost: None });
    assert_eq!(studio.submit("a"), job, "after its end");
    assert_eq!(studio.files(&job), [true, true]);
    // Had it been taken twice, the only thread would draw it before this one.
    let next = studio.submit("b");
    assert_eq!(studio.end(&next).await, JobStatus::Done { cost: None });
    let niceness: Vec<i32> = studio.started().into_iter().map(|(_, nice)| nice).collect();
    assert_eq!(niceness, [pool_niceness(); 2]);
    assert_eq!(own_niceness(), before, "the threads alone are niced");
    studio.animatic.forget(&job).await;
    assert_eq!(studio.animatic.poll(&job), JobStatus::Gone);
    assert_eq!(studio.animatic.find("a"), Sighting::Absent);
    assert_eq!(studio.files(&job), [false, false]);
}

#[tokio::test]
async fn a_job_is_cancelled_while_it_waits_and_while_it_runs() {
    let studio = studio();
    let (running, waiting) = (studio.submit("running"), studio.submit("waiting"));
    let pid = studio.encoder(1);
    assert!(UNDER_WAY(&studio.animatic.poll(&waiting)));
    assert_eq!(studio.animatic.cancel(&waiting), Stop::Asked);
    assert_eq!(studio.animatic.poll(&waiting), JobStatus::Stopped, "at once");
    assert!(UNDER_WAY(&studio.animatic.poll(&running)), "the other goes on");
    assert_eq!(studio.animatic.cancel(&running), Stop::Asked);
    assert_eq!(studio.end(&running).await, JobStatus::Stopped);
    assert!(gone(&pid), "the encoder is left");
    assert_eq!(studio.files(&running), [false, false]);
    // The thread is free for others, and never began what was cancelled.
    studio.open();
    let next = studio.submit("next");
    assert_eq!(studio.end(&next).await, JobStatus::Done { cost: None });
    assert_eq!(studio.started().len(), 2);
    // Too late: what was made stays.
    assert_eq!(studio.animatic.cancel(&next), Stop::Asked);
    assert_eq!(studio.animatic.poll(&next), JobStatus::Done { cost: None });
}

#[test]
fn the_threads_end_with_the_last_clone() {
    let studio = studio();
    studio.submit("running");
    studio.submit("waiting");
    let pid = studio.encoder(1);
    let pool: Weak<Pool> = Arc::downgrade(&studio.animatic.0.0);
    let Studio { dir, animatic } = studio;
    let clone = animatic.clone();
    drop(animatic);
    std::thread::sleep(Duration::from_millis(300));
    assert!(!gone(&pid), "one clone is left");
    drop(clone);
    until("a thread goes on", || pool.strong_count() == 0);
    assert!(gone(&pid), "the encoder is left");
    let log = std::fs::read_to_string(dir.path().join("log")).unwrap();
    assert_eq!(log.lines().count(), 1, "what waited never began");
}
