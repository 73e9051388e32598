//! `cargo xtask demo`: the main job without a browser. A campaign file becomes delivered, checked
//! files, through the public API alone, on a data folder made for the occasion.
//!
//! Everything that must hold is looked at and named; one thing that does not ends in exit code 1
//! with the data folder and the log kept.

mod batch;
mod fetch;
mod probe;
mod progress;
mod report;

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::account::Account;
use crate::api::Client;
use crate::campaign::{self, Campaign};
use crate::failure::{Failure, While as _};
use crate::server::{Installation, Server};
use crate::{args, packages, process, run, server, step, target};

use batch::Launched;
use report::Report;

/// Makes a campaign's videos, checks them and the books, prints what it took.
///
/// # Errors
/// A step does not work, or something that must hold does not.
pub fn run(options: &args::Demo) -> Result<(), Failure> {
    let started = Instant::now();
    let campaign = campaign::load(&options.campaign)?;
    let out = out_folder(options);
    let data = target::own(&format!("demo-{}", std::process::id()))?;
    packages::ensure(&[packages::RENDER])?;
    let installation = Installation { binary: server::build()?, data, settings: None };
    let prepared = started.elapsed();
    let outcome = make(&installation, &campaign, &out);
    let mut report = match outcome {
        Ok(report) => report,
        Err(Failure::Interrupted) => {
            remove(&installation.data);
            return Err(Failure::Interrupted);
        }
        Err(failure) => return Err(with_data(failure, &installation)),
    };
    report.prepared = prepared;
    report.total = started.elapsed();
    report.print(options.json);
    if !report.wrong.is_empty() {
        return Err(with_data(Failure::new("something that must hold does not"), &installation));
    }
    remove(&installation.data);
    Ok(())
}

/// Where the files go when nothing is said: beside those of other campaigns.
fn out_folder(options: &args::Demo) -> PathBuf {
    let stem = options.campaign.file_stem().unwrap_or_default();
    options.out.clone().unwrap_or_else(|| Path::new("out").join(stem))
}

fn with_data(failure: Failure, installation: &Installation) -> Failure {
    let folder = installation.data.display();
    let log = installation.log();
    Failure::new(format!("{failure}\n\nkept for a look: {folder}, log {}", log.display()))
}

fn remove(data: &Path) {
    if let Err(error) = std::fs::remove_dir_all(data) {
        step::note(&format!("{} is left over: {error}", data.display()));
    }
}

/// From a fresh data folder to files and a checked ledger.
fn make(installation: &Installation, campaign: &Campaign, out: &Path) -> Result<Report, Failure> {
    let server = step::step("starting the server", || installation.serve(0))?;
    let mut client = Client::new(server.address());
    let workspace = step::step("signing up", || sign_up(installation, campaign, &mut client))?;
    let launched = batch::launch(&mut client, &workspace, campaign)?;
    let (seen, rendering) = progress::follow(&client, &workspace, &launched)?;
    let standing = batch::standing(&mut client, &workspace)?;
    let settled = batch::settled(&mut client, &workspace, &launched)?;
    let videos = batch::videos(&mut client, &workspace, &launched)?;
    let files =
        step::step(&format!("fetching {} files into {}", videos.len(), out.display()), || {
            fetch::all(&mut client, (&workspace, &launched.batch), (&videos, out))
        })?;
    let probed = step::step("probing every file, every frame decoded", || {
        probe::all(&files.iter().map(|file| file.path.as_path()).collect::<Vec<_>>())
    })?;
    let ledger = step::step("checking the ledger", || check_ledger(installation, server))?;
    let mut report = Report::new(campaign, out, &launched);
    report.rendering = rendering;
    report.updates = seen;
    report.judge_batch(&launched, (&settled, &standing), &videos);
    report.judge_files(campaign, (&videos, &files, &probed));
    report.judge_ledger(ledger);
    Ok(report)
}

fn sign_up(
    installation: &Installation,
    campaign: &Campaign,
    client: &mut Client,
) -> Result<String, Failure> {
    let workspace = Account::fresh()?.sign_up(client, &campaign.name)?;
    let trial = batch::standing(client, &workspace)?;
    step::note(&format!("{} credits to try with, plan {}", trial.available, trial.plan));
    if let Some(wanted) = &campaign.workspace {
        let credits = wanted.credits.to_string();
        run::endow(installation, &workspace, (&wanted.plan, &credits))?;
        let now = batch::standing(client, &workspace)?;
        step::note(&format!("set by the operator: {} credits, plan {}", now.available, now.plan));
    }
    Ok(workspace)
}

/// Twice: beside the server, and on what it left when it had stopped.
fn check_ledger(
    installation: &Installation,
    server: Server,
) -> Result<Result<(), String>, Failure> {
    let check = || process::read(&mut installation.command(&["ledger", "check"]));
    let beside = check().map_err(|failure| failure.to_string());
    server.stop().or_fail("stop the server")?;
    let after = check().map_err(|failure| failure.to_string());
    Ok(beside.and(after).map(drop))
}

/// What both halves of a launch share: the batch and what it was promised to be.
impl Launched {
    /// Credits for all of it.
    pub const fn total(&self) -> i64 {
        self.price_per_video * self.videos
    }
}
