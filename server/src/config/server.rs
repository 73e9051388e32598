//! `[server]`: addresses, proxies, shutdown.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Problems, Section};
use crate::kernel::secret::Secret;

/// Addresses, proxies, shutdown.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: String,
    /// Where the outside reaches this server, e.g. `https://reelmill.example`; cookies are Secure
    /// and HSTS is sent when it is https.
    pub public_url: Option<String>,
    /// Folder of everything this node keeps: database, objects, work, key.
    pub data: PathBuf,
    /// 64 hex digits; without it a key is made once and kept in the data folder.
    pub secret: Option<Secret>,
    /// How many proxies in front append to X-Forwarded-For; 0 trusts no header.
    pub trusted_proxies: usize,
    /// Whether `/metrics` answers. It names no customer, but tells how busy the house is: where the
    /// proxy in front does not keep it to itself, switch it off.
    pub metrics: bool,
    /// Largest request body, bytes.
    pub body_limit_bytes: usize,
    /// Longest time a request may take, seconds.
    pub request_timeout_s: u64,
    /// Time for requests and videos under way to end after a stop signal, seconds.
    pub shutdown_grace_s: u64,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: String::from("127.0.0.1:8787"),
            public_url: None,
            data: PathBuf::from("data"),
            secret: None,
            trusted_proxies: 0,
            metrics: true,
            body_limit_bytes: 1024 * 1024,
            request_timeout_s: 30,
            shutdown_grace_s: 25,
        }
    }
}

impl Server {
    /// The address to listen on. Checked when the configuration was read.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }

    /// Whether browsers reach this server over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

impl Section for Server {
    const NAME: &'static str = "server";

    fn check(&self, problems: &mut Problems) {
        if self.address().is_none() {
            problems.add("listen", "wanted is address:port, e.g. 127.0.0.1:8787");
        }
        if let Some(url) = &self.public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            problems.add("public_url", "wanted is an http or https address");
        }
        if let Some(secret) = &self.secret
            && crate::kernel::secret::MasterKey::from_hex(secret.reveal()).is_none()
        {
            problems.add("secret", "wanted are 64 hex digits");
        }
        problems.range("trusted_proxies", self.trusted_proxies as i64, 0, 8);
        problems.range("body_limit_bytes", self.body_limit_bytes as i64, 1024, 64 << 20);
        problems.range("request_timeout_s", self.request_timeout_s as i64, 1, 600);
        problems.range("shutdown_grace_s", self.shutdown_grace_s as i64, 1, 600);
    }
}
