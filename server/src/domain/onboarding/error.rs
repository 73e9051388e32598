//! Why somebody cannot sign up.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::domain::{access, wallet};
use crate::kernel::error::{ApiError, ErrorCode};

/// What can go wrong with sign-up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operator makes the accounts here.
    #[error("sign-up is closed")]
    Closed,
    /// Too many trials from this client address today.
    #[error("too many trials from this client address today")]
    TrialLimit,
    /// The account itself.
    #[error("account")]
    Access(#[from] access::Error),
    /// The wallet or the trial credits.
    #[error("wallet")]
    Wallet(#[from] wallet::Error),
    /// The database's failure.
    #[error("database")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Access(error) => error.is_retryable(),
            Self::Wallet(error) => error.is_retryable(),
            Self::Database(error) => error.is_retryable(),
            Self::Closed | Self::TrialLimit => false,
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Closed => Self::new(ErrorCode::SignUpClosed),
            Error::TrialLimit => Self::new(ErrorCode::TrialLimit),
            Error::Access(inner) => inner.into(),
            Error::Wallet(inner) => inner.into(),
            Error::Database(source) => Self::internal(source),
        }
    }
}
