//! The page: its tools, its build, its packing into `server/page`, from where the server embeds it.
//!
//! Invariants: nothing is installed outside cargo's folders and npm's cache, but for system
//! packages, which are named; every tool has the version that a committed file asks for; when
//! nothing has changed since the last build, one look at the sources is all that happens.

mod debian;
mod load;
mod stamp;
mod tools;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::{node, packages, process, step, target};

pub use load::{Program, load_bytes};

/// Builds and packs the page, unless it is there and nothing has changed.
///
/// # Errors
/// A tool cannot be had, or the page does not build.
pub fn ensure() -> Result<(), Failure> {
    let root = target::root()?;
    let packed = root.join("server/page");
    let stamp = stamp::of(&root)?;
    let kept = target::own("page")?.join("stamp");
    if packed.join("index.html").is_file()
        && std::fs::read_to_string(&kept).is_ok_and(|k| k == stamp)
    {
        return Ok(());
    }
    let node = node::ensure()?;
    let toolchain = toolchain()?;
    let tools = tools::ensure(&root, &node)?;
    step::step("building the page", || {
        compile(&root, &toolchain, &tools)?;
        Program::ALL.iter().try_for_each(|program| bundle(&root, &toolchain, &tools, *program))
    })?;
    step::step("packing the page", || pack(&root, &node, &packed))?;
    // Written last: a run that was stopped begins again.
    std::fs::write(&kept, stamp)
        .map_err(|error| Failure::new(format!("cannot keep a stamp: {error}")))
}

/// Where the target's standard library comes from.
pub enum Toolchain {
    /// Beside the toolchain in use.
    Rustup,
    /// Built from Debian's sources by Debian's compiler.
    Debian,
}

/// Lints of what is compiled for the browser alone, with the target that the build has prepared.
/// False where that is Debian's toolchain: it has none.
///
/// # Errors
/// A lint.
pub fn lint() -> Result<bool, Failure> {
    if !has_target() {
        return Ok(false);
    }
    let words = ["clippy", "--package", "web", "--target", TARGET, "--", "--deny", "warnings"];
    process::show(target::cargo()?.args(words)).map(|()| true)
}

/// The rustup way first, Debian's toolchain where that fails.
fn toolchain() -> Result<Toolchain, Failure> {
    if has_target() {
        return Ok(Toolchain::Rustup);
    }
    let added = step::step("adding the target wasm32-unknown-unknown", || {
        process::read(Command::new("rustup").args(["target", "add", TARGET]))
    });
    if added.is_ok() && has_target() {
        return Ok(Toolchain::Rustup);
    }
    step::note("rustup could not bring the target; Debian's toolchain can");
    packages::ensure(&[packages::DEBIAN_WASM])?;
    Ok(Toolchain::Debian)
}

const TARGET: &str = "wasm32-unknown-unknown";
/// As in Trunk.toml.
const PROFILE: &str = "page";

fn has_target() -> bool {
    let root = Command::new("rustc").args(["--print", "sysroot"]).output();
    root.is_ok_and(|output| {
        let root = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Path::new(&root).join("lib/rustlib").join(TARGET).join("lib").is_dir()
    })
}

/// All programs at once: the library once, and a linker for each core. Trunk, which builds one
/// program at a time, finds them built.
fn compile(root: &Path, toolchain: &Toolchain, tools: &[PathBuf]) -> Result<(), Failure> {
    let mut command = match toolchain {
        Toolchain::Rustup => target::cargo()?,
        Toolchain::Debian => Command::new("/usr/bin/cargo"),
    };
    command.args(["build", "--package", "web", "--bins", "--target", TARGET]);
    command.args(["--profile", PROFILE]).current_dir(root);
    prepare(&mut command, toolchain, tools)?;
    process::show(&mut command)
}

/// One program as a folder of files.
fn bundle(
    root: &Path,
    toolchain: &Toolchain,
    tools: &[PathBuf],
    program: Program,
) -> Result<(), Failure> {
    let mut command = Command::new("trunk");
    command.args(["build", "--release", "--offline", "--dist"]).arg(program.dist());
    command.arg(program.source()).current_dir(root);
    prepare(&mut command, toolchain, tools)?;
    // The program is looked for by its own name in the path of this process, not of the child.
    let trunk = tools.iter().map(|folder| folder.join("trunk")).find(|trunk| trunk.is_file());
    let mut command = match trunk {
        Some(trunk) => rename(&command, &trunk),
        None => command,
    };
    process::show(&mut command)
}

/// The same surroundings for cargo and for the cargo that Trunk calls: a difference would be built
/// again.
fn prepare(command: &mut Command, toolchain: &Toolchain, tools: &[PathBuf]) -> Result<(), Failure> {
    target::forget_own_package(command);
    let mut folders = tools.to_vec();
    if matches!(toolchain, Toolchain::Debian) {
        folders.insert(0, PathBuf::from("/usr/bin"));
        debian::prepare(command)?;
    }
    command.env("PATH", path_with(&folders)?);
    Ok(())
}

/// The same command with another program.
fn rename(command: &Command, program: &Path) -> Command {
    let mut renamed = Command::new(program);
    renamed.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => renamed.env(name, value),
            None => renamed.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        renamed.current_dir(folder);
    }
    renamed
}

fn path_with(folders: &[PathBuf]) -> Result<std::ffi::OsString, Failure> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&old));
    std::env::join_paths(all).map_err(|error| Failure::new(format!("cannot make a PATH: {error}")))
}

fn pack(root: &Path, node: &Path, packed: &Path) -> Result<(), Failure> {
    let mut command = Command::new(node);
    command.arg("web/pack.mjs").arg(packed).args(Program::ALL.map(Program::dist));
    command.current_dir(root);
    process::read(&mut command).map(|said| step::note(said.trim()))
}
