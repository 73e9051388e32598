//! `cargo xtask test`: everything CI checks, cheapest first; the first step that fails ends it.
//!
//! A run is green only if every suite that exists ran, with tests in it, none ignored and none
//! left out (but for what `--quick` says it leaves out), on both databases alike.

mod browser;
mod fuzz;
mod outcome;

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::{Failure, While as _};
use crate::postgres::Private;
use crate::{
    args, demo, interrupt, node, packages, page, postgres, process, python, schema, step, table,
    target,
};
use outcome::{Outcome, Rules};

/// Packages of rows and SQL, and the shells around libraries: nothing to test alone.
const MAY_BE_EMPTY: &[&str] =
    &["books", "entity", "migration", "page", "reelmill", "scripted-provider", "watch"];
/// What a browser may have to fetch, in brotli, before it shows anything: the limit that was set,
/// not what is reached (docs/decisions/0120-page.md).
const MAX_FIRST_LOAD_KB: u64 = 350;
/// Parts of the paths of the tests that kill servers; `--quick` leaves them out.
const KILL: &str = "kill::";
/// The same, with a provider that misbehaves.
const STRESS: &str = "stress::";
/// Parts of the paths of the tests that compare times: beside other tests they would measure those.
const ALONE: [&str; 2] = ["hostile::", "take_the_same_time"];
/// Longest the tests that kill servers may take together.
const MOST_KILLING: Duration = Duration::from_secs(15 * 60);

/// Checks everything.
///
/// # Errors
/// The name of the first step that failed, and why.
pub fn run(options: &args::Test) -> Result<(), Failure> {
    let mut steps = Steps::default();
    let outcome = all(options, &mut steps);
    println!("\n{}", steps.table());
    outcome?;
    println!(
        "\nall green{}",
        if options.quick { " (quick: no kill suites, no demo, no fuzzing)" } else { "" }
    );
    Ok(())
}

fn all(options: &args::Test, steps: &mut Steps) -> Result<(), Failure> {
    steps.run("system packages", || {
        let wanted = [
            packages::RENDER,
            packages::PYTHON,
            packages::NODE,
            packages::FUZZ,
            packages::POSTGRES,
        ];
        packages::ensure(&wanted).map(|()| String::new())
    })?;
    steps.run("formatting", || plain(&["fmt", "--all", "--check"]))?;
    steps.run("lints", || {
        plain(&["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])
    })?;
    steps.run("unit tests", || {
        let rules = Rules { expected: libraries()?, may_be_empty: MAY_BE_EMPTY, left_out: None };
        judge(target::cargo()?.args(["test", "--workspace", "--lib", "--bins"]), &rules)
    })?;
    // Before anything links the server, so that it is linked with the page once.
    steps.run("page", || {
        page::ensure()?;
        let kilobytes = page::load_bytes(page::Program::Page)?.div_ceil(1000);
        if kilobytes > MAX_FIRST_LOAD_KB {
            let words =
                format!("the page is {kilobytes} KB; at most {MAX_FIRST_LOAD_KB} are allowed");
            return Err(Failure::new(words));
        }
        let watch = page::load_bytes(page::Program::Watch)?.div_ceil(1000);
        let books = page::load_bytes(page::Program::Books)?.div_ceil(1000);
        Ok(format!("{kilobytes} KB at first load, then {watch} KB to watch, {books} KB for books"))
    })?;
    // After the page, whose build sees to the target.
    steps.run("lints of the page", || {
        let linted = page::lint()?;
        Ok(String::from(if linted { "" } else { "left out: this toolchain has none" }))
    })?;
    steps.run("schema", || schema::check().map(|()| String::new()))?;
    let python = steps.get("python", python::ensure)?;
    let node = steps.get("node", node::ensure)?;
    let database = steps.get("private PostgreSQL", Private::start)?;
    let outside = Outside { python, node, database: &database };
    steps.run("suites", || suites(&outside))?;
    steps.run("comparisons of times", || alone(&outside))?;
    if !options.quick {
        steps.run("kill suites", || kills(&outside))?;
    }
    drop(database);
    steps.run("browser", browser::run)?;
    if !options.quick {
        steps.run("demo", main_job)?;
        steps.run("fuzzing", fuzz::run)?;
    }
    Ok(())
}

fn plain(words: &[&str]) -> Result<String, Failure> {
    process::show(target::cargo()?.args(words)).map(|()| String::new())
}

/// What the suites use of the world outside.
struct Outside<'a> {
    python: PathBuf,
    node: PathBuf,
    database: &'a Private,
}

/// The suites that use the product from outside, and those of the packages without I/O; but for
/// those that kill servers.
fn suites(outside: &Outside<'_>) -> Result<String, Failure> {
    let mut command = outside.cargo_test(&["--workspace", "--test", "*"])?;
    command.args(["--", "--skip", KILL, "--skip", STRESS]);
    command.args(ALONE.iter().flat_map(|part| ["--skip", part]));
    let left_out = Some("what kills servers and what compares times");
    judge(&mut command, &Rules { expected: test_targets()?, may_be_empty: &[], left_out })
}

/// What compares times, one after the other.
fn alone(outside: &Outside<'_>) -> Result<String, Failure> {
    let mut command = outside.cargo_test(&["--package", "reelmill-tests", "--test", "it"])?;
    command.args(["--", "--test-threads", "1"]).args(ALONE);
    let left_out = Some("what compares no times");
    let rules = Rules { expected: vec!["it".to_owned()], may_be_empty: &[], left_out };
    judge(&mut command, &rules)
}

/// The journeys alone.
///
/// # Errors
/// The browser cannot be had, or a step failed.
pub fn browser() -> Result<(), Failure> {
    browser::run().map(|told| println!("{told}"))
}

/// What the suites left out; it has a time limit of its own.
fn kills(outside: &Outside<'_>) -> Result<String, Failure> {
    let started = Instant::now();
    let mut command = outside.cargo_test(&["--package", "reelmill-tests", "--test", "it"])?;
    command.args(["--", KILL, STRESS]);
    let left_out = Some("what kills no server");
    let rules = Rules { expected: vec!["it".to_owned()], may_be_empty: &[], left_out };
    let told = judge(&mut command, &rules)?;
    let took = started.elapsed();
    if took > MOST_KILLING {
        let words =
            format!("took {} s, at most {} s are allowed", took.as_secs(), MOST_KILLING.as_secs());
        return Err(Failure::new(words));
    }
    Ok(told)
}

/// The main job as a newcomer tries it: a campaign to files, and the books.
fn main_job() -> Result<String, Failure> {
    let campaign = target::root()?.join("examples/lighthouse.toml");
    let out = target::own("demo-of-the-suite")?;
    demo::run(&args::Demo { campaign, out: Some(out), json: false })?;
    Ok(String::from("24 videos"))
}

impl Outside<'_> {
    /// `cargo test` of these targets, told where everything outside is.
    fn cargo_test(&self, targets: &[&str]) -> Result<Command, Failure> {
        let mut command = target::cargo()?;
        command.arg("test").args(targets);
        command.env(postgres::ENV, self.database.url());
        command.env(python::ENV, &self.python).env(node::ENV, &self.node);
        Ok(command)
    }
}

/// Runs `cargo test`, shows what it prints, and judges what it ran.
fn judge(command: &mut Command, rules: &Rules) -> Result<String, Failure> {
    let mut outcome = Outcome::default();
    let status = process::tee(command, |line| outcome.read(line))?;
    let complaints = outcome.complaints(rules);
    if !complaints.is_empty() {
        return Err(Failure::new(complaints.join("\n")));
    }
    if !status.success() {
        return Err(Failure::new("a test failed; its words are above"));
    }
    Ok(format!("{} tests", outcome.passed()))
}

/// Names of the workspace's library and program targets.
fn libraries() -> Result<Vec<String>, Failure> {
    targets(&["lib", "bin"])
}

/// Names of the workspace's test targets: a new suite is expected from the day it exists.
fn test_targets() -> Result<Vec<String>, Failure> {
    targets(&["test"])
}

fn targets(kinds: &[&str]) -> Result<Vec<String>, Failure> {
    let mut ask = target::cargo()?;
    ask.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let text = process::read(&mut ask)?;
    let answer: Value = serde_json::from_str(&text).or_fail("understand cargo metadata")?;
    let packages = answer["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let wanted = targets.filter(|target| {
        let of_kind = |kind: &Value| kind.as_str().is_some_and(|kind| kinds.contains(&kind));
        target["test"] == true && target["kind"].as_array().is_some_and(|k| k.iter().any(of_kind))
    });
    Ok(wanted.filter_map(|target| target["name"].as_str().map(outcome::file_name)).collect())
}

/// What ran, for the table at the end.
#[derive(Default)]
struct Steps(Vec<(String, Duration, String)>);

impl Steps {
    /// Runs a step whose result is a remark.
    fn run(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<String, Failure>,
    ) -> Result<(), Failure> {
        let (started, outcome) = Self::time(name, work);
        let remark = match &outcome {
            Ok(remark) => remark.clone(),
            Err(_) => "FAILED".to_owned(),
        };
        self.0.push((name.to_owned(), started.elapsed(), remark));
        outcome.map(drop)
    }

    /// Runs a step whose result is needed later.
    fn get<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut got = None;
        self.run(name, || {
            got = Some(work()?);
            Ok(String::new())
        })?;
        got.ok_or_else(|| Failure::new(format!("step `{name}` gave nothing")))
    }

    fn time<T>(
        name: &str,
        work: impl FnOnce() -> Result<T, Failure>,
    ) -> (Instant, Result<T, Failure>) {
        let started = Instant::now();
        println!("\n== {name}");
        let outcome = interrupt::check().and_then(|()| work());
        let outcome = outcome.map_err(|failure| match failure {
            Failure::Broken(words) => Failure::new(format!("step `{name}` failed: {words}")),
            other => other,
        });
        (started, outcome)
    }

    fn table(&self) -> String {
        let mut rows = vec![["step", "seconds", ""].map(str::to_owned).to_vec()];
        for (name, time, remark) in &self.0 {
            let tenths = time.as_millis() / 100;
            rows.push(vec![
                name.clone(),
                format!("{}.{}", tenths / 10, tenths % 10),
                remark.clone(),
            ]);
        }
        let total: Duration = self.0.iter().map(|(_, time, _)| *time).sum();
        rows.push(vec!["together".to_owned(), step::seconds(total), String::new()]);
        table::render(&rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_and_ends_the_run() {
        let mut steps = Steps::default();
        steps.run("one", || Ok("3 tests".to_owned())).unwrap();
        let failure = steps.run("two", || Err(Failure::new("why"))).unwrap_err();
        assert_eq!(failure.to_string(), "step `two` failed: why");
        let table = steps.table();
        assert!(table.contains("3 tests") && table.contains("FAILED"), "{table}");
    }

    #[test]
    fn the_workspace_names_its_suites() {
        assert!(test_targets().unwrap().contains(&"it".to_owned()));
        let libraries = libraries().unwrap();
        assert!(
            ["prompt", "server", "xtask"]
                .iter()
                .all(|name| libraries.contains(&(*name).to_owned()))
        );
    }
}
