//! Configuration: defaults, then a TOML file, then the environment; one file a section.
//!
//! `REELMILL_LINE__MAX_ATTEMPTS=5` sets `max_attempts` of `[line]`; `DATABASE_URL` sets the
//! database. Every key is read and checked before anything is reported, so an operator sees all
//! mistakes at once. Unknown keys are mistakes. `{:?}` of a configuration shows no secret.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

mod access;
mod batches;
mod database;
mod graphql;
mod line;
mod log;
mod media;
mod providers;
mod rates;
mod server;
mod tools;

pub use access::Access;
pub use batches::Batches;
pub use database::Database;
pub use graphql::Graphql;
pub use line::Line;
pub use log::{Log, LogFormat};
pub use media::Media;
pub use providers::{Adapter, Cancel, INPUT_NAMES, Inputs, Offer, Prefer, Providers, usual_inputs};
pub use rates::{Rate, Rates};
pub use server::Server;
pub use tools::Tools;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Addresses, proxies, shutdown.
    pub server: Server,
    /// Where the records are.
    pub database: Database,
    /// Accounts and sessions.
    pub access: Access,
    /// Request rates.
    pub rates: Rates,
    /// Limits of a GraphQL request.
    pub graphql: Graphql,
    /// Templates, quotes, launches.
    pub batches: Batches,
    /// The line and its workers.
    pub line: Line,
    /// Which models are made where.
    pub providers: Providers,
    /// Files and links.
    pub media: Media,
    /// External programs and fonts.
    pub tools: Tools,
    /// Log output.
    pub log: Log,
}

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `section.key`, or the section alone.
    pub place: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// All mistakes of a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError(pub Vec<Problem>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the configuration has {} problem(s):", self.0.len())?;
        for problem in &self.0 {
            write!(f, "\n  {}: {}", problem.place, problem.reason)?;
        }
        Ok(())
    }
}

/// Where settings come from besides the defaults.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// A TOML file; must exist when given.
    pub file: Option<PathBuf>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// `--data`: wins over everything.
    pub data: Option<PathBuf>,
    /// `--listen`: wins over everything.
    pub listen: Option<String>,
}

impl Sources {
    /// The process's environment, and the file named by `REELMILL_CONFIG` if any.
    #[must_use]
    pub fn from_process() -> Self {
        let environment: Vec<_> = std::env::vars().collect();
        let file = environment.iter().find(|(name, _)| name == "REELMILL_CONFIG");
        Self { file: file.map(|(_, path)| PathBuf::from(path)), environment, ..Self::default() }
    }
}

/// A section that can check itself.
trait Section: DeserializeOwned + Default {
    const NAME: &'static str;
    fn check(&self, problems: &mut Problems);
}

/// Collects mistakes under a section's name.
struct Problems {
    section: &'static str,
    found: Vec<Problem>,
}

impl Problems {
    fn add(&mut self, key: &str, reason: impl Into<String>) {
        let place = format!("{}.{key}", self.section);
        self.found.push(Problem { place, reason: reason.into() });
    }

    /// Refuses a number outside `low ..= high`.
    fn range(&mut self, key: &str, value: i64, low: i64, high: i64) {
        if !(low..=high).contains(&value) {
            self.add(key, format!("{value} is not between {low} and {high}"));
        }
    }
}

impl Config {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// All mistakes found.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let tree = merge(sources)?;
        let mut found = unknown_sections(&tree);
        let mut reader = Reader { tree: &tree, found: &mut found };
        let config = Self {
            server: reader.section(),
            database: reader.section(),
            access: reader.section(),
            rates: reader.section(),
            graphql: reader.section(),
            batches: reader.section(),
            line: reader.section(),
            providers: reader.section(),
            media: reader.section(),
            tools: reader.section(),
            log: reader.section(),
        };
        let mut together = Problems { section: Rates::NAME, found };
        config.rates.check_against_cost(config.graphql.cost, &mut together);
        let mut found = together.found;
        config.batches.check_against_body(config.server.body_limit_bytes, &mut found);
        if found.is_empty() { Ok(config) } else { Err(ConfigError(found)) }
    }

    /// Defaults with this data folder and any free port on loopback, for tests and tools.
    ///
    /// # Errors
    /// Never in practice: the defaults are checked by a test.
    pub fn embedded(data: &Path) -> Result<Self, ConfigError> {
        Self::load(&Sources {
            data: Some(data.to_owned()),
            listen: Some(String::from("127.0.0.1:0")),
            ..Sources::default()
        })
    }
}

struct Reader<'a> {
    tree: &'a config::Config,
    found: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    /// The section as far as it can be read: each key is read alone, so that one mistake hides no
    /// other; a key that cannot be read keeps its default.
    fn section<S: Section>(&mut self) -> S {
        let mut sound = self.keys(S::NAME);
        sound.retain(|key, value| match alone::<S>(key, value) {
            Ok(_) => true,
            Err(error) => {
                let place = format!("{}.{key}", S::NAME);
                self.found.push(Problem { place, reason: error.to_string() });
                false
            }
        });
        let read: Result<S, _> = table(sound).try_deserialize();
        match read {
            Ok(section) => {
                let mut problems = Problems { section: S::NAME, found: Vec::new() };
                section.check(&mut problems);
                self.found.append(&mut problems.found);
                section
            }
            Err(error) => {
                self.found.push(Problem { place: S::NAME.to_owned(), reason: error.to_string() });
                S::default()
            }
        }
    }

    fn keys(&mut self, section: &str) -> Table {
        match self.tree.get_table(section) {
            Ok(keys) => keys,
            Err(config::ConfigError::NotFound(_)) => Table::new(),
            Err(error) => {
                self.found.push(Problem { place: section.to_owned(), reason: error.to_string() });
                Table::new()
            }
        }
    }
}

type Table = config::Map<String, config::Value>;

fn alone<S: Section>(key: &str, value: &config::Value) -> Result<S, config::ConfigError> {
    table(Table::from_iter([(key.to_owned(), value.clone())])).try_deserialize()
}

fn table(keys: Table) -> config::Value {
    config::Value::new(None, config::ValueKind::Table(keys))
}

const SECTIONS: &[&str] = &[
    Server::NAME,
    Database::NAME,
    Access::NAME,
    Rates::NAME,
    Graphql::NAME,
    Batches::NAME,
    Line::NAME,
    Providers::NAME,
    Media::NAME,
    Tools::NAME,
    Log::NAME,
];

fn merge(sources: &Sources) -> Result<config::Config, ConfigError> {
    let mut builder = config::Config::builder();
    if let Some(file) = &sources.file {
        builder = builder.add_source(config::File::from(file.as_path()).required(true));
    }
    let ours = sources
        .environment
        .iter()
        .filter(|(name, _)| name.strip_prefix("REELMILL_").is_some_and(|rest| rest.contains("__")));
    let environment = config::Environment::with_prefix("REELMILL")
        .prefix_separator("_")
        .separator("__")
        .try_parsing(true)
        .source(Some(ours.cloned().collect()));
    builder = builder.add_source(environment);
    let url = sources.environment.iter().find(|(name, _)| name == "DATABASE_URL");
    let built = (|| {
        if let Some((_, url)) = url {
            builder = builder.clone().set_override("database.url", url.as_str())?;
        }
        if let Some(data) = &sources.data {
            let data = data.display().to_string();
            builder = builder.clone().set_override("server.data", data)?;
        }
        if let Some(listen) = &sources.listen {
            builder = builder.clone().set_override("server.listen", listen.as_str())?;
        }
        builder.build()
    })();
    built.map_err(|error| {
        ConfigError(vec![Problem { place: String::from("file"), reason: error.to_string() }])
    })
}

fn unknown_sections(tree: &config::Config) -> Vec<Problem> {
    let Ok(table) = tree.clone().try_deserialize::<serde_json::Map<String, serde_json::Value>>()
    else {
        return Vec::new();
    };
    let unknown = table.keys().filter(|name| !SECTIONS.contains(&name.as_str()));
    unknown
        .map(|name| Problem {
            place: name.clone(),
            reason: format!("unknown section; known are {}", SECTIONS.join(", ")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Sources {
        let environment = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Sources { environment, ..Sources::default() }
    }

    #[test]
    fn the_defaults_are_valid() {
        Config::load(&Sources::default()).expect("defaults");
    }

    #[test]
    fn the_environment_wins_over_defaults() {
        let config =
            Config::load(&environment(&[("REELMILL_LINE__MAX_ATTEMPTS", "7")])).expect("valid");
        assert_eq!(config.line.max_attempts, 7);
    }

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let sources = environment(&[
            ("REELMILL_LINE__MAX_ATTEMPTS", "0"),
            ("REELMILL_SERVER__LISTEN", "nowhere"),
            ("REELMILL_GRAPHQL__DEPHT", "3"),
            ("REELMILL_NONSENSE__KEY", "1"),
        ]);
        assert_eq!(
            places(&sources),
            ["graphql.depht", "line.max_attempts", "nonsense", "server.listen"]
        );
    }

    #[test]
    fn one_mistake_of_a_section_hides_no_other() {
        let sources = environment(&[
            ("REELMILL_LINE__LEASE_S", "0"),
            ("REELMILL_LINE__LEESE_S", "5"),
            ("REELMILL_LINE__SWEEP_MS", "soon"),
            ("REELMILL_LINE__RECONCILE_MS", "-1"),
            ("REELMILL_RATES__IP__BURST", "0"),
            ("REELMILL_MEDIA__LINK", "x"),
        ]);
        assert_eq!(
            places(&sources),
            [
                "line.lease_s",
                "line.leese_s",
                "line.reconcile_ms",
                "line.sweep_ms",
                "media.link",
                "rates.ip"
            ]
        );
        let error = Config::load(&sources).expect_err("six mistakes");
        let unknown = error.0.iter().find(|problem| problem.place == "line.leese_s");
        let reason = &unknown.expect("named").reason;
        assert!(reason.contains("unknown field") && reason.contains("lease_s"), "{reason}");
    }

    #[test]
    fn the_largest_csv_fits_in_a_request() {
        let with = |csv: &str, body: &str| {
            environment(&[
                ("REELMILL_BATCHES__MAX_CSV_BYTES", csv),
                ("REELMILL_SERVER__BODY_LIMIT_BYTES", body),
            ])
        };
        // (2 MiB − 16 KiB) × ¾
        Config::load(&with("1560576", "2097152")).expect("it just fits");
        assert_eq!(places(&with("1560577", "2097152")), ["batches.max_csv_bytes"]);
    }

    #[test]
    fn a_section_that_is_no_table_is_a_mistake() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("reelmill.toml");
        std::fs::write(&file, "line = 3\n[graphql]\ndepth = 1\ncost = \"dear\"\n").expect("a file");
        let sources = Sources { file: Some(file), ..Sources::default() };
        assert_eq!(places(&sources), ["graphql.cost", "graphql.depth", "line"]);
    }

    fn places(sources: &Sources) -> Vec<String> {
        let error = Config::load(sources).expect_err("mistakes");
        let mut places: Vec<String> = error.0.into_iter().map(|problem| problem.place).collect();
        places.sort();
        places.dedup();
        places
    }

    #[test]
    fn a_bucket_can_pay_for_the_dearest_query() {
        let cost = Graphql::default().cost.to_string();
        for bucket in ["USER", "IP", "WORKSPACE"] {
            let burst = format!("REELMILL_RATES__{bucket}__BURST");
            let per_s = format!("REELMILL_RATES__{bucket}__PER_S");
            let exact = [(burst.as_str(), cost.as_str()), (per_s.as_str(), "1")];
            Config::load(&environment(&exact)).expect("just enough");
            let dearer = [exact[0], exact[1], ("REELMILL_GRAPHQL__COST", "5001")];
            let error = Config::load(&environment(&dearer)).expect_err("one point too little");
            let place = format!("rates.{}", bucket.to_lowercase());
            let problem = error.0.iter().find(|problem| problem.place == place);
            let reason = &problem.expect("the bucket is named").reason;
            assert!(reason.contains("5000") && reason.contains("5001"), "{reason}");
        }
    }

    #[test]
    fn a_printed_configuration_shows_no_secret() {
        let config = Config::load(&environment(&[
            ("DATABASE_URL", "postgres://app:hunter2@127.0.0.1/reelmill"),
            (
                "REELMILL_SERVER__SECRET",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            ),
        ]))
        .expect("valid");
        let printed = format!("{config:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("0123456789abcdef"));
    }
}
