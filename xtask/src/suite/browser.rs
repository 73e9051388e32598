//! The page, driven in real Chromium against servers of its own with empty data folders: once with
//! the embedded model, once with a provider that fails when it is told to.

use std::path::PathBuf;
use std::process::Command;

use crate::account::Account;
use crate::api::Client;
use crate::failure::Failure;
use crate::npm::{self, Locked};
use crate::scripted::Scripted;
use crate::server::Installation;
use crate::{node, packages, process, run, server, target};

/// A folder for pictures of every page, for whoever wants to look at them.
const SHOTS: &str = "REELMILL_SHOTS";

/// Enough for both languages.
const CREDITS: &str = "100";

/// The browser's driver, and the rules of accessibility.
const DRIVER: Locked = Locked {
    name: "browser/npm",
    what: "the browser's driver",
    manifest: include_str!("../../../tests/browser/package.json"),
    lock: include_str!("../../../tests/browser/package-lock.json"),
};

/// Runs the journeys; returns how many steps they had.
///
/// # Errors
/// The browser cannot be had, or a step failed.
pub fn run() -> Result<String, Failure> {
    packages::ensure(&[packages::RENDER, packages::BROWSER, packages::PYTHON])?;
    let tools =
        Tools { node: node::ensure()?, modules: npm::ensure(&DRIVER)?.join("node_modules") };
    let binary = server::build()?;
    let data = empty_folder("browser/data")?;
    let plain = Installation { binary: binary.clone(), data, settings: None };
    let mut steps = journey(&tools, &plain, "tests/browser/journey.mjs", |_, _| Ok(()))?;
    let data = empty_folder("browser/account")?;
    let plain = Installation { binary: binary.clone(), data, settings: None };
    steps += journey(&tools, &plain, "tests/browser/account.mjs", |_, command| {
        command.env("REELMILL_VOUCHER", voucher(&plain)?);
        Ok(())
    })?;
    let data = empty_folder("browser/trouble")?;
    let provider = Scripted::start(&data)?;
    let settings = Some(provider.settings(&data, "")?);
    let scripted = Installation { binary, data, settings };
    steps += journey(&tools, &scripted, "tests/browser/trouble.mjs", |serving, command| {
        let account = Account::fresh()?;
        let workspace = account.sign_up(&mut Client::new(serving.address()), "Studio")?;
        // The provider draws no mark, which a trial would ask for.
        run::endow(&scripted, &workspace, ("pro-1", CREDITS))?;
        command.env("REELMILL_EMAIL", account.email).env("REELMILL_PASSWORD", account.password);
        Ok(())
    })?;
    Ok(format!("{steps} steps"))
}

struct Tools {
    node: PathBuf,
    modules: PathBuf,
}

/// A code that a workspace of each language may take.
fn voucher(installation: &Installation) -> Result<String, Failure> {
    let words = ["voucher", "create", "25", "--uses", "2", "--reason", "journey"];
    let made = process::read(&mut installation.command(&words))?;
    let code = made.split_whitespace().next();
    code.map(str::to_owned).ok_or_else(|| Failure::new("no voucher was made"))
}

/// One script; `prepare` sees to what it finds and tells it.
fn journey(
    tools: &Tools,
    installation: &Installation,
    script: &str,
    prepare: impl FnOnce(&server::Server, &mut Command) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let serving = installation.serve(0)?;
    let mut command = Command::new(&tools.node);
    prepare(&serving, &mut command)?;
    command.arg(script).current_dir(target::root()?);
    command.env("REELMILL_ADDRESS", serving.address());
    command.env("REELMILL_BROWSER_MODULES", &tools.modules);
    if let Some(folder) = std::env::var_os(SHOTS) {
        command.env(SHOTS, folder);
    }
    let mut steps = 0;
    let status = process::tee(&mut command, |line| steps += usize::from(line.starts_with("ok ")))?;
    serving.stop()?;
    // What is left of it belongs to this run alone.
    let _ = std::fs::remove_dir_all(&installation.data);
    if status.success() && steps > 0 {
        return Ok(steps);
    }
    Err(Failure::new(format!("{script} failed; its words are above")))
}

/// A data folder that nothing was ever in.
fn empty_folder(name: &str) -> Result<PathBuf, Failure> {
    let folder = target::own(name)?;
    let _ = std::fs::remove_dir_all(&folder);
    server::make_folder(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_is_locked_with_its_sha512() {
        assert_eq!(npm::unsummed(DRIVER.lock), [""; 0]);
    }
}
