//! Replicate's predictions: create, retrieve, cancel, and a file behind an address.
//!
//! The API takes no idempotency key and shows no metadata, so a prediction whose create call was
//! not answered cannot be found again: such an outcome stays unknown until it is given up,
//! released. `Cancel-After` makes the provider end what we forgot.
//!
//! Each model names its inputs in its own way; [`Inputs`] says which input gets what.
//!
//! What an answer to *create* means is in [`super::remote`]; 400 and 422 are invalid, and every
//! other refusal and every lost connection is unknown: a prediction may exist and may cost.

use std::path::Path;

use base64::Engine as _;
use entity::enums::{Aspect, Resolution};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::remote::{Remote, authorized, nothing_made, unanswered, unread, unsubmitted};
use super::{
    Cancel, Cost, Failure, FailureClass, JobId, JobStatus, ResultFile, Stop, Submission, Traits,
    Unfetched,
};
use crate::config::Inputs;
use crate::ports::egress::{Answer, Body, Call, Egress};

/// Largest file that is fetched.
const MOST_FILE: u64 = 4 << 30;
/// Largest prediction that is read: a small file may stand in it as a `data:` address.
const MOST_PREDICTION: usize = 64 << 20;
/// Shortest time `Cancel-After` takes, seconds.
const LEAST_CANCEL_AFTER_S: i64 = 5;

/// How the provider is reached, and what its model takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// `model` is `owner/name` for the model's current version, or a version: `owner/name:id`, `id`.
    pub remote: Remote,
    /// Inputs of this model.
    pub inputs: Inputs,
}

/// The adapter. Cheap to clone.
#[derive(Clone)]
pub struct Replicate {
    options: std::sync::Arc<Options>,
    egress: Egress,
}

#[derive(Deserialize)]
struct Prediction {
    id: String,
    status: String,
    #[serde(default)]
    input: Value,
    #[serde(default)]
    output: Value,
    #[serde(default)]
    error: Value,
}

impl Replicate {
    /// An adapter over this client.
    #[must_use]
    pub fn new(options: Options, egress: Egress) -> Self {
        Self { options: std::sync::Arc::new(options), egress }
    }

    pub(super) fn traits(&self) -> Traits {
        Traits {
            idempotent_submit: false,
            find_by_reference: false,
            // Time is billed up to the cancel.
            cancel_refunds: false,
            ..self.options.remote.promises.traits()
        }
    }

    pub(super) async fn submit(&self, submission: Submission) -> Result<JobId, Failure> {
        let (path, mut body) = endpoint(&self.options.remote.model);
        body["input"] = inputs(&self.options.inputs, &submission);
        let after_s = self.options.remote.promises.deadline_s.max(LEAST_CANCEL_AFTER_S);
        let mut call = self.options.remote.call(Method::POST, &path);
        call = call.header("cancel-after", &format!("{after_s}s"));
        call.body = Body::Json(body);
        call.timeout = self.options.remote.submit_timeout;
        call.once = true;
        let answer = self.egress.call(call).await.map_err(unsubmitted)?;
        if !(200..=299).contains(&answer.status) {
            return Err(not_accepted(&answer));
        }
        match serde_json::from_slice::<Prediction>(&answer.body) {
            Ok(prediction) => Ok(JobId(prediction.id)),
            Err(_) => Err(Failure::new(FailureClass::Unknown, "an answer without a prediction")),
        }
    }

    pub(super) async fn poll(&self, job: &JobId) -> Result<JobStatus, Failure> {
        let prediction = self.prediction(job).await?;
        Ok(prediction.map_or(JobStatus::Gone, |prediction| self.status(&prediction)))
    }

    pub(super) async fn fetch(&self, job: &JobId, to: &Path) -> Result<ResultFile, Unfetched> {
        let prediction = self.prediction(job).await.map_err(Unfetched::Failed)?;
        // What succeeded changes no more: without an output its data has been removed.
        let output = prediction.as_ref().and_then(address).ok_or(Unfetched::Expired)?;
        let file = ResultFile { video: to.to_owned(), poster: None };
        if let Some(data) = output.strip_prefix("data:") {
            let bytes = decoded(data).ok_or_else(|| unusable("an address that is no data"))?;
            tokio::fs::write(to, bytes).await.map_err(|_| unusable("it could not be written"))?;
            return Ok(file);
        }
        // The key goes to the API alone, never to wherever it keeps its files.
        let ours = output.starts_with(&format!("{}/", self.options.remote.base()));
        let key = self.options.remote.key.now().filter(|_| ours);
        let call = authorized(Call::get(output.to_owned()), key.as_ref());
        let fetched = self.egress.download(call, to, MOST_FILE).await;
        match fetched.map_err(|trouble| Unfetched::Failed(unanswered(trouble)))? {
            Ok(_) => Ok(file),
            Err(answer) if matches!(answer.status, 404 | 410) => Err(Unfetched::Expired),
            Err(answer) => Err(Unfetched::Failed(unread(&answer))),
        }
    }

    pub(super) async fn cancel(&self, job: &JobId) -> Result<Stop, Failure> {
        match self.traits().cancel {
            Cancel::None => return Ok(Stop::Unsupported),
            Cancel::Running => {}
            Cancel::Queued => match self.poll(job).await? {
                JobStatus::Running { per_mille: 0 } => {}
                _ => return Ok(Stop::Declined),
            },
        }
        let call =
            self.options.remote.call(Method::POST, &format!("/predictions/{}/cancel", job.0));
        let answer = self.egress.call(call).await.map_err(unanswered)?;
        if answer.status != 200 {
            return Ok(Stop::Declined);
        }
        let prediction: Option<Prediction> = serde_json::from_slice(&answer.body).ok();
        Ok(match prediction.as_ref().map(|prediction| prediction.status.as_str()) {
            Some("canceled" | "aborted") => Stop::Confirmed,
            Some("succeeded" | "failed") => Stop::Declined,
            _ => Stop::Asked,
        })
    }

    async fn prediction(&self, job: &JobId) -> Result<Option<Prediction>, Failure> {
        let mut call = self.options.remote.call(Method::GET, &format!("/predictions/{}", job.0));
        call.most_answer = MOST_PREDICTION;
        let answer = self.egress.call(call).await.map_err(unanswered)?;
        match answer.status {
            200 => serde_json::from_slice(&answer.body).map(Some).map_err(|_| {
                Failure::new(FailureClass::Transient, "an answer that is no prediction")
            }),
            404 | 410 => Ok(None),
            _ => Err(unread(&answer)),
        }
    }

    fn status(&self, prediction: &Prediction) -> JobStatus {
        match prediction.status.as_str() {
            "succeeded" => JobStatus::Done { cost: self.cost(prediction) },
            "failed" => JobStatus::Failed(job_failure(&prediction.error)),
            "canceled" => JobStatus::Stopped,
            // Its time ran out before it began: nothing was made.
            "aborted" => JobStatus::Failed(Failure::new(FailureClass::Transient, "aborted")),
            "starting" => JobStatus::Running { per_mille: 0 },
            _ => JobStatus::Running { per_mille: 1 },
        }
    }

    /// By the length that was asked for: the provider bills compute, the operator knows the rate.
    fn cost(&self, prediction: &Prediction) -> Option<Cost> {
        let (name, _) = self.options.inputs.iter().find(|(_, value)| *value == "$seconds")?;
        self.options.remote.cost(prediction.input.get(name)?.as_i64()?)
    }
}

/// Where a prediction of this model is created, and what names the model in the body.
fn endpoint(model: &str) -> (String, Value) {
    match (model.split_once(':'), model.contains('/')) {
        (Some((_, version)), _) => (String::from("/predictions"), json!({ "version": version })),
        (None, true) => (format!("/models/{model}/predictions"), json!({})),
        (None, false) => (String::from("/predictions"), json!({ "version": model })),
    }
}

fn inputs(inputs: &Inputs, submission: &Submission) -> Value {
    let filled = |value: &Value| value.as_str().and_then(|name| input(name, submission));
    let pairs = inputs
        .iter()
        .map(|(input, value)| (input.clone(), filled(value).unwrap_or_else(|| value.clone())));
    Value::Object(pairs.collect())
}

fn input(name: &str, submission: &Submission) -> Option<Value> {
    let (width, height) = super::pixels(submission.aspect, submission.resolution);
    Some(match name {
        "$prompt" => json!(submission.prompt),
        "$seconds" => json!(submission.seconds),
        // Many models take a signed 32-bit number.
        "$seed" => json!(submission.seed & 0x7fff_ffff),
        "$aspect" => json!(match submission.aspect {
            Aspect::Wide => "16:9",
            Aspect::Tall => "9:16",
            Aspect::Square => "1:1",
        }),
        "$resolution" => json!(match submission.resolution {
            Resolution::P360 => "360p",
            Resolution::P720 => "720p",
        }),
        "$width" => json!(width),
        "$height" => json!(height),
        _ => return None,
    })
}

/// A model gives one file, or a list whose first is the video.
fn address(prediction: &Prediction) -> Option<&str> {
    match &prediction.output {
        Value::String(address) => Some(address),
        Value::Array(files) => files.first()?.as_str(),
        _ => None,
    }
}

fn decoded(data: &str) -> Option<Vec<u8>> {
    let (_, text) = data.split_once(";base64,")?;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

fn unusable(words: &str) -> Unfetched {
    Unfetched::Failed(Failure::new(FailureClass::Transient, words))
}

fn not_accepted(answer: &Answer) -> Failure {
    let class = nothing_made(answer).unwrap_or(match answer.status {
        400 | 422 => FailureClass::Invalid,
        _ => FailureClass::Unknown,
    });
    let said: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let detail = said["detail"].as_str().unwrap_or_default();
    let words = format!("status {}: {detail}", answer.status);
    Failure { retry_after: answer.retry_after, ..Failure::new(class, words) }
}

fn job_failure(error: &Value) -> Failure {
    let words = error.as_str().unwrap_or("no reason");
    let low = words.to_ascii_lowercase();
    let refused = ["flagged as sensitive", "(e005)", "nsfw", "moderation"];
    let class = if refused.iter().any(|sign| low.contains(sign)) {
        FailureClass::Refused
    } else {
        FailureClass::Transient
    };
    Failure::new(class, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{INPUT_NAMES, usual_inputs};

    fn submission() -> Submission {
        Submission {
            reference: String::from("r"),
            prompt: String::from("$seconds of a lighthouse"),
            values: vec![],
            seed: u64::MAX,
            seconds: 4,
            aspect: Aspect::Tall,
            resolution: Resolution::P720,
            watermark: false,
        }
    }

    #[test]
    fn a_model_gets_its_inputs_by_its_own_names() {
        let mut names = usual_inputs();
        names.insert(String::from("fps"), json!(24));
        names.insert(String::from("w"), json!("$width"));
        let wanted = json!({
            "prompt": "$seconds of a lighthouse", "duration": 4, "seed": 0x7fff_ffff,
            "aspect_ratio": "9:16", "resolution": "720p", "fps": 24, "w": 720,
        });
        assert_eq!(inputs(&names, &submission()), wanted);
        assert!(INPUT_NAMES.iter().all(|name| input(name, &submission()).is_some()));
        assert_eq!(input("$unknown", &submission()), None);
    }

    #[test]
    fn a_model_or_a_version_of_it_can_be_named() {
        assert_eq!(endpoint("a/b"), (String::from("/models/a/b/predictions"), json!({})));
        let version = (String::from("/predictions"), json!({ "version": "5c7d" }));
        assert_eq!(endpoint("a/b:5c7d"), version);
        assert_eq!(endpoint("5c7d"), version);
    }

    #[test]
    fn only_what_provably_made_nothing_may_be_tried_again() {
        let class = |status, retry_after| {
            let body = br#"{"detail":"words"}"#.to_vec();
            not_accepted(&Answer { status, retry_after, body }).class
        };
        assert_eq!(class(422, None), FailureClass::Invalid);
        assert_eq!(class(429, None), FailureClass::Throttled);
        assert_eq!(class(402, None), FailureClass::Transient);
        for unknown in [302, 408, 500, 502, 503, 504] {
            assert_eq!(class(unknown, None), FailureClass::Unknown, "{unknown}");
        }
    }

    #[test]
    fn what_was_flagged_is_refused() {
        let flagged =
            json!("The input or output was flagged as sensitive. Please try again. (E005)");
        assert_eq!(job_failure(&flagged).class, FailureClass::Refused);
        assert_eq!(job_failure(&json!("CUDA out of memory")).class, FailureClass::Transient);
        assert_eq!(job_failure(&Value::Null).class, FailureClass::Transient);
    }
}
