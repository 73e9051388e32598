//! `GET /zips/{token}`: an archive by a signed, expiring link, packed while it is read.
//!
//! The link is the whole permission: no cookie is read. Length and validator are not known before
//! the last byte, so there is neither, and no range; what breaks off in the middle breaks the
//! transfer, so that nobody takes half an archive for a whole one.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::TryStreamExt as _;

use super::authenticate::Arrival;
use super::refusal::Refusal;
use crate::app::App;
use crate::domain::collect::OpenedZip;
use crate::kernel::error::ApiError;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/zips/{token}", get(zip))
}

async fn zip(State(app): State<App>, Path(token): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let caller = arrival.stranger(&app);
    // Packing it to say nothing of it would be written down as a fetch.
    let answer = if parts.method == Method::HEAD {
        app.collect.look_at_zip(&caller, &token).await.map(|()| described(Body::empty()))
    } else {
        app.collect.open_zip(&caller, &token).await.map(send)
    };
    answer.unwrap_or_else(|error| {
        let mut response = Refusal::new(ApiError::from(error), &parts.headers).into_response();
        set(&mut response, header::CACHE_CONTROL, "no-store");
        response
    })
}

fn send(opened: OpenedZip) -> Response {
    let bytes = opened.body.map_err(|_| std::io::Error::other("the archive broke off"));
    let mut response = described(Body::from_stream(bytes));
    let plain = format!("reelmill-{}.zip", opened.batch);
    let full = percent(&opened.file_name);
    let name = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    set(&mut response, header::CONTENT_DISPOSITION, &name);
    response
}

fn described(body: Body) -> Response {
    let mut whole = Response::new(body);
    let response = &mut whole;
    set(response, header::CONTENT_TYPE, "application/zip");
    set(response, header::ACCEPT_RANGES, "none");
    set(response, header::CACHE_CONTROL, "private, no-store");
    set(response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // What stands between must pass it on as it comes.
    set(response, HeaderName::from_static("x-accel-buffering"), "no");
    whole
}

/// A text as RFC 8187 wants it in a header.
fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encode = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(encode).collect()
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
