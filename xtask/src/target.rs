//! Where things are: the repository, cargo's folder, the built programs.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, While as _};

/// The repository's root.
///
/// # Errors
/// This program was not started by `cargo xtask` and not from inside the repository.
pub fn root() -> Result<PathBuf, Failure> {
    let start = match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(package) => PathBuf::from(package),
        None => std::env::current_dir().or_fail("read the current folder")?,
    };
    let found = start.ancestors().find(|folder| folder.join("xtask/Cargo.toml").is_file());
    let words = "this is not inside Reelmill's repository";
    found.map(PathBuf::from).ok_or_else(|| Failure::new(words))
}

/// Where cargo builds.
///
/// # Errors
/// As [`root`].
pub fn folder() -> Result<PathBuf, Failure> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => Ok(root()?.join(folder)),
        None => Ok(root()?.join("target")),
    }
}

/// A folder of this program's own, made if missing.
///
/// # Errors
/// It cannot be made.
pub fn own(name: &str) -> Result<PathBuf, Failure> {
    let path = folder()?.join("xtask").join(name);
    std::fs::create_dir_all(&path).or_fail(format!("make {}", path.display()))?;
    Ok(path)
}

/// The cargo that started this program, in the root.
///
/// # Errors
/// As [`root`].
pub fn cargo() -> Result<Command, Failure> {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    forget_own_package(&mut command);
    command.current_dir(root()?);
    Ok(command)
}

/// Keeps what `cargo run` says of this package from a child that runs cargo.
pub fn forget_own_package(command: &mut Command) {
    // `cargo run` describes xtask's own package to its child. Handed on, it would look to build
    // scripts that watch these names as if everything had changed: ring would be built again.
    for (name, _) in std::env::vars_os() {
        if is_of_this_package(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
}

fn is_of_this_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_describes_this_package_is_kept_from_cargo() {
        let kept_back = ["CARGO_PKG_NAME", "CARGO_PKG_VERSION_MAJOR", "CARGO_MANIFEST_DIR"];
        assert!(kept_back.iter().all(|name| is_of_this_package(name)));
        let handed_on = ["CARGO_HOME", "CARGO_TARGET_DIR", "CARGO_NET_OFFLINE", "PATH"];
        assert!(!handed_on.iter().any(|name| is_of_this_package(name)));
    }
}
