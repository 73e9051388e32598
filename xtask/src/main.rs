//! `cargo xtask …`: set-up and developer commands.
//!
//! Invariants:
//! - Every command that starts a process stops it again: at the end, on failure, on Ctrl-C.
//! - What is missing is named, with its reason, before it is installed.
//! - The product is used as anybody would: over HTTP, WebSocket and the `reelmill` command line.
//!   Nothing here imports the server.
//!
//! Deliberately absent: TLS (everything is on loopback), clap, an async runtime. This crate is
//! compiled first on a fresh machine, so a dependency has to be worth the wait.

mod account;
mod api;
mod args;
mod bench;
mod campaign;
mod demo;
mod explorer;
mod failure;
mod interrupt;
mod node;
mod npm;
mod packages;
mod page;
mod postgres;
mod process;
mod python;
mod run;
mod schema;
mod scripted;
mod server;
mod size;
mod step;
mod suite;
mod table;
mod target;

use std::process::ExitCode;

use args::Command;
use failure::Failure;

fn main() -> ExitCode {
    let outcome = args::parse(std::env::args().skip(1)).and_then(|command| {
        interrupt::install()?;
        dispatch(command)
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Help => {
            println!("{}", args::USAGE);
            Ok(())
        }
        Command::Run(options) => run::run(&options),
        Command::Test(options) => suite::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Explorer => explorer::run(),
        Command::Page => page::ensure(),
        Command::Browser => page::ensure().and_then(|()| suite::browser()),
        Command::Schema => schema::rewrite(),
        Command::Pg => postgres::foreground(),
    }
}
