//! Why a key cannot be kept or read.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;

/// What can go wrong with keys of offers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Only the operator may.
    #[error("only the operator may set keys of providers")]
    Forbidden,
    /// Not a text that could be a key.
    #[error("a key is 1 to 4096 visible ASCII characters")]
    Key,
    /// None is set.
    #[error("no key is set for this offer")]
    NotFound,
    /// It was sealed with another key than this installation's.
    #[error(
        "the key of the offer {offer} does not open with this installation's secret; set it again"
    )]
    Sealed {
        /// Whose.
        offer: String,
    },
    /// No randomness.
    #[error("the operating system gives no randomness")]
    Randomness(#[from] getrandom::Error),
    /// The database's failure.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_retryable())
    }
}
