//! `GET /statements/{token}`: a statement as a CSV file, by a signed link of a few minutes.
//!
//! The link is the whole permission: no cookie is read.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use futures_util::TryStreamExt as _;

use super::refusal::Refusal;
use crate::app::App;

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/statements/{token}", get(statement))
}

async fn statement(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let mut response = match app.statements.open(&token) {
        Ok(statement) => {
            let bytes = statement.body.map_err(|error| {
                tracing::error!(error = ?error, "a statement could not be read to its end");
                std::io::Error::other("the statement ended early")
            });
            let mut response = Response::new(Body::from_stream(bytes));
            let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            let name = format!("attachment; filename=\"{}\"", statement.file_name);
            if let Ok(name) = HeaderValue::from_str(&name) {
                response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
            }
            response
        }
        Err(error) => Refusal::new(error, &headers).into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
