//! Refusals outside GraphQL: one JSON shape, `{"error":{"code","message",…fields}}`.

use std::any::Any;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::language::Language;
use crate::kernel::reason::Reason;

/// An [`ApiError`] in the language of the request.
#[derive(Debug)]
pub struct Refusal {
    error: ApiError,
    language: Language,
}

impl Refusal {
    /// Answers `error` in the language `headers` ask for.
    #[must_use]
    pub fn new(error: ApiError, headers: &HeaderMap) -> Self {
        Self { error, language: language(headers) }
    }
}

/// Language of a request by its header.
#[must_use]
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    header.map_or_else(Language::default, Language::from_header)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(internal) = self.error.internal_text() {
            tracing::error!(error = internal, "a request failed");
        }
        let mut body = Map::new();
        body.insert("code".into(), Value::from(self.error.code().as_str()));
        body.insert("message".into(), Value::from(self.error.message(self.language)));
        for (name, value) in self.error.fields() {
            body.insert((*name).to_owned(), value.clone());
        }
        (status(self.error.code()), Json(json!({ "error": body }))).into_response()
    }
}

/// HTTP status of a code; the one table.
#[must_use]
pub const fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Unauthenticated | ErrorCode::InvalidCredentials => StatusCode::UNAUTHORIZED,
        ErrorCode::Forbidden | ErrorCode::CrossSite => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::LinkInvalid | ErrorCode::LinkExpired | ErrorCode::LinkRevoked => {
            StatusCode::GONE
        }
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        ErrorCode::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        ErrorCode::MediaTypeUnsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ErrorCode::RangeInvalid => StatusCode::RANGE_NOT_SATISFIABLE,
        ErrorCode::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::RateLimited | ErrorCode::ConnectionLimit | ErrorCode::ArchiveLimit => {
            StatusCode::TOO_MANY_REQUESTS
        }
        ErrorCode::Unavailable | ErrorCode::ToolMissing => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

pub(super) async fn no_such_route(headers: HeaderMap) -> Refusal {
    Refusal::new(ApiError::new(ErrorCode::NotFound), &headers)
}

pub(super) async fn wrong_method(headers: HeaderMap) -> Response {
    let error = ApiError::invalid_input("method", Reason::Method);
    let mut response = Refusal::new(error, &headers).into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    let error = ApiError::internal("a handler panicked");
    Refusal { error, language: Language::En }.into_response()
}
