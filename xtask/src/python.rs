//! The Python environment of tests and benchmarks: `dynamicprompts`, which the template language is
//! compared with, and `cog`, the runtime that Replicate's models run in.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::{packages, process, step, target};

/// What is installed; another version may count, or answer, differently.
const PINNED: [(&str, &str); 2] = [("dynamicprompts", "0.31.0"), ("cog", "0.23.1")];
/// Names the interpreter for tests and benchmarks.
pub const ENV: &str = "REELMILL_PYTHON";

/// The interpreter of a virtual environment that holds the pinned packages.
///
/// # Errors
/// It is not there and cannot be made.
pub fn ensure() -> Result<PathBuf, Failure> {
    packages::ensure(&[packages::PYTHON])?;
    let folder = target::own("python")?;
    let python = folder.join("bin/python");
    let missing = missing(&python);
    if missing.is_empty() {
        return Ok(python);
    }
    step::step(&format!("preparing a Python environment with {}", missing.join(" and ")), || {
        // Debian's own interpreter: one managed elsewhere may lack parts of the library.
        process::read(Command::new("/usr/bin/python3").args(["-m", "venv"]).arg(&folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        process::read(Command::new(&python).args(pip).args(&missing))
    })?;
    match self::missing(&python).first() {
        None => Ok(python),
        Some(package) => Err(Failure::new(format!("{package} is not found"))),
    }
}

/// The pinned packages the environment lacks, as pip wants them named.
fn missing(python: &Path) -> Vec<String> {
    let lacks = |name: &str, version: &str| {
        let ask = format!("import importlib.metadata as m; print(m.version('{name}'))");
        let answer = Command::new(python).args(["-c", &ask]).output();
        answer.map_or(true, |output| String::from_utf8_lossy(&output.stdout).trim() != version)
    };
    let wanted = PINNED.iter().filter(|(name, version)| lacks(name, version));
    wanted.map(|(name, version)| format!("{name}=={version}")).collect()
}
