//! Numbers far beyond listing: counted and read at once.

use std::time::{Duration, Instant};

use prompt::{Code, Limits, SAMPLE_ALGORITHM, Sample, Selection, expand};

use crate::give::{codes, many};

/// Generous for a debug build on a busy machine; listing 10^12 would take days.
const AT_ONCE: Duration = Duration::from_secs(2);

fn trillion() -> Selection {
    let lists = ["a", "b", "c", "d"].map(|name| many(name, 1_000));
    Selection { lists: lists.to_vec(), ..Selection::default() }
}

#[test]
fn a_trillion_combinations_are_counted_and_previewed_at_once() {
    let start = Instant::now();
    let made = expand("{a} {b} {c} {d}", &trillion(), &Limits::default()).unwrap();
    assert_eq!(made.count(), 1_000_000_000_000);
    assert_eq!(made.nth(999_999_999_999).unwrap().prompt, "a999 b999 c999 d999");
    assert_eq!(made.nth(123_456_789_012).unwrap().prompt, "a123 b456 c789 d12");
    assert_eq!(made.formula(), "1000 a × 1000 b × 1000 c × 1000 d = 1000000000000");
    assert!(start.elapsed() < AT_ONCE, "{:?}", start.elapsed());
}

#[test]
fn exclusions_and_a_sample_of_a_trillion_are_exact_too() {
    let start = Instant::now();
    let mut selection = trillion();
    // 64 rules of one combination of a and b each.
    selection.exclude = (0..64).map(|i| format!("a=a{i} & b=b{}", 63 - i)).collect();
    let made = expand("{a} {b} {c} {d}", &selection, &Limits::default()).unwrap();
    assert_eq!(made.count(), 1_000_000_000_000 - 64 * 1_000_000);
    // b63 is excluded for a0: the ranks after it move up by one block.
    assert_eq!(made.nth(62_999_999).unwrap().prompt, "a0 b62 c999 d999");
    assert_eq!(made.nth(63_000_000).unwrap().prompt, "a0 b64 c0 d0");
    assert_eq!(made.nth(made.count() - 1).unwrap().index, 999_999_999_999);
    selection.sample = Sample::Random { n: 1_000, seed: 5, algorithm: SAMPLE_ALGORITHM };
    let sampled = expand("{a} {b} {c} {d}", &selection, &Limits::default()).unwrap();
    assert_eq!(sampled.iter_from(0).count(), 1_000);
    assert!(start.elapsed() < 2 * AT_ONCE, "{:?}", start.elapsed());
}

#[test]
fn a_single_group_can_hold_a_trillion_readings() {
    let letters: Vec<String> = ('a'..='z').map(|c| c.to_string()).collect();
    let text = format!("{{9$$ $${}}}", letters.join("|"));
    let made = expand(&text, &Selection::default(), &Limits::default()).unwrap();
    let count: u128 = (18..=26).product();
    assert_eq!(made.count(), count);
    assert_eq!(made.nth(0).unwrap().prompt, "a b c d e f g h i");
    assert_eq!(made.nth(count - 1).unwrap().prompt, "z y x w v u t s r");
}

#[test]
fn the_last_number_that_fits_fits_and_the_next_is_refused() {
    // 2^127 fits in 128 bits; twice that does not.
    let mut selection = Selection {
        lists: (0..31).map(|i| many(&format!("v{i}"), 16)).collect(),
        takes: 8,
        ..Selection::default()
    };
    let text: String = (0..31).map(|i| format!("{{v{i}}}")).collect();
    let made = expand(&text, &selection, &Limits::default()).unwrap();
    assert_eq!(made.count(), 1 << 127);
    let last = made.nth(made.count() - 1).unwrap();
    assert_eq!((last.index, last.take), ((1 << 127) - 1, 8));
    selection.sample = Sample::Random { n: 3, seed: 1, algorithm: SAMPLE_ALGORITHM };
    let sampled = expand(&text, &selection, &Limits::default()).unwrap();
    assert_eq!(sampled.iter_from(0).count(), 3);
    selection.takes = 16;
    let problems = expand(&text, &selection, &Limits::default()).unwrap_err();
    assert_eq!(codes(&problems), [Code::SpaceOverflow]);
}

/// Rules over pairs of many axes entangle; the limit must hold, quickly, and name a rule.
#[test]
fn entangled_exclusions_are_refused_by_name_and_at_once() {
    let start = Instant::now();
    let lists = (0..32).map(|i| many(&format!("v{i}"), 2)).collect();
    let text: String = (0..32).map(|i| format!("{{v{i}}}")).collect();
    // Each pairs an axis of the first half with one of the second.
    let exclude = (0..32)
        .map(|i| {
            let (a, b) = (i % 16, 16 + (i * 7 + i / 16) % 16);
            format!("v{a}=v{a}0 & v{b}=v{b}1")
        })
        .collect();
    let selection = Selection { lists, exclude, ..Selection::default() };
    let limits = Limits { max_nodes: 20_000, ..Limits::default() };
    let problems = expand(&text, &selection, &limits).unwrap_err();
    assert_eq!(codes(&problems), [Code::ExclusionsTooComplex]);
    let Some(prompt::Place::Exclusion { rule, .. }) = problems[0].place else {
        panic!("{problems:?}");
    };
    // Without that rule and what follows it, it can be counted.
    let fewer = Selection { exclude: selection.exclude[..rule - 1].to_vec(), ..selection.clone() };
    assert!(expand(&text, &fewer, &limits).is_ok());
    let same = Selection { exclude: selection.exclude[..rule].to_vec(), ..selection };
    assert!(expand(&text, &same, &limits).is_err());
    assert!(start.elapsed() < 5 * AT_ONCE, "{:?}", start.elapsed());
}

/// Exclusions that name many rows of a large table take the searching way through the diagram.
#[test]
fn an_exclusion_over_many_rows_leaves_exactly_the_others() {
    let kinds = ["noir", "ink", "clay"];
    let cells = |i: usize| vec![format!("item{i}"), kinds[i * i % 7 % 3].to_owned()];
    let rows: Vec<Vec<String>> = (0..700).map(cells).collect();
    let table = prompt::Table { columns: vec!["item".into(), "kind".into()], rows: rows.clone() };
    let selection = Selection {
        lists: vec![many("shot", 3)],
        rows: Some(table),
        exclude: vec!["kind=ink & shot=shot1".into(), "kind=noir".into()],
        ..Selection::default()
    };
    let made = expand("{item} {kind} {shot}", &selection, &Limits::default()).unwrap();
    let all = rows.iter().flat_map(|row| (0..3).map(move |shot| (row, shot)));
    let kept = all.filter(|(row, shot)| row[1] != "noir" && (row[1] != "ink" || *shot != 1));
    let expected: Vec<String> =
        kept.map(|(row, shot)| format!("{} {} shot{shot}", row[0], row[1])).collect();
    assert!(rows.iter().filter(|row| row[1] != "clay").count() > 200);
    assert_eq!(made.count(), expected.len() as u128);
    assert!(made.prompts_from(0).eq(expected));
}
