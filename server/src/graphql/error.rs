//! From refusals to GraphQL errors.
//!
//! Resolvers return [`ApiError`], which is not `Display`, so that no other error can be turned
//! into a reply by a careless `?`. It travels as the error's source and gets its words, in the
//! language of the caller, when the response leaves ([`render`]); that is also where what went
//! wrong inside is logged, once.

use std::sync::Arc;

use async_graphql::{Error, ErrorExtensionValues, Response, ServerError, Value};

use super::problem::shown;
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::language::Language;
use crate::kernel::reason::Reason;

/// What resolvers return.
pub type Answer<T> = Result<T, ApiError>;

/// Errors shown of one response; a query can be wrong in more places than anybody reads.
const MAX_ERRORS: usize = 20;
/// Characters shown of a message that the GraphQL layer wrote.
const MAX_DETAIL_CHARS: usize = 300;

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let message = error.code().as_str().to_owned();
        Self { message, source: Some(Arc::new(error)), extensions: None }
    }
}

/// A refusal that has no place in the query.
#[must_use]
pub fn server_error(error: ApiError) -> ServerError {
    let Error { message, source, .. } = Error::from(error);
    ServerError { source, ..ServerError::new(message, None) }
}

/// `QUERY_INVALID` for this reason.
#[must_use]
pub fn query_invalid(reason: Reason) -> ApiError {
    ApiError::because(ErrorCode::QueryInvalid, reason)
}

/// `INVALID_INPUT` of a field for this reason.
#[must_use]
pub fn invalid_input(field: &'static str, reason: Reason) -> ApiError {
    ApiError::invalid_input(field, reason)
}

/// Gives every error of a response its code and words.
#[must_use]
pub fn render(mut response: Response, language: Language) -> Response {
    response.errors.truncate(MAX_ERRORS);
    for error in &mut response.errors {
        match error.source.take() {
            Some(source) => match source.downcast_ref::<ApiError>() {
                Some(refusal) => show(error, refusal, language),
                None => show(error, &ApiError::internal(&error.message), language),
            },
            None => show(error, &unsourced(error), language),
        }
    }
    response
}

/// Errors of the GraphQL layer itself: the request was wrong, unless it failed while running for
/// another reason than an argument that does not parse.
fn unsourced(error: &ServerError) -> ApiError {
    let about_input = ["Failed to parse", "Expected input type", "Invalid value for argument"];
    let ran = !error.path.is_empty();
    if ran && !about_input.iter().any(|start| error.message.starts_with(start)) {
        return ApiError::internal(&error.message);
    }
    let detail: String = error.message.chars().take(MAX_DETAIL_CHARS).collect();
    query_invalid(Reason::Graphql).with("detail", detail)
}

fn show(error: &mut ServerError, refusal: &ApiError, language: Language) {
    if let Some(internal) = refusal.internal_text() {
        tracing::error!(error = internal, "a request failed");
    }
    error.message = refusal.message(language);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", refusal.code().as_str());
    for (name, value) in refusal.fields() {
        extensions.set(name, Value::from_json(value.clone()).unwrap_or_default());
    }
    if !refusal.problems().is_empty() {
        let problems = shown(refusal.problems(), language);
        extensions.set("problems", async_graphql::to_value(problems).unwrap_or_default());
    }
    error.extensions = Some(extensions);
}
