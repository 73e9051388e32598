//! Every code is produced here, and its words and place are held in `words.golden` beside this
//! file. After a change of words run with `REELMILL_BLESS=1` and read the difference.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use prompt::csv;
use prompt::{Code, Limits, Problem, Sample, Selection, expand, parse, parse_within};

use crate::give::{list, lists, many, rows, strings};

/// What a template alone gives.
fn text(text: &str) -> Vec<Problem> {
    match parse(text) {
        Ok(template) => template.notices().to_vec(),
        Err(problems) => problems,
    }
}

/// What a template and a selection give.
fn both(text: &str, selection: &Selection) -> Vec<Problem> {
    within(text, selection, &Limits::default())
}

fn within(text: &str, selection: &Selection, limits: &Limits) -> Vec<Problem> {
    match expand(text, selection, limits) {
        Ok(made) => made.notices().to_vec(),
        Err(problems) => problems,
    }
}

fn file(bytes: &[u8]) -> Vec<Problem> {
    match csv::read(bytes, &Limits::default()) {
        Ok(sheet) => sheet.notices,
        Err(problems) => problems,
    }
}

fn excluding(exclude: &[&str]) -> Vec<Problem> {
    let mut selection = lists(&[("style", &["noir", "水墨"]), ("scene", &["beach", "city"])]);
    selection.exclude = strings(exclude);
    both("{style} {scene}", &selection)
}

fn zipped(a: &[&str], b: &[&str], zip: &[&[&str]]) -> Vec<Problem> {
    let mut selection = lists(&[("a", a), ("b", b)]);
    selection.zip = zip.iter().map(|names| strings(names)).collect();
    both("{a} {b}", &selection)
}

/// More pairs than allowed.
fn pairs() -> Vec<Problem> {
    let sample = Sample::Pairwise { algorithm: 1 };
    let limits = Limits { max_pairs: 3, ..Limits::default() };
    within("{a|b} {c|d}", &Selection { sample, ..Selection::default() }, &limits)
}

fn sampling(sample: Sample) -> Vec<Problem> {
    both("{a|b}", &Selection { sample, ..Selection::default() })
}

/// At least one producer a code.
fn produced() -> Vec<Vec<Problem>> {
    let mut all = of_templates();
    all.extend(of_selections());
    all.extend(of_rows_and_files());
    all
}

fn of_templates() -> Vec<Vec<Problem>> {
    let short = Limits { max_template_chars: 3, max_variants: 3, ..Limits::default() };
    vec![
        text("  "),
        parse_within("{a|b}", &short).unwrap_err(),
        text("a\u{7}b"),
        text("a {style"),
        text("style}"),
        text("{}"),
        text("{2 cats}"),
        text("{take}"),
        text("{red, green}"),
        text("a __style"),
        text("${style}"),
        text("{a$$b|c}"),
        text("{3$$a|b}"),
        text("{red|{blue|red}}"),
        parse_within("{a|b|c|d}", &Limits { max_variants: 3, ..Limits::default() }).unwrap_err(),
        text("{a|{b|{c|{d|{e|{f|{g|{h|{i|j}}}}}}}}}"),
        text("{2::a|b}"),
        text("{~a|b}"),
        text("{a {style}|b}"),
        text(&"}".repeat(60)),
    ]
}

fn of_selections() -> Vec<Vec<Problem>> {
    let few = Limits {
        max_values_per_list: 2,
        max_value_chars: 40,
        max_axes: 2,
        max_takes: 5,
        max_prompt_chars: 8,
        max_exclusions: 1,
        max_nodes: 2,
        max_variants: 4,
        ..Limits::default()
    };
    let two = lists(&[("a", &["x", "y"]), ("b", &["x", "y"])]);
    let with = |exclude: &[&str]| Selection { exclude: strings(exclude), ..two.clone() };
    let wide = Limits { max_nodes: 2, ..Limits::default() };
    let huge: Vec<_> = (0..32).map(|i| many(&format!("v{i}"), 17)).collect();
    let all: String = (0..32).map(|i| format!("{{v{i}}}")).collect();
    vec![
        both("{styel} of {camera}", &lists(&[("style", &["noir"])])),
        both("{a}", &lists(&[("a", &[])])),
        both("{a}", &lists(&[("a", &["x"]), ("a", &["y"])])),
        both("{a}", &lists(&[("a", &["x", "y", "x"])])),
        within("{a}", &lists(&[("a", &["x".repeat(41).as_str()])]), &few),
        within("{a}", &lists(&[("a", &["x", "y", "z"])]), &few),
        within("{a}", &lists(&[("a", &["x"]), ("b", &["x"]), ("c", &["x"])]), &few),
        within("p", &Selection { takes: 6, ..Selection::default() }, &few),
        zipped(&["x"], &["y"], &[&["a"]]),
        zipped(&["x"], &["y"], &[&["a", "c", "b"]]),
        zipped(&["x", "y"], &["z"], &[&["a", "b"]]),
        zipped(&["x", "x"], &["y", "y"], &[&["a", "b"]]),
        zipped(&["x"], &["y"], &[&["a", "b"], &["b", "a"]]),
        both(&all, &Selection { lists: huge, ..Selection::default() }),
        within("{a} and {b}, two", &two, &few),
        both("{|a}", &Selection::default()),
        sampling(Sample::First { n: 0 }),
        sampling(Sample::Random { n: 1, seed: 1, algorithm: 2 }),
        sampling(Sample::First { n: 3 }),
        sampling(Sample::Pairwise { algorithm: 1 }),
        pairs(),
        both("p", &lists(&[("a", &["x"])])),
        both("p {a}", &lists(&[("a", &["x", ""])])),
        both("p {1a}", &Selection::default()),
        both("p", &Selection { lists: vec![list("a b", &["x"])], ..Selection::default() }),
        excluding(&["style"]),
        excluding(&["camera=pan"]),
        excluding(&["style=noir & scene=moon"]),
        excluding(&["style=noir & style=水墨"]),
        excluding(&["style=noir", "style=水墨"]),
        within("{a}{b}", &with(&["a=x", "b=x"]), &few),
        within("{a}{b}", &with(&["a=x & b=x", "a=y & b=y"]), &wide),
        within(
            "{2$$i|j|k}",
            &Selection { exclude: strings(&["#1=i,j"]), ..Selection::default() },
            &few,
        ),
    ]
}

fn of_rows_and_files() -> Vec<Vec<Problem>> {
    let few = Limits { max_rows: 1, max_columns: 2, ..Limits::default() };
    let mut twice = rows(&["a", "b"], &[&["x", "y"]]);
    twice.lists = vec![list("a", &["x"])];
    let mut never = rows(&["a", "b"], &[&["x", "y"], &["z", "w"]]);
    never.exclude = strings(&["a=x & b=w"]);
    vec![
        both("{style}", &rows(&["a", "b"], &[&["x", "y"]])),
        both("{a}", &rows(&["a", "a"], &[&["x", "y"]])),
        both("{a}", &rows(&["a", " "], &[&["x", "y"]])),
        both("{a}", &rows(&["a", "b"], &[&["x", "y"], &["z"]])),
        both("{a}", &rows(&["a", "b"], &[&["x", "y", "z"]])),
        both("{a}", &rows(&["a"], &[])),
        both("{a}{b}", &rows(&["a", "b"], &[&["x", "y"], &["z", "w"], &["x", "y"]])),
        within("{a}", &rows(&["a"], &[&["x"], &["y"]]), &few),
        within("{a}", &rows(&["a", "b", "c"], &[&["x", "y", "z"]]), &few),
        both("{a}", &rows(&["a", "b"], &[&["x", "y"], &["x", "w"]])),
        both("p", &rows(&["a"], &[&["x"]])),
        both("{a}", &twice),
        both("{a}{b}", &never),
        file(b""),
        csv::read(b"a\nb\n", &Limits { max_csv_bytes: 3, ..Limits::default() }).unwrap_err(),
        file(b"a,b\nx,\xFF\n"),
        file(b"a,b\nx,\"y\n"),
        file(b"a,b\nx,\"y\"z\n"),
        file(b"\xEF\xBB\xBFa,b\nx,y\n"),
        file(b"a;b\nx;y\n"),
        file(b"a\tb\nx\ty\n"),
        file(b"a,b\nx,y\n,\n"),
        file("a，b\nx，y\n".as_bytes()),
    ]
}

#[test]
fn every_code_is_produced() {
    let produced: BTreeSet<Code> = produced().iter().flatten().map(|p| p.code).collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !produced.contains(code)).collect();
    assert!(missing.is_empty(), "no test produces {missing:?}");
}

#[test]
fn every_problem_speaks_both_languages() {
    for problem in produced().iter().flatten() {
        let Problem { code, en, zh, .. } = problem;
        assert!(en.len() > 10 && en.ends_with(['.', '?', ')']), "{code:?}: {en}");
        assert!(zh.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{code:?}: {zh}");
        assert!(zh.ends_with(['。', '？', '）']), "{code:?}: {zh}");
    }
}

#[test]
fn every_problem_has_a_position() {
    for problem in produced().iter().flatten() {
        assert!(problem.span.is_some() || problem.place.is_some(), "{problem:?}");
    }
}

#[test]
fn text_forms_are_the_json_forms() {
    for code in Code::ALL {
        assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
    }
    let forms: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(forms.len(), Code::ALL.len());
}

#[test]
fn the_words_are_as_they_were() {
    let mut text = String::new();
    // Sixty stray braces say the same sixty times.
    let mut problems: Vec<Problem> = produced().into_iter().flatten().collect();
    problems.dedup_by(|next, before| next.en == before.en);
    for problem in &problems {
        let Problem { code, severity, span, place, en, zh } = problem;
        let code = code.as_str();
        let span = span.map(|s| format!(" {}:{}-{}", s.line, s.column, s.utf16_end));
        let place = place.as_ref().map(|p| format!(" {}", serde_json::to_string(p).unwrap()));
        let (span, place) = (span.unwrap_or_default(), place.unwrap_or_default());
        write!(text, "{code} {severity:?}{span}{place}\n  {en}\n  {zh}\n").unwrap();
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/words.golden");
    if std::env::var_os("REELMILL_BLESS").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&golden).unwrap_or_default(), text);
}
