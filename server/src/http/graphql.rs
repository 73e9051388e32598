//! GraphQL over HTTP: `POST /graphql`, `GET /schema.graphql`.
//!
//! Only JSON bodies and only POST: a browser sends neither across sites without asking first. One
//! request a body. What is refused before it runs has the shape of a GraphQL reply, so that
//! clients need one way of reading errors.

use std::sync::Arc;

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse, ServerError};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use super::authenticate::Arrival;
use super::cookie::Jar;
use super::refusal::{language, status};
use super::{rate_limit, socket};
use crate::app::App;
use crate::graphql::error::{query_invalid, render, server_error};
use crate::graphql::{self, ApiSchema, Call, SessionChange};
use crate::kernel::error::{ApiError, ErrorCode};

/// Where queries are sent.
pub(super) const PATH: &str = "/graphql";

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GRAPHQL_JSON: HeaderValue = HeaderValue::from_static("application/graphql-response+json");

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Api {
    pub app: App,
    pub schema: ApiSchema,
    pub services: graphql::Services,
    pub sockets: socket::Sockets,
    jar: Jar,
}

/// The routes.
pub(super) fn routes(app: App) -> Router<App> {
    let limits = Arc::new(app.config.graphql.clone());
    let api = Api {
        schema: graphql::schema(Arc::clone(&limits)),
        services: app.services(),
        sockets: socket::Sockets::new(limits),
        jar: Jar::new(&app.config.server, &app.config.access),
        app,
    };
    Router::new()
        .route(PATH, any(post))
        .route("/graphql/ws", get(socket::upgrade))
        .route("/schema.graphql", get(sdl))
        .with_state(api)
}

async fn sdl() -> Response {
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], graphql::sdl()).into_response()
}

/// Any method, so that others are told in words which one to use.
async fn post(State(api): State<Api>, request: Request) -> Response {
    let headers = request.headers().clone();
    match answer(&api, request).await {
        Ok(response) => response,
        Err(error) => refuse(error, &headers),
    }
}

async fn answer(api: &Api, request: Request) -> Result<Response, ApiError> {
    if request.method() != axum::http::Method::POST {
        return Err(ApiError::new(ErrorCode::MethodNotAllowed).with("allowed", "POST"));
    }
    if !is_json(request.headers()) {
        return Err(ApiError::new(ErrorCode::MediaTypeUnsupported));
    }
    let (parts, body) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let caller = arrival.caller(&api.app).await?;
    let query = read(body, api.app.config.server.body_limit_bytes).await?;
    let call = Arc::new(Call::new(api.services.clone(), caller));
    let response = graphql::run(&api.schema, query, &call).await;
    Ok(reply(api, &parts.headers, (&call, response)))
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = sent.and_then(|text| text.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

async fn read(body: Body, limit: usize) -> Result<GraphqlRequest, ApiError> {
    let bytes = to_bytes(body, limit).await.map_err(|error| {
        let too_large = std::error::Error::source(&error)
            .is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>());
        if too_large {
            ApiError::new(ErrorCode::BodyTooLarge).with("limit", limit)
        } else {
            query_invalid("the body ended early")
        }
    })?;
    if bytes.trim_ascii_start().starts_with(b"[") {
        return Err(query_invalid("one request at a time, not a list"));
    }
    // The parser's words may quote the body, which may hold secrets: only the place is shown.
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("{}:{}", error.line(), error.column());
        query_invalid(format!("the body is not a GraphQL request in JSON ({place})"))
    })
}

/// The reply, with what it says besides its data.
fn reply(
    api: &Api,
    asked: &HeaderMap,
    (call, response): (&Arc<Call>, GraphqlResponse),
) -> Response {
    let limited = is_limited(&response);
    let mut reply = encode(asked, &response);
    if limited {
        *reply.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    }
    rate_limit::tell(reply.headers_mut(), &call.report());
    let cookie = match call.session_change() {
        Some(SessionChange::Set(token)) => api.jar.set(&token),
        Some(SessionChange::Clear) => api.jar.clear(),
        None => None,
    };
    if let Some(cookie) = cookie {
        reply.headers_mut().append(header::SET_COOKIE, cookie);
    }
    reply
}

/// Whether the whole request was refused for its rate.
fn is_limited(response: &GraphqlResponse) -> bool {
    let code = |error: &ServerError| error.extensions.as_ref()?.get("code").cloned();
    let limited = async_graphql::Value::from(ErrorCode::RateLimited.as_str());
    response.data == async_graphql::Value::Null
        && response.errors.first().and_then(code) == Some(limited)
}

fn encode(asked: &HeaderMap, response: &GraphqlResponse) -> Response {
    let accept = asked.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    let modern = accept.is_some_and(|text| text.contains("application/graphql-response+json"));
    let body = serde_json::to_vec(response).unwrap_or_default();
    // In the older type a refused request is 200, because proxies may answer in it too.
    let refused = response.errors.iter().any(|error| error.path.is_empty());
    let status = if modern && refused { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let kind = if modern { GRAPHQL_JSON } else { JSON };
    let store = HeaderValue::from_static("no-store");
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, store)], body).into_response()
}

/// A refusal instead of what was asked for.
pub(super) fn refuse(error: ApiError, headers: &HeaderMap) -> Response {
    let code = error.code();
    let response = GraphqlResponse::from_errors(vec![server_error(error)]);
    let response = render(response, language(headers));
    let mut reply = encode(headers, &response);
    *reply.status_mut() = status(code);
    if code == ErrorCode::MethodNotAllowed {
        reply.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    reply
}
