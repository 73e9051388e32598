//! Crate `awa`, a reference of `line`: a package of its own outside the workspace, with its own lock
//! file, built into cargo's folder.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::{process, step, target};

/// Names the program for the bench.
pub const ENV: &str = "REELMILL_BENCH_AWA";
const MANIFEST: &str = "tests/awa/Cargo.toml";
const PROGRAM: &str = "reelmill-bench-awa";

/// Builds it as releases are built; the program.
///
/// # Errors
/// It does not build.
pub fn build() -> Result<PathBuf, Failure> {
    step::step("building awa, a reference", || {
        let mut cargo = target::cargo()?;
        cargo.args(["build", "--release", "--locked", "--manifest-path", MANIFEST]);
        process::show(cargo.arg("--target-dir").arg(target::folder()?))
    })?;
    Ok(target::folder()?.join("release").join(PROGRAM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_is_asked_for_and_locked() {
        let folder = target::root().unwrap();
        let manifest = std::fs::read_to_string(folder.join(MANIFEST)).unwrap();
        let lock = std::fs::read_to_string(folder.join("tests/awa/Cargo.lock")).unwrap();
        let asked = manifest.lines().find_map(|line| line.strip_prefix("awa = \"=")).unwrap();
        let version = asked.trim_end_matches('"');
        assert!(lock.contains(&format!("name = \"awa\"\nversion = \"{version}\"")), "{version}");
        assert!(manifest.contains(&format!("name = \"{PROGRAM}\"")));
    }
}
