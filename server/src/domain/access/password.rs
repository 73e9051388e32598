//! Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), stored in PHC form.
//!
//! Invariants: hashing runs on blocking threads, at most `concurrency` at once, and at most
//! `waiting` wait for their turn, so that no crowd at the door exhausts memory; and looking at a
//! password costs one hash whether there is anything to compare it with or not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::error::Error;
use super::model::MAX_PASSWORD;
use crate::kernel::secret::Secret;

/// Stands where no password has been set yet; no password matches it.
pub(super) const NONE: &str = "!";

/// Hashes and compares. Cheap to clone.
#[derive(Clone)]
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
    performed: Arc<AtomicU64>,
}

impl Passwords {
    pub(super) fn new(concurrency: usize, waiting: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(concurrency)),
            places: Arc::new(Semaphore::new(concurrency.saturating_add(waiting))),
            performed: Arc::default(),
        }
    }

    /// Hashes computed since the start.
    pub(super) fn performed(&self) -> u64 {
        self.performed.load(Ordering::Relaxed)
    }

    /// The form to store.
    pub(super) async fn hash(&self, password: &Secret) -> Result<String, Error> {
        let password = password.clone();
        self.on_a_turn(move |argon| {
            let made = argon.hash_password(password.reveal().as_bytes());
            made.map(|hash| hash.to_string()).map_err(|error| Error::Hash(error.to_string()))
        })
        .await
    }

    /// Whether `password` is the stored one. Nothing stored, or too long a password, is never the
    /// right one, after the same work.
    pub(super) async fn verify(
        &self,
        password: &Secret,
        stored: Option<&str>,
    ) -> Result<bool, Error> {
        let sane = password.reveal().chars().count() <= MAX_PASSWORD;
        let known = stored.filter(|_| sane).and_then(|text| PasswordHash::new(text).ok());
        let password = if sane { password.clone() } else { Secret::new(String::new()) };
        self.on_a_turn(move |argon| match known {
            Some(hash) => Ok(argon.verify_password(password.reveal().as_bytes(), &hash).is_ok()),
            None => {
                let made = argon.hash_password(password.reveal().as_bytes());
                made.map(|_| false).map_err(|error| Error::Hash(error.to_string()))
            }
        })
        .await
    }

    async fn on_a_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Error::Busy)?;
        let performed = Arc::clone(&self.performed);
        // The permits go along: a caller that gives up does not free memory that is still in use.
        let task = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            performed.fetch_add(1, Ordering::Relaxed);
            metrics::counter!("reelmill_password_hashes_total").increment(1);
            work(&Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default()))
        });
        task.await.map_err(|error| Error::Hash(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[tokio::test]
    async fn hashes_are_argon2id_with_the_recommended_parameters_and_a_salt() {
        let passwords = Passwords::new(1, 1);
        let one = passwords.hash(&secret("correct horse")).await.expect("a hash");
        let two = passwords.hash(&secret("correct horse")).await.expect("a hash");
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
        assert_ne!(one, two);
        assert!(passwords.verify(&secret("correct horse"), Some(&one)).await.expect("an answer"));
        assert!(!passwords.verify(&secret("wrong horse"), Some(&one)).await.expect("an answer"));
    }

    #[tokio::test]
    async fn nothing_to_compare_with_costs_the_same_one_hash() {
        let passwords = Passwords::new(1, 1);
        let stored = passwords.hash(&secret("correct horse")).await.expect("a hash");
        let long = "x".repeat(MAX_PASSWORD + 1);
        let cases = [
            (Some(stored.as_str()), "wrong horse"),
            (Some(stored.as_str()), long.as_str()),
            (Some(NONE), "correct horse"),
            (None, "correct horse"),
        ];
        for (known, password) in cases {
            let before = passwords.performed();
            let answer = passwords.verify(&secret(password), known).await.expect("an answer");
            assert!(!answer);
            assert_eq!(passwords.performed() - before, 1);
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_more_wait_than_may() {
        let passwords = Passwords::new(1, 2);
        let tries = (0..12).map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.hash(&secret("correct horse")).await })
        });
        let mut busy = 0;
        for task in tries.collect::<Vec<_>>() {
            match task.await.expect("no panic") {
                Ok(_) => {}
                Err(Error::Busy) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert!(busy >= 1, "twelve at once found room for three");
    }
}
