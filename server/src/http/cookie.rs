//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::config;
use crate::kernel::secret::Secret;

/// Its name.
pub const SESSION: &str = "reelmill_session";
/// Longest value read; a token has 43 characters.
const MAX_CHARS: usize = 128;

/// The session token of a request, if it carries one.
#[must_use]
pub fn session(headers: &HeaderMap) -> Option<Secret> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim() == SESSION)?;
    let value = value.trim();
    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (plain && !value.is_empty() && value.len() <= MAX_CHARS).then(|| Secret::new(value.to_owned()))
}

/// How this server sets its cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jar {
    secure: bool,
    max_age_s: i64,
}

impl Jar {
    /// By configuration: `Secure` unless the server is reached over loopback alone.
    #[must_use]
    pub fn new(server: &config::Server, access: &config::Access) -> Self {
        let loopback = server.address().is_some_and(|address| address.ip().is_loopback());
        let secure = server.is_https() || !loopback;
        Self { secure, max_age_s: access.session_ttl_d.saturating_mul(86_400) }
    }

    /// `Set-Cookie` for a new session.
    #[must_use]
    pub fn set(&self, token: &Secret) -> Option<HeaderValue> {
        self.line(token.reveal(), self.max_age_s)
    }

    /// `Set-Cookie` that ends it.
    #[must_use]
    pub fn clear(&self) -> Option<HeaderValue> {
        self.line("", 0)
    }

    fn line(&self, value: &str, max_age_s: i64) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let line = format!(
            "{SESSION}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={max_age_s}{secure}"
        );
        let mut line = HeaderValue::from_str(&line).ok()?;
        line.set_sensitive(true);
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; c=d"));
        headers.append(header::COOKIE, HeaderValue::from_static(line));
        session(&headers).map(|token| token.reveal().to_owned())
    }

    #[test]
    fn the_cookie_is_found_among_others_and_nonsense_is_none() {
        assert_eq!(read("x=1; reelmill_session=abc-_9; y=2").as_deref(), Some("abc-_9"));
        assert_eq!(read("reelmill_session="), None);
        assert_eq!(read("reelmill_session=a b"), None);
        assert_eq!(read("not_reelmill_session=abc"), None);
    }

    #[test]
    fn attributes_follow_the_address() {
        let local = config::Server::default();
        let jar = Jar::new(&local, &config::Access::default());
        let line = jar.set(&Secret::new(String::from("tok"))).expect("a header");
        assert_eq!(
            line.to_str().expect("text"),
            "reelmill_session=tok; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000"
        );
        assert!(line.is_sensitive());
        let open = config::Server { listen: String::from("0.0.0.0:80"), ..local.clone() };
        let https = config::Server { public_url: Some(String::from("https://r.example")), ..local };
        for server in [open, https] {
            let line = Jar::new(&server, &config::Access::default()).clear().expect("a header");
            assert!(line.to_str().expect("text").ends_with("Max-Age=0; Secure"));
        }
    }
}
