//! What the adapters of providers on the network have in common: the meaning of a call without an
//! answer, and of the refusals that say something about the account instead of the video.

use super::{Failure, FailureClass};
use crate::kernel::secret::Secret;
use crate::ports::egress::{Answer, Call, Trouble};

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
