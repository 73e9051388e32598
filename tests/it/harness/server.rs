//! The whole server inside the test, on a free port, and clients that know nothing but its API.

use std::net::SocketAddr;

use reqwest::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use serde_json::{Value, json};
use server::app::App;
use server::cli::serve::serve;
use server::config::Config;
use server::domain::access::{Actor, Caller};
use server::kernel::clock::Clock;
use server::kernel::secret::Secret;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::database::Database;

/// A password that follows the rules.
pub const PASSWORD: &str = "correct horse battery";

/// A server that ends with the test.
pub struct Server {
    /// Its services, for what has no API (an operator, a damaged row).
    pub app: App,
    /// Where it listens.
    pub address: SocketAddr,
    pub database: Database,
    _data: TempDir,
}

/// Somebody with a session of their own.
#[derive(Clone)]
pub struct Client {
    pub http: reqwest::Client,
    pub address: SocketAddr,
    /// The session's token, as the cookie holds it.
    pub token: Option<String>,
}

/// A person, their session, and the workspace they founded.
#[derive(Clone)]
pub struct Founder {
    pub client: Client,
    pub email: String,
    pub user: String,
    pub workspace: String,
}

impl Server {
    /// With limits that let a test do as much as it likes.
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, Clock::system(), |_| {}).await
    }

    /// With a clock and with settings of the test's own.
    pub async fn start_with(
        database: Database,
        clock: Clock,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config::embedded(data.path()).expect("the defaults");
        config.database.url = Some(Secret::new(database.url.clone()));
        config.access.trials_per_ip_day = 1_000;
        config.access.requests_per_ip = 1_000;
        let plenty = server::config::Rate { burst: 1_000_000, per_s: 100_000 };
        (config.rates.user, config.rates.ip, config.rates.workspace) = (plenty, plenty, plenty);
        change(&mut config);
        let app = App::build(config, clock).await.expect("the services");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(serve(app.clone(), listener));
        Self { app, address, database, _data: data }
    }

    /// Nobody in particular.
    pub fn stranger(&self) -> Client {
        Client::at(self.address)
    }

    /// Somebody new with a workspace of their own.
    pub async fn founder(&self, name: &str) -> Founder {
        let email = format!("{name}@example.com");
        let input = json!({
            "email": email, "password": PASSWORD, "displayName": name, "workspaceName": name,
        });
        let query = "mutation($input: SignUpInput!) { signUp(input: $input) { user { id } workspace { id } } }";
        let (client, data) = self.stranger().enter(query, json!({ "input": input })).await;
        Founder {
            client,
            email,
            user: text(&data["signUp"]["user"]["id"]),
            workspace: text(&data["signUp"]["workspace"]["id"]),
        }
    }

    /// Somebody who also belongs to `owner`'s workspace.
    pub async fn member(&self, owner: &Founder, name: &str, role: &str) -> Founder {
        let new = self.founder(name).await;
        let input = json!({ "workspaceId": owner.workspace, "email": new.email, "role": role });
        let query =
            "mutation($input: CreateJoinLinkInput!) { createJoinLink(input: $input) { token } }";
        let link = owner.client.data(query, json!({ "input": input })).await;
        let query =
            "mutation($token: String!) { redeemJoinLink(input: { token: $token }) { role } }";
        let joined = json!({ "token": link["createJoinLink"]["token"] });
        new.client.data(query, joined).await;
        new
    }

    /// Somebody who runs the installation.
    pub async fn operator(&self, name: &str) -> Founder {
        let new = self.founder(name).await;
        let cli = Caller::local(Actor::Cli, "test");
        self.app.access.set_operator(&cli, &new.email, true).await.expect("an operator");
        // Becoming operator ends no session, but the next request sees it.
        new
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.app.stopping.cancel();
    }
}

impl Client {
    /// Nobody in particular, before a server that runs elsewhere.
    pub fn at(address: SocketAddr) -> Self {
        Self { http: http(None), address, token: None }
    }

    /// The whole reply to a query.
    pub async fn reply(&self, query: &str, variables: Value) -> Value {
        let response = self.post(&json!({ "query": query, "variables": variables })).await;
        response.json().await.expect("a reply in JSON")
    }

    /// The data of a query that must work.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let mut reply = self.reply(query, variables).await;
        assert!(reply.get("errors").is_none(), "{query}\n{reply:#}");
        reply["data"].take()
    }

    /// The code of the first error of a query that must not.
    pub async fn code(&self, query: &str, variables: Value) -> String {
        let reply = self.reply(query, variables).await;
        code(&reply)
    }

    /// Sends a body of a GraphQL request.
    pub async fn post(&self, body: &Value) -> reqwest::Response {
        self.http.post(self.url("/graphql")).json(body).send().await.expect("an answer")
    }

    /// A path on this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs in (or up) and keeps the session.
    pub async fn enter(&self, query: &str, variables: Value) -> (Self, Value) {
        let body = json!({ "query": query, "variables": variables });
        let response = self.post(&body).await;
        let cookie = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok());
        let token = cookie.and_then(token_of);
        let mut reply: Value = response.json().await.expect("a reply in JSON");
        assert!(reply.get("errors").is_none(), "{query}\n{reply:#}");
        let token = token.expect("a session cookie");
        let client = Self { http: http(Some(&token)), address: self.address, token: Some(token) };
        (client, reply["data"].take())
    }
}

/// The token in a `Set-Cookie` line.
pub fn token_of(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("reelmill_session=")?;
    rest.split(';').next().map(str::to_owned)
}

/// A text that must be one.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text is wanted, not {value}")).to_owned()
}

/// The code of the first error; `none` without one.
pub fn code(reply: &Value) -> String {
    reply["errors"][0]["extensions"]["code"].as_str().unwrap_or("none").to_owned()
}

fn http(token: Option<&str>) -> reqwest::Client {
    let mut headers = HeaderMap::new();
    headers.insert("x-reelmill-request", HeaderValue::from_static("1"));
    if let Some(token) = token {
        let cookie = format!("reelmill_session={token}");
        headers.insert(COOKIE, HeaderValue::from_str(&cookie).expect("a header"));
    }
    server::ports::egress::install_tls();
    let builder = reqwest::Client::builder().default_headers(headers).no_proxy();
    builder.build().expect("a client")
}
