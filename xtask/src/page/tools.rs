//! Trunk, wasm-bindgen and wasm-opt, each in the version that a committed file asks for.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::npm::{self, Locked};
use crate::{process, step, target};

/// Newer ones want a newer compiler than the workspace does.
const TRUNK: &str = "0.21.14";
/// wasm-opt, which makes the page small.
const BINARYEN: Locked = Locked {
    name: "page/npm",
    what: "wasm-opt",
    manifest: include_str!("../../../web/package.json"),
    lock: include_str!("../../../web/package-lock.json"),
};

/// Sees to all of them; returns the folders they are in.
///
/// # Errors
/// One cannot be had.
pub fn ensure(root: &Path, node: &Path) -> Result<Vec<PathBuf>, Failure> {
    let own = target::own("page/tools")?.join("bin");
    let bindgen = locked_version(&root.join("Cargo.lock"), "wasm-bindgen")?;
    install(&own, "wasm-bindgen", ("wasm-bindgen-cli", &bindgen), &[])?;
    // Its own lock file: unlocked it does not compile. No TLS: it is never asked to download.
    let words = ["--locked", "--no-default-features", "--features", "rustls"];
    install(&own, "trunk", ("trunk", TRUNK), &words)?;
    let packages = npm::ensure(&BINARYEN)?.join("node_modules/.bin");
    // A Node of our own is named by its path, the system's by its name alone.
    let node_folder = node.parent().filter(|folder| folder.is_absolute()).map(Path::to_owned);
    Ok([Some(own), Some(packages), node_folder].into_iter().flatten().collect())
}

/// Installs a program with cargo into `own`, unless this version is there or on the path.
fn install(
    own: &Path,
    program: &str,
    (package, version): (&str, &str),
    words: &[&str],
) -> Result<(), Failure> {
    if says(&own.join(program), version) || says(Path::new(program), version) {
        return Ok(());
    }
    step::step(&format!("installing {package} {version} (some minutes, once)"), || {
        let mut command = target::cargo()?;
        command.args(["install", package, "--version", &format!("={version}")]);
        command.arg("--root").arg(own.parent().unwrap_or(own)).args(words);
        command.env("CARGO_TARGET_DIR", target::own("page/tools/build")?);
        // A tool that runs for seconds is not worth minutes of optimising.
        for (name, value) in
            [("OPT_LEVEL", "1"), ("LTO", "off"), ("DEBUG", "false"), ("CODEGEN_UNITS", "16")]
        {
            command.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
        }
        process::show(&mut command)
    })
}

/// Whether a program says that it is of this version.
fn says(program: &Path, version: &str) -> bool {
    let answer = Command::new(program).arg("--version").output();
    answer.is_ok_and(|answer| {
        String::from_utf8_lossy(&answer.stdout).split_whitespace().any(|word| word == version)
    })
}

/// The version of a package in a lock file.
fn locked_version(lock: &Path, package: &str) -> Result<String, Failure> {
    let text = std::fs::read_to_string(lock).or_fail(format!("read {}", lock.display()))?;
    let named = format!("name = \"{package}\"\nversion = \"");
    let rest = text.split(&named).nth(1).and_then(|rest| rest.split('"').next());
    rest.map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("{package} is not in the lock file")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_decides_the_version() {
        let root = target::root().unwrap();
        let version = locked_version(&root.join("Cargo.lock"), "wasm-bindgen").unwrap();
        assert!(version.split('.').count() == 3 && version.starts_with("0.2."), "{version}");
        assert!(locked_version(&root.join("Cargo.lock"), "no-such-package").is_err());
    }

    #[test]
    fn wasm_opt_is_locked_with_its_sha512() {
        assert_eq!(npm::unsummed(BINARYEN.lock), [""; 0]);
    }

    #[test]
    fn only_the_very_version_will_do() {
        assert!(!says(Path::new("sh"), "0.0.0"));
        assert!(!says(Path::new("/no/such/program"), "1"));
    }
}
