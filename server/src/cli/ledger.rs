//! `reelmill ledger`

use std::process::ExitCode;

use clap::Subcommand;

use crate::app::database_options;
use crate::config::Config;
use crate::db;
use crate::domain::media::Store;
use crate::domain::wallet::check;

/// Audit the books
#[derive(Debug, Subcommand)]
pub(super) enum Ledger {
    /// Replay every transfer and compare it with everything stored; exits 1 at a break
    Check,
}

impl Ledger {
    pub(super) async fn run(self, config: Config) -> super::Outcome {
        let Self::Check = self;
        let db = db::connect::connect_unmigrated(&database_options(&config)).await?;
        let store = Store::local(&config.server.data.join("objects"))?;
        let report = check::run(&db, Some(&store)).await?;
        print!("{report}");
        Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
