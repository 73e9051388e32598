//! The time limit of a request: an answer that has not begun in time is refused in words.
//!
//! Only the beginning is waited for: files and sockets may go on for as long as they like.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::graphql;
use super::refusal::Refusal;
use crate::kernel::error::{ApiError, ErrorCode};

/// Drops a handler that takes longer than `limit`; what it had committed stays committed.
pub(super) async fn within(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers().clone();
    let is_query = request.uri().path() == graphql::PATH;
    let Ok(answer) = tokio::time::timeout(limit, next.run(request)).await else {
        let error = ApiError::new(ErrorCode::Unavailable).with("limitS", limit.as_secs());
        return if is_query {
            graphql::refused(error, &headers)
        } else {
            Refusal::new(error, &headers).into_response()
        };
    };
    answer
}
