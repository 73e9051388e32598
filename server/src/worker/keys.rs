//! Keys of offers that the operator sets, replaces or removes while the process runs.
//!
//! They are read again after every pause, by every process for itself: nobody has to be told, and
//! what was refused with the old key is tried again with the new one. A key that does not open
//! leaves the former in place.

use std::collections::HashSet;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::chain;
use crate::domain::offers::OfferKeys;
use crate::ports::provider::key::Key;

/// Reads again until it is told to stop; `offers` are those whose keys are kept in the database.
pub async fn run(
    keys: OfferKeys,
    offers: Vec<(String, Key)>,
    (every, stop): (Duration, CancellationToken),
) {
    let mut told = HashSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
        let mut known = match keys.each().await {
            Ok(known) => known,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "keys of offers were not read");
                continue;
            }
        };
        for (offer, key) in &offers {
            match known.remove(offer).transpose() {
                Ok(secret) => {
                    told.remove(offer);
                    if key.change(secret) {
                        tracing::info!(offer, "offer.key changed");
                    }
                }
                Err(error) if told.insert(offer.clone()) => {
                    tracing::error!(error = %chain(&error), "the former key stays in use");
                }
                Err(_) => {}
            }
        }
    }
}
