//! `GET /s/{token}`: what a share link shows, as a plain document.
//!
//! It is made here and not by the page, so that whoever was sent a link sees videos at once: no
//! program to load, no session, no script. Everything that came from a person is escaped, and the
//! content policy lets nothing run. What it may show the use-case decides.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::authenticate::Arrival;
use super::refusal::{Refusal, status};
use crate::app::App;
use crate::domain::access::Caller;
use crate::domain::collect::{OpenedShare, SharedVideo};
use crate::kernel::error::ApiError;
use crate::kernel::language::Language;
use crate::kernel::page::{Page, PageArgs, encode_cursor};
use crate::kernel::secret::sha256;

/// Videos of one document.
const SHOWN: i32 = 60;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0 auto;max-width:80rem;padding:1.5rem;font:1rem/1.5 system-ui,sans-serif}\
main{display:grid;gap:1rem;grid-template-columns:repeat(auto-fill,minmax(min(100%,18rem),1fr))}\
figure{margin:0}video{display:block;width:100%;max-height:70vh;background:#000;border-radius:.5rem}\
figcaption{padding:.4rem .1rem;overflow-wrap:anywhere}p{margin:.3rem 0}a{color:inherit}";

/// Nothing runs; files come from here, and the one style is known by its hash. The empty icon keeps
/// browsers from asking for one.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(sha256(STYLE.as_bytes()));
    format!(
        "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'sha256-{style}'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

/// The routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/s/{token}", get(shared))
}

async fn shared(State(app): State<App>, Path(token): Path<String>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let arrival = Arrival { headers: &parts.headers, extensions: &parts.extensions };
    let caller = arrival.stranger(&app);
    let after = parts.uri.query().and_then(|query| query.strip_prefix("after="));
    match look(&app, &caller, (&token, after)).await {
        Ok((opened, page)) => {
            let body = gallery(&page, caller.language);
            document(StatusCode::OK, caller.language, (&opened.name, &body))
        }
        Err(error) => refuse(error, (&parts.headers, caller.language)),
    }
}

async fn look(
    app: &App,
    caller: &Caller,
    (token, after): (&str, Option<&str>),
) -> Result<(OpenedShare, Page<SharedVideo>), ApiError> {
    let asked = PageArgs::new(Some(SHOWN), after)?;
    let opened = app.collect.open_share(caller, token).await?;
    let page = app.collect.shared_videos(&opened, &asked).await?;
    Ok((opened, page))
}

fn gallery(page: &Page<SharedVideo>, language: Language) -> String {
    let mut body = String::from("<main>");
    for video in &page.rows {
        let number = format!("{} {}", words(language, "Video", "视频"), video.ordinal + 1);
        let name = if video.name.is_empty() { &number } else { &video.name };
        let (name, source) = (escaped(name), video.link.video.reveal());
        let poster = video.link.poster.reveal();
        // Writing to a string cannot fail.
        let _ = write!(
            body,
            "<figure><video controls playsinline preload=\"none\" aria-label=\"{name}\" \
             poster=\"/files/{poster}\" src=\"/files/{source}\"></video><figcaption>{name}"
        );
        if let Some(prompt) = &video.prompt {
            let _ = write!(body, "<p>{}</p>", escaped(prompt));
        }
        body.push_str("</figcaption></figure>");
    }
    body.push_str("</main>");
    if page.rows.is_empty() {
        let nothing = words(language, "There is nothing to see yet.", "暂时没有可看的视频。");
        let _ = write!(body, "<p>{nothing}</p>");
    }
    if let (true, Some(last)) = (page.has_next, page.rows.last()) {
        let (cursor, more) =
            (encode_cursor(&last.ordinal.to_string()), words(language, "More", "更多"));
        let _ = write!(body, "<p><a href=\"?after={cursor}\">{more}</a></p>");
    }
    body
}

/// People are told in a document, programs in JSON.
fn refuse(error: ApiError, (headers, language): (&HeaderMap, Language)) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if !accept.is_some_and(|accept| accept.contains("text/html")) {
        return Refusal::new(error, headers).into_response();
    }
    if let Some(internal) = error.internal_text() {
        tracing::error!(error = internal, "a request failed");
    }
    let text = format!("<p role=\"alert\">{}</p>", escaped(&error.message(language)));
    document(status(error.code()), language, ("Reelmill", &text))
}

fn document(status: StatusCode, language: Language, (title, body): (&str, &str)) -> Response {
    let (tag, title) = (language.tag(), escaped(title));
    let text = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><header><h1>{title}</h1></header>{body}</body></html>"
    );
    let mut response = (status, Html(text)).into_response();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &POLICY);
    set(header::CACHE_CONTROL, "no-store");
    set(header::VARY, "accept, accept-language");
    set(HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    response
}

const fn words(language: Language, en: &'static str, zh: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Zh => zh,
    }
}

/// A text that means nothing to HTML, also between quotation marks.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
