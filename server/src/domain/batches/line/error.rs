//! Why the line could not write something.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::domain::{batches, wallet};

/// Why the line could not write something.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else claimed the video meanwhile, or it has ended: nothing was written.
    #[error("the lease was lost")]
    FenceLost,
    /// A counter refused the claim; it was rolled back.
    #[error("no room")]
    NoRoom,
    /// Our own numbers contradict each other: nothing was written.
    #[error("inconsistent: {0}")]
    Inconsistent(&'static str),
    /// The batch's numbers refused.
    #[error("the batch could not be changed")]
    Batch(#[from] batches::Error),
    /// The books refused.
    #[error("the books could not be changed")]
    Wallet(#[from] wallet::Error),
    /// The settler has shut down.
    #[error("shutting down")]
    Closed,
    /// The database's failure.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Db(error) => error.is_retryable(),
            Self::Batch(error) => error.is_retryable(),
            Self::Wallet(error) => error.is_retryable(),
            _ => false,
        }
    }
}
