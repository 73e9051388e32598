//! Answers: status, media type, body. The one table of what is which status.
//!
//! GraphQL over HTTP, as the published audit reads it: in `application/json` a request that was
//! put well is 200 whatever became of it, because proxies may answer in that type too; in
//! `application/graphql-response+json` a request that did not run is 400 or its code's own
//! status. A request that ran is 200 in both, with errors of fields beside its data. What did not
//! run has no `data` at all.

use async_graphql::{Response as GraphqlResponse, ServerError, Value};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::ser::SerializeMap as _;

use super::accept::{Accept, Media};
use crate::graphql::error::{render, server_error};
use crate::http::refusal::{language, status};
use crate::kernel::error::{ApiError, ErrorCode};

/// A reply and whether it comes of a request that ran.
pub(in crate::http) struct Outcome<'a> {
    pub response: &'a GraphqlResponse,
    pub ran: bool,
}

impl Serialize for Outcome<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let GraphqlResponse { data, errors, extensions, .. } = self.response;
        let mut map = serializer.serialize_map(None)?;
        // Errors first: who reads a long text by eye should not miss them.
        if !errors.is_empty() {
            map.serialize_entry("errors", errors)?;
        }
        if self.ran {
            map.serialize_entry("data", data)?;
        }
        if !extensions.is_empty() {
            map.serialize_entry("extensions", extensions)?;
        }
        map.end()
    }
}

impl Outcome<'_> {
    fn status(&self, media: Media) -> StatusCode {
        let code = self.response.errors.first().and_then(code_of);
        // Whoever asks too fast must see it whatever type they read.
        if code == Some(ErrorCode::RateLimited) && self.response.data == Value::Null {
            return StatusCode::TOO_MANY_REQUESTS;
        }
        match (self.ran, media, code) {
            (true, ..) => StatusCode::OK,
            (false, _, Some(code @ ErrorCode::MethodNotAllowed)) => status(code),
            (false, Media::Json, _) => StatusCode::OK,
            (false, _, code) => code.map_or(StatusCode::BAD_REQUEST, status),
        }
    }
}

fn code_of(error: &ServerError) -> Option<ErrorCode> {
    let shown = error.extensions.as_ref()?.get("code")?;
    ErrorCode::ALL.iter().copied().find(|code| Value::from(code.as_str()) == *shown)
}

/// The answer to a request that was put well.
pub(in crate::http) fn answered(outcome: &Outcome<'_>, media: Media) -> Response {
    with_status(outcome, media, outcome.status(media))
}

/// The answer to a request that was not.
pub(in crate::http) fn refused(error: ApiError, headers: &HeaderMap) -> Response {
    let code = error.code();
    let allowed = error.fields().iter().find(|(name, _)| *name == "allowed");
    let allowed = allowed.and_then(|(_, methods)| methods.as_str()?.parse().ok());
    let response = GraphqlResponse::from_errors(vec![server_error(error)]);
    let response = render(response, language(headers));
    let media = Accept::read(headers).map_or(Media::Json, Accept::refusal);
    let outcome = Outcome { response: &response, ran: false };
    let mut reply = with_status(&outcome, media, status(code));
    if let Some(allowed) = allowed {
        reply.headers_mut().insert(header::ALLOW, allowed);
    }
    reply
}

fn with_status(outcome: &Outcome<'_>, media: Media, status: StatusCode) -> Response {
    let body = serde_json::to_vec(outcome).unwrap_or_default();
    let mut reply = (status, [(header::CONTENT_TYPE, media.header())], body).into_response();
    let headers = reply.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept, cookie"));
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    reply
}
