//! Other people's JavaScript against the server: clients and audits from npm.
//!
//! What is installed is what `tests/node/package-lock.json` names, checked by npm against its
//! SHA-512 sums, once, into cargo's folder. `cargo xtask test` names a node that is new enough in
//! `REELMILL_NODE`; otherwise it is the system's. A machine without fails these tests and is told
//! so: a conformance test that was skipped proves nothing.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// Names the program.
const ENV: &str = "REELMILL_NODE";
/// Time for a script.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the lock file is kept under: where it is equal, what it names is installed.
const INSTALLED: &str = "installed.lock";

static FOLDER: OnceCell<PathBuf> = OnceCell::const_new();

/// Runs a script of `tests/node`; the JSON of its last line.
pub async fn run(script: &str, arguments: &[&str]) -> Value {
    let folder = FOLDER.get_or_init(install).await;
    let source = sources().join(script);
    std::fs::copy(source, folder.join(script)).expect("the script");
    let mut command = Command::new(program());
    command.arg(script).args(arguments).current_dir(folder).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.stdin(Stdio::null()).output()).await;
    let output = output.expect("a script that ends in time").unwrap_or_else(|error| {
        panic!("node does not start ({error}): these tests need node 20 or newer with npm")
    });
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{script} failed\n{text}\n{}", errors(&output));
    let last = text.lines().next_back().unwrap_or_default();
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{script}: {error}\n{text}"))
}

/// The node to run.
pub fn program() -> OsString {
    std::env::var_os(ENV).unwrap_or_else(|| "node".into())
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node")
}

async fn install() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("node");
    std::fs::create_dir_all(&folder).expect("a folder of our own");
    let lock = std::fs::read(sources().join("package-lock.json")).expect("the lock file");
    if std::fs::read(folder.join(INSTALLED)).is_ok_and(|known| known == lock) {
        return folder;
    }
    for name in ["package.json", "package-lock.json"] {
        std::fs::copy(sources().join(name), folder.join(name)).expect("the list of packages");
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    let output = command.stdin(Stdio::null()).output().await.unwrap_or_else(|error| {
        panic!("npm does not start ({error}): these tests need node 20 or newer with npm")
    });
    assert!(output.status.success(), "npm ci failed\n{}", errors(&output));
    std::fs::write(folder.join(INSTALLED), lock).expect("a note of what is installed");
    folder
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
