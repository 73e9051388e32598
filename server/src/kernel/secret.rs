//! Secrets: random tokens, their hashes, sealed texts, and a wrapper that cannot be printed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::aead::{self, NONCE_LEN};
use sha2::{Digest as _, Sha256};

/// A text that never appears in logs, errors or `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `N` random bytes from the operating system.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// A 256-bit token in base64url.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_token() -> Result<Secret, getrandom::Error> {
    Ok(Secret(URL_SAFE_NO_PAD.encode(random_bytes::<32>()?)))
}

/// SHA-256, the form in which high-entropy tokens are stored.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// The installation's own key, from which purposes derive theirs.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// Wraps 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key written as 64 hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// HMAC-SHA-256 of `message` under the key of `purpose` (keys of two purposes never meet).
    #[must_use]
    pub fn mac(&self, purpose: &str, message: &[u8]) -> Vec<u8> {
        let derived = hmac(&self.0, purpose.as_bytes());
        hmac(&derived, message)
    }

    /// Encrypts a secret for `purpose`; it opens for the same purpose and context only. The result
    /// is a random nonce and what ChaCha20-Poly1305 makes of the text.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn seal(
        &self,
        purpose: &str,
        context: &str,
        secret: &Secret,
    ) -> Result<Vec<u8>, getrandom::Error> {
        let nonce = random_bytes::<NONCE_LEN>()?;
        let mut text = secret.reveal().as_bytes().to_vec();
        let aad = aead::Aad::from(context.as_bytes());
        let nonce_once = aead::Nonce::assume_unique_for_key(nonce);
        self.aead(purpose)
            .and_then(|key| key.seal_in_place_append_tag(nonce_once, aad, &mut text).ok())
            .ok_or(getrandom::Error::UNEXPECTED)?;
        Ok([nonce.as_slice(), &text].concat())
    }

    /// Decrypts what [`Self::seal`] made; `None` when it was made with another key, for another
    /// purpose or context, or was changed.
    #[must_use]
    pub fn open(&self, purpose: &str, context: &str, sealed: &[u8]) -> Option<Secret> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let aad = aead::Aad::from(context.as_bytes());
        let opened = self.aead(purpose)?.open_in_place(nonce, aad, &mut text).ok()?;
        String::from_utf8(opened.to_vec()).ok().map(Secret)
    }

    fn aead(&self, purpose: &str) -> Option<aead::LessSafeKey> {
        let derived = hmac(&self.0, format!("seal:{purpose}").as_bytes());
        let key = aead::UnboundKey::new(&aead::CHACHA20_POLY1305, &derived).ok()?;
        Some(aead::LessSafeKey::new(key))
    }

    /// Constant-time check of [`Self::mac`].
    #[must_use]
    pub fn verify(&self, purpose: &str, message: &[u8], mac: &[u8]) -> bool {
        use subtle::ConstantTimeEq as _;
        self.mac(purpose, message).ct_eq(mac).into()
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length; the error type exists for other MACs.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_own_purpose_and_context_alone() {
        let key = MasterKey::new([7; 32]);
        let secret = Secret::new(String::from("sk-far-away"));
        let sealed = key.seal("provider", "a", &secret).expect("sealed");
        assert_eq!(key.open("provider", "a", &sealed), Some(secret.clone()));
        assert_eq!(key.open("provider", "b", &sealed), None);
        assert_eq!(key.open("webhook", "a", &sealed), None);
        assert_eq!(MasterKey::new([8; 32]).open("provider", "a", &sealed), None);
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert_eq!(key.open("provider", "a", &changed), None);
        assert_eq!(key.open("provider", "a", &sealed[..5]), None);
        assert!(!sealed.windows(3).any(|part| part == b"far"), "nothing of it shows");
        assert_ne!(sealed, key.seal("provider", "a", &secret).expect("sealed"), "never the same");
    }
}
