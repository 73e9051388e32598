//! `[log]`: log output.

use serde::Deserialize;

use super::{Problems, Section};

/// Shape of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Log output.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Shape of a line.
    pub format: LogFormat,
    /// Filter directives, e.g. `info,server::worker=debug`.
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: String::from("info,sea_orm_migration=warn") }
    }
}

impl Section for Log {
    const NAME: &'static str = "log";

    fn check(&self, problems: &mut Problems) {
        if self.filter.parse::<tracing_subscriber::filter::EnvFilter>().is_err() {
            problems.add("filter", "not a list of filter directives");
        }
    }
}
