//! Opening a database and bringing its schema up to date.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use migration::{Migrator, MigratorTrait as _};
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::{ConnectOptions as _, Connection as _};
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr};

use super::{Db, gate};
use crate::kernel::secret::Secret;

/// Time for finding out why a pool got no connection.
const LAST_TRY: Duration = Duration::from_secs(3);

/// Where the records are kept.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:///path/reelmill.db` or `postgres://…`; may hold a password.
    pub url: Secret,
    /// Connections of a PostgreSQL pool; readers of an SQLite file.
    pub max_connections: u32,
}

/// Connects and migrates.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub async fn connect(options: &Options) -> Result<Db, DbErr> {
    let db = connect_unmigrated(options).await?;
    Migrator::up(&db.writer, None).await?;
    Ok(db)
}

/// Connects without touching the schema.
///
/// # Errors
/// When the database cannot be reached.
pub async fn connect_unmigrated(options: &Options) -> Result<Db, DbErr> {
    let statements = Arc::new(AtomicU64::new(0));
    if is_file(options) {
        // The writer comes first: it creates the file and switches it to WAL.
        let writer = sqlite(options, 1, false).await?;
        let reader = sqlite(options, options.max_connections, true).await?;
        let (writer, reader) = (counted(writer, &statements), counted(reader, &statements));
        return Ok(Db { writer, reader, gate: Some(gate::Gate::default()), statements });
    }
    let pool = match postgres(options).await {
        Ok(pool) => counted(pool, &statements),
        Err(error) => {
            reach(options, LAST_TRY).await?;
            return Err(error);
        }
    };
    Ok(Db { writer: pool.clone(), reader: pool, gate: None, statements })
}

/// Whether the records are a file of this machine.
#[must_use]
pub fn is_file(options: &Options) -> bool {
    options.url.reveal().starts_with("sqlite:")
}

/// Makes one connection to a database server and lets it go. A pool tries again until its time is
/// over and then says only that; this says what is wrong, at once. A file is always within reach.
///
/// # Errors
/// Why no connection was made; it holds no password.
pub async fn reach(options: &Options, within: Duration) -> Result<(), DbErr> {
    if is_file(options) {
        return Ok(());
    }
    let failed = |why: String| DbErr::Conn(RuntimeErr::Internal(why));
    let server = options.url.reveal().parse::<PgConnectOptions>();
    let server = server.map_err(|error| failed(error.to_string()))?;
    match tokio::time::timeout(within, server.connect()).await {
        Ok(Ok(connection)) => {
            // It served its purpose, whether it says goodbye or not.
            let _ = connection.close().await;
            Ok(())
        }
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed(format!("no answer in {} s", within.as_secs()))),
    }
}

/// The same connection, counting what it runs.
fn counted(mut connection: DatabaseConnection, statements: &Arc<AtomicU64>) -> DatabaseConnection {
    let statements = Arc::clone(statements);
    connection.set_metric_callback(move |_| {
        statements.fetch_add(1, Ordering::Relaxed);
    });
    connection
}

async fn sqlite(
    options: &Options,
    connections: u32,
    read_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    let mut connect = quiet(options);
    connect.max_connections(connections).min_connections(1);
    connect.map_sqlx_sqlite_opts(move |file| {
        let file = file.create_if_missing(!read_only).foreign_keys(true);
        let file = file.busy_timeout(Duration::from_secs(5));
        let file = file.pragma("synchronous", "FULL").pragma("cache_size", "-65536");
        if read_only { file.pragma("query_only", "ON") } else { file.pragma("journal_mode", "WAL") }
    });
    Database::connect(connect).await
}

async fn postgres(options: &Options) -> Result<DatabaseConnection, DbErr> {
    let mut connect = quiet(options);
    connect.max_connections(options.max_connections).min_connections(1);
    connect.map_sqlx_postgres_opts(|server| {
        server.application_name("reelmill").options([
            ("statement_timeout", "60s"),
            // A process that is frozen in the middle of a transaction must not keep its locks:
            // no transaction of ours waits for anything but the database.
            ("idle_in_transaction_session_timeout", "15s"),
            // The line runs the same few statements all day: plan them once.
            ("plan_cache_mode", "force_generic_plan"),
        ])
    });
    Database::connect(connect).await
}

fn quiet(options: &Options) -> ConnectOptions {
    let mut connect = ConnectOptions::new(options.url.reveal());
    // Statements carry prompts and e-mails: they are never logged.
    connect.sqlx_logging(false).acquire_timeout(Duration::from_secs(30));
    connect
}
