//! Why a quote, a launch, a cancel or a read was refused.

use entity::enums::Gate;
use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::domain::{plans, templates, wallet};
use crate::kernel::error::{ApiError, ErrorCode};

/// A refusal, or a failure underneath.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such quote, batch, template or version in this workspace.
    #[error("not found")]
    NotFound,
    /// Below the role that may.
    #[error("the role does not allow it")]
    Forbidden,
    /// A field is out of bounds.
    #[error("invalid input")]
    InvalidInput(ApiError),
    /// A cursor of another list, or damaged.
    #[error("invalid cursor")]
    InvalidCursor,
    /// More combinations than a launch can have on this installation.
    #[error("too many combinations")]
    TooManyCombinations {
        /// How many.
        count: u128,
        /// The limit.
        limit: i64,
    },
    /// The plan does not include the model.
    #[error("the plan does not include the model")]
    ModelNotInPlan {
        /// Model code.
        model: String,
    },
    /// The plan makes single videos.
    #[error("the plan makes single videos")]
    BatchesNotInPlan,
    /// More videos than the plan allows in a batch.
    #[error("the batch is too large")]
    BatchTooLarge {
        /// Videos.
        count: i64,
        /// The limit.
        limit: i64,
    },
    /// The quote's time is over.
    #[error("the quote has expired")]
    QuoteExpired,
    /// The quote has been launched.
    #[error("the quote has been used")]
    QuoteUsed,
    /// The day's allowance does not cover it.
    #[error("the daily limit is reached")]
    DailyLimit {
        /// Used today.
        used: i64,
        /// The limit.
        limit: i64,
    },
    /// Too many unsettled batches.
    #[error("too many open batches")]
    OpenBatchLimit {
        /// The limit.
        limit: i64,
    },
    /// The key was used with other input.
    #[error("the idempotency key was used with other input")]
    IdempotencyConflict,
    /// The batch has ended by itself.
    #[error("the batch has ended")]
    Ended,
    /// Some videos of the batch have not ended.
    #[error("the batch has not settled")]
    Running,
    /// No video of the batch failed.
    #[error("nothing failed")]
    NothingToRetry,
    /// It settled so long ago that its price is no longer offered.
    #[error("a fresh quote is needed")]
    QuoteNeeded,
    /// The batch was asked to stop.
    #[error("the batch is closing")]
    Closing,
    /// The batch is paused.
    #[error("the batch is paused")]
    Paused,
    /// The batch is not paused.
    #[error("the batch is not paused")]
    NotPaused,
    /// The batch was launched without a pilot.
    #[error("the batch has no pilot")]
    NoPilot,
    /// Somebody was quicker to decide on the pilot.
    #[error("the pilot was decided on")]
    PilotDecided {
        /// What the decision made of the gate.
        gate: Gate,
    },
    /// Our own numbers contradict each other: nothing is written.
    #[error("inconsistent: {0}")]
    Inconsistent(&'static str),
    /// A stored selection cannot be read, or no longer means what was quoted.
    #[error("a stored quote cannot be carried out")]
    Damaged,
    /// What templates refused.
    #[error("templates refused")]
    Templates(#[from] templates::Error),
    /// What plans refused.
    #[error("plans refused")]
    Plans(#[from] plans::Error),
    /// What the wallet refused.
    #[error("the wallet refused")]
    Wallet(#[from] wallet::Error),
    /// The database's failure.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_retryable(),
            Self::Plans(error) => error.is_retryable(),
            Self::Wallet(error) => error.is_retryable(),
            _ => false,
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        use ErrorCode as C;
        match error {
            Error::NotFound => Self::new(C::NotFound),
            Error::Forbidden => Self::new(C::Forbidden),
            Error::InvalidInput(refusal) => refusal,
            Error::InvalidCursor => Self::new(C::InvalidCursor),
            Error::TooManyCombinations { count, limit } => {
                // Past 2⁵³ a JSON number would lose digits on the way to a browser.
                Self::new(C::TooManyCombinations)
                    .with("count", count.to_string())
                    .with("limit", limit)
            }
            Error::ModelNotInPlan { model } => Self::new(C::ModelNotInPlan).with("model", model),
            Error::BatchesNotInPlan => Self::new(C::BatchesNotInPlan),
            Error::BatchTooLarge { count, limit } => {
                Self::new(C::BatchTooLarge).with("count", count).with("limit", limit)
            }
            Error::QuoteExpired => Self::new(C::QuoteExpired),
            Error::QuoteUsed => Self::new(C::QuoteUsed),
            Error::DailyLimit { used, limit } => {
                Self::new(C::DailyLimit).with("used", used).with("limit", limit)
            }
            Error::OpenBatchLimit { limit } => Self::new(C::OpenBatchLimit).with("limit", limit),
            Error::IdempotencyConflict => Self::new(C::IdempotencyConflict),
            Error::Ended => Self::new(C::BatchEnded),
            Error::Running => Self::new(C::BatchRunning),
            Error::NothingToRetry => Self::new(C::NothingToRetry),
            Error::QuoteNeeded => Self::new(C::QuoteNeeded),
            Error::Closing => Self::new(C::BatchClosed),
            Error::Paused => Self::new(C::BatchPaused),
            Error::NotPaused => Self::new(C::BatchNotPaused),
            Error::NoPilot => Self::new(C::NoPilot),
            Error::PilotDecided { gate } => Self::new(C::PilotDecided).with("gate", gate.as_str()),
            Error::Inconsistent(_) | Error::Damaged => Self::internal(error),
            Error::Templates(refusal) => refusal.into(),
            Error::Plans(refusal) => refusal.into(),
            Error::Wallet(refusal) => refusal.into(),
            Error::Database(cause) => Self::internal(cause),
        }
    }
}
