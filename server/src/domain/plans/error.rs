//! Why a plan, price or entitlement cannot be had.

use sea_orm::DbErr;

use crate::db::failure::MayRetry;
use crate::kernel::error::{ApiError, ErrorCode};

/// What can go wrong with plans.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller is not the operator.
    #[error("only the operator may do this")]
    Forbidden,
    /// There is no such workspace.
    #[error("no such workspace")]
    NotFound,
    /// The catalogue has no such plan.
    #[error("no such plan")]
    UnknownPlan {
        /// As asked for.
        plan: String,
    },
    /// The contract does not fit the plan.
    #[error("the contract cannot be used")]
    Contract,
    /// No reason, or too long a one.
    #[error("a reason is needed")]
    Reason,
    /// The model has no price at these lines.
    #[error("no price")]
    NoPrice {
        /// Model code.
        model: String,
        /// Lines.
        resolution: &'static str,
    },
    /// A stored row does not make sense.
    #[error("a stored plan or contract cannot be read")]
    Damaged,
    /// The database's failure.
    #[error("database")]
    Database(#[from] DbErr),
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
            Error::UnknownPlan { plan } => Self::new(ErrorCode::PlanUnknown).with("plan", plan),
            Error::Contract => Self::new(ErrorCode::ContractInvalid),
            Error::Reason => Self::new(ErrorCode::TextLength)
                .with("field", "reason")
                .with("min", 1)
                .with("max", super::MAX_REASON_CHARS),
            Error::NoPrice { model, resolution } => {
                Self::new(ErrorCode::NoPrice).with("model", model).with("resolution", resolution)
            }
            Error::Damaged => Self::internal(error),
            Error::Database(source) => Self::internal(source),
        }
    }
}
