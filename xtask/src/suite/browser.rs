//! The page, driven in real Chromium against a server of its own with an empty data folder.

use std::process::Command;

use crate::failure::Failure;
use crate::npm::{self, Locked};
use crate::server::Installation;
use crate::{node, packages, process, server, target};

/// A folder for pictures of every page, for whoever wants to look at them.
const SHOTS: &str = "REELMILL_SHOTS";

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
    packages::ensure(&[packages::RENDER, packages::BROWSER])?;
    let root = target::root()?;
    let node = node::ensure()?;
    let modules = npm::ensure(&DRIVER)?.join("node_modules");
    let data = empty_folder()?;
    let installation = Installation { binary: server::build()?, data: data.clone() };
    let serving = installation.serve(0)?;
    let mut command = Command::new(&node);
    command.arg("tests/browser/journey.mjs").current_dir(&root);
    command.env("REELMILL_ADDRESS", serving.address());
    command.env("REELMILL_BROWSER_MODULES", modules);
    if let Some(folder) = std::env::var_os(SHOTS) {
        command.env(SHOTS, folder);
    }
    let mut steps = 0;
    let status = process::tee(&mut command, |line| steps += usize::from(line.starts_with("ok ")))?;
    serving.stop()?;
    // What is left of it belongs to this run alone.
    let _ = std::fs::remove_dir_all(data);
    if status.success() && steps > 0 {
        return Ok(format!("{steps} steps"));
    }
    Err(Failure::new("a journey in the browser failed; its words are above"))
}

/// A data folder that nothing was ever in.
fn empty_folder() -> Result<std::path::PathBuf, Failure> {
    let folder = target::own("browser/data")?;
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
