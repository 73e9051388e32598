//! The Python environment with `dynamicprompts`, which the template language is compared with.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::Failure;
use crate::{packages, process, step, target};

/// The version compared with; another one may count differently.
const PINNED: &str = "dynamicprompts==0.31.0";
/// Names the interpreter for tests and benchmarks.
pub const ENV: &str = "REELMILL_PYTHON";

/// The interpreter of a virtual environment that holds the pinned package.
///
/// # Errors
/// It is not there and cannot be made.
pub fn ensure() -> Result<PathBuf, Failure> {
    packages::ensure(&[packages::PYTHON])?;
    let folder = target::own("python")?;
    let python = folder.join("bin/python");
    if has_pinned(&python) {
        return Ok(python);
    }
    step::step(&format!("making a Python environment with {PINNED}"), || {
        // Debian's own interpreter: one managed elsewhere may lack parts of the library.
        process::read(Command::new("/usr/bin/python3").args(["-m", "venv"]).arg(&folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PINNED];
        process::read(Command::new(&python).args(pip))
    })?;
    if has_pinned(&python) {
        Ok(python)
    } else {
        Err(Failure::new(format!("{PINNED} is not found")))
    }
}

fn has_pinned(python: &PathBuf) -> bool {
    let version = PINNED.rsplit('=').next().unwrap_or_default();
    let ask = "import importlib.metadata as m; print(m.version('dynamicprompts'))";
    let answer = Command::new(python).args(["-c", ask]).output();
    answer.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == version)
}
