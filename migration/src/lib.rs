//! Schema history of Reelmill. Imports no entity: a migration must mean the same for ever.
//!
//! Each step is one SQL file in `sql/`, written once for both databases with a few type tokens
//! (see [`dialect`]); what differs in kind (triggers) has a file per database. Files that have
//! been released are never edited: add the next number instead.
//!
//! Why SQL and not the schema builder: partial unique indexes, CHECKs, triggers and STRICT tables
//! carry the invariants, and a reader should see them as the database does.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

mod dialect;

/// Runs and lists the migrations.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS.iter().map(|step| Box::new(*step) as Box<dyn MigrationTrait>).collect()
    }
}

/// One file of the history.
#[derive(Clone, Copy)]
struct Step {
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! same {
    ($name:literal) => {
        Step {
            name: $name,
            sqlite: include_str!(concat!("sql/", $name, ".sql")),
            postgres: include_str!(concat!("sql/", $name, ".sql")),
        }
    };
}

macro_rules! differing {
    ($name:literal) => {
        Step {
            name: $name,
            sqlite: include_str!(concat!("sql/", $name, ".sqlite.sql")),
            postgres: include_str!(concat!("sql/", $name, ".postgres.sql")),
        }
    };
}

const STEPS: &[Step] = &[
    same!("m0001_access"),
    same!("m0002_catalogue"),
    same!("m0003_wallet"),
    same!("m0004_batches"),
    same!("m0005_media"),
    same!("m0006_records"),
    differing!("m0007_append_only"),
    same!("m0008_first_prices"),
    same!("m0009_control"),
    same!("m0010_offers"),
    same!("m0012_provider_keys"),
    differing!("m0015_history_holds"),
    same!("m0020_collect"),
    same!("m0025_spending"),
    same!("m0026_vouchers"),
    same!("m0027_value_lists"),
    same!("m0030_embedded_only"),
    same!("m0038_trail"),
    same!("m0031_stop_asked"),
];

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let text = if backend == DbBackend::Sqlite { self.sqlite } else { self.postgres };
        let sql = dialect::expand(text, backend);
        manager.get_connection().execute_unprepared(&sql).await.map(|_| ())
    }
}
