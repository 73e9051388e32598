//! What a chart of days draws. Pure: what is drawn can be tested.
//!
//! A chart is a picture of a table that stands beside it and says nothing that the table does not.

/// Bars, as high as their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// The value at the upper edge: round, and no bar is higher.
    pub top: i64,
    /// Heights in percent of it; whatever is more than nothing is seen.
    pub heights: Vec<i64>,
}

/// The bars of these values.
#[must_use]
pub fn bars(values: &[i64]) -> Bars {
    // Even, so that its half is a whole number.
    let top = top(values.iter().copied().max().unwrap_or(0).max(2));
    let height = |value: &i64| match *value {
        ..=0 => 0,
        value => i64::try_from(i128::from(value) * 100 / i128::from(top)).unwrap_or(100).max(1),
    };
    Bars { top, heights: values.iter().map(height).collect() }
}

/// A round number at or above the greatest value: 2, 4 or 10 with zeros.
fn top(greatest: i64) -> i64 {
    let mut step = 1_i64;
    loop {
        for factor in [2, 4, 10] {
            let round = step.saturating_mul(factor);
            if round >= greatest {
                return round;
            }
        }
        step = step.saturating_mul(10);
    }
}

/// Places along so many bars that are worth a name: first, last, and at most three between, at
/// even distances where that goes.
#[must_use]
pub fn named(count: usize) -> Vec<usize> {
    let last = count.saturating_sub(1);
    let even = [4, 3, 2].into_iter().find(|parts| last.is_multiple_of(*parts));
    let parts = even.unwrap_or(4).min(last.max(1));
    let mut places: Vec<_> = (0..=parts).map(|part| part * last / parts).collect();
    places.dedup();
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_round_even_and_high_enough() {
        for (greatest, wanted) in
            [(0, 2), (2, 2), (3, 4), (7, 10), (10, 10), (11, 20), (2_001, 4_000)]
        {
            assert_eq!(top(greatest), wanted, "{greatest}");
        }
        assert!(top(i64::MAX) > 0);
    }

    #[test]
    fn every_day_with_credits_has_a_bar_of_its_height() {
        let drawn = bars(&[0, 50, 100, 1, -3]);
        assert_eq!(drawn, Bars { top: 100, heights: vec![0, 50, 100, 1, 0] });
        assert_eq!(bars(&[1, 1_000_000]).heights, [1, 100], "one credit beside a million is seen");
        assert_eq!(bars(&[]), Bars { top: 2, heights: vec![] });
        assert_eq!(bars(&[i64::MAX]).heights, [100]);
    }

    #[test]
    fn some_days_are_named_and_the_ends_always() {
        assert_eq!(named(30), [0, 7, 14, 21, 29]);
        assert_eq!(named(7), [0, 2, 4, 6]);
        assert_eq!((named(2), named(1), named(0)), (vec![0, 1], vec![0], vec![0]));
    }
}
