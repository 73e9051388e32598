//! The one HTTP client of the server.
//!
//! Invariants:
//! - Every connection goes to an address [`guard`] lets through: the address that was checked is
//!   the address that is used, because the check sits in the resolver. Redirects are not followed,
//!   proxies of the environment are not used.
//! - [`Trouble`] tells what provably never left this machine from what may have arrived. A call
//!   that must not be repeated gets a connection of its own ([`Call::once`]), so that a broken
//!   idle connection cannot blur the two.
//! - Answers are read up to a limit; texts of answers never reach a log from here.
//!
//! Deliberately absent: retries. Who may repeat what is the line's decision.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use tokio::io::AsyncWriteExt as _;

pub mod guard;

/// Most bytes of an answer that is no file, unless a call says otherwise.
const MOST_ANSWER: usize = 1 << 20;
/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence while a file is read.
const SILENCE: Duration = Duration::from_secs(30);

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    pooled: reqwest::Client,
    once: reqwest::Client,
    reach: guard::Reach,
}

/// One call.
#[derive(Clone, Debug)]
pub struct Call {
    /// GET, POST, DELETE ….
    pub method: Method,
    /// Whole address.
    pub url: String,
    /// Headers; values of keys are marked sensitive by [`Call::header`].
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Body,
    /// Longest time for all of it.
    pub timeout: Duration,
    /// Most bytes of the answer, unless it is a file.
    pub most_answer: usize,
    /// On a connection that nobody used before or uses afterwards.
    pub once: bool,
}

/// What a call sends.
#[derive(Clone, Debug)]
pub enum Body {
    /// Nothing.
    None,
    /// JSON.
    Json(serde_json::Value),
    /// Form fields, as multipart.
    Form(Vec<(&'static str, String)>),
}

/// An answer, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Seconds of `Retry-After`, when it is a number.
    pub retry_after: Option<Duration>,
    /// At most [`Call::most_answer`] bytes.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The address may not be reached from here: nothing was sent.
    #[error("the address may not be reached")]
    Forbidden,
    /// No connection: provably nothing was sent.
    #[error("no connection")]
    NotSent,
    /// The connection was there and is lost: the call may have arrived.
    #[error("the connection was lost")]
    Lost,
    /// The answer is larger than its limit.
    #[error("the answer is too large")]
    TooLarge,
    /// The file could not be written here.
    #[error("the file could not be written")]
    Disk,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client does not start")]
pub struct NoClient(#[from] reqwest::Error);

impl Egress {
    /// A client that reaches these addresses.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(reach: guard::Reach) -> Result<Self, NoClient> {
        let base = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls())
                .dns_resolver(guard::Resolver(reach))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .connect_timeout(CONNECT)
                .user_agent(concat!("reelmill/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self { pooled: base().build()?, once: base().pool_max_idle_per_host(0).build()?, reach })
    }

    /// Makes one call and reads its answer.
    ///
    /// # Errors
    /// [`Trouble`]: there is no answer.
    pub async fn call(&self, call: Call) -> Result<Answer, Trouble> {
        let (timeout, most) = (call.timeout, call.most_answer);
        let response = self.send(call, Some(timeout)).await?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let mut body = Vec::new();
        let mut parts = response.bytes_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| Trouble::Lost)?;
            if body.len() + part.len() > most {
                return Err(Trouble::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status, retry_after, body })
    }

    /// Reads a file into `to`; `Ok(Err(answer))` is any answer but 200.
    ///
    /// # Errors
    /// [`Trouble`]; a file that ended before its announced length is [`Trouble::Lost`].
    pub async fn download(
        &self,
        call: Call,
        to: &Path,
        most: u64,
    ) -> Result<Result<u64, Answer>, Trouble> {
        let response = self.send(call, None).await?;
        let status = response.status().as_u16();
        if status != 200 {
            let retry_after = retry_after(response.headers());
            return Ok(Err(Answer { status, retry_after, body: Vec::new() }));
        }
        let mut file = tokio::fs::File::create(to).await.map_err(|_| Trouble::Disk)?;
        let mut parts = response.bytes_stream();
        let mut bytes = 0_u64;
        loop {
            let part = tokio::time::timeout(SILENCE, parts.next()).await;
            let Some(part) = part.map_err(|_| Trouble::Lost)? else { break };
            let part = part.map_err(|_| Trouble::Lost)?;
            bytes += part.len() as u64;
            if bytes > most {
                return Err(Trouble::TooLarge);
            }
            file.write_all(&part).await.map_err(|_| Trouble::Disk)?;
        }
        file.flush().await.map_err(|_| Trouble::Disk)?;
        Ok(Ok(bytes))
    }

    async fn send(
        &self,
        call: Call,
        timeout: Option<Duration>,
    ) -> Result<reqwest::Response, Trouble> {
        let url = Url::parse(&call.url).map_err(|_| Trouble::Forbidden)?;
        if !self.reach.allows(&url) {
            return Err(Trouble::Forbidden);
        }
        let client = if call.once { &self.once } else { &self.pooled };
        let mut request = client.request(call.method, url).headers(call.headers);
        if let Some(timeout) = timeout {
            request = request.timeout(timeout);
        }
        let request = match call.body {
            Body::None => request,
            Body::Json(value) => request.json(&value),
            Body::Form(fields) => request.multipart(form(fields)),
        };
        request.send().await.map_err(|error| {
            if error.is_connect() || error.is_builder() { Trouble::NotSent } else { Trouble::Lost }
        })
    }
}

impl Call {
    /// A GET with a quarter of a minute.
    #[must_use]
    pub fn get(url: String) -> Self {
        Self {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: Body::None,
            timeout: Duration::from_secs(15),
            most_answer: MOST_ANSWER,
            once: false,
        }
    }

    /// The same with another method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Adds a header; one that cannot be sent is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(true);
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}

fn form(fields: Vec<(&'static str, String)>) -> reqwest::multipart::Form {
    fields
        .into_iter()
        .fold(reqwest::multipart::Form::new(), |form, (name, text)| form.text(name, text))
}

/// Longest wait a provider can ask for.
const LONGEST_WAIT_S: u64 = 3_600;

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(reqwest::header::RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(|seconds: u64| Duration::from_secs(seconds.min(LONGEST_WAIT_S)))
}

/// Makes `ring` the TLS of this process, for whatever asks for a default; once is enough.
pub fn install_tls() {
    // An error means that it was done before.
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// TLS by `ring` and the roots of webpki, as the database's connections have it.
fn tls() -> rustls::ClientConfig {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    #[expect(clippy::expect_used, reason = "ring offers the default protocol versions")]
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring offers the default protocol versions");
    builder.with_root_certificates(roots).with_no_client_auth()
}
