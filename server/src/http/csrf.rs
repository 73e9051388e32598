//! Whether a request with a cookie was meant by its owner.
//!
//! Browsers attach cookies to requests that other sites cause. Such a request is let through only
//! when the browser itself says that it came from here (`Sec-Fetch-Site`, `Origin`), or when it
//! carries a header that no other site can make a browser send.

use axum::http::{HeaderMap, header};

/// The header of clients that are no browsers.
pub const REQUEST_HEADER: &str = "x-reelmill-request";

/// Whether the request comes from this site or from no site at all.
#[must_use]
pub fn is_own(headers: &HeaderMap, public_url: Option<&str>) -> bool {
    if headers.contains_key(REQUEST_HEADER) {
        return true;
    }
    if let Some(origin) = text(headers, header::ORIGIN.as_str()) {
        return is_own_origin(origin, headers, public_url);
    }
    matches!(text(headers, "sec-fetch-site"), Some("same-origin" | "none"))
}

/// Whether `origin` names this server: as it was addressed, or as the outside reaches it.
fn is_own_origin(origin: &str, headers: &HeaderMap, public_url: Option<&str>) -> bool {
    let Some((scheme, authority)) = split(origin) else { return false };
    if public_url.and_then(split).is_some_and(|own| own == (scheme, authority)) {
        return true;
    }
    text(headers, header::HOST.as_str()).is_some_and(|host| same(host, scheme, authority))
}

fn same(host: &str, scheme: &str, authority: &str) -> bool {
    let default = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    let bare = |name: &str| name.strip_suffix(default).unwrap_or(name).to_ascii_lowercase();
    bare(host) == bare(authority)
}

fn split(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    Some((scheme, rest.split('/').next().unwrap_or(rest)))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn own(pairs: &[(&'static str, &'static str)], public_url: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        is_own(&headers, public_url)
    }

    #[test]
    fn other_sites_are_refused() {
        let host = ("host", "reelmill.example");
        for origin in [
            "https://evil.example",
            "null",
            "https://reelmill.example.evil.example",
            "https://reelmill.example:444",
            "reelmill.example",
        ] {
            assert!(!own(&[host, ("origin", origin)], None), "{origin}");
        }
        // The origin decides, whatever the rest says.
        let mixed = [host, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")];
        assert!(!own(&mixed, None));
        assert!(!own(&[host, ("sec-fetch-site", "cross-site")], None));
        assert!(!own(&[host, ("sec-fetch-site", "same-site")], None));
        assert!(!own(&[host], None), "a cookie alone proves nothing");
    }

    #[test]
    fn this_site_and_other_clients_are_let_through() {
        let host = ("host", "reelmill.example");
        assert!(own(&[host, ("origin", "https://reelmill.example")], None));
        assert!(own(&[host, ("origin", "https://Reelmill.example:443")], None));
        assert!(own(&[host, ("sec-fetch-site", "same-origin")], None));
        assert!(own(&[host, ("sec-fetch-site", "none")], None));
        assert!(own(&[host, (REQUEST_HEADER, "1")], None));
        // Behind a proxy that changes the host.
        let inner = ("host", "127.0.0.1:8787");
        let public = Some("https://reelmill.example");
        assert!(own(&[inner, ("origin", "https://reelmill.example")], public));
        assert!(!own(&[inner, ("origin", "http://reelmill.example")], public));
    }
}
