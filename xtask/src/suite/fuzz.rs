//! Fuzzing the template language for a minute, as prompt/fuzz/README.md describes it. New inputs
//! are kept under cargo's folder; what is committed is only read.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::{process, step, target};

/// What is fuzzed.
const TARGETS: &[&str] = &["template", "csv"];
/// Time for each, seconds.
const EACH_S: u32 = 30;
/// Coverage for libFuzzer on stable Rust.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table";

/// Builds and runs every target.
///
/// # Errors
/// One does not build, or found an input that breaks a promise; that input is kept.
pub fn run() -> Result<String, Failure> {
    let root = target::root()?;
    let folder = target::folder()?.join("fuzz");
    let host = host()?;
    step::step("building the fuzz targets", || build(&root, &folder, &host))?;
    for name in TARGETS {
        let program = folder.join(&host).join("release").join(name);
        step::step(&format!("fuzzing `{name}` for {EACH_S} s"), || {
            process::show(&mut fuzz(
                &program,
                &folder,
                &root.join("prompt/fuzz/corpus").join(name),
            )?)
        })?;
    }
    Ok(format!("{} targets, {EACH_S} s each", TARGETS.len()))
}

fn build(root: &Path, folder: &Path, host: &str) -> Result<(), Failure> {
    let mut command = target::cargo()?;
    command.args(["build", "--locked", "--release", "--manifest-path"]);
    command.arg(root.join("prompt/fuzz/Cargo.toml"));
    // Named although it is the host: only then do the flags stay away from build scripts. A
    // folder of its own keeps them from rebuilding everything else.
    command.args(["--target", host, "--target-dir"]).arg(folder);
    process::show(command.env("RUSTFLAGS", FLAGS))
}

fn fuzz(program: &Path, folder: &Path, seeds: &Path) -> Result<Command, Failure> {
    let name = seeds.file_name().unwrap_or_default();
    let found = folder.join("corpus").join(name);
    std::fs::create_dir_all(&found).or_fail(format!("make {}", found.display()))?;
    let mut prefix: PathBuf = folder.to_owned();
    prefix.push("");
    let mut command = Command::new(program);
    command.arg(format!("-max_total_time={EACH_S}"));
    command.args(["-max_len=300", "-timeout=10", "-rss_limit_mb=1024", "-verbosity=0"]);
    command.args(["-print_final_stats=1"]);
    command.arg(format!("-artifact_prefix={}", prefix.display()));
    command.arg(found).arg(seeds);
    Ok(command)
}

/// The triple this compiler builds for by itself.
fn host() -> Result<String, Failure> {
    let text = process::read(Command::new("rustc").arg("-vV"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| Failure::new("rustc does not name its host"))
}
