//! Every service, built once from the configuration. The only file that sees everything.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use entity::values::UnixMs;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::coord::{EventBus, RateLimiter, WorkQueue, rate_limiter, work_queue};
use crate::db::{self, Db, connect};
use crate::domain::access::Access;
use crate::domain::batches::{self, Batches};
use crate::domain::collect::{self, Collect};
use crate::domain::media::{self, Media, Store};
use crate::domain::offers::OfferKeys;
use crate::domain::onboarding::Onboarding;
use crate::domain::plans::Plans;
use crate::domain::plans::catalogue::{Catalogue, CatalogueError};
use crate::domain::templates::{self, Templates};
use crate::domain::value_lists::ValueLists;
use crate::domain::vouchers::Vouchers;
use crate::domain::wallet::{Statements, Wallet};
use crate::graphql;
use crate::kernel::clock::Clock;
use crate::kernel::secret::{MasterKey, Secret};

mod data;
mod line;
mod line_options;
pub mod tools;

pub use data::{Node, lock_data, lock_worker};

/// The services of one process. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// As read at start.
    pub config: Arc<Config>,
    /// The records.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// The installation's key.
    pub key: MasterKey,
    /// Lanes with work.
    pub queue: WorkQueue,
    /// What changed.
    pub bus: EventBus,
    /// Who asks too often.
    pub limiter: RateLimiter,
    /// People, sessions, members, workspaces.
    pub access: Access,
    /// Sign-up.
    pub onboarding: Onboarding,
    /// Plans and prices.
    pub plans: Plans,
    /// Templates.
    pub templates: Templates,
    /// Credits.
    pub wallet: Wallet,
    /// Ledgers as files.
    pub statements: Statements,
    /// Saved lists of values.
    pub value_lists: ValueLists,
    /// Codes worth credits.
    pub vouchers: Vouchers,
    /// Quotes, batches, videos.
    pub batches: Batches,
    /// Files.
    pub media: Media,
    /// Archives and shares.
    pub collect: Collect,
    /// Documents known by their digest.
    pub documents: graphql::documents::Documents,
    /// External programs.
    pub tools: tools::Watch,
    /// Numbers for Prometheus.
    pub metrics: PrometheusHandle,
    /// Cancelled when the process has been asked to stop.
    pub stopping: CancellationToken,
}

/// Why a process could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("the data folder {0} cannot be used")]
    Data(PathBuf, #[source] io::Error),
    /// Another server holds it.
    #[error("another reelmill serves the data folder {0}")]
    InUse(PathBuf),
    /// The key file is damaged.
    #[error("{0} does not hold a key of 64 hex digits")]
    Key(PathBuf),
    /// The database does not open or migrate.
    #[error("the database does not open")]
    Database(#[from] sea_orm::DbErr),
    /// The catalogue of plans is not one.
    #[error("the catalogue of plans cannot be used")]
    Catalogue(#[source] CatalogueError),
    /// The folder of objects cannot be used.
    #[error("the object store does not open")]
    Store(#[source] media::Error),
    /// A font is missing.
    #[error("the embedded model has no fonts")]
    Fonts(#[source] animatic::FontError),
    /// The render threads cannot start.
    #[error("the render threads do not start")]
    Render(#[source] io::Error),
    /// An offer names a model nobody can pick.
    #[error("the offer {0} serves the model {1}, which is not in the catalogue")]
    Model(String, String),
    /// A provider's key cannot be read.
    #[error("the keys of providers cannot be read")]
    OfferKeys(#[source] crate::domain::offers::Error),
    /// There is no TLS.
    #[error("providers on the network cannot be reached")]
    Egress(#[source] crate::ports::egress::NoClient),
    /// The line cannot recover or start.
    #[error("the line does not start")]
    Line(#[source] crate::domain::batches::line::Error),
    /// The documents cannot be used.
    #[error("the documents known by digest cannot be used")]
    Documents(#[from] graphql::documents::DocumentsError),
    /// No randomness.
    #[error("the operating system gives no randomness")]
    Randomness(#[from] getrandom::Error),
}

impl App {
    /// Builds every service; migrates the database.
    ///
    /// # Errors
    /// What keeps the process from starting.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, StartError> {
        crate::ports::egress::install_tls();
        let data = config.server.data.clone();
        data::make(&data)?;
        let key = data::master_key(&config, &data)?;
        let catalogue = catalogue(&config)?;
        let documents = &config.graphql.documents;
        let documents = graphql::documents::Documents::read(
            documents.as_deref(),
            config.graphql.only_documents,
        )?;
        let db = db::connect(&database_options(&config)).await?;
        let queue = WorkQueue::memory(work_queue::Options::default());
        let bus = EventBus::memory();
        let limiter = RateLimiter::memory(clock.clone(), rate_limiter::Options::default());
        let access = Access::new(db.clone(), clock.clone(), key.clone(), config.access.clone())
            .with_coordination(limiter.clone(), bus.clone());
        let plans = Plans::new(db.clone(), clock.clone(), catalogue);
        let onboarding = Onboarding {
            db: db.clone(),
            clock: clock.clone(),
            key: key.clone(),
            access: access.clone(),
            plans: plans.clone(),
            config: config.access.clone(),
        };
        let templates = Templates::new(db.clone(), clock.clone(), template_options(&config));
        let parts = batches::Parts {
            db: db.clone(),
            clock: clock.clone(),
            templates: templates.clone(),
            plans: plans.clone(),
            queue: queue.clone(),
            bus: bus.clone(),
        };
        let batches = Batches::new(parts, batch_options(&config));
        let wallet = Wallet::new(db.clone(), clock.clone());
        let statements = Statements::new(db.clone(), wallet.clone(), key.clone());
        let value_lists = ValueLists::new(db.clone(), clock.clone());
        let vouchers = Vouchers::new(db.clone(), clock.clone(), limiter.clone());
        let store = Store::local(&data.join("objects")).map_err(StartError::Store)?;
        let media =
            Media::new(db.clone(), clock.clone(), key.clone(), store, media_options(&config));
        let parts = collect::Parts {
            db: db.clone(),
            clock: clock.clone(),
            key: key.clone(),
            media: media.clone(),
            limiter: limiter.clone(),
        };
        let collect = Collect::new(parts, collect_options(&config));
        Ok(Self {
            tools: tools::Watch::new(&config.tools),
            config: Arc::new(config),
            db,
            clock,
            key,
            queue,
            bus,
            limiter,
            access,
            onboarding,
            plans,
            templates,
            wallet,
            statements,
            value_lists,
            vouchers,
            batches,
            media,
            collect,
            documents,
            metrics: recorder(),
            stopping: CancellationToken::new(),
        })
    }
}

impl App {
    /// Keys of providers.
    #[must_use]
    pub fn offer_keys(&self) -> OfferKeys {
        OfferKeys::new(self.db.clone(), self.clock.clone(), self.key.clone())
    }

    /// What GraphQL resolvers call.
    #[must_use]
    pub fn services(&self) -> graphql::Services {
        graphql::Services {
            access: self.access.clone(),
            onboarding: self.onboarding.clone(),
            plans: self.plans.clone(),
            templates: self.templates.clone(),
            wallet: self.wallet.clone(),
            statements: self.statements.clone(),
            value_lists: self.value_lists.clone(),
            vouchers: self.vouchers.clone(),
            batches: self.batches.clone(),
            media: self.media.clone(),
            collect: self.collect.clone(),
            rates: graphql::Rates::new(self.limiter.clone(), Arc::new(self.config.rates.clone())),
        }
    }
}

/// The configured catalogue of plans, or the embedded one.
fn catalogue(config: &Config) -> Result<Catalogue, StartError> {
    let Some(path) = &config.access.plans else {
        return Catalogue::embedded().map_err(StartError::Catalogue);
    };
    let text = fs::read_to_string(path).map_err(|error| StartError::Data(path.clone(), error))?;
    Catalogue::from_toml(&text).map_err(StartError::Catalogue)
}

fn prompt_limits(config: &Config) -> prompt::Limits {
    prompt::Limits {
        max_template_chars: config.batches.max_template_chars,
        max_csv_bytes: config.batches.max_csv_bytes,
        ..prompt::Limits::default()
    }
}

fn template_options(config: &Config) -> templates::Options {
    templates::Options { prompt: prompt_limits(config), ..templates::Options::default() }
}

fn batch_options(config: &Config) -> batches::Options {
    batches::Options {
        quote_ttl_ms: config.batches.quote_ttl_min * 60_000,
        max_videos: config.batches.max_videos,
        undecided_ms: config.batches.undecided_days * UnixMs::DAY_MS,
        retry_ms: config.batches.retry_days * UnixMs::DAY_MS,
        max_pilot: config.batches.max_pilot,
        embedded: config.providers.embedded,
        prompt: prompt_limits(config),
        ..batches::Options::default()
    }
}

fn media_options(config: &Config) -> media::Options {
    media::Options {
        link_ttl_s: config.media.link_ttl_s,
        max_link_ttl_s: config.media.max_link_ttl_s,
        ..media::Options::default()
    }
}

fn collect_options(config: &Config) -> collect::Options {
    let media = &config.media;
    collect::Options {
        link_ttl_s: media.link_ttl_s,
        max_link_ttl_s: media.max_link_ttl_s,
        max_selection: usize::try_from(config.batches.max_videos).unwrap_or(usize::MAX),
        max_zips: usize::try_from(media.zips).unwrap_or(1),
        max_zips_per_workspace: usize::try_from(media.zips_per_workspace).unwrap_or(1),
        stall: Duration::from_secs(media.zip_stall_s.unsigned_abs()),
        max_shares: media.shares,
        max_share_days: media.max_share_days,
        opens_per_minute: u32::try_from(media.share_opens_per_minute).unwrap_or(1),
    }
}

/// Where the records of this configuration are.
#[must_use]
pub fn database_options(config: &Config) -> connect::Options {
    let url = config.database.url.clone().unwrap_or_else(|| {
        Secret::new(format!("sqlite://{}", config.server.data.join("reelmill.db").display()))
    });
    connect::Options { url, max_connections: config.database.max_connections }
}

/// Upper bounds of every histogram, seconds: from a cached read to a long render.
const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// One recorder per process: a second `App` (in tests) shares it.
fn recorder() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let buckets = PrometheusBuilder::new().set_buckets(SECONDS);
            let recorder = buckets.unwrap_or_default().build_recorder();
            let handle = recorder.handle();
            // Somebody else's recorder may be in place in an embedding program: then ours is silent.
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
