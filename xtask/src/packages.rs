//! System packages: what is missing is named with its reason and installed with apt-get.

use std::path::Path;
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::process;
use crate::step::{note, step};

/// A Debian package and why it is needed.
pub struct Package {
    name: &'static str,
    reason: &'static str,
    present: fn() -> bool,
}

/// What rendering needs.
pub const RENDER: &[Package] = &[
    Package {
        name: "ffmpeg",
        reason: "encodes the videos and reads them back",
        present: || process::exists("ffmpeg") && process::exists("ffprobe"),
    },
    Package {
        name: "fonts-smiley-sans",
        reason: "title cards, Latin and Chinese",
        present: || {
            any_file(&[
                "/usr/share/fonts/truetype/smiley-sans/SmileySans-Oblique.ttf",
                "/usr/share/fonts/opentype/smiley-sans/SmileySans-Oblique.otf",
            ])
        },
    },
    Package {
        name: "fonts-droid-fallback",
        reason: "traditional and rare characters on title cards",
        present: || {
            any_file(&[
                "/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf",
                "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
            ])
        },
    },
];

/// Rust for wasm where rustup cannot bring it.
pub const DEBIAN_WASM: &[Package] = &[
    Package {
        name: "rustc-web",
        reason: "compiles the page",
        present: || Path::new("/usr/bin/rustc").is_file(),
    },
    Package {
        name: "cargo-web",
        reason: "builds the page",
        present: || Path::new("/usr/bin/cargo").is_file(),
    },
    Package {
        name: "rust-web-src",
        reason: "the standard library for wasm, as source",
        present: || Path::new("/usr/lib/rustlib/src/rust/library/std").exists() || any_source(),
    },
    Package { name: "lld-22", reason: "links wasm", present: || process::exists("wasm-ld-22") },
];

/// What driving the page in a browser needs.
pub const BROWSER: &[Package] = &[
    Package {
        name: "chromium",
        reason: "the browser that the page is driven in",
        present: || process::exists("chromium"),
    },
    Package {
        name: "fonts-noto-cjk",
        reason: "Chinese in the browser",
        present: || Path::new("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").is_file(),
    },
];

/// What the differential tests and benchmarks of the template language need.
pub const PYTHON: &[Package] = &[Package {
    name: "python3-venv",
    reason: "runs dynamicprompts and cog, which the product is compared with and tested on",
    present: || {
        let probe = ["-c", "import ensurepip, venv"];
        Command::new("/usr/bin/python3").args(probe).output().is_ok_and(|o| o.status.success())
    },
}];

/// What fuzzing needs.
pub const FUZZ: &[Package] = &[Package {
    name: "g++",
    reason: "builds libFuzzer's driver",
    present: || process::exists("g++"),
}];

/// What fetches from npm and runs what was fetched.
pub const NODE: &[Package] = &[Package {
    name: "npm",
    reason: "fetches the explorer, and other people's clients that the tests run",
    present: || process::exists("npm") && process::exists("node"),
}];

/// What a benchmark compares the line with runs on.
pub const REDIS: &[Package] = &[Package {
    name: "redis-server",
    reason: "runs bullmq, which the line is measured beside (a private instance)",
    present: || process::exists("redis-server"),
}];

/// The private database of the tests. Installed by [`crate::postgres`], which first sees to it
/// that no cluster is started.
pub const POSTGRES: &[Package] = &[Package {
    name: "postgresql",
    reason: "the private database of the tests (no cluster is started)",
    present: || crate::postgres::programs().is_some(),
}];

/// Whether a versioned folder of Debian holds the library's sources.
fn any_source() -> bool {
    let folders = std::fs::read_dir("/usr/src").into_iter().flatten().flatten();
    folders.map(|folder| folder.path().join("library/std")).any(|library| library.is_dir())
}

fn any_file(paths: &[&str]) -> bool {
    paths.iter().any(|path| Path::new(path).is_file())
}

/// The packages of these that are not there.
pub fn missing<'a>(packages: &[&'a [Package]]) -> Vec<&'a Package> {
    packages.iter().copied().flatten().filter(|package| !(package.present)()).collect()
}

/// Installs what is missing; one quick look when nothing is.
///
/// # Errors
/// Something is missing and cannot be installed; the words hold the command that would.
pub fn ensure(packages: &[&[Package]]) -> Result<(), Failure> {
    let missing = missing(packages);
    if missing.is_empty() {
        return Ok(());
    }
    for package in &missing {
        note(&format!("{} is missing: {}", package.name, package.reason));
    }
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    if names.contains(&"postgresql") {
        forbid_main_cluster()?;
    }
    step(&format!("installing {}", names.join(", ")), || install(&names))?;
    match missing.iter().find(|package| !(package.present)()) {
        None => Ok(()),
        Some(package) => Err(Failure::new(format!(
            "{} was installed but what it should bring is still not found",
            package.name
        ))),
    }
}

/// Debian's postgresql starts a server on port 5432 when installed, unless told not to.
fn forbid_main_cluster() -> Result<(), Failure> {
    step("installing postgresql-common, told not to start a cluster", || {
        install(&["postgresql-common"])?;
        let edit = "s/^#?\\s*create_main_cluster\\s*=.*/create_main_cluster = false/";
        let file = "/etc/postgresql-common/createcluster.conf";
        process::read(&mut as_root(&["sed", "-ri", edit, file])?).map(drop)
    })
}

fn install(names: &[&str]) -> Result<(), Failure> {
    if !process::exists("apt-get") {
        return Err(Failure::new(format!(
            "there is no apt-get here; please install by hand: {}",
            names.join(" ")
        )));
    }
    let mut words = vec!["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install"];
    words.extend(["--yes", "--no-install-recommends"]);
    words.extend(names);
    let mut command = as_root(&words).map_err(|_| cannot_install(names))?;
    if process::read(&mut command).is_ok() {
        return Ok(());
    }
    // A fresh machine has no package lists, an old one stale lists.
    note("reading the package lists");
    process::read(&mut as_root(&["apt-get", "update"])?)?;
    process::read(&mut command).map(drop).or_fail(format!(
        "install {}; by hand: {}",
        names.join(" "),
        by_hand(names)
    ))
}

fn by_hand(names: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install --yes {}", names.join(" "))
}

fn cannot_install(names: &[&str]) -> Failure {
    let command = by_hand(names);
    Failure::new(format!(
        "installing needs root, and sudo asks for a password. Run:\n\n  {command}"
    ))
}

/// A command as root: as it is for root, else by `sudo -n`.
fn as_root(words: &[&str]) -> Result<Command, Failure> {
    let (program, rest) = words.split_first().ok_or_else(|| Failure::new("nothing to run"))?;
    if is_root() {
        let mut command = Command::new(program);
        command.args(rest);
        return Ok(command);
    }
    process::read(Command::new("sudo").args(["-n", "true"]))?;
    let mut command = Command::new("sudo");
    command.arg("-n").args(words);
    Ok(command)
}

/// Whether this program runs as root.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: Package = Package { name: "a", reason: "", present: || true };
    const GONE: Package = Package { name: "b", reason: "", present: || false };

    #[test]
    fn only_what_is_not_there_is_missing() {
        let names: Vec<_> =
            missing(&[&[THERE, GONE], &[THERE]]).iter().map(|package| package.name).collect();
        assert_eq!(names, ["b"]);
    }

    #[test]
    fn the_command_to_type_is_complete() {
        assert_eq!(
            by_hand(&["ffmpeg", "g++"]),
            "sudo apt-get update && sudo apt-get install --yes ffmpeg g++"
        );
    }
}
