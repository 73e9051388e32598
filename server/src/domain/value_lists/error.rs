//! Why a list cannot be had, saved or changed.

use sea_orm::DbErr;

use super::{MAX_BYTES, MAX_LISTS, MAX_NAME_CHARS, MAX_VALUE_CHARS, MAX_VALUES};
use crate::db::failure::{self, MayRetry};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// What can go wrong with saved lists.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Below the role that may.
    #[error("not allowed")]
    Forbidden,
    /// No such list in this workspace.
    #[error("not found")]
    NotFound,
    /// Somebody changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// Another list has the name.
    #[error("the name is taken")]
    NameTaken,
    /// As many lists as may be.
    #[error("too many lists")]
    TooManyLists,
    /// A name that is empty, too long, or holds a control character.
    #[error("not a name")]
    Name,
    /// No values, or too many.
    #[error("too few or too many values")]
    Count,
    /// A value, or all of them together, are too large.
    #[error("too large")]
    TooLarge,
    /// A control character in a value.
    #[error("a control character")]
    Control,
    /// A cursor of another list.
    #[error("not a cursor of this list")]
    Cursor,
    /// The database's failure.
    #[error("database")]
    Database(#[from] DbErr),
}

impl Error {
    /// What a write's failure means: the only unique index that can refuse is that of names.
    pub(super) fn on_unique(source: DbErr) -> Self {
        if failure::is_unique_violation(&source) { Self::NameTaken } else { Self::Database(source) }
    }
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_retryable())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden => Self::new(ErrorCode::Forbidden),
            Error::NotFound => Self::new(ErrorCode::NotFound),
            Error::Conflict => Self::new(ErrorCode::Conflict),
            Error::NameTaken => Self::new(ErrorCode::NameTaken),
            Error::TooManyLists => {
                Self::invalid_input("name", Reason::TooMany).with("max", MAX_LISTS)
            }
            Error::Name => Self::new(ErrorCode::TextLength)
                .with("field", "name")
                .with("min", 1)
                .with("max", MAX_NAME_CHARS),
            Error::Count => Self::invalid_input("values", Reason::CountOutOfRange)
                .with("min", 1)
                .with("max", MAX_VALUES),
            Error::TooLarge => Self::invalid_input("values", Reason::ListTooLarge)
                .with("chars", MAX_VALUE_CHARS)
                .with("max", MAX_BYTES / 1024),
            Error::Control => Self::invalid_input("values", Reason::ControlCharacter),
            Error::Cursor => Self::new(ErrorCode::InvalidCursor),
            Error::Database(source) => Self::internal(source),
        }
    }
}
