//! Samples: the same for ever.

use prompt::{Code, Limits, SAMPLE_ALGORITHM, Sample, Selection, expand};

use crate::give::{codes, many};

fn sampled(sample: Sample, values: usize) -> prompt::Expansion {
    let selection =
        Selection { lists: vec![many("a", values), many("b", 10)], sample, ..Selection::default() };
    expand("{a} {b}", &selection, &Limits::default()).unwrap()
}

fn random(n: u64, seed: u64) -> Sample {
    Sample::Random { n, seed, algorithm: SAMPLE_ALGORITHM }
}

fn indexes(made: &prompt::Expansion) -> Vec<u128> {
    made.iter_from(0).map(|c| c.index).collect()
}

/// Computed by a second implementation in another language. Stored samples depend on these numbers. If this fails, algorithm 1 was changed: it must not be.
#[test]
fn algorithm_1_gives_the_same_sample_for_ever() {
    assert_eq!(indexes(&sampled(random(8, 0), 10)), GOLDEN_0);
    assert_eq!(indexes(&sampled(random(8, 42), 10)), GOLDEN_42);
    assert_eq!(indexes(&sampled(random(4, u64::MAX), 10_000)), GOLDEN_MAX);
}

const GOLDEN_0: [u128; 8] = [85, 67, 76, 22, 86, 58, 19, 95];
const GOLDEN_42: [u128; 8] = [60, 42, 57, 65, 47, 0, 28, 54];
const GOLDEN_MAX: [u128; 4] = [54187, 88651, 34477, 31187];

#[test]
fn a_larger_sample_begins_with_the_smaller() {
    let small = indexes(&sampled(random(5, 9), 10));
    assert_eq!(indexes(&sampled(random(50, 9), 10))[..5], small);
}

#[test]
fn seeds_differ() {
    assert_ne!(indexes(&sampled(random(20, 1), 10)), indexes(&sampled(random(20, 2), 10)));
}

#[test]
fn a_sample_larger_than_what_there_is_takes_all_and_says_so() {
    for sample in [Sample::First { n: 101 }, random(101, 3)] {
        let made = sampled(sample, 10);
        assert_eq!(made.count(), 100);
        assert_eq!(codes(made.notices()), [Code::SampleCoversAll]);
    }
}

#[test]
fn the_first_n_are_the_first_n() {
    let made = sampled(Sample::First { n: 3 }, 10);
    assert_eq!(indexes(&made), [0, 1, 2]);
    assert_eq!(made.formula(), "10 a × 10 b = 100 → 3");
}
