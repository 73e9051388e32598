//! A provider's key, which may change while jobs are under way.

use std::sync::{Arc, PoisonError, RwLock};

use crate::kernel::secret::Secret;

/// What every call of an adapter is made with from now on. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Key(Arc<RwLock<Option<Secret>>>);

impl Key {
    /// This key, or none.
    #[must_use]
    pub fn new(secret: Option<Secret>) -> Self {
        Self(Arc::new(RwLock::new(secret)))
    }

    /// As it is now.
    #[must_use]
    pub fn now(&self) -> Option<Secret> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on this one; whether it is another than before.
    pub fn change(&self, secret: Option<Secret>) -> bool {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let is_other = *known != secret;
        *known = secret;
        is_other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reaches_every_clone_and_is_told_once() {
        let key = Key::default();
        let sent = key.clone();
        let secret = Some(Secret::new(String::from("sk-hush")));
        assert!(key.change(secret.clone()) && !key.change(secret.clone()));
        assert_eq!(sent.now(), secret);
        assert!(!format!("{key:?}").contains("hush"));
        assert!(key.change(None));
        assert_eq!(sent.now(), None);
    }
}
