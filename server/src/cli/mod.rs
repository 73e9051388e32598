//! The commands of `reelmill`. Each is a thin shell around the use-cases the API calls.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::desk::Desk;
use crate::app::App;
use crate::config::{Config, Sources};
use crate::kernel::clock::Clock;

pub mod desk;
pub mod doctor;
mod ledger;
mod log;
mod migrate;
mod provider;
pub mod serve;
pub mod user;
pub mod voucher;
mod worker;
pub mod workspace;

/// What a command ends in: an exit code, or an error whose chain is printed.
pub type Outcome = Result<ExitCode, Box<dyn std::error::Error + Send + Sync>>;

/// AI video as a production line.
#[derive(Debug, Parser)]
#[command(name = "reelmill", version, about)]
pub struct Cli {
    /// Settings in TOML [env: REELMILL_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of everything this node keeps
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and run the line
    Serve(serve::Serve),
    /// Run the line without the API
    Worker,
    /// Print the GraphQL schema
    Schema,
    /// Bring the database's schema up to date
    Migrate,
    /// Audit the books
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// People: accounts, reset links, operators
    #[command(subcommand)]
    User(user::User),
    /// Workspaces: plans, credits, members
    #[command(subcommand)]
    Workspace(workspace::Workspace),
    /// Codes worth credits
    #[command(subcommand)]
    Voucher(voucher::Voucher),
    /// Keys of providers on the network
    #[command(subcommand)]
    Provider(provider::Provider),
    /// Say what is missing on this machine
    Doctor,
}

impl Cli {
    /// Reads the configuration and runs the command.
    ///
    /// # Errors
    /// What the command could not do.
    pub fn run(self) -> Outcome {
        let mut sources = Sources::from_process();
        sources.file = self.config.or(sources.file);
        sources.data = self.data;
        if let Command::Serve(serve) = &self.command {
            sources.listen = serve.listen.clone();
        }
        let config = Config::load(&sources)?;
        log::start(&config);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        match self.command {
            Command::Serve(serve) => runtime.block_on(serve.run(config)),
            Command::Worker => runtime.block_on(worker::run(config)),
            Command::Schema => {
                print!("{}", crate::graphql::sdl());
                Ok(ExitCode::SUCCESS)
            }
            Command::Migrate => runtime.block_on(migrate::run(config)),
            Command::Ledger(ledger) => runtime.block_on(ledger.run(config)),
            Command::User(user) => runtime.block_on(async {
                let app = App::build(config, Clock::system()).await?;
                print!("{}", user.run(&desk(&app)).await?);
                Ok(ExitCode::SUCCESS)
            }),
            Command::Workspace(workspace) => runtime.block_on(async {
                let app = App::build(config, Clock::system()).await?;
                print!("{}", workspace.run(&desk(&app)).await?);
                Ok(ExitCode::SUCCESS)
            }),
            Command::Voucher(voucher) => runtime.block_on(async {
                let app = App::build(config, Clock::system()).await?;
                print!("{}", voucher.run(&desk(&app), &app.vouchers).await?);
                Ok(ExitCode::SUCCESS)
            }),
            Command::Provider(provider) => runtime.block_on(async {
                let app = App::build(config, Clock::system()).await?;
                let known: Vec<String> =
                    app.config.providers.offers.iter().map(|offer| offer.name.clone()).collect();
                let keys = app.offer_keys();
                print!("{}", provider.run(&desk(&app), (&keys, &known)).await?);
                Ok(ExitCode::SUCCESS)
            }),
            Command::Doctor => runtime.block_on(doctor::run(config)),
        }
    }
}

fn desk(app: &App) -> Desk {
    Desk {
        access: app.access.clone(),
        plans: app.plans.clone(),
        wallet: app.wallet.clone(),
        clock: app.clock.clone(),
    }
}
