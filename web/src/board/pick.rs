//! Videos that somebody picked, to do something with all of them.

use std::collections::BTreeSet;

/// The picked ones, and the one from which a range reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    some: BTreeSet<usize>,
    anchor: Option<usize>,
}

impl Picked {
    /// Picks one or lets it go; ranges reach from it.
    pub fn set(&mut self, ordinal: usize, on: bool) {
        self.anchor = Some(ordinal);
        if on {
            self.some.insert(ordinal);
        } else {
            self.some.remove(&ordinal);
        }
    }

    /// Picks, or lets go, everything from the last one to this one, as it is `shown`.
    pub fn reach(&mut self, ordinal: usize, on: bool, shown: &[usize]) {
        let some = self.range(ordinal, shown);
        for at in some {
            if on {
                self.some.insert(at);
            } else {
                self.some.remove(&at);
            }
        }
        self.anchor = Some(ordinal);
    }

    /// Everything from the last one to this one, as it is `shown`; this one alone where there is no
    /// last one.
    #[must_use]
    pub fn range(&self, ordinal: usize, shown: &[usize]) -> Vec<usize> {
        let place = |wanted: usize| shown.iter().position(|known| *known == wanted);
        let (Some(to), Some(from)) = (place(ordinal), self.anchor.and_then(place)) else {
            return vec![ordinal];
        };
        shown.get(from.min(to)..=from.max(to)).unwrap_or_default().to_vec()
    }

    /// Ranges reach from here.
    pub fn begin(&mut self, ordinal: usize) {
        self.anchor = Some(ordinal);
    }

    /// Picks all of these besides what is picked.
    pub fn add(&mut self, some: &[usize]) {
        self.some.extend(some);
    }

    /// Picks nothing any more.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether one is picked.
    #[must_use]
    pub fn has(&self, ordinal: usize) -> bool {
        self.some.contains(&ordinal)
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.some.len()
    }

    /// Whether none is picked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.some.is_empty()
    }

    /// The picked ones, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.some.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(picked: &Picked) -> Vec<usize> {
        picked.iter().collect()
    }

    #[test]
    fn a_range_reaches_as_things_are_shown() {
        let shown = [4, 2, 9, 7, 1];
        let mut some = Picked::default();
        some.set(2, true);
        some.reach(7, true, &shown);
        assert_eq!(picked(&some), [2, 7, 9]);
        // The next range begins where the last one ended, and works backwards too.
        some.reach(9, false, &shown);
        assert_eq!(picked(&some), [2]);
        some.reach(4, true, &shown);
        assert_eq!(picked(&some), [2, 4, 9]);
    }

    #[test]
    fn a_range_from_nowhere_is_one() {
        let mut some = Picked::default();
        some.reach(3, true, &[1, 2, 3]);
        assert_eq!(picked(&some), [3]);
        some.begin(8);
        assert_eq!(some.range(1, &[1, 2]), [1], "the anchor is not shown any more");
    }

    #[test]
    fn all_and_none() {
        let mut some = Picked::default();
        some.set(5, true);
        some.add(&[1, 2]);
        assert_eq!((some.len(), some.has(1)), (3, true));
        some.set(5, false);
        assert!(!some.has(5));
        some.clear();
        assert!(some.is_empty());
    }
}
