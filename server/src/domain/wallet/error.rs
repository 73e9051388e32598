//! What the wallet refuses, and why.

use entity::values::Credits;
use sea_orm::DbErr;

use crate::db::failure::{self, MayRetry};
use crate::domain::templates;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// A refusal of the wallet, or the database's failure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such wallet in this workspace.
    #[error("no such wallet")]
    NotFound,
    /// Only an operator may.
    #[error("only an operator may do this")]
    Forbidden,
    /// The guard of a freeze refused.
    #[error("{needed} credits needed, {available} available")]
    Insufficient {
        /// Price of the round.
        needed: Credits,
        /// What could be spent at that moment.
        available: Credits,
    },
    /// More than a limit of the workspace's own leaves.
    #[error("{needed} credits needed, {left} left of the limit of {limit}")]
    SpendLimit {
        /// Which limit.
        period: super::limits::Period,
        /// Price of the round.
        needed: Credits,
        /// What the limit leaves.
        left: Credits,
        /// The limit.
        limit: Credits,
    },
    /// An amount or expiry that cannot be booked.
    #[error("cannot be booked: {}", .0.as_str())]
    AmountInvalid(Reason),
    /// No reason, or too long a one.
    #[error("a reason is needed")]
    Reason,
    /// A reference that is too long, empty, or kept for the server's own.
    #[error("not a reference of an operator's")]
    Reference,
    /// A key that is empty, too long, or holds control characters.
    #[error("not an idempotency key")]
    Key(#[source] templates::Error),
    /// The key was used with other input.
    #[error("the idempotency key was used with other input")]
    IdempotencyConflict,
    /// A reference was granted before, with another amount or source.
    #[error("this reference was granted before with other terms")]
    GrantDiffers,
    /// The round of this batch has a hold already.
    #[error("this round has a hold already")]
    HoldExists,
    /// One of the videos has an open share already.
    #[error("a video has an open share already")]
    ShareOpen,
    /// Live and test wallets in one transaction.
    #[error("live and test wallets cannot meet in one transaction")]
    ModesMixed,
    /// A booking on a wallet that this transaction has not locked.
    #[error("the wallet was not locked first")]
    NotLocked,
    /// Stored numbers that contradict each other; nothing is booked on top of them.
    #[error("the books contradict themselves: {0}")]
    Contradiction(&'static str),
    /// The database failed.
    #[error("database failure")]
    Db(#[source] DbErr),
}

impl From<DbErr> for Error {
    fn from(source: DbErr) -> Self {
        Self::Db(source)
    }
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Db(source) if source.is_retryable())
    }
}

impl Error {
    /// `instead` when a unique index refused the row, the database's failure otherwise.
    pub(super) fn on_unique(source: DbErr, instead: Self) -> Self {
        if failure::is_unique_violation(&source) { instead } else { Self::Db(source) }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::new(ErrorCode::NotFound),
            Error::Forbidden => Self::new(ErrorCode::Forbidden),
            Error::Insufficient { needed, available } => Self::new(ErrorCode::InsufficientCredits)
                .with("needed", needed.0)
                .with("available", available.0),
            Error::SpendLimit { period, needed, left, limit } => {
                let code = match period {
                    super::limits::Period::Day => ErrorCode::SpendLimitDay,
                    super::limits::Period::Month => ErrorCode::SpendLimitMonth,
                };
                Self::new(code).with("needed", needed.0).with("left", left.0).with("limit", limit.0)
            }
            Error::AmountInvalid(reason) => Self::because(ErrorCode::AmountInvalid, reason),
            Error::Reason => Self::new(ErrorCode::TextLength)
                .with("field", "reason")
                .with("min", 1)
                .with("max", super::operator::MAX_REASON),
            Error::Reference => Self::invalid_input("reference", Reason::GrantReference),
            Error::Key(refusal) => refusal.into(),
            Error::IdempotencyConflict => Self::new(ErrorCode::IdempotencyConflict),
            Error::GrantDiffers | Error::HoldExists | Error::ShareOpen => {
                Self::new(ErrorCode::Conflict)
            }
            Error::Db(source) => Self::internal(source),
            Error::ModesMixed | Error::NotLocked | Error::Contradiction(_) => Self::internal(error),
        }
    }
}
