//! `GET /explorer`: Altair, a page to try the API with, embedded in the binary.
//!
//! Nothing comes from anywhere else: the policy sent with the page lets the browser load and reach
//! this server alone. A binary that was built without the files says how to get them.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;

/// The embedded files by their path; none when they were not there at build time.
type Files = &'static [(&'static str, &'static [u8])];

const FILES: Files = include!(concat!(env!("OUT_DIR"), "/explorer.rs"));

/// Where the page begins. Settings stand in a file of their own so that the policy can do without
/// inline scripts.
const START: &str = "AltairGraphQL.init({
  endpointURL: location.origin + '/graphql',
  subscriptionsEndpoint: location.origin.replace(/^http/, 'ws') + '/graphql/ws',
  initialSubscriptionsProvider: 'graphql-ws',
  initialQuery: '{ me { email memberships { workspaceId workspaceName role } } }',
});
";
/// Styles are set from scripts by the page's framework; scripts come from here alone.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
    frame-src 'self'; manifest-src 'self'; base-uri 'self'; form-action 'none'; \
    frame-ancestors 'none'";
/// Where the page runs what its user scripts: a frame of no origin, which can reach nothing of ours.
const SANDBOX: &str = "iframe-sandbox/";
const SANDBOX_POLICY: &str = "sandbox allow-scripts; default-src 'none'; \
    script-src 'self' 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'";
const ABSENT: &str = "This server was built without the explorer. To get it, run

    cargo xtask explorer

(it needs node with npm) and build again. Everything else works without it: the schema is at
/schema.graphql, and any GraphQL client can ask /graphql.
";

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/explorer", get(|| async { serve(FILES, "") }))
        .route("/explorer/", get(|| async { serve(FILES, "") }))
        .route(
            "/explorer/{*path}",
            get(|Path(path): Path<String>| async move { serve(FILES, &path) }),
        )
}

fn serve(files: Files, path: &str) -> Response {
    if files.is_empty() {
        let kind = HeaderValue::from_static("text/plain; charset=utf-8");
        return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, kind)], ABSENT).into_response();
    }
    let find = |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
    match path {
        "" | "index.html" => match find("index.html") {
            Some(page) => shown("index.html", page_with_settings(page)),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        "start.js" => shown(path, START),
        _ => match find(path) {
            Some(bytes) => shown(path, bytes),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

/// The page, told where it lives and to read its settings.
fn page_with_settings(page: &[u8]) -> String {
    let text = String::from_utf8_lossy(page);
    let text = text.replacen("<base href=\"/\" />", "<base href=\"/explorer/\" />", 1);
    text.replacen("</body>", "<script type=\"module\" src=\"start.js\"></script></body>", 1)
}

fn shown(name: &str, body: impl IntoResponse) -> Response {
    let mut response = body.into_response();
    let sandboxed = name.starts_with(SANDBOX);
    let policy = if sandboxed { SANDBOX_POLICY } else { POLICY };
    let mut set = |name: HeaderName, value: &'static str| {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, media_type(name));
    set(header::CONTENT_SECURITY_POLICY, policy);
    // Names of built files change with their content, those of the page and its settings do not.
    set(header::CACHE_CONTROL, "no-cache");
    if sandboxed {
        set(header::X_FRAME_OPTIONS, "SAMEORIGIN");
        // A frame without an origin is a stranger even to the server it came from.
        set(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
    }
    response
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Files = &[
        ("assets/x.svg", b"<svg/>"),
        ("iframe-sandbox/index.html", b"<p>"),
        ("index.html", b"<head><base href=\"/\" /></head><body></body>"),
        ("main.js", b"1"),
    ];

    async fn asked(files: Files, path: &str) -> (StatusCode, axum::http::HeaderMap, String) {
        let (parts, body) = serve(files, path).into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
        (parts.status, parts.headers, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn without_the_files_the_address_says_how_to_get_them() {
        for path in ["", "main.js", "start.js"] {
            let (status, _, text) = asked(&[], path).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
            assert!(text.contains("cargo xtask explorer"), "{text}");
        }
    }

    #[tokio::test]
    async fn with_the_files_it_is_a_page_that_reaches_this_server_alone() {
        let (status, headers, text) = asked(SOME, "").await;
        assert_eq!(status, StatusCode::OK);
        assert!(
            text.contains("<base href=\"/explorer/\" />") && text.contains("start.js"),
            "{text}"
        );
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && policy.contains("connect-src 'self'"));
        assert!(!policy.contains("http:") && !policy.contains("https:") && !policy.contains('*'));
        assert!(!policy.contains("unsafe-eval"), "{policy}");
        for (path, kind) in [
            ("main.js", "text/javascript; charset=utf-8"),
            ("start.js", "text/javascript; charset=utf-8"),
            ("assets/x.svg", "image/svg+xml"),
        ] {
            let (status, headers, _) = asked(SOME, path).await;
            assert_eq!(
                (status, headers[header::CONTENT_TYPE].to_str().ok()),
                (StatusCode::OK, Some(kind))
            );
        }
        assert_eq!(asked(SOME, "../Cargo.toml").await.0, StatusCode::NOT_FOUND);
        let (_, headers, _) = asked(SOME, "iframe-sandbox/index.html").await;
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
        assert!(policy.starts_with("sandbox allow-scripts;"), "{policy}");
    }
}
