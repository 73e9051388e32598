//! The page: embedded files, compressed beforehand. An address without an ending leads to the document
//! that is named like its first segment, every other one to the index.
//!
//! Invariants: a name with a hash in it is kept for ever, everything else is asked for each time;
//! what looks like a file and is none is 404, so that a missing script is never answered with
//! HTML; every document has a policy of its own, and no inline script runs but those whose hash is in it.
//! Deliberately absent: any knowledge of what pages there are.

mod encoding;
mod policy;

use std::collections::BTreeMap;
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
/// How the names of documents end.
const DOCUMENT: &str = ".html";
/// Digits of a hash in a name.
const HASH_DIGITS: usize = 16;

/// The policy of each document, with the hashes of its scripts.
static POLICIES: LazyLock<BTreeMap<&'static str, HeaderValue>> = LazyLock::new(|| policies(FILES));

fn policies(files: &[Embedded]) -> BTreeMap<&'static str, HeaderValue> {
    let documents = files.iter().filter(|file| is_document(file.name));
    let policy = |file: &Embedded| {
        let policy = policy::policy(&String::from_utf8_lossy(file.plain));
        // The policy is made of fixed words and base64.
        HeaderValue::from_str(&policy).unwrap_or_else(|_| NOTHING.clone())
    };
    documents.map(|file| (file.name, policy(file))).collect()
}

/// For what has no policy of its own, which is nothing.
static NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'");

/// Answers what no other route does.
pub(super) async fn serve(request: Request) -> Response {
    let (method, headers) = (request.method(), request.headers());
    let path = request.uri().path().trim_start_matches('/');
    let reads = method == Method::GET || method == Method::HEAD;
    match wanted(FILES, path, headers) {
        Some(found) if reads => send(found, headers),
        None if reads && (path.is_empty() || is_page(path, headers)) => overview(),
        _ => refusal::no_such_route(headers.clone()).await.into_response(),
    }
}

fn file<'a>(files: &'a [Embedded], name: &str) -> Option<&'a Embedded> {
    files.iter().find(|file| file.name == name)
}

/// The very file, or the document of a place in the page.
fn wanted<'a>(files: &'a [Embedded], path: &str, headers: &HeaderMap) -> Option<&'a Embedded> {
    let document = || {
        let first = path.split('/').find(|segment| !segment.is_empty()).unwrap_or_default();
        file(files, &format!("{first}{DOCUMENT}")).or_else(|| file(files, INDEX))
    };
    file(files, path).or_else(|| is_page(path, headers).then(document).flatten())
}

fn is_document(name: &str) -> bool {
    name.ends_with(DOCUMENT)
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
    if is_document(found.name) {
        let policy = POLICIES.get(found.name).unwrap_or(&NOTHING);
        set(header::CONTENT_SECURITY_POLICY, policy.clone());
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
    let page = if file(FILES, INDEX).is_some() {
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

    const fn embedded(name: &'static str, html: &'static str) -> Embedded {
        Embedded { name, plain: html.as_bytes(), br: None, gz: None }
    }

    #[test]
    fn an_address_leads_to_the_document_of_its_first_segment() {
        let html = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("text/html"))]);
        let files = [embedded(INDEX, ""), embedded("wallet.html", ""), embedded("a.js", "")];
        let leads = |path| wanted(&files, path, &html).map(|file| file.name);
        for path in ["wallet", "wallet/", "wallet/x/y", "/wallet", "wallet.html"] {
            assert_eq!(leads(path), Some("wallet.html"), "{path}");
        }
        for path in ["", "batches/wallet", "wallets", "index", "a"] {
            assert_eq!(leads(path), Some(INDEX), "{path}");
        }
        assert_eq!(leads("a.js"), Some("a.js"));
        assert_eq!((leads("b.js"), leads("wallet/b.js")), (None, None));
        assert!(wanted(&files, "wallet", &HeaderMap::new()).is_none(), "a program gets no page");
        assert!(wanted(&[], "wallet", &html).is_none(), "there may be no page at all");
    }

    #[test]
    fn every_document_allows_its_own_scripts_and_no_other_ones() {
        let files = [
            embedded(INDEX, "<script>alert(1)</script>"),
            embedded("wallet.html", "<script>alert(2)</script>"),
            embedded("a.js", "<script>alert(3)</script>"),
        ];
        let policies = policies(&files);
        assert_eq!(policies.keys().copied().collect::<Vec<_>>(), [INDEX, "wallet.html"]);
        let hashes: Vec<_> = policies.values().map(|policy| policy.to_str().unwrap()).collect();
        assert!(hashes.iter().all(|policy| policy.matches("sha256-").count() == 1), "{hashes:?}");
        assert_ne!(hashes[0], hashes[1]);
    }

    #[test]
    fn every_document_of_this_binary_has_a_policy() {
        for file in FILES.iter().filter(|file| is_document(file.name)) {
            let policy = POLICIES[file.name].to_str().unwrap();
            assert!(policy.contains("sha256-"), "{}: {policy}", file.name);
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
