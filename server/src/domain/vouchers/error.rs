//! Why a voucher cannot be made or taken.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::domain::wallet;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// What can go wrong with vouchers. Displays no code.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Only the operator, or only an owner, may.
    #[error("not allowed")]
    Forbidden,
    /// No such voucher.
    #[error("not found")]
    NotFound,
    /// The code is unknown, over or was taken back: which one is not told.
    #[error("the code does not work")]
    Invalid,
    /// As many workspaces as may have taken it.
    #[error("the voucher is used up")]
    UsedUp,
    /// This workspace has taken it.
    #[error("taken before")]
    Redeemed,
    /// Terms out of range.
    #[error("{field} is out of range")]
    Terms {
        /// Which.
        field: &'static str,
        /// From 1 to this.
        max: i64,
    },
    /// No reason, or too long a one.
    #[error("a reason is needed")]
    Reason,
    /// A cursor of another list.
    #[error("not a cursor of this list")]
    Cursor,
    /// Too many wrong codes.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Seconds until the next is considered.
        retry_after_s: i64,
    },
    /// The operating system gives no randomness.
    #[error("no randomness")]
    Randomness,
    /// What the wallet refused.
    #[error("the wallet refused")]
    Wallet(#[from] wallet::Error),
    /// The database's failure.
    #[error("database")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Database(error) => error.is_retryable(),
            Self::Wallet(error) => error.is_retryable(),
            _ => false,
        }
    }
}

impl From<getrandom::Error> for Error {
    fn from(_: getrandom::Error) -> Self {
        Self::Randomness
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden => Self::new(ErrorCode::Forbidden),
            Error::NotFound => Self::new(ErrorCode::NotFound),
            Error::Invalid => Self::new(ErrorCode::VoucherInvalid),
            Error::UsedUp => Self::new(ErrorCode::VoucherUsedUp),
            Error::Redeemed => Self::new(ErrorCode::VoucherRedeemed),
            Error::Terms { field, max } => {
                Self::invalid_input(field, Reason::OutOfRange).with("min", 1).with("max", max)
            }
            Error::Reason => Self::new(ErrorCode::TextLength)
                .with("field", "reason")
                .with("min", 1)
                .with("max", super::MAX_REASON),
            Error::Cursor => Self::new(ErrorCode::InvalidCursor),
            Error::TooManyAttempts { retry_after_s } => {
                Self::new(ErrorCode::RateLimited).with("retryAfterS", retry_after_s)
            }
            Error::Wallet(refusal) => refusal.into(),
            Error::Randomness => Self::internal(error),
            Error::Database(source) => Self::internal(source),
        }
    }
}
