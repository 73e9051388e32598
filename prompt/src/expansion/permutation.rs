//! A fixed shuffling of 0..n for any n, in constant memory: sample algorithm 1.
//!
//! A Feistel network over the smallest even number of bits that holds n − 1 permutes a range less
//! than four times n; results outside 0..n are put through again until they fall inside (cycle
//! walking), which keeps it a permutation. The round function is the finaliser of SplitMix64 over
//! half, round key and round number. It shuffles; it does not keep secrets.
//!
//! A stored sample names the algorithm's number, so nothing here may ever change what it gives: a
//! better one gets the next number beside this one. Golden tests hold it.

const ROUNDS: usize = 24;

/// The shuffling of `0..len` that a seed chooses.
#[derive(Clone, Debug)]
pub(crate) struct Permutation {
    len: u128,
    half_bits: u32,
    keys: [u64; ROUNDS],
}

impl Permutation {
    pub(crate) fn new(len: u128, seed: u64) -> Self {
        let bits = u128::BITS - len.saturating_sub(1).leading_zeros();
        let mut state = seed;
        let keys = std::array::from_fn(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            mix(state)
        });
        Self { len, half_bits: bits.div_ceil(2).max(1), keys }
    }

    /// Where place `index` goes. `index` must be below the length.
    pub(crate) fn at(&self, index: u128) -> u128 {
        let mut place = self.once(index);
        while place >= self.len {
            place = self.once(place);
        }
        place
    }

    fn once(&self, value: u128) -> u128 {
        let mask = u64::MAX >> (u64::BITS - self.half_bits);
        let mut left = (value >> self.half_bits) as u64 & mask;
        let mut right = value as u64 & mask;
        for key in self.keys {
            (left, right) = (right, left ^ (mix(right.wrapping_add(key)) & mask));
        }
        (u128::from(left) << self.half_bits) | u128::from(right)
    }
}

/// SplitMix64's finaliser.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Permutation;

    #[test]
    fn every_length_is_permuted_onto_itself() {
        for len in (1..200).chain([1_000, 4_095, 4_096, 4_097]) {
            for seed in [0, 1, u64::MAX] {
                let permutation = Permutation::new(len, seed);
                let mut places: Vec<u128> = (0..len).map(|i| permutation.at(i)).collect();
                places.sort_unstable();
                assert!(places.into_iter().eq(0..len), "{len} {seed}");
            }
        }
    }

    #[test]
    fn the_largest_lengths_stay_inside() {
        for len in [u128::MAX, u128::MAX - 1, 1 << 127, (1 << 126) + 1, u128::from(u64::MAX)] {
            let permutation = Permutation::new(len, 3);
            let places: Vec<u128> = (0..50).map(|i| permutation.at(len - 1 - i)).collect();
            assert!(places.iter().all(|place| *place < len));
            assert!(places.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }

    /// Over many seeds every order of a few, and every place of more, comes up about equally
    /// often: within five standard deviations.
    #[test]
    fn no_order_is_favoured() {
        const SEEDS: u64 = 24_000;
        for len in [2_u128, 3, 4] {
            let mut orders = std::collections::BTreeMap::new();
            for seed in 0..SEEDS {
                let permutation = Permutation::new(len, seed);
                let order: Vec<u128> = (0..len).map(|i| permutation.at(i)).collect();
                *orders.entry(order).or_insert(0_u64) += 1;
            }
            let all: u128 = (1..=len).product();
            assert_eq!(orders.len() as u128, all);
            even(orders.values().copied(), SEEDS as f64 / all as f64);
        }
        for len in [5_u128, 24, 100] {
            for index in [0, len / 2, len - 1] {
                let mut places = vec![0_u64; len as usize];
                for seed in 0..SEEDS {
                    places[Permutation::new(len, seed).at(index) as usize] += 1;
                }
                even(places.into_iter(), SEEDS as f64 / len as f64);
            }
        }
    }

    fn even(counts: impl Iterator<Item = u64>, expected: f64) {
        for count in counts {
            let deviation = (count as f64 - expected).abs() / expected.sqrt();
            assert!(deviation < 5.0, "{count} where about {expected} were expected");
        }
    }
}
