//! The ledger check: replays every transfer and compares what it finds with every number that is
//! stored beside it, in one snapshot of the database. It reports; it never mends.
//!
//! Memory is bounded: transfers are streamed, the comparisons of tables run in the database and
//! return only what differs, assets come in pages. Of a database that is broken everywhere the
//! first [`MAX_LISTED`] breaks are listed and the rest counted.

use async_trait::async_trait;
use entity::ids::AssetId;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, QueryResult};
use uuid::Uuid;

use crate::db::{Db, dialect};

mod comparisons;
mod objects;
mod replay;
mod report;

pub use report::{Break, Code, MAX_LISTED, Report};

/// Assets that are looked up in the store at a time.
const ASSET_PAGE: i64 = 500;

/// What the store says about an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectFacts {
    /// Its length.
    pub bytes: i64,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
}

/// The object store, as far as the check needs it.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Reads an object through and describes it; `None` when there is none under this key.
    ///
    /// # Errors
    /// When the store cannot be read; the check then fails as a whole.
    async fn describe(&self, key: &str) -> std::io::Result<Option<ObjectFacts>>;
}

/// Why the check could not be carried out. A broken ledger is no failure but a [`Report`].
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The database failed.
    #[error("the database could not be read")]
    Database(#[source] sea_orm::DbErr),
    /// The object store failed.
    #[error("the object store could not be read")]
    Objects(#[source] std::io::Error),
}

impl From<sea_orm::DbErr> for Failure {
    fn from(source: sea_orm::DbErr) -> Self {
        Self::Database(source)
    }
}

/// Compares everything; with `objects`, also every asset with the object it names.
///
/// # Errors
/// When database or store cannot be read.
pub async fn run(db: &Db, objects: Option<&dyn Objects>) -> Result<Report, Failure> {
    let snapshot = db.snapshot().await?;
    let mut report = Report::default();
    replay::run(&snapshot, &mut report).await?;
    for comparison in comparisons::ALL {
        for row in
            snapshot.query_all_raw(dialect::statement(&snapshot, comparison.sql(), [])).await?
        {
            report.add(comparison.read(&row)?);
        }
    }
    if let Some(objects) = objects {
        compare_objects(&snapshot, objects, &mut report).await?;
    }
    snapshot.rollback().await?;
    Ok(report)
}

async fn compare_objects(
    snapshot: &DatabaseTransaction,
    objects: &dyn Objects,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut last = Uuid::nil();
    loop {
        let sql =
            "SELECT id, object_key, bytes, sha256 FROM assets WHERE id > $1 ORDER BY id LIMIT $2";
        let values = [last.into(), ASSET_PAGE.into()];
        let page = snapshot.query_all_raw(dialect::statement(snapshot, sql, values)).await?;
        if page.is_empty() {
            return Ok(());
        }
        for row in &page {
            last = row.try_get("", "id")?;
            report.count_object();
            compare_object(row, objects, report).await?;
        }
    }
}

async fn compare_object(
    row: &QueryResult,
    objects: &dyn Objects,
    report: &mut Report,
) -> Result<(), Failure> {
    let subject = row.try_get::<AssetId>("", "id")?.to_string();
    let key: String = row.try_get("", "object_key")?;
    let bytes: i64 = row.try_get("", "bytes")?;
    let sha256: Vec<u8> = row.try_get("", "sha256")?;
    let mut add = |code, expected: String, found: String| {
        report.add(Break { code, subject: format!("{subject} ({key})"), expected, found });
    };
    let Some(facts) = objects.describe(&key).await.map_err(Failure::Objects)? else {
        add(Code::ObjectMissing, format!("{bytes} bytes"), String::from("no object"));
        return Ok(());
    };
    if facts.bytes != bytes {
        add(Code::ObjectLength, bytes.to_string(), facts.bytes.to_string());
    } else if facts.sha256 != sha256 {
        add(Code::ObjectSha256, hex(&sha256), hex(&facts.sha256));
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
