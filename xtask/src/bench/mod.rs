//! `cargo xtask bench`: measurements in release, each beside its reference in the same run.
//!
//! A bench program prints what it likes and, as its last line, one JSON object with `results` and
//! `reference`: lists of `{case, metric, value, unit}`. What it needs from outside (PostgreSQL,
//! Python, Node) it finds in the environment, as the tests do.

mod awa;
mod machine;
mod page;
mod pgbench;

use std::process::Command;

use serde_json::{Value, json};

use crate::failure::{Failure, While as _};
use crate::postgres::Private;
use crate::{args, node, packages, postgres, process, python, step, table, target};

/// A measurement and what it needs.
struct Bench {
    name: &'static str,
    package: &'static str,
    postgres: bool,
    python: bool,
    node: bool,
}

const BENCHES: &[Bench] = &[
    Bench { name: "prompt", package: "prompt", postgres: false, python: true, node: false },
    Bench { name: "render", package: "animatic", postgres: false, python: false, node: false },
    Bench { name: "launch", package: "reelmill-tests", postgres: true, python: false, node: false },
    Bench { name: "settle", package: "reelmill-tests", postgres: true, python: false, node: false },
    Bench {
        name: "fanout",
        package: "reelmill-tests",
        postgres: false,
        python: false,
        node: false,
    },
    Bench { name: "api", package: "reelmill-tests", postgres: false, python: false, node: true },
    Bench { name: "line", package: "reelmill-tests", postgres: true, python: false, node: true },
    Bench { name: "load", package: "reelmill-tests", postgres: false, python: false, node: false },
];

/// No program of a package: it is measured from outside, in a browser.
const PAGE: &str = "page";

/// The bench target of a package, where it is not called like the measurement.
fn target_of(bench: &Bench) -> &'static str {
    if bench.name == "prompt" { "expand" } else { bench.name }
}

/// Measures and prints.
///
/// # Errors
/// The name is not known, something is missing, or the program failed.
pub fn run(options: &args::Bench) -> Result<(), Failure> {
    if options.name == PAGE {
        print(options, &page::run()?);
        return Ok(());
    }
    let bench = BENCHES.iter().find(|bench| bench.name == options.name).ok_or_else(|| {
        let mut names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        names.push(PAGE);
        Failure::Usage(format!("there is no bench `{}`; known: {}", options.name, names.join(", ")))
    })?;
    packages::ensure(&[packages::RENDER])?;
    if bench.name == "line" {
        packages::ensure(&[packages::REDIS])?;
    }
    let reference = if bench.name == "line" { Some(awa::build()?) } else { None };
    let mut command = target::cargo()?;
    command.args(["bench", "--package", bench.package, "--bench", target_of(bench)]);
    if bench.python {
        command.env(python::ENV, python::ensure()?);
    }
    if bench.node {
        command.env(node::ENV, node::ensure()?);
    }
    if let Some(program) = reference {
        command.env(awa::ENV, program);
    }
    let database = if bench.postgres { Some(Private::start()?) } else { None };
    if let Some(database) = &database {
        command.env(postgres::ENV, database.url());
    }
    let mut measured = step::step(&format!("measuring {}", bench.name), || measure(&mut command))?;
    if let (Some(database), "settle") = (&database, bench.name) {
        let tps =
            step::step("measuring pgbench TPC-B on the same server", || pgbench::run(database))?;
        measured.reference.push(tps);
    }
    drop(database);
    print(options, &measured);
    Ok(())
}

fn print(options: &args::Bench, measured: &Measured) {
    println!("\n{}", show(measured));
    if options.json {
        println!(
            "{}",
            json!({ "bench": options.name, "machine": machine::describe(),
            "results": measured.results, "reference": measured.reference })
        );
    }
}

/// What a bench program measured.
#[derive(Debug, PartialEq)]
struct Measured {
    results: Vec<Value>,
    reference: Vec<Value>,
}

fn measure(command: &mut Command) -> Result<Measured, Failure> {
    let mut last = None;
    let status = process::tee(command, |line| last = read(line).or(last.take()))?;
    if !status.success() {
        return Err(Failure::new(format!("the bench program failed ({status})")));
    }
    last.ok_or_else(|| Failure::new("the bench program printed no results"))
}

fn read(line: &str) -> Option<Measured> {
    let object: Value = serde_json::from_str(line.trim()).ok()?;
    let list = |name: &str| object[name].as_array().cloned();
    Some(Measured { results: list("results")?, reference: list("reference").unwrap_or_default() })
}

fn show(measured: &Measured) -> String {
    let row = |kind: &str, line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let value = line["value"].as_f64().map_or_else(|| line["value"].to_string(), number);
        vec![text("case"), kind.to_owned(), text("metric"), value, text("unit")]
    };
    let mut rows = vec![["case", "", "metric", "value", "unit"].map(str::to_owned).to_vec()];
    rows.extend(measured.results.iter().map(|line| row("", line)));
    rows.extend(measured.reference.iter().map(|line| row("reference", line)));
    table::render(&rows)
}

/// As many digits as mean something.
fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

/// One measured number, as every bench prints it.
fn line(case: &str, metric: &str, (value, unit): (f64, &str)) -> Value {
    json!({ "case": case, "metric": metric, "value": value, "unit": unit })
}

/// Reads a number that a program printed after a word.
fn after(text: &str, word: &str) -> Result<f64, Failure> {
    let rest = text.split(word).nth(1).unwrap_or_default();
    rest.split_whitespace().next().unwrap_or_default().parse().or_fail(format!("find `{word}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bench_is_a_target_of_its_package() {
        let mut ask = target::cargo().unwrap();
        ask.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
        let known: Value = serde_json::from_str(&process::read(&mut ask).unwrap()).unwrap();
        let packages = known["packages"].as_array().unwrap();
        for bench in BENCHES {
            let package = packages.iter().find(|package| package["name"] == bench.package).unwrap();
            let mut targets = package["targets"].as_array().unwrap().iter();
            let found = targets
                .any(|target| target["kind"][0] == "bench" && target["name"] == target_of(bench));
            assert!(found, "{} has no bench {}", bench.package, target_of(bench));
        }
    }

    #[test]
    fn the_last_line_with_results_counts() {
        assert_eq!(read("measuring…"), None);
        assert_eq!(read("{\"other\": 1}"), None);
        let found = read(r#"{"results": [{"case": "a"}], "reference": []}"#).unwrap();
        assert_eq!(found.results, [json!({ "case": "a" })]);
    }

    #[test]
    fn the_table_sets_the_reference_apart() {
        let measured = Measured {
            results: vec![line("sqlite", "per_second", (12_345.6, "1/s"))],
            reference: vec![line("pgbench", "tps", (9.876, "1/s"))],
        };
        let shown = show(&measured);
        assert!(shown.contains("12346") && shown.contains("9.88"), "{shown}");
        assert!(shown.lines().nth(2).unwrap().contains("reference"), "{shown}");
    }
}
