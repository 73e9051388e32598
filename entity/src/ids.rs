//! One newtype per kind of id, each with a prefix in its text form: `bat_` + 26 characters.
//!
//! Ids are UUIDv7, so their text form (Crockford base32, lower case) sorts by time of making.
//! Minting needs a clock and randomness and lives in the server's kernel.

use sea_orm::DeriveValueType;
use sea_orm::prelude::Uuid;

/// Why a text is not an id of the wanted kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct IdError;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn encode(prefix: &str, id: Uuid) -> String {
    let mut text = String::with_capacity(prefix.len() + 27);
    text.push_str(prefix);
    text.push('_');
    let bits = id.as_u128();
    for place in (0..26).rev() {
        let digit = (bits >> (place * 5)) & 31;
        text.push(char::from(*ALPHABET.get(digit as usize).unwrap_or(&b'0')));
    }
    text
}

fn decode(prefix: &str, text: &str) -> Result<Uuid, IdError> {
    let digits =
        text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(IdError)?;
    if digits.len() != 26 {
        return Err(IdError);
    }
    let mut bits: u128 = 0;
    for (place, byte) in digits.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&known| known == byte).ok_or(IdError)?;
        if place == 0 && digit > 7 {
            return Err(IdError); // 26 digits hold 130 bits; the first two must be zero
        }
        bits = (bits << 5) | digit as u128;
    }
    Ok(Uuid::from_u128(bits))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What its text form starts with.
            pub const PREFIX: &'static str = $prefix;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&encode($prefix, self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                decode($prefix, text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        // SeaORM asks this of every primary key; UUIDs never come from an integer.
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// A person.
    UserId = "usr";
    /// A signed-in browser.
    SessionId = "ses";
    /// A link that works once.
    LinkId = "lnk";
    /// A tenant.
    WorkspaceId = "wks";
    /// A row of the price table.
    PriceId = "prc";
    /// A template.
    TemplateId = "tpl";
    /// One version of a template.
    TemplateVersionId = "tpv";
    /// A quote.
    QuoteId = "quo";
    /// A launch.
    BatchId = "bat";
    /// One combination of a batch.
    VideoId = "vid";
    /// A wallet.
    WalletId = "wal";
    /// A grant of credits.
    LotId = "lot";
    /// Credits frozen for a round.
    HoldId = "hld";
    /// A delivered file.
    AssetId = "ast";
    /// Which videos a link to an archive means.
    ZipId = "zip";
    /// A link that shows videos to others.
    ShareId = "shr";
    /// A row of the access log.
    AccessId = "acc";
    /// A row of the audit log.
    AuditId = "aud";
    /// A message in the outbox.
    OutboxId = "out";
    /// A code worth credits.
    VoucherId = "vou";
    /// A saved list of values.
    ValueListId = "vls";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_sorts() {
        let low = BatchId(Uuid::from_u128(1));
        let high = BatchId(Uuid::from_u128(u128::MAX));
        for id in [low, high] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!(low.to_string() < high.to_string());
        assert_eq!(low.to_string().len(), 30);
    }

    #[test]
    fn other_kinds_and_damaged_texts_are_refused() {
        let id = VideoId(Uuid::from_u128(7)).to_string();
        assert_eq!(id.parse::<BatchId>(), Err(IdError));
        assert_eq!("bat_".parse::<BatchId>(), Err(IdError));
        assert_eq!("bat_zzzzzzzzzzzzzzzzzzzzzzzzzz".parse::<BatchId>(), Err(IdError));
        assert_eq!("bat_0000000000000000000000000é".parse::<BatchId>(), Err(IdError));
    }
}
