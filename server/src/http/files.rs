//! `GET /files/{token}`: delivered files by signed, expiring links, whole or in parts.
//!
//! The link is the whole permission: no cookie is read. Each use, and each use after the end, is
//! written into the access log before a byte is sent.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::TryStreamExt as _;

use super::authenticate::Arrival;
use super::refusal::Refusal;
use crate::app::App;
use crate::domain::media::{Opened, Use};
use crate::kernel::error::{ApiError, ErrorCode};

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/files/{token}", get(file))
}

async fn file(State(app): State<App>, Path(token): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let caller = arrival.stranger(&app);
    let range_header = text(&parts.headers, header::RANGE);
    let opened = app.media.open(&caller, &token, Use { range_header }).await;
    match opened {
        Ok(opened) if is_known(&parts.headers, &opened) => not_modified(&opened),
        Ok(opened) => {
            let download = parts.uri.query().is_some_and(|query| query == "download");
            send(opened, (parts.method == Method::HEAD, download))
        }
        Err(error) => refuse(ApiError::from(error), &parts.headers),
    }
}

fn send(opened: Opened, (head, download): (bool, bool)) -> Response {
    let Opened { range, total, is_part, .. } = &opened;
    let mut response = Response::new(Body::empty());
    if *is_part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let last = range.end.saturating_sub(1);
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{last}/{total}", range.start));
    }
    let length = range.end.saturating_sub(range.start).to_string();
    set(&mut response, header::CONTENT_LENGTH, &length);
    set(&mut response, header::CONTENT_TYPE, opened.content_type);
    let kind = if download { "attachment" } else { "inline" };
    let name = format!("{kind}; filename=\"{}\"", file_name(&opened));
    set(&mut response, header::CONTENT_DISPOSITION, &name);
    describe(&mut response, &opened);
    if !head {
        let bytes = opened.body.map_err(|error| {
            tracing::error!(error = ?error, "a file could not be read to its end");
            std::io::Error::other("the file ended early")
        });
        *response.body_mut() = Body::from_stream(bytes);
    }
    response
}

/// Whether the client has these very bytes already.
fn is_known(headers: &HeaderMap, opened: &Opened) -> bool {
    let known = text(headers, header::IF_NONE_MATCH).unwrap_or_default();
    let ours = format!("\"{}\"", opened.etag);
    known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == ours)
}

fn not_modified(opened: &Opened) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    describe(&mut response, opened);
    response
}

/// What is said of a file whether or not its bytes are sent.
fn describe(response: &mut Response, opened: &Opened) {
    set(response, header::ETAG, &format!("\"{}\"", opened.etag));
    set(response, header::ACCEPT_RANGES, "bytes");
    // The bytes never change, but the link ends: nobody else may keep them.
    set(response, header::CACHE_CONTROL, "private, max-age=3600, immutable");
    set(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
}

/// Made of our own id alone, so it needs no escaping anywhere.
fn file_name(opened: &Opened) -> String {
    let ending = if opened.content_type == "video/mp4" { "mp4" } else { "jpg" };
    format!("reelmill-{}.{ending}", opened.asset_id)
}

fn refuse(error: ApiError, headers: &HeaderMap) -> Response {
    let bytes = error.fields().iter().find(|(name, _)| *name == "bytes").map(|(_, n)| n.clone());
    let out_of_range = error.code() == ErrorCode::RangeInvalid;
    let mut response = Refusal::new(error, headers).into_response();
    if let (true, Some(bytes)) = (out_of_range, bytes) {
        set(&mut response, header::CONTENT_RANGE, &format!("bytes */{bytes}"));
    }
    set(&mut response, header::CACHE_CONTROL, "no-store");
    response
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
