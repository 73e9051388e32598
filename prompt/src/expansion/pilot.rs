//! A few combinations that stand for many: what a batch shows before the rest is made.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::Expansion;

/// Two axes and an entry of each; an entry alone is a pair with itself.
type Pair = (u32, u32, u32, u32);

/// A pair counts more than all the entries of a combination, of which there is one an axis.
const PAIR: usize = 1 << 10;

impl Expansion {
    /// At most `most` places of this expansion that together show as many pairs of values of
    /// different axes as such a choice, made one by one, can, and of equals those with most new
    /// values; those that show most come first. Fewer when all there is has been shown.
    ///
    /// The same places for ever ([`crate::PAIRWISE_ALGORITHM`]). Takes time in the number of
    /// combinations.
    pub fn pilot(&self, most: usize) -> Vec<u128> {
        if most == 0 {
            return Vec::new();
        }
        let digits = (0..self.count()).map_while(|ordinal| self.digits(ordinal));
        let shown: Vec<Vec<u32>> =
            digits.map(|row| row.iter().map(|entry| *entry as u32).collect()).collect();
        let mut seen: HashSet<Pair> = HashSet::new();
        // What a place adds only shrinks, so a bound that is still the largest is exact.
        let mut bounds: BinaryHeap<(usize, Reverse<usize>)> = shown
            .iter()
            .enumerate()
            .map(|(place, row)| (pairs(row).map(worth).sum(), Reverse(place)))
            .collect();
        let mut chosen = Vec::new();
        while chosen.len() < most {
            let Some((bound, Reverse(place))) = bounds.pop() else { break };
            let new = pairs(&shown[place]).filter(|pair| !seen.contains(pair));
            let adds: usize = new.map(worth).sum();
            if adds < bound {
                bounds.push((adds, Reverse(place)));
                continue;
            }
            if adds == 0 {
                break;
            }
            seen.extend(pairs(&shown[place]));
            chosen.push(place as u128);
        }
        chosen
    }
}

fn worth((one, _, other, _): Pair) -> usize {
    if one == other { 1 } else { PAIR }
}

/// The entries of a combination and their pairs.
fn pairs(row: &[u32]) -> impl Iterator<Item = Pair> + '_ {
    (0..row.len())
        .flat_map(move |i| (i..row.len()).map(move |j| (i as u32, row[i], j as u32, row[j])))
}
