//! Inline groups: `{a|b}`, `{2$$a|b|c}`, `{1-2$$ and $$a|b|c}`.
//!
//! A group chooses an ordered row of different options. The readings come in this order: fewer
//! options first; then by the options' numbers, leftmost option slowest; then by the readings of
//! the chosen options, rightmost fastest. Counting and finding the nth reading go by arithmetic
//! on the options' counts, never by listing: with cᵢ readings of option i, the ordered choices of
//! k options read in k!·eₖ(c) ways, eₖ being the elementary symmetric polynomial.

use super::Part;

/// One inline group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) options: Vec<Choice>,
    min: usize,
    pub(crate) separator: String,
    /// Exactly one option, each read in one way: `{a|b}`, nearly every group there is.
    flat: bool,
    /// Readings with exactly `min + i` options.
    by_size: Vec<u128>,
    count: u128,
}

/// One option of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) parts: Vec<Part>,
    pub(crate) count: u128,
}

/// How many of a group's options stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    pub(crate) min: usize,
    pub(crate) max: usize,
}

impl Choice {
    /// `None` if the readings do not fit in 128 bits.
    pub(crate) fn new(parts: Vec<Part>) -> Option<Self> {
        let count = groups(&parts).try_fold(1_u128, |n, group| n.checked_mul(group.count))?;
        Some(Self { parts, count })
    }
}

impl Group {
    /// `bounds` must lie within the number of options. `None` if the readings do not fit in 128
    /// bits.
    pub(crate) fn new(options: Vec<Choice>, bounds: Bounds, separator: String) -> Option<Self> {
        let symmetric = symmetric_sums(&options, bounds.max)?;
        let mut by_size = Vec::with_capacity(bounds.max - bounds.min + 1);
        let mut factorial = 1_u128;
        for (size, sum) in symmetric.iter().enumerate() {
            if size > 0 {
                factorial = factorial.checked_mul(size as u128)?;
            }
            if size >= bounds.min {
                by_size.push(factorial.checked_mul(*sum)?);
            }
        }
        let count = by_size.iter().try_fold(0_u128, |n, more| n.checked_add(*more))?;
        let flat = bounds.min == 1 && bounds.max == 1 && options.iter().all(|o| o.count == 1);
        Some(Self { options, min: bounds.min, separator, flat, by_size, count })
    }

    /// How many readings there are.
    pub(crate) fn count(&self) -> u128 {
        self.count
    }

    /// The fewest options that stand together.
    pub(crate) fn min(&self) -> usize {
        self.min
    }

    /// The most options that stand together.
    pub(crate) fn max(&self) -> usize {
        self.min + self.by_size.len() - 1
    }

    /// The one option of reading `index`, if every reading is one option alone.
    pub(crate) fn flat(&self, index: u128) -> Option<&Choice> {
        if self.flat { self.options.get(index as usize) } else { None }
    }

    /// The options of reading `index` and, for each, which of its own readings.
    /// `index` must be below [`Group::count`].
    pub(crate) fn reading(&self, mut index: u128) -> Vec<(usize, u128)> {
        let mut size = self.min;
        for &count in &self.by_size {
            if index < count {
                break;
            }
            index -= count;
            size += 1;
        }
        let (chosen, rest) = if size == 1 { self.one(index) } else { self.row(size, index) };
        self.share_out(chosen, rest)
    }

    /// The common case: exactly one option.
    fn one(&self, mut index: u128) -> (Vec<usize>, u128) {
        for (number, option) in self.options.iter().enumerate() {
            if index < option.count {
                return (vec![number], index);
            }
            index -= option.count;
        }
        (Vec::new(), 0)
    }

    /// The options of the row of `size` in which reading `index` falls, and its place there.
    fn row(&self, size: usize, mut index: u128) -> (Vec<usize>, u128) {
        let mut left: Vec<usize> = (0..self.options.len()).collect();
        let mut chosen = Vec::with_capacity(size);
        // Readings of the options chosen so far: each further choice is seen this many times.
        let mut chosen_count = 1_u128;
        for position in 0..size {
            let still = size - position - 1;
            let sums = self.sums_of(&left, still);
            let orders = chosen_count * (1..=still as u128).product::<u128>();
            for (slot, &number) in left.iter().enumerate() {
                let count = self.options[number].count;
                let block = orders * count * sum_without(&sums, count, still);
                if index < block {
                    chosen.push(number);
                    chosen_count *= count;
                    left.remove(slot);
                    break;
                }
                index -= block;
            }
        }
        (chosen, index)
    }

    /// e₀…eₖ over the given options. Cannot overflow: each is a divisor of a count that fits.
    fn sums_of(&self, numbers: &[usize], k: usize) -> Vec<u128> {
        let mut sums = vec![0_u128; k + 1];
        sums[0] = 1;
        for &number in numbers {
            for j in (1..=k).rev() {
                sums[j] += self.options[number].count * sums[j - 1];
            }
        }
        sums
    }

    /// Splits a place among the chosen options' readings, rightmost fastest.
    fn share_out(&self, chosen: Vec<usize>, mut rest: u128) -> Vec<(usize, u128)> {
        let mut row: Vec<(usize, u128)> = chosen.into_iter().map(|number| (number, 0)).collect();
        for (number, reading) in row.iter_mut().rev() {
            let count = self.options[*number].count;
            *reading = rest % count;
            rest /= count;
        }
        row
    }
}

/// The groups among parts, in order.
pub(crate) fn groups(parts: &[Part]) -> impl DoubleEndedIterator<Item = &Group> {
    parts.iter().filter_map(|part| match part {
        Part::Group(group) => Some(group),
        Part::Text(_) | Part::Variable(_) => None,
    })
}

/// e₀…eₖ over all options, checked.
fn symmetric_sums(options: &[Choice], k: usize) -> Option<Vec<u128>> {
    let mut sums = vec![0_u128; k + 1];
    sums[0] = 1;
    for option in options {
        for j in (1..=k).rev() {
            let more = option.count.checked_mul(sums[j - 1])?;
            sums[j] = sums[j].checked_add(more)?;
        }
    }
    Some(sums)
}

/// eₖ over the same options but one of `count` readings: eₖ(S∖i) = eₖ(S) − cᵢ·eₖ₋₁(S∖i).
fn sum_without(sums: &[u128], count: u128, k: usize) -> u128 {
    sums[1..=k].iter().fold(1, |without, sum| sum - count * without)
}
