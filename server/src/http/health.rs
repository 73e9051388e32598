//! Probes: alive, ready, and the numbers.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::db::dialect::database_now;
use crate::kernel::error::{ApiError, ErrorCode};

use super::refusal::Refusal;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
}

/// The process runs and answers.
async fn healthz() -> &'static str {
    "ok\n"
}

/// The database answers, videos can be made and no stop was asked for: send traffic here.
async fn readyz(State(app): State<App>, headers: HeaderMap) -> Response {
    match readiness(&app).await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => Refusal::new(error, &headers).into_response(),
    }
}

async fn readiness(app: &App) -> Result<(), ApiError> {
    if app.stopping.is_cancelled() {
        return Err(ApiError::new(ErrorCode::Unavailable).with("what", "stopping"));
    }
    if let Err(error) = database_now(app.db.reader()).await {
        tracing::warn!(%error, "the database does not answer");
        return Err(ApiError::new(ErrorCode::Unavailable).with("what", "database"));
    }
    match app.tools.missing().await.first() {
        None => Ok(()),
        Some(tool) => Err(ApiError::new(ErrorCode::ToolMissing)
            .with("tool", tool.name)
            .with("package", tool.package)),
    }
}

/// Prometheus text format, unless it was switched off.
async fn metrics(State(app): State<App>, headers: HeaderMap) -> Response {
    if !app.config.server.metrics {
        return Refusal::new(ApiError::new(ErrorCode::NotFound), &headers).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, app.metrics.render()).into_response()
}
