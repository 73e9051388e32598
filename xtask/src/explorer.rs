//! `cargo xtask explorer`: fetches the page of `/explorer` so that the next build embeds it.
//!
//! npm takes exactly what `xtask/explorer/package-lock.json` names and refuses what does not match
//! its SHA-512; no script of a package is run. The files go to `server/explorer/`, which git
//! ignores.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::step::step;
use crate::{process, target};

/// Where the page is inside its package.
const PAGE: &str = "node_modules/altair-static/build/dist";
const MANIFEST: &str = include_str!("../explorer/package.json");
const LOCK: &str = include_str!("../explorer/package-lock.json");

/// Fetches, checks and puts in place.
///
/// # Errors
/// npm is missing or refuses, or the files cannot be written.
pub fn run() -> Result<(), Failure> {
    if !process::exists("npm") {
        let words = "the explorer comes from npm, which is not installed (node 20 or newer has it)";
        return Err(Failure::new(words));
    }
    let folder = target::own("explorer")?;
    for (name, text) in [("package.json", MANIFEST), ("package-lock.json", LOCK)] {
        fs::write(folder.join(name), text).or_fail("write the list of packages")?;
    }
    step("fetching altair-static by its lock file", || {
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
        process::read(&mut npm).map(drop)
    })?;
    let destination = target::root()?.join("server/explorer");
    let count = replace(&folder.join(PAGE), &destination)?;
    println!("{count} files in server/explorer; the next build embeds them at /explorer");
    Ok(())
}

/// Puts a copy of `from` in the place of what `to` holds, but for its hidden files.
fn replace(from: &Path, to: &Path) -> Result<usize, Failure> {
    for entry in fs::read_dir(to).or_fail("read server/explorer")?.flatten() {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let removed =
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.or_fail(format!("remove {}", path.display()))?;
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> Result<usize, Failure> {
    fs::create_dir_all(to).or_fail(format!("make {}", to.display()))?;
    let mut count = 0;
    for entry in fs::read_dir(from).or_fail(format!("read {}", from.display()))?.flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            count += copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).or_fail(format!("write {}", target.display()))?;
            count += 1;
        }
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_package_is_locked_with_its_sha512() {
        let lock: Value = serde_json::from_str(LOCK).unwrap();
        let packages = lock["packages"].as_object().unwrap();
        let fetched: Vec<_> = packages.iter().filter(|(name, _)| !name.is_empty()).collect();
        assert!(!fetched.is_empty());
        for (name, package) in fetched {
            let sum = package["integrity"].as_str().unwrap_or_default();
            assert!(sum.starts_with("sha512-"), "{name} has no SHA-512");
        }
    }

    #[test]
    fn a_newer_page_leaves_nothing_of_the_older_one() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("assets")).unwrap();
        fs::create_dir_all(to.join("old")).unwrap();
        fs::write(from.join("assets/new.js"), "1").unwrap();
        fs::write(to.join("old/old.js"), "0").unwrap();
        fs::write(to.join(".gitignore"), "*").unwrap();
        assert_eq!(replace(&from, &to).unwrap(), 1);
        assert!(to.join("assets/new.js").is_file() && to.join(".gitignore").is_file());
        assert!(!to.join("old").exists());
    }
}
