//! Link tokens: `base64url(version, kind, asset, end, MAC)`; those handed out by a share link also
//! name the share, before the MAC, and end with it. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::ids::{AssetId, ShareId};
use entity::values::UnixMs;
use uuid::Uuid;

use crate::kernel::secret::MasterKey;

const PURPOSE: &str = "asset-link";
/// Of links that members were given.
const VERSION: u8 = 1;
/// Of links that a share link gave.
const SHARED: u8 = 2;
const BODY: usize = 26;
const ID: usize = 16;
const MAC: usize = 32;

/// Which of an asset's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// The video.
    Video,
    /// The still picture.
    Poster,
}

/// A signed token; whoever holds it may fetch the file, so it is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The text, for a URL.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which file.
    pub kind: FileKind,
    /// Of which asset.
    pub asset_id: AssetId,
    /// Useless from here on; the caller compares it with its clock.
    pub expires_at: UnixMs,
    /// Handed out by this share, which must still be open.
    pub share: Option<ShareId>,
}

/// A token for what `named` says.
#[must_use]
pub fn sign(key: &MasterKey, named: &Named) -> Token {
    let mut bytes = Vec::with_capacity(BODY + ID + MAC);
    bytes.push(if named.share.is_some() { SHARED } else { VERSION });
    bytes.push(match named.kind {
        FileKind::Video => 0,
        FileKind::Poster => 1,
    });
    bytes.extend_from_slice(named.asset_id.0.as_bytes());
    bytes.extend_from_slice(&named.expires_at.0.to_be_bytes());
    if let Some(share) = named.share {
        bytes.extend_from_slice(share.0.as_bytes());
    }
    let mac = key.mac(PURPOSE, &bytes);
    bytes.extend_from_slice(&mac);
    Token(URL_SAFE_NO_PAD.encode(bytes))
}

/// What `token` names, if we signed it; its end is not compared with any clock.
#[must_use]
pub fn verify(key: &MasterKey, token: &str) -> Option<Named> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
    if !key.verify(PURPOSE, body, mac) {
        return None;
    }
    let [version, kind, rest @ ..] = body else { return None };
    let (asset, rest) = rest.split_at_checked(ID)?;
    let (end, share) = rest.split_at_checked(8)?;
    let share = match (*version, share.len()) {
        (VERSION, 0) => None,
        (SHARED, ID) => Some(ShareId(Uuid::from_slice(share).ok()?)),
        _ => return None,
    };
    Some(Named {
        kind: match kind {
            0 => FileKind::Video,
            1 => FileKind::Poster,
            _ => return None,
        },
        asset_id: AssetId(Uuid::from_slice(asset).ok()?),
        expires_at: UnixMs(i64::from_be_bytes(end.try_into().ok()?)),
        share,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_what_was_signed_and_any_changed_byte_is_refused() {
        let key = MasterKey::new([7; 32]);
        let asset_id = AssetId(Uuid::from_u128(42));
        for share in [None, Some(ShareId(Uuid::from_u128(43)))] {
            let expires_at = UnixMs(1_000);
            let named = Named { kind: FileKind::Poster, asset_id, expires_at, share };
            let token = sign(&key, &named);
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
            assert!(!format!("{token:?}").contains(token.reveal()));
        }
    }
}
