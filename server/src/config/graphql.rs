//! `[graphql]`: limits of one request and of one socket.

use std::path::PathBuf;

use serde::Deserialize;

use super::{Problems, Section};

/// Limits of one request and of one socket.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Graphql {
    /// Most tokens of a query; long texts belong into variables.
    pub tokens: usize,
    /// Deepest nesting of `{`, `[` and `(`; the parser descends once for each.
    pub brackets: usize,
    /// Longest query string of a GET, bytes.
    pub query_string_bytes: usize,
    /// Deepest nesting of fields.
    pub depth: usize,
    /// Highest cost: an object 1, a scalar 0, times the page size around it.
    pub cost: usize,
    /// Most aliases.
    pub aliases: usize,
    /// Most fields at the root.
    pub root_fields: usize,
    /// Most directives.
    pub directives: usize,
    /// Folder of documents (`*.graphql`) that may be asked for by their SHA-256, besides those of
    /// our own clients.
    pub documents: Option<PathBuf>,
    /// Whether nothing but those documents runs.
    pub only_documents: bool,
    /// Live connections (sockets and streams of events) from one address.
    pub sockets_per_address: usize,
    /// Live connections of one user.
    pub sockets_per_user: usize,
    /// Subscriptions on one socket.
    pub subscriptions_per_socket: usize,
    /// Subscriptions of one user.
    pub subscriptions_per_user: usize,
    /// Time for the greeting on a socket, seconds.
    pub socket_greeting_s: u64,
    /// Time between two pings of a socket, seconds.
    pub socket_ping_s: u64,
    /// Silence after which nobody is at the other end, seconds; longer than a ping takes to come.
    pub socket_silent_s: u64,
    /// Time for a client to take one message, seconds.
    pub socket_take_s: u64,
    /// Largest message on a socket, bytes.
    pub socket_message_bytes: usize,
}

impl Default for Graphql {
    fn default() -> Self {
        Self {
            tokens: 4_000,
            brackets: 64,
            query_string_bytes: 32 * 1024,
            depth: 14,
            cost: 5_000,
            aliases: 30,
            root_fields: 20,
            directives: 50,
            documents: None,
            only_documents: false,
            sockets_per_address: 200,
            sockets_per_user: 50,
            subscriptions_per_socket: 20,
            subscriptions_per_user: 50,
            socket_greeting_s: 10,
            socket_ping_s: 25,
            socket_silent_s: 75,
            socket_take_s: 20,
            socket_message_bytes: 64 * 1024,
        }
    }
}

impl Section for Graphql {
    const NAME: &'static str = "graphql";

    fn check(&self, problems: &mut Problems) {
        problems.range("tokens", self.tokens as i64, 500, 100_000);
        problems.range("brackets", self.brackets as i64, 16, 64);
        problems.range("query_string_bytes", self.query_string_bytes as i64, 1_024, 1 << 20);
        problems.range("depth", self.depth as i64, 4, 64);
        problems.range("cost", self.cost as i64, 100, 1_000_000);
        problems.range("aliases", self.aliases as i64, 0, 10_000);
        problems.range("root_fields", self.root_fields as i64, 1, 1_000);
        problems.range("directives", self.directives as i64, 0, 10_000);
        problems.range("sockets_per_address", self.sockets_per_address as i64, 1, 1_000_000);
        problems.range("sockets_per_user", self.sockets_per_user as i64, 1, 1_000_000);
        problems.range("subscriptions_per_socket", self.subscriptions_per_socket as i64, 1, 1_000);
        problems.range("subscriptions_per_user", self.subscriptions_per_user as i64, 1, 1_000_000);
        problems.range("socket_greeting_s", self.socket_greeting_s as i64, 1, 60);
        problems.range("socket_ping_s", self.socket_ping_s as i64, 1, 600);
        problems.range(
            "socket_silent_s",
            self.socket_silent_s as i64,
            self.socket_ping_s as i64 + 1,
            3_600,
        );
        problems.range("socket_take_s", self.socket_take_s as i64, 1, 600);
        problems.range("socket_message_bytes", self.socket_message_bytes as i64, 1024, 16 << 20);
    }
}
