//! Counted places: so many per key, given back when dropped.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// How many places every key has taken. Keys without any are forgotten.
pub struct Places<K>(Arc<Mutex<HashMap<K, usize>>>);

/// One of them.
pub struct Place<K: Copy + Eq + Hash> {
    key: K,
    places: Places<K>,
}

impl<K> Clone for Places<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Copy + Eq + Hash> Places<K> {
    /// One more, unless there are `limit` already.
    #[must_use]
    pub fn take(&self, key: K, limit: usize) -> Option<Place<K>> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.get(&key).copied().unwrap_or_default();
        if count >= limit {
            return None;
        }
        taken.insert(key, count + 1);
        Some(Place { key, places: self.clone() })
    }
}

impl<K: Copy + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_so_many_places_and_gets_them_back() {
        let places = Places::default();
        let first = places.take('a', 2).expect("one");
        let second = places.take('a', 2).expect("two");
        assert!(places.take('a', 2).is_none());
        assert!(places.take('b', 2).is_some(), "another key has its own");
        drop(first);
        let third = places.take('a', 2).expect("the one given back");
        drop((second, third));
        assert!(places.0.lock().expect("a lock").is_empty(), "nothing is kept for nobody");
    }
}
