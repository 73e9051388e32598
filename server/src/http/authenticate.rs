//! Who makes a request: session cookie, client address, language.
//!
//! A cookie that names no session is no error: the request is anonymous, and fields that need
//! somebody say so themselves. A cookie on a request that another site may have caused is refused.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap, header};

use super::client_ip::client_ip;
use super::observe::RequestId;
use super::refusal::language;
use super::{cookie, csrf};
use crate::app::App;
use crate::domain::access::{Actor, Caller};
use crate::kernel::error::{ApiError, ErrorCode};
use crate::kernel::secret::Secret;

/// Characters of the browser's name that are kept.
const USER_AGENT_CHARS: usize = 200;

/// A request that has not been attributed yet.
pub(super) struct Arrival<'a> {
    /// As sent.
    pub headers: &'a HeaderMap,
    /// Peer address and request id.
    pub extensions: &'a Extensions,
}

impl Arrival<'_> {
    /// The caller as nobody in particular.
    pub fn stranger(&self, app: &App) -> Caller {
        let peer = self.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
        let request_id = self.extensions.get::<RequestId>().map(|id| id.0.clone());
        let agent = self.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Caller {
            actor: Actor::Anonymous,
            request_id: request_id.unwrap_or_default(),
            ip: client_ip(self.headers, peer, app.config.server.trusted_proxies),
            user_agent: agent.unwrap_or_default().chars().take(USER_AGENT_CHARS).collect(),
            language: language(self.headers),
        }
    }

    /// The session token, on a request that its owner meant.
    ///
    /// # Errors
    /// `CROSS_SITE`.
    pub fn session(&self, app: &App) -> Result<Option<Secret>, ApiError> {
        let token = cookie::session(self.headers);
        // Any cookie counts: the rule must not depend on whether the session still lives.
        let cookies = self.headers.contains_key(header::COOKIE);
        if cookies && !csrf::is_own(self.headers, app.config.server.public_url.as_deref()) {
            return Err(ApiError::new(ErrorCode::CrossSite));
        }
        Ok(token)
    }

    /// The caller.
    ///
    /// # Errors
    /// `CROSS_SITE`, the database's failure.
    pub async fn caller(&self, app: &App) -> Result<Caller, ApiError> {
        let stranger = self.stranger(app);
        match self.session(app)? {
            None => Ok(stranger),
            Some(token) => {
                let actor = app.access.authenticate(token.reveal()).await?;
                Ok(Caller { actor: actor.unwrap_or(Actor::Anonymous), ..stranger })
            }
        }
    }
}
