//! What can go wrong around files.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// Why something with a file did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Damaged, or never signed by us.
    #[error("the link is damaged")]
    LinkInvalid,
    /// Signed by us, but past its end.
    #[error("the link has expired")]
    LinkExpired,
    /// Given out by a share that was withdrawn.
    #[error("the share link was revoked")]
    LinkRevoked,
    /// No such batch in this workspace.
    #[error("no such batch here")]
    NotFound,
    /// More links at once than allowed.
    #[error("more than {most} links at once")]
    TooMany {
        /// The limit.
        most: usize,
    },
    /// A life of a link outside the limits.
    #[error("a link lives 1 to {most} s")]
    Ttl {
        /// The limit, seconds.
        most: i64,
    },
    /// No byte of the object lies in the range asked for.
    #[error("the range lies outside the {total} bytes")]
    Range {
        /// Length of the object.
        total: u64,
    },
    /// The store gave back other bytes than it was given.
    #[error("the stored object differs from what was stored")]
    Corrupt,
    /// The file is no video as asked for: the reason is for operators.
    #[error("the file is not playable as asked")]
    Unplayable(String),
    /// A tool could not be run.
    #[error("a media tool could not be run: {0}")]
    Tool(String),
    /// The store failed.
    #[error("the object store failed")]
    Store(#[source] object_store::Error),
    /// A local file could not be read.
    #[error("a file could not be read")]
    File(#[source] std::io::Error),
    /// The access log was given up, as when the process ends.
    #[error("the use of a file could not be written down")]
    Unwritten,
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Db(error) if error.is_retryable())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::LinkInvalid | Error::NotFound => Self::new(ErrorCode::NotFound),
            Error::LinkExpired => Self::new(ErrorCode::LinkExpired),
            Error::LinkRevoked => Self::new(ErrorCode::LinkRevoked),
            Error::TooMany { most } => Self::invalid_input("videoIds", Reason::CountOutOfRange)
                .with("min", 1)
                .with("max", most),
            Error::Ttl { most } => {
                Self::invalid_input("ttlS", Reason::OutOfRange).with("min", 1).with("max", most)
            }
            Error::Range { total } => Self::new(ErrorCode::RangeInvalid).with("bytes", total),
            Error::Store(inner) => Self::internal(inner),
            Error::File(inner) => Self::internal(inner),
            Error::Db(inner) => Self::internal(inner),
            Error::Unplayable(inner) | Error::Tool(inner) => Self::internal(inner),
            Error::Corrupt | Error::Unwritten => Self::internal(error),
        }
    }
}
