//! A migrated, empty database of its own for every test.

use sea_orm::{ConnectionTrait as _, Database as SeaOrm};
use server::db::{Db, connect};
use server::kernel::clock::Clock;
use server::kernel::ids as kernel_ids;
use server::kernel::secret::Secret;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Names the private PostgreSQL server, e.g. `postgres://postgres@127.0.0.1:40123/postgres`.
const POSTGRES: &str = "REELMILL_TEST_POSTGRES";
/// Migrated once per run; each test's database is a copy of it.
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A database that lives as long as the test.
pub struct Database {
    /// The connections.
    pub db: Db,
    /// Its address, for a second process.
    pub url: String,
    _folder: Option<TempDir>,
}

impl Database {
    /// An SQLite file in a folder of its own.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}/reelmill.db", folder.path().display());
        Self { db: open(&url).await, url, _folder: Some(folder) }
    }

    /// Runs a statement that no use-case offers.
    pub async fn run(&self, sql: &str) {
        let done: Result<(), sea_orm::DbErr> = self
            .db
            .tx(server::db::Class::Interactive, |tx| async move {
                tx.execute_unprepared(sql).await.map(|_| ())
            })
            .await;
        done.expect("the statement works");
    }

    /// A database on the private PostgreSQL server.
    pub async fn postgres() -> Self {
        let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
            panic!("{POSTGRES} is not set: run `cargo xtask test`, which starts a private server")
        });
        let template = TEMPLATE.get_or_init(|| make_template(&server)).await;
        let name = fresh_name();
        admin(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        let url = with_database(&server, &name);
        Self { db: open(&url).await, url, _folder: None }
    }
}

async fn make_template(server: &str) -> String {
    let name = fresh_name();
    admin(server, &format!("CREATE DATABASE {name}")).await;
    let db = open(&with_database(server, &name)).await;
    db.reader().clone().close().await.expect("the template's connections close");
    name
}

async fn open(url: &str) -> Db {
    let options = connect::Options { url: Secret::new(url.to_owned()), max_connections: 8 };
    server::db::connect(&options).await.expect("the test database opens and migrates")
}

async fn admin(server: &str, sql: &str) {
    let connection = SeaOrm::connect(server).await.expect("the private PostgreSQL answers");
    connection.execute_unprepared(sql).await.expect("an administrative statement works");
    connection.close().await.expect("closing works");
}

fn with_database(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}")
}

fn fresh_name() -> String {
    format!("t_{}", kernel_ids::mint::<Uuid>(Clock::system().now()).simple())
}
