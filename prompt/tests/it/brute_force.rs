//! Counting and indexing equal listing, for random templates and selections.

use std::collections::HashSet;

use prompt::{Code, Combination, Limits, SAMPLE_ALGORITHM, Sample, compile, parse};
use proptest::prelude::*;

use crate::case::{Case, Dice, escape, rolls};
use crate::oracle::{self, Expected};

/// The slow way lists everything, so cases stay below this.
const MOST: u128 = 20_000;

fn as_expected(made: &Combination) -> Expected {
    let Combination { index, prompt, values, take, .. } = made.clone();
    Expected { index, prompt, values, take }
}

fn holds(case: &Case) -> Result<(), TestCaseError> {
    let limits = Limits::default();
    let template = parse(&case.text)
        .map_err(|problems| TestCaseError::fail(format!("{}: {problems:?}", case.text)))?;
    let mut free = case.selection.clone();
    free.exclude.clear();
    let space = compile(&template, &free, &limits)
        .map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?
        .space();
    prop_assume!(space <= MOST);
    let (all, expected) = oracle::expand(case);
    prop_assert_eq!(space, all as u128);
    let made = match compile(&template, &case.selection, &limits) {
        Ok(made) => made,
        Err(problems) => {
            prop_assert!(expected.is_empty(), "{problems:?}");
            prop_assert_eq!(problems[0].code, Code::EverythingExcluded);
            return Ok(());
        }
    };
    prop_assert_eq!(made.space(), space);
    prop_assert_eq!(made.count(), expected.len() as u128);
    let listed: Vec<Combination> = made.iter_from(0).collect();
    prop_assert_eq!(listed.len(), expected.len());
    for (ordinal, (made, expected)) in listed.iter().zip(&expected).enumerate() {
        prop_assert_eq!(made.ordinal, ordinal as u128);
        prop_assert_eq!(&as_expected(made), expected);
    }
    prop_assert!(made.nth(made.count()).is_none());
    // Any one of them, found alone, is the same.
    for ordinal in (0..made.count()).step_by(7) {
        let alone = made.nth(ordinal);
        prop_assert_eq!(alone.as_ref(), listed.get(ordinal as usize));
        let prompt = &listed[ordinal as usize].prompt;
        let first = made.prompts_from(ordinal).next();
        prop_assert_eq!(first.as_ref(), Some(prompt));
    }
    sampled(case, &expected)
}

/// A random sample is some of what there is, each once, and all of it when it asks for all.
fn sampled(case: &Case, expected: &[Expected]) -> Result<(), TestCaseError> {
    let template = parse(&case.text).unwrap();
    for n in [1, expected.len().div_ceil(2), expected.len()] {
        let mut selection = case.selection.clone();
        let n = n as u64;
        selection.sample = Sample::First { n };
        let first = compile(&template, &selection, &Limits::default()).unwrap();
        let first: Vec<Expected> = first.iter_from(0).map(|c| as_expected(&c)).collect();
        prop_assert_eq!(&first[..], &expected[..n as usize]);
        selection.sample = Sample::Random { n, seed: n ^ 7, algorithm: SAMPLE_ALGORITHM };
        let random = compile(&template, &selection, &Limits::default()).unwrap();
        let random: Vec<Expected> = random.iter_from(0).map(|c| as_expected(&c)).collect();
        let indexes: HashSet<u128> = random.iter().map(|c| c.index).collect();
        prop_assert_eq!(indexes.len() as u64, n);
        for made in &random {
            let same = expected.binary_search_by_key(&made.index, |e| e.index);
            prop_assert_eq!(Some(made), same.ok().map(|i| &expected[i]));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nth_covers_exactly_what_listing_gives(rolls in prop::collection::vec(any::<u32>(), 0..150)) {
        holds(&Case::new(&mut Dice::new(&rolls)))?;
    }

    #[test]
    fn reading_a_template_never_panics(text in ".{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn reading_signs_never_panics(
        signs in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "|", "$", "_", "\\", "$$", "__", "{{", "}}", "a", "1", "-", ",", " ",
                "::", ".", "｛", "｝", "｜", "＄", "~", "take", "\u{7}", "\n", "水",
            ]),
            0..60,
        )
    ) {
        let text = signs.concat();
        match parse(&text) {
            Ok(template) => {
                for variable in template.variables() {
                    for span in &variable.spans {
                        prop_assert!(text[span.start..span.end].contains(&variable.name));
                    }
                }
            }
            Err(problems) => {
                for problem in problems.iter().filter(|p| p.code != Code::MoreProblems) {
                    let span = problem.span.unwrap();
                    let before = &text[..span.start];
                    prop_assert!(text.get(span.start..span.end).is_some());
                    prop_assert_eq!(span.utf16_start, before.encode_utf16().count());
                    prop_assert_eq!(span.line, 1 + before.matches('\n').count());
                    let line = before.rsplit('\n').next().unwrap_or_default();
                    prop_assert_eq!(span.column, 1 + line.chars().count());
                }
            }
        }
    }

    #[test]
    fn escaped_text_comes_out_as_it_was(text in "[^\\p{Cc}]{1,80}") {
        prop_assume!(!text.trim().is_empty());
        let made = prompt::expand(&escape(&text), &prompt::Selection::default(), &Limits::default());
        prop_assert_eq!(made.unwrap().nth(0).map(|c| c.prompt), Some(text));
    }
}

/// A hundred thousand combinations with everything at once: group, zip, rows, takes, exclusions.
#[test]
fn a_hundred_thousand_combinations_equal_their_listing() {
    let mut found = 0;
    for seed in 0..4_000 {
        let rolls = rolls(seed, 150);
        let case = Case::new(&mut Dice::new(&rolls));
        let Ok(made) = prompt::expand(&case.text, &case.selection, &Limits::default()) else {
            continue;
        };
        if !(60_000..=100_000).contains(&made.space()) || case.rules.len() < 2 {
            continue;
        }
        let (space, expected) = oracle::expand(&case);
        assert_eq!(made.space(), space as u128);
        assert_eq!(made.count(), expected.len() as u128);
        for (ordinal, expected) in expected.iter().enumerate() {
            assert_eq!(as_expected(&made.nth(ordinal as u128).unwrap()), *expected);
        }
        found += 1;
        if found == 2 {
            return;
        }
    }
    panic!("no case of that size among the seeds");
}
