//! Why a template was refused.

use prompt::Problem;
use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

/// A refusal, or a failure underneath.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such template or version in this workspace.
    #[error("no such template")]
    NotFound,
    /// Below the role that may.
    #[error("the role does not allow it")]
    Forbidden,
    /// A text is too short or too long.
    #[error("a text is too short or too long")]
    Length {
        /// Which, as the API names it.
        field: &'static str,
        /// Fewest characters.
        min: usize,
        /// Most characters.
        max: usize,
    },
    /// A control character where none can be kept.
    #[error("a control character where none can be kept")]
    Control {
        /// Which field, as the API names it.
        field: &'static str,
    },
    /// A preview of more prompts than are shown at once.
    #[error("too many prompts for a preview")]
    PreviewTooLarge {
        /// Most at once.
        max: usize,
    },
    /// A cursor of another list, or damaged.
    #[error("invalid cursor")]
    InvalidCursor,
    /// The text or its selection does not compile.
    #[error("the template or its selection has problems")]
    Invalid(Vec<Problem>),
    /// The file is not a table that can be used.
    #[error("the table has problems")]
    Csv(Vec<Problem>),
    /// Somebody saved or archived it meanwhile.
    #[error("the template was changed meanwhile")]
    Conflict,
    /// A stored selection cannot be read.
    #[error("a stored selection cannot be read")]
    Damaged,
    /// The database's failure.
    #[error("the database failed")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_retryable())
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        use ErrorCode as C;
        match error {
            Error::NotFound => Self::new(C::NotFound),
            Error::Forbidden => Self::new(C::Forbidden),
            Error::Length { field, min, max } => {
                Self::new(C::TextLength).with("field", field).with("min", min).with("max", max)
            }
            Error::Control { field } => Self::invalid_input(field, Reason::ControlCharacter),
            Error::PreviewTooLarge { max } => {
                Self::invalid_input("ordinals", Reason::CountOutOfRange)
                    .with("min", 1)
                    .with("max", max)
            }
            Error::InvalidCursor => Self::new(C::InvalidCursor),
            Error::Invalid(problems) => Self::new(C::TemplateInvalid).with_problems(problems),
            Error::Csv(problems) => Self::new(C::CsvInvalid).with_problems(problems),
            Error::Conflict => Self::new(C::Conflict),
            Error::Damaged => Self::internal(error),
            Error::Database(cause) => Self::internal(cause),
        }
    }
}
