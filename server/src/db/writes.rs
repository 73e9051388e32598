//! Several bulk writes on different tables, each with the number of rows it must touch.
//!
//! PostgreSQL runs them as one statement of data-modifying CTEs: one round trip, one plan, one
//! snapshot. SQLite has no such CTEs and runs them one after the other, which means the same as
//! long as no two writes of one call touch the same row.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};

use super::bulk::Rows;
use super::{Tx, dialect};

/// Where the rows go in a write's text: `… FROM {rows} WHERE r.id = …`.
const PLACE: &str = "{rows}";

/// Writes that are carried out together.
#[derive(Default)]
pub struct Writes(Vec<Write>);

struct Write {
    sql: &'static str,
    rows: Rows,
    expected: u64,
}

impl Writes {
    /// Nothing to write yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write that touches exactly one row per row of `rows`; no rows, no write.
    #[must_use]
    pub fn each(mut self, sql: &'static str, rows: Rows) -> Self {
        let expected = rows.len() as u64;
        if expected > 0 {
            self.0.push(Write { sql, rows, expected });
        }
        self
    }

    /// Carries them out.
    ///
    /// # Errors
    /// The database's failure, or [`DbErr::RecordNotUpdated`] when a write touched another number
    /// of rows than it was to.
    pub async fn run_in_tx(self, tx: &Tx) -> Result<(), DbErr> {
        if self.0.is_empty() {
            return Ok(());
        }
        match tx.get_database_backend() {
            DbBackend::Sqlite => self.one_by_one(tx).await,
            backend => self.at_once(tx, backend).await,
        }
    }

    async fn one_by_one(self, tx: &Tx) -> Result<(), DbErr> {
        for write in self.0 {
            let mut values = Vec::new();
            let source = write.rows.source(DbBackend::Sqlite, &mut values);
            let sql = write.sql.replace(PLACE, &source);
            dialect::execute_exactly(&**tx, sql, values, write.expected).await?;
        }
        Ok(())
    }

    async fn at_once(self, tx: &Tx, backend: DbBackend) -> Result<(), DbErr> {
        let mut values: Vec<Value> = Vec::new();
        let mut parts = Vec::new();
        let mut counts = Vec::new();
        let mut expected = Vec::new();
        for (place, write) in self.0.into_iter().enumerate() {
            let source = write.rows.source(backend, &mut values);
            let sql = write.sql.replace(PLACE, &source);
            parts.push(format!("w{place} AS ({sql} RETURNING 1)"));
            counts.push(format!("(SELECT count(*) FROM w{place}) AS n{place}"));
            expected.push((format!("n{place}"), write.expected));
        }
        let sql = format!("WITH {} SELECT {}", parts.join(", "), counts.join(", "));
        let row = tx.query_one_raw(dialect::statement(&**tx, sql, values)).await?;
        let row = row.ok_or(DbErr::RecordNotUpdated)?;
        for (name, wanted) in expected {
            let touched: i64 = row.try_get("", &name)?;
            if u64::try_from(touched) != Ok(wanted) {
                return Err(DbErr::RecordNotUpdated);
            }
        }
        Ok(())
    }
}
