//! Why an account, a session, a link or a membership cannot be had or changed.

use sea_orm::DbErr;

use super::model::{InvalidEmail, InvalidPassword, InvalidText, MAX_PASSWORD, MIN_PASSWORD};
use crate::db::failure::MayRetry;
use crate::kernel::error::{ApiError, ErrorCode};

/// What can go wrong with access. Displays no address, password or token.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Address unknown, password wrong or account disabled: which one is not told.
    #[error("wrong e-mail or password")]
    InvalidCredentials,
    /// Nobody has signed in.
    #[error("not signed in")]
    Unauthenticated,
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// It does not exist, or belongs to another workspace.
    #[error("not found")]
    NotFound,
    /// The link is unknown, used or expired.
    #[error("the link does not work")]
    LinkInvalid,
    /// The address has an account.
    #[error("the address is taken")]
    EmailTaken,
    /// It would leave a workspace without an owner.
    #[error("the last owner stays")]
    LastOwner,
    /// As many invitations stand open as may.
    #[error("too many open invitations")]
    InvitationLimit {
        /// The limit.
        limit: i64,
    },
    /// They are a member already.
    #[error("already a member")]
    AlreadyMember,
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// Not an address.
    #[error("not an e-mail address")]
    Email,
    /// A password that is too short, too long, or the address.
    #[error("the password does not follow the rules")]
    Password(InvalidPassword),
    /// A text that is too short or too long.
    #[error("{} is too short or too long", .0.field)]
    Text(InvalidText),
    /// A cursor of another list.
    #[error("not a cursor of this list")]
    Cursor,
    /// Too many wrong passwords or requests.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Seconds until the next is considered.
        retry_after_s: i64,
    },
    /// Too many passwords wait to be hashed.
    #[error("too many passwords wait to be hashed")]
    Busy,
    /// Hashing failed.
    #[error("hashing failed: {0}")]
    Hash(String),
    /// The operating system gives no randomness.
    #[error("no randomness")]
    Randomness,
    /// The database's failure.
    #[error("database")]
    Database(#[from] DbErr),
}

impl MayRetry for Error {
    fn is_retryable(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_retryable())
    }
}

impl From<InvalidEmail> for Error {
    fn from(_: InvalidEmail) -> Self {
        Self::Email
    }
}

impl From<InvalidPassword> for Error {
    fn from(why: InvalidPassword) -> Self {
        Self::Password(why)
    }
}

impl From<InvalidText> for Error {
    fn from(why: InvalidText) -> Self {
        Self::Text(why)
    }
}

impl From<getrandom::Error> for Error {
    fn from(_: getrandom::Error) -> Self {
        Self::Randomness
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let code = match error {
            Error::InvalidCredentials => ErrorCode::InvalidCredentials,
            Error::Unauthenticated => ErrorCode::Unauthenticated,
            Error::Forbidden => ErrorCode::Forbidden,
            Error::NotFound => ErrorCode::NotFound,
            Error::LinkInvalid => ErrorCode::LinkInvalid,
            Error::EmailTaken => ErrorCode::EmailTaken,
            Error::LastOwner => ErrorCode::LastOwner,
            Error::AlreadyMember => ErrorCode::AlreadyMember,
            Error::InvitationLimit { limit } => {
                return Self::new(ErrorCode::InvitationLimit).with("limit", limit);
            }
            Error::Conflict => ErrorCode::Conflict,
            Error::Email => ErrorCode::EmailInvalid,
            Error::Password(InvalidPassword::IsEmail) => ErrorCode::PasswordIsEmail,
            Error::Password(InvalidPassword::Length) => {
                return Self::new(ErrorCode::PasswordLength)
                    .with("min", MIN_PASSWORD)
                    .with("max", MAX_PASSWORD);
            }
            Error::Text(text) => {
                return Self::new(ErrorCode::TextLength)
                    .with("field", text.field)
                    .with("min", text.min)
                    .with("max", text.max);
            }
            Error::Cursor => ErrorCode::InvalidCursor,
            Error::TooManyAttempts { retry_after_s } => {
                return Self::new(ErrorCode::RateLimited).with("retryAfterS", retry_after_s);
            }
            Error::Busy => ErrorCode::Unavailable,
            Error::Database(source) => return Self::internal(source),
            Error::Hash(_) | Error::Randomness => return Self::internal(error),
        };
        Self::new(code)
    }
}
