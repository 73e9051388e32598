//! What the adapters of providers on the network have in common: the meaning of a call without an
//! answer, and of the refusals that say something about the account instead of the video.

use std::time::Duration;

use reqwest::Method;

use super::key::Key;
use super::offer::Promises;
use super::{Cost, Failure, FailureClass};
use crate::kernel::secret::Secret;
use crate::ports::egress::{Answer, Call, Trouble};

/// How a provider on the network is reached, and for which of its models.
#[derive(Clone, Debug)]
pub struct Remote {
    /// What the operator declares.
    pub promises: Promises,
    /// Where the API begins, with its version: `https://api.example.com/v1`.
    pub base_url: String,
    /// Sent as bearer token.
    pub key: Key,
    /// The provider's name of the model.
    pub model: String,
    /// What a second of video costs, when known.
    pub cost_per_s: Option<Cost>,
    /// Longest time for a create call.
    pub submit_timeout: Duration,
}

impl Remote {
    /// The base without the slash that some write at its end.
    pub(super) fn base(&self) -> &str {
        self.base_url.trim_end_matches('/')
    }

    /// A call to this path of the API, with the key.
    pub(super) fn call(&self, method: Method, path: &str) -> Call {
        let call = Call::get(format!("{}{path}", self.base())).method(method);
        authorized(call, self.key.now().as_ref())
    }

    /// What a video of this length costs, when known.
    pub(super) fn cost(&self, seconds: i64) -> Option<Cost> {
        let per_s = self.cost_per_s?;
        Some(Cost { minor: per_s.minor.saturating_mul(seconds), ..per_s })
    }
}

/// A create call without an answer.
pub(super) fn unsubmitted(trouble: Trouble) -> Failure {
    let class = match trouble {
        Trouble::NotSent | Trouble::Forbidden => FailureClass::Transient,
        Trouble::Lost | Trouble::TooLarge | Trouble::Disk => FailureClass::Unknown,
    };
    Failure::new(class, trouble.to_string())
}

/// Any other call without an answer: it says nothing about the job.
pub(super) fn unanswered(trouble: Trouble) -> Failure {
    Failure::new(FailureClass::Transient, trouble.to_string())
}

/// Any other call whose answer cannot be used: it says nothing about the job either.
pub(super) fn unread(answer: &Answer) -> Failure {
    let words = format!("status {}", answer.status);
    Failure { retry_after: answer.retry_after, ..Failure::new(FailureClass::Transient, words) }
}

/// What the status of a refused create call means, when it is the same everywhere: too much at
/// once, or the operator's trouble with the account. In both nothing was made.
pub(super) fn nothing_made(answer: &Answer) -> Option<FailureClass> {
    match answer.status {
        429 => Some(FailureClass::Throttled),
        503 if answer.retry_after.is_some() => Some(FailureClass::Transient),
        401..=404 => Some(FailureClass::Transient),
        _ => None,
    }
}

/// The call with its key, if there is one.
pub(super) fn authorized(call: Call, key: Option<&Secret>) -> Call {
    match key {
        Some(key) => call.header("authorization", &format!("Bearer {}", key.reveal())),
        None => call,
    }
}
