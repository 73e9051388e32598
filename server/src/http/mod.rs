//! HTTP: the router and what wraps every request.
//!
//! Order from the outside in: request id and log span, panic catcher, security headers, time
//! limit, body limit, routes. Routes that speak for a person authenticate themselves.
//! Deliberately absent: any use-case; handlers call exactly one.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

mod authenticate;
mod client_ip;
mod cookie;
mod csrf;
mod explorer;
mod files;
mod graphql;
mod headers;
mod health;
mod live;
mod observe;
mod page;
mod rate_limit;
mod refusal;
mod shared;
mod socket;
mod statements;
mod time_limit;
mod zips;

pub use observe::RequestId;
pub use refusal::{Refusal, language};

/// Every route of a `serve` process.
pub fn router(app: App) -> Router {
    let timeout = Duration::from_secs(app.config.server.request_timeout_s);
    let body_limit = app.config.server.body_limit_bytes;
    let https = app.config.server.is_https();
    Router::new()
        .merge(graphql::routes(app.clone()))
        .merge(files::routes())
        .merge(statements::routes())
        .merge(zips::routes())
        .merge(shared::routes())
        .merge(explorer::routes())
        .fallback(page::serve)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(axum::middleware::from_fn_with_state(timeout, time_limit::within))
        // Probes answer even when everything else is slow.
        .merge(health::routes())
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(axum::middleware::from_fn_with_state(https, headers::secure))
        .layer(CatchPanicLayer::custom(refusal::panicked))
        .layer(axum::middleware::from_fn(observe::observe))
        .with_state(app)
}
