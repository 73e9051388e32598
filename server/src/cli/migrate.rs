//! `reelmill migrate`

use std::process::ExitCode;

use crate::app::database_options;
use crate::config::Config;

/// Brings the schema up to date; does nothing when it is.
pub(super) async fn run(config: Config) -> super::Outcome {
    std::fs::create_dir_all(&config.server.data)?;
    crate::db::connect(&database_options(&config)).await?;
    println!("the schema is up to date");
    Ok(ExitCode::SUCCESS)
}
