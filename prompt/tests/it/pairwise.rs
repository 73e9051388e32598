//! Pairwise samples and pilots: every pair, nothing excluded, few, and the same for ever.

use std::collections::{BTreeSet, HashSet};

use prompt::{
    Code, Combination, Expansion, Limits, PAIRWISE_ALGORITHM, Sample, Selection, compile, expand,
    parse,
};
use proptest::prelude::*;

use crate::case::{Case, Dice};
use crate::give::{codes, list, many};

const PAIRWISE: Sample = Sample::Pairwise { algorithm: PAIRWISE_ALGORITHM };

/// The entries of every axis of a combination, from its index.
fn digits(made: &Expansion, combination: &Combination) -> Vec<u128> {
    let mut index = combination.index;
    let mut digits: Vec<u128> = made
        .axes()
        .iter()
        .rev()
        .map(|axis| {
            let digit = index % axis.len;
            index /= axis.len;
            digit
        })
        .collect();
    digits.reverse();
    digits
}

type Pair = (usize, u128, usize, u128);

fn pairs(made: &Expansion) -> BTreeSet<Pair> {
    pairs_of(made, made.iter_from(0))
}

fn pairs_of(made: &Expansion, of: impl Iterator<Item = Combination>) -> BTreeSet<Pair> {
    let mut found = BTreeSet::new();
    for combination in of {
        let digits = digits(made, &combination);
        for i in 0..digits.len() {
            for j in i + 1..digits.len() {
                found.insert((i, digits[i], j, digits[j]));
            }
        }
    }
    found
}

fn product(lens: &[usize]) -> (String, Selection) {
    let names: Vec<String> = (0..lens.len()).map(|n| format!("v{n}")).collect();
    let text: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    let lists = names.iter().zip(lens).map(|(name, n)| many(name, *n)).collect();
    (text.join(" "), Selection { lists, sample: PAIRWISE, ..Selection::default() })
}

fn made(lens: &[usize]) -> Expansion {
    let (text, selection) = product(lens);
    expand(&text, &selection, &Limits::default()).unwrap()
}

proptest! {
    /// Of any template and selection with any exclusions: the sample has every pair that a
    /// combination left has, each of its combinations is one that is left, and none comes twice.
    #[test]
    fn every_pair_that_is_left_appears(rolls in prop::collection::vec(any::<u32>(), 0..150)) {
        let case = Case::new(&mut Dice::new(&rolls));
        let (template, limits) = (parse(&case.text).unwrap(), Limits::default());
        let Ok(all) = compile(&template, &case.selection, &limits) else { return Ok(()) };
        prop_assume!(all.count() <= 5_000 && all.axes().len() >= 2);
        let mut selection = case.selection.clone();
        selection.sample = PAIRWISE;
        let few = compile(&template, &selection, &limits).unwrap();
        prop_assert_eq!(pairs(&few), pairs(&all));
        let left: HashSet<u128> = all.iter_from(0).map(|one| one.index).collect();
        let taken: Vec<u128> = few.iter_from(0).map(|one| one.index).collect();
        prop_assert!(taken.iter().all(|index| left.contains(index)));
        prop_assert_eq!(taken.iter().collect::<HashSet<_>>().len(), taken.len());
        prop_assert_eq!(few.count(), taken.len() as u128);
        for (ordinal, index) in taken.iter().enumerate() {
            prop_assert_eq!(few.nth(ordinal as u128).map(|one| one.index), Some(*index));
        }
        prop_assert!(few.nth(few.count()).is_none());
        let again = compile(&template, &selection, &limits).unwrap();
        prop_assert_eq!(again.iter_from(0).map(|one| one.index).collect::<Vec<_>>(), taken);
    }

    /// A pilot is some of what there is, each once; with room enough it shows every pair, and a
    /// smaller one is the beginning of a larger.
    #[test]
    fn a_pilot_shows_what_it_can(rolls in prop::collection::vec(any::<u32>(), 0..150)) {
        let case = Case::new(&mut Dice::new(&rolls));
        let (template, limits) = (parse(&case.text).unwrap(), Limits::default());
        let Ok(all) = compile(&template, &case.selection, &limits) else { return Ok(()) };
        prop_assume!(all.count() <= 2_000);
        let pilot = all.pilot(usize::MAX);
        prop_assert!(pilot.iter().all(|ordinal| *ordinal < all.count()));
        prop_assert_eq!(pilot.iter().collect::<HashSet<_>>().len(), pilot.len());
        let shown = pilot.iter().filter_map(|ordinal| all.nth(*ordinal));
        prop_assert_eq!(pairs_of(&all, shown), pairs(&all));
        prop_assert_eq!(&all.pilot(3)[..], &pilot[..pilot.len().min(3)]);
    }
}

/// At most 1.5 times the product of the two longest axes and twice the number of axes.
#[test]
fn samples_are_few() {
    let cases: &[(&[usize], u128)] = &[
        (&[3; 4], 9),
        (&[3; 13], 20),
        (&[4; 10], 30),
        (&[5; 10], 45),
        (&[20, 30, 5], 600),
        (&[10, 8, 6, 5, 4, 3, 2], 82),
        (&[6, 5, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2], 36),
        (&[2; 32], 12),
        (&[10; 10], 155),
    ];
    for (lens, most) in cases {
        let made = made(lens);
        let mut longest = lens.to_vec();
        longest.sort_unstable_by(|a, b| b.cmp(a));
        let aim = (longest[0] * longest[1] * 3 / 2 + 2 * lens.len()) as u128;
        assert!(made.count() <= *most && *most <= aim, "{lens:?}: {} > {most}", made.count());
        let all: usize = (0..lens.len())
            .flat_map(|i| (i + 1..lens.len()).map(move |j| (i, j)))
            .map(|(i, j)| lens[i] * lens[j])
            .sum();
        assert_eq!(pairs(&made).len(), all);
    }
}

/// The hardest of the usual sizes: twenty axes of ten. The aim is 190; it takes a few more.
#[test]
fn twenty_axes_of_ten_stay_near_the_aim() {
    let count = made(&[10; 20]).count();
    assert!(count <= 200, "{count}");
}

/// If this fails, algorithm 1 was changed: stored quotes depend on it, so it must not be.
#[test]
fn algorithm_1_gives_the_same_sample_for_ever() {
    let made = made(&[3, 3, 2]);
    let indexes: Vec<u128> = made.iter_from(0).map(|one| one.index).collect();
    assert_eq!(indexes, GOLDEN);
    let (text, selection) = product(&[4, 4, 2]);
    let all = Selection { sample: Sample::All, ..selection };
    let all = expand(&text, &all, &Limits::default()).unwrap();
    assert_eq!(all.pilot(4), GOLDEN_PILOT);
}

const GOLDEN: [u128; 9] = [0, 3, 16, 11, 13, 8, 5, 15, 7];
const GOLDEN_PILOT: [u128; 4] = [0, 11, 20, 30];

#[test]
fn a_zip_group_and_the_takes_are_one_axis_each() {
    let selection = Selection {
        lists: vec![
            list("a", &["1", "2", "3"]),
            list("b", &["x", "y", "z"]),
            list("c", &["p", "q"]),
        ],
        zip: vec![vec![String::from("a"), String::from("b")]],
        takes: 2,
        sample: PAIRWISE,
        ..Selection::default()
    };
    let made = expand("{a} {b} {c}", &selection, &Limits::default()).unwrap();
    assert_eq!(made.axes().len(), 3);
    assert!((6..=7).contains(&made.count()), "{}", made.count());
    assert_eq!(made.formula(), format!("3 a+b × 2 c × 2 take = 12 → {}", made.count()));
}

#[test]
fn what_no_combination_has_is_not_asked_for() {
    let (text, mut selection) = product(&[3, 3, 3]);
    // v0=0 goes with no v1 but 0, and then v2 must be 0: most pairs of v0=0 are gone.
    let value = |list: usize, at: usize| selection.lists[list].values[at].clone();
    selection.exclude = vec![
        format!("v0=\"{}\" & v1=\"{}\"", value(0, 0), value(1, 1)),
        format!("v0=\"{}\" & v1=\"{}\"", value(0, 0), value(1, 2)),
        format!("v0=\"{}\" & v2=\"{}\"", value(0, 0), value(2, 1)),
        format!("v0=\"{}\" & v2=\"{}\"", value(0, 0), value(2, 2)),
    ];
    let few = expand(&text, &selection, &Limits::default()).unwrap();
    let all = Selection { sample: Sample::All, ..selection };
    let all = expand(&text, &all, &Limits::default()).unwrap();
    assert_eq!(pairs(&few), pairs(&all));
    assert!(few.count() <= 11, "{} of {}", few.count(), all.count());
}

#[test]
fn one_axis_alone_refuses_it() {
    let (text, selection) = product(&[5]);
    let refused = expand(&text, &selection, &Limits::default()).unwrap_err();
    assert_eq!(codes(&refused), [Code::PairwiseOneAxis]);
}

#[test]
fn too_many_pairs_are_refused_before_anything_is_made() {
    let (text, selection) = product(&[20, 20]);
    let few = Limits { max_pairs: 399, ..Limits::default() };
    let refused = expand(&text, &selection, &few).unwrap_err();
    assert_eq!(codes(&refused), [Code::PairwiseTooLarge]);
    assert_eq!(expand(&text, &selection, &Limits::default()).unwrap().count(), 400);
    let (text, selection) = product(&[400, 400]);
    let refused = expand(&text, &selection, &Limits::default()).unwrap_err();
    assert_eq!(codes(&refused), [Code::PairwiseTooLarge]);
}

#[test]
fn an_algorithm_of_the_future_is_refused() {
    let (text, selection) = product(&[2, 2]);
    let selection = Selection { sample: Sample::Pairwise { algorithm: 2 }, ..selection };
    let refused = expand(&text, &selection, &Limits::default()).unwrap_err();
    assert_eq!(codes(&refused), [Code::UnknownSampleAlgorithm]);
}
