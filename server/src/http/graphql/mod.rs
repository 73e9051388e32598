//! GraphQL over HTTP: `POST` and `GET /graphql`, `GET /schema.graphql`.
//!
//! Invariants: a body is JSON and says so, which no browser sends across sites without asking
//! first; a `GET` changes nothing; a request with a cookie was meant by its owner. One request a
//! body. What is refused before it runs has the shape of a GraphQL reply, so that clients need
//! one way of reading errors.

use std::ops::Deref;
use std::sync::Arc;

use async_graphql::{Request as GraphqlRequest, Response as GraphqlResponse};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

use self::accept::{Accept, Media};
pub(super) use self::asked::Asked;
pub(super) use self::reply::{Outcome, refused};
use super::authenticate::Arrival;
use super::cookie::Jar;
use super::live::{Live, Sessions};
use super::{rate_limit, socket};
use crate::app::App;
use crate::domain::access::Caller;
use crate::graphql::error::query_invalid;
use crate::graphql::{self, ApiSchema, Call, SessionChange, Transport};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::reason::Reason;

mod accept;
mod asked;
mod events;
mod reply;

/// Where queries are sent.
pub(super) const PATH: &str = "/graphql";

/// What the handlers share. Cheap to clone, and small: every open connection holds one.
#[derive(Clone)]
pub(super) struct Api(Arc<Parts>);

/// The parts of an [`Api`].
pub(super) struct Parts {
    pub app: App,
    pub schema: ApiSchema,
    pub services: graphql::Services,
    pub live: Live,
    jar: Jar,
}

impl Deref for Api {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The routes.
pub(super) fn routes(app: App) -> Router<App> {
    let limits = Arc::new(app.config.graphql.clone());
    let parts = Parts {
        schema: graphql::schema(Arc::clone(&limits)),
        services: app.services(),
        live: Live::new(limits, Sessions::start(app.access.clone(), app.bus.clone())),
        jar: Jar::new(&app.config.server, &app.config.access),
        app,
    };
    Router::new()
        .route(PATH, any(graphql))
        .route("/graphql/ws", get(socket::upgrade))
        .route("/schema.graphql", get(sdl))
        .with_state(Api(Arc::new(parts)))
}

async fn sdl() -> Response {
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], graphql::sdl()).into_response()
}

/// Any method, so that others are told in words which ones to use.
async fn graphql(State(api): State<Api>, request: Request) -> Response {
    let headers = request.headers().clone();
    match answer(&api, request).await {
        Ok(response) => response,
        Err(error) => reply::refused(error, &headers),
    }
}

async fn answer(api: &Api, request: Request) -> Result<Response, ApiError> {
    let transport = match *request.method() {
        Method::GET => Transport::Get,
        Method::POST => Transport::Post,
        _ => return Err(ApiError::new(ErrorCode::MethodNotAllowed).with("allowed", "GET, POST")),
    };
    if transport == Transport::Post && !is_json(request.headers()) {
        return Err(ApiError::new(ErrorCode::MediaTypeUnsupported));
    }
    let accept = Accept::read(request.headers())?;
    let (parts, body) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let caller = arrival.caller(&api.app).await?;
    let asked = match transport {
        Transport::Get => {
            Asked::from_address(&parts.uri, api.app.config.graphql.query_string_bytes)?
        }
        _ => Asked::from_body(&read(body, api.app.config.server.body_limit_bytes).await?)?,
    };
    let put = Put { request: asked.request(&api.app.documents)?, caller, transport };
    if accept.prefers_events {
        return events::stream(api, put, accept.refusal()).await;
    }
    api.once(put, accept).await
}

/// A request that was put well.
struct Put {
    request: GraphqlRequest,
    caller: Caller,
    transport: Transport,
}

impl Api {
    /// Runs it and answers in one piece, or by events where only those will do.
    async fn once(&self, put: Put, accept: Accept) -> Result<Response, ApiError> {
        let Put { request, caller, transport } = put;
        let again = accept.events.then(|| (asked::copy(&request), caller.clone()));
        let call = Arc::new(Call::new(self.services.clone(), caller, transport));
        let response = graphql::run(&self.schema, request, &call).await;
        match again {
            Some((request, caller)) if call.wants_events() => {
                let put = Put { request, caller, transport };
                events::stream(self, put, accept.refusal()).await
            }
            _ => Ok(self.reply(accept.refusal(), (&call, &response))),
        }
    }

    /// The reply, with what it says besides its data.
    fn reply(&self, media: Media, (call, response): (&Call, &GraphqlResponse)) -> Response {
        let mut reply = reply::answered(&Outcome { response, ran: call.has_begun() }, media);
        rate_limit::tell(reply.headers_mut(), &call.report());
        let cookie = match call.session_change() {
            Some(SessionChange::Set(token)) => self.jar.set(&token),
            Some(SessionChange::Clear) => self.jar.clear(),
            None => None,
        };
        if let Some(cookie) = cookie {
            reply.headers_mut().append(header::SET_COOKIE, cookie);
        }
        reply
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = sent.unwrap_or_default().split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    // Bytes are read as UTF-8; a text in another encoding would be misread.
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.eq_ignore_ascii_case("charset").then_some(value.trim_matches('"'))
    });
    kind.eq_ignore_ascii_case("application/json")
        && charset.is_none_or(|name| name.eq_ignore_ascii_case("utf-8"))
}

async fn read(body: Body, limit: usize) -> Result<bytes::Bytes, ApiError> {
    to_bytes(body, limit).await.map_err(|error| {
        let too_large = std::error::Error::source(&error)
            .is_some_and(|cause| cause.is::<http_body_util::LengthLimitError>());
        if too_large {
            ApiError::new(ErrorCode::BodyTooLarge).with("limit", limit)
        } else {
            query_invalid(Reason::BodyEnded)
        }
    })
}
