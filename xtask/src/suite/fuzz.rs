//! Fuzzing the template language for a minute a target, as prompt/fuzz/README.md describes it.
//!
//! Every run begins with the committed corpus. What it learns beyond that is kept under cargo's
//! folder, for a person to take over; an input that breaks a promise fails the run and is printed.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::{process, step, target};

/// What is fuzzed.
const TARGETS: &[&str] = &["template", "csv"];
/// Time for each, seconds.
const EACH_S: u32 = 60;
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
    let mut kept = 0;
    for name in TARGETS {
        let program = folder.join(&host).join("release").join(name);
        let seeds = root.join("prompt/fuzz/corpus").join(name);
        let finds = folder.join("finds").join(name);
        kept += committed(&seeds)?;
        clear(&finds)?;
        step::step(&format!("fuzzing `{name}` for {EACH_S} s"), || {
            let ran = process::show(&mut fuzz(&program, (&folder, &finds), &seeds)?);
            ran.map_err(|failure| told(name, &finds).unwrap_or(failure))
        })?;
    }
    Ok(format!("{} targets, {EACH_S} s each, from {kept} committed inputs", TARGETS.len()))
}

/// How many inputs are committed; a run without them would prove much less.
fn committed(seeds: &Path) -> Result<usize, Failure> {
    let found = std::fs::read_dir(seeds).or_fail(format!("read {}", seeds.display()))?.count();
    if found == 0 {
        return Err(Failure::new(format!("{} holds no inputs", seeds.display())));
    }
    Ok(found)
}

/// A folder without the finds of an earlier run.
fn clear(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).or_fail(format!("clear {}", folder.display()))?;
    }
    std::fs::create_dir_all(folder).or_fail(format!("make {}", folder.display()))
}

/// What libFuzzer found (`crash-…`, `timeout-…`, `oom-…`), in a form that a test can take over.
fn told(name: &str, finds: &Path) -> Option<Failure> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(finds).ok()?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let lines: Vec<String> = paths
        .iter()
        .map(|path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            format!("{}: b\"{}\"", path.display(), bytes.escape_ascii())
        })
        .collect();
    (!lines.is_empty()).then(|| {
        Failure::new(format!("`{name}` breaks a promise with this input:\n{}", lines.join("\n")))
    })
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

fn fuzz(program: &Path, (folder, finds): (&Path, &Path), seeds: &Path) -> Result<Command, Failure> {
    let name = seeds.file_name().unwrap_or_default();
    let found = folder.join("corpus").join(name);
    std::fs::create_dir_all(&found).or_fail(format!("make {}", found.display()))?;
    let mut prefix: PathBuf = finds.to_owned();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_begins_with_committed_inputs() {
        let corpus = target::root().unwrap().join("prompt/fuzz/corpus");
        for name in TARGETS {
            assert!(committed(&corpus.join(name)).unwrap() > 10, "{name}");
        }
        let named: Vec<_> = std::fs::read_dir(corpus).unwrap().flatten().collect();
        assert_eq!(named.len(), TARGETS.len(), "a corpus that no target reads");
    }

    #[test]
    fn a_find_is_printed() {
        let folder = std::env::temp_dir().join(format!("reelmill-finds-{}", std::process::id()));
        clear(&folder).unwrap();
        assert!(told("csv", &folder).is_none());
        assert!(committed(&folder).is_err(), "an empty corpus is no corpus");
        std::fs::write(folder.join("crash-1"), b"a,b\n\x00\"\xFF").unwrap();
        let failure = told("csv", &folder).unwrap().to_string();
        assert!(failure.contains("`csv`") && failure.contains("crash-1"), "{failure}");
        assert!(failure.contains(r#"b"a,b\n\x00\"\xff""#), "{failure}");
        clear(&folder).unwrap();
        assert!(told("csv", &folder).is_none(), "finds of an earlier run are gone");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
