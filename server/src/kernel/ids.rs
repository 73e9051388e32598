//! Minting of ids: UUIDv7, so that ids sort by the moment they were made.

use entity::values::UnixMs;
use uuid::{NoContext, Timestamp, Uuid};

/// A new id of any kind, for a row made at `now`.
#[must_use]
pub fn mint<Id: From<Uuid>>(now: UnixMs) -> Id {
    let ms = u64::try_from(now.0).unwrap_or(0);
    let nanos = u32::try_from(ms % 1000).unwrap_or(0) * 1_000_000;
    Id::from(Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, nanos)))
}

/// `count` ids of one moment in rising order, so that bulk rows keep their order by id.
#[must_use]
pub fn mint_many<Id: From<Uuid>>(now: UnixMs, count: usize) -> Vec<Id> {
    let mut raw: Vec<Uuid> = (0..count).map(|_| mint::<Uuid>(now)).collect();
    raw.sort_unstable();
    raw.into_iter().map(Id::from).collect()
}
