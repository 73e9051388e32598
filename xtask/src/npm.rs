//! Packages from npm, exactly those that a lock file of the repository names.
//!
//! npm refuses what does not match its SHA-512; no script of a package is run.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::step::step;
use crate::{packages, process, target};

/// A list of packages and its lock file.
pub struct Locked {
    /// Of the folder they are put into, under cargo's.
    pub name: &'static str,
    /// What is being fetched, in words.
    pub what: &'static str,
    /// The text of `package.json`.
    pub manifest: &'static str,
    /// The text of `package-lock.json`.
    pub lock: &'static str,
}

/// Fetches and checks them; the folder that holds `node_modules`.
///
/// # Errors
/// npm is missing and cannot be installed, or it refuses.
pub fn install(locked: &Locked) -> Result<PathBuf, Failure> {
    packages::ensure(&[packages::NODE])?;
    let folder = target::own(locked.name)?;
    for (name, text) in [("package.json", locked.manifest), ("package-lock.json", locked.lock)] {
        fs::write(folder.join(name), text).or_fail("write the list of packages")?;
    }
    step(&format!("fetching {} by its lock file", locked.what), || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
        process::read(&mut npm).map(drop)
    })?;
    Ok(folder)
}

/// As [`install`], or nothing where these very packages are there.
///
/// # Errors
/// As [`install`].
pub fn ensure(locked: &Locked) -> Result<PathBuf, Failure> {
    let folder = target::own(locked.name)?;
    let known = fs::read_to_string(folder.join("package-lock.json"));
    // npm writes this file last: without it an installation was broken off.
    let whole = folder.join("node_modules/.package-lock.json").is_file();
    if whole && known.is_ok_and(|known| known == locked.lock) {
        return Ok(folder);
    }
    install(locked)
}

/// Every package of a lock file that has no SHA-512.
#[cfg(test)]
pub fn unsummed(lock: &str) -> Vec<String> {
    let lock: serde_json::Value = serde_json::from_str(lock).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    assert!(packages.len() > 1, "a lock file that names nothing");
    let fetched = packages.iter().filter(|(name, _)| !name.is_empty());
    let summed = |package: &serde_json::Value| {
        package["integrity"].as_str().is_some_and(|sum| sum.starts_with("sha512-"))
    };
    fetched.filter(|(_, package)| !summed(package)).map(|(name, _)| name.clone()).collect()
}
