//! One log line, one span and one histogram sample per request, tied together by its id.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::kernel::clock::Clock;
use crate::kernel::ids;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request, for audit rows and error replies.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Paths only: queries, headers and bodies may hold secrets and prompts.
pub(super) async fn observe(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let route =
        request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.route = %route);
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let elapsed = started.elapsed();
    let status = response.status().as_u16();
    metrics::histogram!("reelmill_http_request_seconds", "route" => route, "status" => status.to_string())
        .record(elapsed.as_secs_f64());
    span.in_scope(|| {
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(http.status = status, elapsed_ms, "request answered");
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The caller's id when it is short and plain, a fresh one otherwise.
fn request_id(request: &Request) -> String {
    let sent = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        (8..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    sent.filter(plain).map_or_else(
        || ids::mint::<Uuid>(Clock::system().now()).simple().to_string(),
        str::to_owned,
    )
}
