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
