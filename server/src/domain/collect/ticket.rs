//! Links to archives: `base64url(version, order, end, MAC)`. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::ids::ZipId;
use entity::values::UnixMs;
use uuid::Uuid;

use crate::kernel::secret::{MasterKey, Secret};

const PURPOSE: &str = "zip-link";
const VERSION: u8 = 1;
const MAC: usize = 32;

/// A token for an order until `expires_at`.
#[must_use]
pub(super) fn sign(key: &MasterKey, id: ZipId, expires_at: UnixMs) -> Secret {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(id.0.as_bytes());
    bytes.extend_from_slice(&expires_at.0.to_be_bytes());
    let mac = key.mac(PURPOSE, &bytes);
    bytes.extend_from_slice(&mac);
    Secret::new(URL_SAFE_NO_PAD.encode(bytes))
}

/// What `token` names, if we signed it; its end is not compared with any clock.
#[must_use]
pub(super) fn verify(key: &MasterKey, token: &str) -> Option<(ZipId, UnixMs)> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    if !key.verify(PURPOSE, body, mac) {
        return None;
    }
    let [VERSION, rest @ ..] = body else { return None };
    let (id, end) = rest.split_at_checked(16)?;
    let end = i64::from_be_bytes(end.try_into().ok()?);
    Some((ZipId(Uuid::from_slice(id).ok()?), UnixMs(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_its_order_and_any_changed_byte_is_refused() {
        let key = MasterKey::new([7; 32]);
        let named = (ZipId(Uuid::from_u128(42)), UnixMs(1_000));
        let token = sign(&key, named.0, named.1);
        assert_eq!(verify(&key, token.reveal()), Some(named));
        let bytes = URL_SAFE_NO_PAD.decode(token.reveal()).expect("base64");
        for place in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1;
            assert_eq!(verify(&key, &URL_SAFE_NO_PAD.encode(damaged)), None, "byte {place}");
        }
        assert_eq!(verify(&MasterKey::new([8; 32]), token.reveal()), None);
        for text in ["", "=", "AQ", &token.reveal()[..40]] {
            assert_eq!(verify(&key, text), None);
        }
    }
}
