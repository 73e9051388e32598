//! The page: embedded files, compressed beforehand; every other address leads to its index.
//!
//! Invariants: a name with a hash in it is kept for ever, everything else is asked for each time;
//! what looks like a file and is none is 404, so that a missing script is never answered with
//! HTML; no inline script runs but those whose hash is in the policy.
//! Deliberately absent: any knowledge of what pages there are.

mod encoding;
mod policy;

use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::refusal;

/// A file of the page.
struct Embedded {
    name: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

static FILES: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

const INDEX: &str = "index.html";
/// Digits of a hash in a name.
const HASH_DIGITS: usize = 16;

/// The policy for the index, with the hashes of its scripts.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let html = file(INDEX).map(|index| String::from_utf8_lossy(index.plain));
    let policy = policy::policy(&html.unwrap_or_default());
    // The policy is made of fixed words and base64.
    HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// Answers what no other route does.
pub(super) async fn serve(request: Request) -> Response {
    let (method, headers) = (request.method(), request.headers());
    let path = request.uri().path().trim_start_matches('/');
    let reads = method == Method::GET || method == Method::HEAD;
    let found = file(path).or_else(|| is_page(path, headers).then(|| file(INDEX)).flatten());
    match found {
        Some(found) if reads => send(found, headers),
        None if reads && (path.is_empty() || is_page(path, headers)) => overview(),
        _ => refusal::no_such_route(headers.clone()).await.into_response(),
    }
}

fn file(name: &str) -> Option<&'static Embedded> {
    FILES.iter().find(|file| file.name == name)
}

/// Whether a person asks for a place in the page. A program asks for JSON, a browser for a file
/// by a name with an ending.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    !last.contains('.') && accept.is_some_and(|accept| accept.contains("text/html"))
}

fn send(found: &'static Embedded, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let (encoding, bytes) = encoding::choose(accept.unwrap_or_default(), found);
    let mut response = bytes.into_response();
    let mut set = |name, value: HeaderValue| {
        response.headers_mut().insert(name, value);
    };
    set(header::CONTENT_TYPE, HeaderValue::from_static(content_type(found.name)));
    set(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep =
        if is_hashed(found.name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    set(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(name) = encoding.header() {
        set(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if found.name == INDEX {
        set(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    }
    response
}

/// Whether a name ends in a hash: `page-0123456789abcdef.js`, `page-0123456789abcdef_bg.wasm`.
fn is_hashed(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let tail = stem.rsplit('-').next().unwrap_or_default();
    let digits = tail.bytes().take_while(u8::is_ascii_hexdigit).count();
    digits == HASH_DIGITS && stem.contains('-')
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// What is here, for whoever is no browser, and for browsers where there is no page.
fn overview() -> Response {
    let page = if file(INDEX).is_some() {
        "A browser gets the page here."
    } else {
        "This binary was built without its page. `cargo xtask run` builds one that has it."
    };
    let text = format!(
        "Reelmill\n\n\
        {page}\n\n\
        POST /graphql         the API; GET for queries, Accept: text/event-stream to follow\n\
        GET  /graphql/ws      subscriptions (graphql-transport-ws)\n\
        GET  /schema.graphql  its schema\n\
        GET  /explorer        a page to try it with\n\
        GET  /healthz         alive\n\
        GET  /readyz          ready for work\n\
        GET  /metrics         Prometheus\n"
    );
    (StatusCode::OK, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for name in ["page-0123456789abcdef.js", "page-0123456789abcdef_bg.wasm"] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "page.js", "page-0123.js", "0123456789abcdef.js", "a-b.css"] {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn a_missing_file_is_no_page() {
        let html =
            HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("text/html,*/*"))]);
        assert!(is_page("batches/bat_1", &html) && is_page("", &html));
        assert!(!is_page("page-gone.js", &html) && !is_page("a/b.map", &html));
        let json = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("*/*"))]);
        assert!(!is_page("batches", &json), "a program is told that there is nothing");
    }
}
