//! `[database]`: where the records are.

use serde::Deserialize;

use super::{Problems, Section};
use crate::kernel::secret::Secret;

/// Where the records are.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`; without it an SQLite file in the data folder. Also `DATABASE_URL`.
    pub url: Option<Secret>,
    /// Connections of the pool.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, max_connections: 16 }
    }
}

impl Section for Database {
    const NAME: &'static str = "database";

    fn check(&self, problems: &mut Problems) {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if let Some(url) = &self.url
            && !known.iter().any(|scheme| url.reveal().starts_with(scheme))
        {
            problems.add("url", "wanted is postgres://… or sqlite://…");
        }
        problems.range("max_connections", i64::from(self.max_connections), 2, 500);
    }
}
