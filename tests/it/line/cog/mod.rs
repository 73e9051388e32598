//! The adapter for Replicate's predictions against the runtime Replicate itself runs models in:
//! `cog`, a process of its own that draws with ffmpeg. What `cog` lacks beside the hosted service
//! is in [`front`].

mod front;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use entity::enums::{Aspect, Resolution};
use server::config::usual_inputs;
use server::domain::media::probe::Prober;
use server::kernel::secret::Secret;
use server::ports::egress::{Egress, guard::Reach};
use server::ports::provider::key::Key;
use server::ports::provider::offer::{Offer, Promises};
use server::ports::provider::remote::Remote;
use server::ports::provider::replicate::{Options, Replicate};
use server::ports::provider::{
    Cancel, Cost, FailureClass, JobId, JobStatus, Provider, Stop, Submission, Unfetched,
};

use self::front::{Front, KEY};
use super::stage::{REMOTE, Stage};
use crate::harness::database::Database;

crate::harness::both!(videos_that_cog_made_are_delivered);

/// Longest wait for anything of cog's.
const PATIENCE: Duration = Duration::from_secs(60);

/// cog with the model of `tests/cog`.
struct Cog {
    process: Child,
    address: String,
}

impl Cog {
    async fn start() -> Self {
        server::ports::egress::install_tls();
        let python = std::env::var("REELMILL_PYTHON")
            .expect("REELMILL_PYTHON must name a Python with cog: `cargo xtask test` sets it");
        let programs = std::path::Path::new(&python).parent().expect("a folder of programs");
        let path = std::env::var("PATH").unwrap_or_default();
        let port = free_port();
        let model = concat!(env!("CARGO_MANIFEST_DIR"), "/cog/predict.py:Predictor");
        let process = Command::new(&python)
            .args(["-m", "cog.server.http", "--host", "127.0.0.1"])
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("PORT", port.to_string())
            .env("COG_PREDICT_TYPE_STUB", model)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("cog starts");
        let cog = Self { process, address: format!("http://127.0.0.1:{port}") };
        let started = Instant::now();
        while !cog.is_ready().await {
            assert!(started.elapsed() < PATIENCE, "cog is not ready");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        cog
    }

    async fn is_ready(&self) -> bool {
        let Ok(answer) = reqwest::get(format!("{}/health-check", self.address)).await else {
            return false;
        };
        let text = answer.text().await.unwrap_or_default();
        assert!(!text.contains("SETUP_FAILED"), "cog is not set up: {text}");
        text.contains("\"READY\"")
    }
}

impl Drop for Cog {
    fn drop(&mut self) {
        // Asked, so that it takes its own child along.
        let pid = self.process.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.process.wait();
    }
}

/// A port that was free a moment ago; cog wants to be told one.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

fn adapter(base_url: String, cancel: Cancel) -> Provider {
    let remote = Remote {
        promises: Promises {
            name: "replicate",
            idempotent_submit: false,
            find_by_reference: false,
            cancel,
            cancel_refunds: false,
            deadline_s: 600,
            poll_every: Duration::from_millis(100),
            result_lifetime: Duration::from_secs(60),
            absence_proves_after: Duration::from_secs(600),
        },
        base_url,
        key: Key::new(Some(Secret::new(KEY.to_owned()))),
        model: String::from("reelmill/test-picture"),
        cost_per_s: Some(Cost { minor: 7, currency: "USD" }),
        submit_timeout: Duration::from_secs(10),
    };
    let options = Options { remote, inputs: usual_inputs() };
    Provider::Replicate(Replicate::new(options, Egress::new(Reach::Private).expect("a client")))
}

fn submission(prompt: &str) -> Submission {
    Submission {
        reference: String::from("ours"),
        prompt: prompt.to_owned(),
        values: vec![],
        seed: 40,
        seconds: 2,
        aspect: Aspect::Tall,
        resolution: Resolution::P360,
        watermark: false,
    }
}

async fn ended(provider: &Provider, job: &JobId) -> JobStatus {
    let started = Instant::now();
    loop {
        match provider.poll(job).await.expect("an answer") {
            JobStatus::Running { .. } if started.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            status => return status,
        }
    }
}

async fn videos_that_cog_made_are_delivered(database: Database) {
    let cog = Cog::start().await;
    let (front, base_url) = Front::start(cog.address.clone()).await;
    let stage = Stage::new(database, REMOTE, vec![]).await;
    let batch = stage.launch(3).await;
    let offer = Offer {
        provider: adapter(base_url, Cancel::Running),
        model: "animatic-1",
        cap: 2,
        slots: 2,
        order: 0,
        cost_per_s: None,
    };
    let line = stage.start_offers(vec![offer], |_| {}).await;
    let started = Instant::now();
    let ended = "SELECT count(*) FROM attempts WHERE outcome = 'DELIVERED'";
    while stage.number(ended, []).await < 3 {
        assert!(started.elapsed() < PATIENCE, "{:?}", stage.states().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    stage.settled(batch.id).await;
    line.drain().await;
    let delivered = ("DELIVERED".into(), None, 1);
    assert_eq!(stage.states().await, vec![delivered; 3]);
    let booked = "SELECT count(*) FROM attempts WHERE provider = 'replicate' \
                  AND cost_minor = 28 AND cost_currency = 'USD'";
    assert_eq!(stage.number(booked, []).await, 3, "4 s at 7");
    assert_eq!(front.predictions().len(), 3, "each was asked for once");
    for prediction in front.predictions() {
        let sql = "SELECT count(*) FROM attempts WHERE provider_job_id = $1";
        let id = prediction["id"].as_str().expect("an id");
        assert_eq!(stage.number(sql, [id.into()]).await, 1, "{id}");
        assert_eq!(prediction["input"]["duration"], 4);
    }
    stage.assert_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prediction_says_what_became_of_it() {
    let cog = Cog::start().await;
    let (_front, base_url) = Front::start(cog.address.clone()).await;
    let provider = adapter(base_url, Cancel::Running);
    let submit = async |prompt| provider.submit(submission(prompt)).await.expect("a job");

    let made = submit("a lighthouse").await;
    let cost = Some(Cost { minor: 14, currency: "USD" });
    assert_eq!(ended(&provider, &made).await, JobStatus::Done { cost });
    let folder = tempfile::tempdir().expect("a folder");
    let file = provider.fetch(&made, folder.path(), "video").await.expect("a file");
    let prober = Prober::default();
    let probe = prober.probe(&file.video).await.expect("a video");
    assert_eq!((probe.width, probe.height), (360, 640));

    for (prompt, class) in [("[fail]", FailureClass::Transient), ("[flag]", FailureClass::Refused)]
    {
        let job = submit(prompt).await;
        let JobStatus::Failed(failure) = ended(&provider, &job).await else {
            panic!("{prompt} ends in a failure");
        };
        assert_eq!(failure.class, class, "{failure:?}");
    }
    let nobody = JobId(String::from("nobody"));
    assert_eq!(provider.poll(&nobody).await, Ok(JobStatus::Gone));
    let missing = provider.fetch(&nobody, folder.path(), "missing").await;
    assert_eq!(missing, Err(Unfetched::Expired));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prediction_can_be_stopped() {
    let cog = Cog::start().await;
    let (_front, base_url) = Front::start(cog.address.clone()).await;
    let provider = adapter(base_url.clone(), Cancel::Running);
    let running = provider.submit(submission("[slow]")).await.expect("a job");
    let started = Instant::now();
    while provider.poll(&running).await != Ok(JobStatus::Running { per_mille: 1 }) {
        assert!(started.elapsed() < PATIENCE, "it does not begin");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let waiting = provider.submit(submission("a boat")).await.expect("a job");

    let never = adapter(base_url.clone(), Cancel::None);
    assert_eq!(never.cancel(&running).await, Ok(Stop::Unsupported));
    let queued = adapter(base_url, Cancel::Queued);
    assert_eq!(queued.cancel(&running).await, Ok(Stop::Declined), "it runs already");
    assert_eq!(queued.cancel(&waiting).await, Ok(Stop::Confirmed));
    assert_eq!(provider.poll(&waiting).await, Ok(JobStatus::Stopped));

    assert_eq!(provider.cancel(&running).await, Ok(Stop::Asked));
    assert_eq!(ended(&provider, &running).await, JobStatus::Stopped);
    assert_eq!(provider.cancel(&running).await, Ok(Stop::Confirmed), "again is the same");
}
