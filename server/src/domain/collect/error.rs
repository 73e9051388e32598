//! What can go wrong around collecting videos.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::domain::media;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// A refusal, or a failure underneath.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such batch, video, link or order here.
    #[error("no such thing here")]
    NotFound,
    /// Below the role that may.
    #[error("the role does not allow it")]
    Forbidden,
    /// Signed by us, but past its end.
    #[error("the link has expired")]
    Expired,
    /// Withdrawn.
    #[error("the link was revoked")]
    Revoked,
    /// None of the videos has a file.
    #[error("nothing is delivered yet")]
    NothingDelivered,
    /// A selection of none or of too many.
    #[error("a selection has 1 to {most} videos")]
    Selection {
        /// The limit.
        most: usize,
    },
    /// A life of a link outside the limits.
    #[error("a link lives 1 to {most}")]
    Life {
        /// Which input.
        field: &'static str,
        /// The limit, in the input's unit.
        most: i64,
    },
    /// Too many archives are being packed.
    #[error("{limit} archives are being packed")]
    Busy {
        /// The limit that was met.
        limit: usize,
    },
    /// Too many open share links.
    #[error("{limit} share links are open")]
    ShareLimit {
        /// The limit.
        limit: i64,
    },
    /// Opened too often from one address.
    #[error("opened too often")]
    TooFast {
        /// Until it may be tried again, seconds.
        retry_after_s: i64,
    },
    /// A cursor of another list, or damaged.
    #[error("invalid cursor")]
    InvalidCursor,
    /// A stored selection cannot be read.
    #[error("a stored selection cannot be read")]
    Damaged,
    /// Packing ended before the archive did.
    #[error("the archive broke off")]
    BrokeOff,
    /// The operating system gives no randomness.
    #[error("no randomness")]
    Randomness(#[from] getrandom::Error),
    /// What files refused.
    #[error("files refused")]
    Media(#[from] media::Error),
    /// A local file failed.
    #[error("a local file failed")]
    File(#[from] std::io::Error),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        match self {
            Self::Db(error) => error.is_retryable(),
            Self::Media(error) => error.is_retryable(),
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
            Error::Expired => Self::new(C::LinkExpired),
            Error::Revoked => Self::new(C::LinkRevoked),
            Error::NothingDelivered => Self::new(C::NothingDelivered),
            Error::Selection { most } => Self::invalid_input("videoIds", Reason::CountOutOfRange)
                .with("min", 1)
                .with("max", most),
            Error::Life { field, most } => {
                Self::invalid_input(field, Reason::OutOfRange).with("min", 1).with("max", most)
            }
            Error::Busy { limit } => Self::new(C::ArchiveLimit).with("limit", limit),
            Error::ShareLimit { limit } => Self::new(C::ShareLimit).with("limit", limit),
            Error::TooFast { retry_after_s } => {
                Self::new(C::RateLimited).with("bucket", "share").with("retryAfterS", retry_after_s)
            }
            Error::InvalidCursor => Self::new(C::InvalidCursor),
            Error::Media(refusal) => refusal.into(),
            Error::Damaged | Error::BrokeOff => Self::internal(error),
            Error::Randomness(inner) => Self::internal(inner),
            Error::File(inner) => Self::internal(inner),
            Error::Db(inner) => Self::internal(inner),
        }
    }
}
