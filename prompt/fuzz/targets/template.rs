//! Template and selection in, combinations out: nothing panics, and what is promised holds.
//!
//! The input is text: the template, a line `---`, then one line for each part of the selection:
//! `list NAME a,b,c`, `zip a,b`, `row a,b` (the first is the header), `not RULE`, `takes N`,
//! `first N`, `random N SEED`. Lines that are none of these are skipped.
#![no_main]

use libfuzzer_sys::fuzz_target;
use prompt::{
    Expansion, Limits, PAIRWISE_ALGORITHM, Problem, SAMPLE_ALGORITHM, Sample, Selection, Severity, Table, ValueList,
    compile, parse_within,
};

/// Combinations up to which all of them are read.
const ALL: u128 = 300;

fn limits() -> Limits {
    Limits {
        max_template_chars: 2_000,
        max_variants: 300,
        max_nodes: 2_000,
        max_prompt_chars: 5_000,
        ..Limits::default()
    }
}

fn strings(text: &str) -> Vec<String> {
    text.split(',').map(ToOwned::to_owned).collect()
}

fn selection(text: &str) -> Selection {
    let mut selection = Selection::default();
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let (first, second) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "list" => {
                selection.lists.push(ValueList { name: first.to_owned(), values: strings(second) });
            }
            "zip" => selection.zip.push(strings(rest)),
            "row" => match &mut selection.rows {
                Some(table) => table.rows.push(strings(rest)),
                none => *none = Some(Table { columns: strings(rest), rows: Vec::new() }),
            },
            "not" => selection.exclude.push(rest.to_owned()),
            "takes" => selection.takes = rest.parse().unwrap_or(0),
            "first" => selection.sample = Sample::First { n: first.parse().unwrap_or(0) },
            "random" => {
                let (n, seed) = (first.parse().unwrap_or(0), second.parse().unwrap_or(0));
                selection.sample = Sample::Random { n, seed, algorithm: SAMPLE_ALGORITHM };
            }
            "pairwise" => {
                selection.sample = Sample::Pairwise { algorithm: PAIRWISE_ALGORITHM };
            }
            _ => {}
        }
    }
    selection
}

fn words(problems: &[Problem], text: &str) {
    assert!(!problems.is_empty());
    for problem in problems {
        assert!(!problem.en.is_empty() && !problem.zh.is_empty());
        assert!(problem.span.is_some() || problem.place.is_some());
        if let Some(span) = problem.span {
            assert!(text.get(span.start..span.end).is_some());
        }
    }
}

fn numbers(made: &Expansion, sample: Sample) {
    let (space, left, count) = (made.space(), made.left(), made.count());
    assert!(0 < count && count <= left && left <= space);
    assert!(made.notices().iter().all(|p| p.severity != Severity::Error));
    assert!(made.nth(count).is_none());
    assert!(made.formula().contains(&space.to_string()));
    for ordinal in [0, count / 3, count / 2, count - 1] {
        let one = made.nth(ordinal).expect("below the count");
        assert!(one.index < space && one.ordinal == ordinal);
        assert!(!one.prompt.trim().is_empty());
    }
    if count > ALL {
        return;
    }
    let all: Vec<_> = made.iter_from(0).collect();
    assert_eq!(all.len() as u128, count);
    assert!(all.iter().all(|c| made.nth(c.ordinal).as_ref() == Some(c)));
    assert!(made.prompts_from(0).eq(all.iter().map(|c| c.prompt.clone())));
    let mut indexes: Vec<u128> = all.iter().map(|c| c.index).collect();
    if !matches!(sample, Sample::Random { .. } | Sample::Pairwise { .. }) {
        assert!(indexes.is_sorted());
    }
    indexes.sort_unstable();
    indexes.dedup();
    assert_eq!(indexes.len() as u128, count);
}

fuzz_target!(|text: &str| {
    let (text, rest) = text.split_once("\n---\n").unwrap_or((text, ""));
    let template = match parse_within(text, &limits()) {
        Ok(template) => template,
        Err(problems) => return words(&problems, text),
    };
    let selection = selection(rest);
    match compile(&template, &selection, &limits()) {
        Ok(made) => numbers(&made, selection.sample),
        Err(problems) => words(&problems, text),
    }
});
