//! What the suites share: a fresh database per test, on both backends.

pub mod database;
pub mod far_away;
pub mod house;
pub mod node;
pub mod program;
pub mod server;
pub mod socket;
pub mod world;

/// Declares one test per backend from an `async fn(Database)`.
macro_rules! both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::database::Database::sqlite().await).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::database::Database::postgres().await).await;
            })*
        }
    };
}
pub(crate) use both;
