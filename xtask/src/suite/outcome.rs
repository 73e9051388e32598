//! What `cargo test` printed, and whether that is what a green run looks like.

use std::collections::{BTreeMap, BTreeSet};

/// What a run is judged by.
pub struct Rules {
    /// Targets that must have run.
    pub expected: Vec<String>,
    /// Targets that may have no test.
    pub may_be_empty: &'static [&'static str],
    /// What was left out on purpose.
    pub left_out: Option<&'static str>,
}

/// How cargo names the program of a target, which is how a suite is known here.
pub fn file_name(target: &str) -> String {
    target.replace('-', "_")
}

/// One test program's closing line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Suite {
    name: String,
    result: Option<Counts>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
    filtered: u64,
}

/// Everything that was read so far.
#[derive(Debug, Default)]
pub struct Outcome {
    suites: Vec<Suite>,
    /// Suite → backend → the tests that passed there.
    backends: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Outcome {
    /// Takes one line of `cargo test`'s output.
    pub fn read(&mut self, line: &str) {
        let line = line.trim();
        if let Some(name) = running(line) {
            self.suites.push(Suite { name, result: None });
        } else if let Some(counts) = result(line) {
            match self.suites.last_mut() {
                Some(suite) if suite.result.is_none() => suite.result = Some(counts),
                _ => self.suites.push(Suite { name: "?".to_owned(), result: Some(counts) }),
            }
        } else if let Some(test) = passed(line) {
            self.note_backend(test);
        }
    }

    /// A database suite says its backend inside its own module (`ledger::sqlite::freezes`); a path
    /// that begins with the word is a module of that name.
    fn note_backend(&mut self, test: &str) {
        for backend in ["sqlite", "postgres"] {
            let mut path: Vec<_> = test.split("::").collect();
            let place = path.iter().position(|part| *part == backend);
            if let Some(at) = place.filter(|at| *at > 0) {
                path.remove(at);
                self.backends.entry(backend).or_default().insert(path.join("::"));
            }
        }
    }

    /// Tests that passed.
    pub fn passed(&self) -> u64 {
        self.suites.iter().filter_map(|suite| suite.result).map(|counts| counts.passed).sum()
    }

    /// Everything that keeps this run from being green, in words.
    pub fn complaints(&self, rules: &Rules) -> Vec<String> {
        let mut complaints = Vec::new();
        // After a failure cargo runs no further suite; that those are missing is no news.
        let failed = self.suites.iter().any(|suite| suite.result.is_none_or(|c| c.failed > 0));
        for name in rules.expected.iter().filter(|_| !failed) {
            if !self.suites.iter().any(|suite| suite.name == *name) {
                complaints.push(format!("suite `{name}` did not run"));
            }
        }
        for suite in &self.suites {
            // A library and its program may share a name; one of them may be all the code.
            let others = self.suites.iter().filter(|other| other.name == suite.name);
            let tests = others.filter_map(|other| other.result).any(|counts| counts.passed > 0);
            complaints.extend(complain(suite, rules, tests));
        }
        complaints.extend(self.uneven());
        complaints
    }

    /// Tests that passed on one database and not on the other.
    fn uneven(&self) -> Vec<String> {
        let none = BTreeSet::new();
        let on = |backend| self.backends.get(backend).unwrap_or(&none);
        let (sqlite, postgres) = (on("sqlite"), on("postgres"));
        let only = |name: &'static str, one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.difference(other)
                .map(|test| format!("`{test}` passed on {name} alone"))
                .collect::<Vec<_>>()
        };
        [only("SQLite", sqlite, postgres), only("PostgreSQL", postgres, sqlite)].concat()
    }
}

fn complain(suite: &Suite, rules: &Rules, tests: bool) -> Option<String> {
    let name = &suite.name;
    let Some(counts) = suite.result else {
        return Some(format!("suite `{name}` did not run to its end"));
    };
    if counts.failed > 0 {
        return Some(format!("suite `{name}`: {} failed", counts.failed));
    }
    if counts.ignored > 0 {
        return Some(format!("suite `{name}`: {} ignored; no test may be", counts.ignored));
    }
    if counts.filtered > 0 && rules.left_out.is_none() {
        return Some(format!("suite `{name}`: {} left out", counts.filtered));
    }
    if !tests && !rules.may_be_empty.contains(&name.as_str()) {
        return Some(format!("suite `{name}` has no tests"));
    }
    None
}

/// `Running unittests src/lib.rs (target/debug/deps/prompt-0123abcd)` → `prompt`.
fn running(line: &str) -> Option<String> {
    let (_, path) = line.strip_prefix("Running ")?.rsplit_once('(')?;
    let file = path.trim_end_matches(')').rsplit('/').next()?;
    let (name, _) = file.rsplit_once('-')?;
    Some(name.to_owned())
}

/// `test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s`
fn result(line: &str) -> Option<Counts> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        let part = counts.split(';').find(|part| part.trim().ends_with(what))?;
        part.split_whitespace().next()?.parse().ok()
    };
    Some(Counts {
        passed: count("passed")?,
        failed: count("failed")?,
        ignored: count("ignored")?,
        filtered: count("filtered out")?,
    })
}

/// `test ledger::sqlite::freezes ... ok` → `ledger::sqlite::freezes`
fn passed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... ok").map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(lines: &[&str], rules: &Rules) -> Vec<String> {
        let mut outcome = Outcome::default();
        for line in lines {
            outcome.read(line);
        }
        outcome.complaints(rules)
    }

    fn rules(expected: &[&str]) -> Rules {
        Rules {
            expected: expected.iter().map(|name| (*name).to_owned()).collect(),
            may_be_empty: &["entity"],
            left_out: None,
        }
    }

    const RUNNING: &str = "     Running unittests src/lib.rs (target/debug/deps/prompt-01ab)";

    fn closing(passed: u64, ignored: u64, filtered: u64) -> String {
        format!(
            "test result: ok. {passed} passed; 0 failed; {ignored} ignored; 0 measured; \
             {filtered} filtered out; finished in 0.10s"
        )
    }

    #[test]
    fn a_run_with_every_suite_and_test_is_green() {
        assert!(complaints(&[RUNNING, &closing(3, 0, 0)], &rules(&["prompt"])).is_empty());
    }

    #[test]
    fn ignored_left_out_missing_and_empty_suites_are_not_green() {
        for (lines, part) in [
            (vec![RUNNING.to_owned(), closing(3, 1, 0)], "ignored"),
            (vec![RUNNING.to_owned(), closing(3, 0, 2)], "left out"),
            (vec![RUNNING.to_owned(), closing(0, 0, 0)], "no tests"),
            (vec![RUNNING.to_owned()], "its end"),
            (vec![], "did not run"),
        ] {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            let found = complaints(&lines, &rules(&["prompt"]));
            assert!(found.len() == 1 && found[0].contains(part), "{part}: {found:?}");
        }
    }

    #[test]
    fn a_target_is_known_by_the_name_of_its_program() {
        let running = "     Running unittests src/lib.rs (target/debug/deps/two_words-01ab)";
        let expected = file_name("two-words");
        assert!(complaints(&[running, &closing(3, 0, 0)], &rules(&[&expected])).is_empty());
    }

    #[test]
    fn a_failure_is_named_without_what_never_got_its_turn() {
        let failed = closing(3, 0, 0).replace("0 failed", "1 failed").replace("ok.", "FAILED.");
        let found = complaints(&[RUNNING, &failed], &rules(&["prompt", "server"]));
        assert_eq!(found, ["suite `prompt`: 1 failed"]);
    }

    #[test]
    fn what_was_left_out_on_purpose_is_no_complaint() {
        let quick = Rules { left_out: Some("kill"), ..rules(&["prompt"]) };
        assert!(complaints(&[RUNNING, &closing(3, 0, 2)], &quick).is_empty());
    }

    #[test]
    fn a_package_of_rows_may_have_no_tests() {
        let line = "Running unittests src/lib.rs (target/debug/deps/entity-01ab)";
        assert!(complaints(&[line, &closing(0, 0, 0)], &rules(&["entity"])).is_empty());
    }

    #[test]
    fn both_databases_must_have_passed_the_same_tests() {
        let lines = [
            RUNNING,
            "test bulk::sqlite::rows ... ok",
            "test bulk::postgres::rows ... ok",
            "test bulk::sqlite::more ... ok",
            "test postgres::tests::a_module_of_that_name ... ok",
            &closing(4, 0, 0),
        ];
        let found = complaints(&lines, &rules(&["prompt"]));
        assert_eq!(found, ["`bulk::more` passed on SQLite alone"]);
    }
}
