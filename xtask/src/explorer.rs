//! `cargo xtask explorer`: fetches the page of `/explorer` so that the next build embeds it.
//!
//! What is fetched is what `xtask/explorer/package-lock.json` names. The files go to
//! `server/explorer/`, which git ignores.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, While as _};
use crate::npm::{self, Locked};
use crate::target;

/// Where the page is inside its package.
const PAGE: &str = "node_modules/altair-static/build/dist";
const EXPLORER: Locked = Locked {
    name: "explorer",
    what: "altair-static",
    manifest: include_str!("../explorer/package.json"),
    lock: include_str!("../explorer/package-lock.json"),
};

/// Fetches, checks and puts in place.
///
/// # Errors
/// npm is missing or refuses, or the files cannot be written.
pub fn run() -> Result<(), Failure> {
    let folder = npm::install(&EXPLORER)?;
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
    use super::*;

    #[test]
    fn every_package_is_locked_with_its_sha512() {
        assert_eq!(npm::unsummed(EXPLORER.lock), [""; 0]);
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
