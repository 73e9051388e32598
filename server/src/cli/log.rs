//! Where log lines go, and what is never in them.
//!
//! Nothing of ours puts a prompt, a secret or an address of a person into a line (`tests/it/logs.rs`
//! searches the most talkative log for them). Some libraries do at their lowest level: they are
//! [held back](TELL), whatever the configured filter says.

use std::io::IsTerminal as _;

use tracing::{Level, Metadata};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _, Registry, filter, fmt};

use crate::config::{Config, LogFormat};

/// Libraries that log what passes through them, below INFO: whole frames of sockets.
const TELL: &[&str] = &["tungstenite", "tokio_tungstenite"];

/// Sends log lines to standard error, in the configured shape.
pub(super) fn start(config: &Config) {
    let directives =
        EnvFilter::try_new(&config.log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt::layer::<Registry>()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match config.log.format {
        LogFormat::Text => lines.compact().boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let lines = lines.with_filter(directives).with_filter(filter::filter_fn(may_be_told));
    // In a test process another subscriber may be in place already.
    drop(tracing_subscriber::registry().with(lines).try_init());
}

fn may_be_told(about: &Metadata<'_>) -> bool {
    let library = about.target().split("::").next().unwrap_or_default();
    *about.level() <= Level::INFO || !TELL.contains(&library)
}
