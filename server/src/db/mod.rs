//! The database: connections, transactions with bounded retry, bulk parameters, and the rows that
//! commit together with a fact (audit, outbox, idempotency).
//!
//! Invariants held here:
//! - On SQLite there is one write connection (WAL, synchronous=FULL, BEGIN IMMEDIATE) behind a
//!   [`gate`] that lets money pass before telemetry, and a read-only pool.
//! - A transaction is retried only as a whole and only after the database refused it as a
//!   serialization failure, deadlock or busy; see [`failure`].
//! - Nothing here does network or file work inside a transaction, and no closure passed to
//!   [`Db::tx`] may.
//!
//! Deliberately absent: a repository trait, an ORM session, nested transactions.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

pub mod audit;
pub mod bulk;
pub mod connect;
pub mod dialect;
pub mod failure;
pub mod gate;
pub mod idempotency;
pub mod outbox;
pub mod writes;

pub use connect::connect;
pub use gate::Class;

/// How often a transaction is tried before its failure is shown.
const MAX_TRIES: u32 = 8;

/// A database, ready for use. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    gate: Option<gate::Gate>,
    statements: Arc<AtomicU64>,
}

/// A transaction under way. Functions that take one end in `_in_tx` and take it first.
pub struct Tx(Arc<DatabaseTransaction>);

impl Deref for Tx {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Db {
    /// For reads outside a transaction; on SQLite a read-only pool.
    #[must_use]
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Statements run since the connection was made, transactions' own words not counted. Tests
    /// hold reads that should be batched to a number of them.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Which database this is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// A read-only transaction that sees one moment throughout, for as long as it takes; to be
    /// rolled back when read.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        if self.backend() == DbBackend::Sqlite {
            // In WAL a read transaction keeps the moment of its first read.
            return self.reader.begin().await;
        }
        let isolation = Some(IsolationLevel::RepeatableRead);
        let snapshot = self.reader.begin_with_config(isolation, Some(AccessMode::ReadOnly)).await?;
        // Whole tables are compared, often just after they were filled, when the planner still
        // takes them for empty: a nested loop over 80,000 rows then runs for hours.
        let patient = "SET LOCAL statement_timeout = 0; \
                       SET LOCAL idle_in_transaction_session_timeout = 0; \
                       SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'";
        snapshot.execute_unprepared(patient).await?;
        Ok(snapshot)
    }

    /// Runs `work` in one transaction: commits when it returns `Ok`, rolls back otherwise.
    ///
    /// `work` may run more than once; it must have no effect but through the transaction.
    ///
    /// # Errors
    /// What `work` returns, or the database's failure turned into `E`.
    pub async fn tx<T, E, F, Fut>(&self, class: Class, work: F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
        E: From<DbErr> + failure::MayRetry,
        T: Send,
    {
        let mut tries = 1;
        loop {
            let result = self.try_tx(class, &work).await;
            match result {
                Err(error) if tries < MAX_TRIES && error.is_retryable() => {
                    metrics::counter!("reelmill_db_retries_total").increment(1);
                    tokio::time::sleep(failure::backoff(tries)).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    async fn try_tx<T, E, F, Fut>(&self, class: Class, work: &F) -> Result<T, E>
    where
        F: Fn(Tx) -> Fut + Send,
        Fut: Future<Output = Result<T, E>> + Send,
        E: From<DbErr> + failure::MayRetry,
        T: Send,
    {
        let _turn = match &self.gate {
            Some(gate) => Some(gate.enter(class).await),
            None => None,
        };
        let options = TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        };
        let inner = Arc::new(self.writer.begin_with_options(options).await?);
        let outcome = work(Tx(Arc::clone(&inner))).await;
        let Some(inner) = Arc::into_inner(inner) else {
            return Err(E::from(DbErr::Custom(String::from("a transaction outlived its closure"))));
        };
        match outcome {
            Ok(value) => {
                inner.commit().await?;
                Ok(value)
            }
            Err(error) => {
                inner.rollback().await?;
                Err(error)
            }
        }
    }
}
