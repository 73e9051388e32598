//! `reelmill worker`

use std::process::ExitCode;

use crate::app::{self, App};
use crate::config::Config;
use crate::kernel::clock::Clock;

/// Runs the line without the API until it is asked to stop. On PostgreSQL beside `serve`, on the
/// same data folder or one with the same objects; on SQLite only where nobody serves.
pub(super) async fn run(config: Config) -> super::Outcome {
    let data = &config.server.data;
    let is_postgres =
        config.database.url.as_ref().is_some_and(|url| url.reveal().starts_with("postgres"));
    let node = if is_postgres { app::lock_worker(data)? } else { app::lock_data(data)? };
    let app = App::build(config, Clock::system()).await?;
    super::serve::stop_on_signal(app.stopping.clone())?;
    let stopping = app.stopping.clone();
    let line = app.start_line(&node).await?;
    println!("reelmill works as {}", node.name);
    stopping.cancelled().await;
    line.drain().await;
    Ok(ExitCode::SUCCESS)
}
