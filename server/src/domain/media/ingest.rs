//! From a provider's result to a stored, probed object.
//!
//! Order: probe what arrived, draw the mark where the batch asks for one and whoever made the video
//! drew none, store it durably, compare what the store has with what was probed
//! (by checksum, inside [`super::Store::put`]), then the still picture. Safe to repeat: the keys
//! belong to one claim.

use std::path::Path;

use super::error::Error;
use super::model::{Asked, ObjectKeys, Probe, Stored};
use super::probe::Prober;
use super::store::Store;
use crate::kernel::failpoint;

/// A result on this machine and where it is to go.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The video.
    pub video: &'a Path,
    /// A still picture, when the provider made one.
    pub poster: Option<&'a Path>,
    /// Where they go.
    pub keys: &'a ObjectKeys,
    /// What the video must be.
    pub asked: Asked,
    /// Whoever made it has drawn the mark, where one is asked for.
    pub is_marked: bool,
}

/// Stores a result.
///
/// # Errors
/// [`Error::Unplayable`] when it is not what was asked for; [`Error::File`] when it is gone; the
/// tools' or the store's failure.
pub async fn take_in(
    store: &Store,
    prober: &Prober,
    arrival: Arrival<'_>,
) -> Result<(Stored, Probe), Error> {
    tokio::fs::metadata(arrival.video).await?;
    let probe = prober.probe(arrival.video).await?;
    arrival.asked.accept(&probe)?;
    if !arrival.asked.watermark || arrival.is_marked {
        return keep(store, prober, (arrival, probe)).await;
    }
    // Named after the key: two claims may look at one result; and never like what was fetched.
    let name = format!("marked_{}", arrival.keys.video.replace('/', "_"));
    let marked = arrival.video.with_file_name(name);
    let kept = keep_marked(store, prober, (arrival, probe), &marked).await;
    // Ours, and in the store or to be made again.
    let _ = tokio::fs::remove_file(&marked).await;
    kept
}

async fn keep_marked(
    store: &Store,
    prober: &Prober,
    (arrival, probe): (Arrival<'_>, Probe),
    marked: &Path,
) -> Result<(Stored, Probe), Error> {
    prober.mark(arrival.video, probe.width.min(probe.height), marked).await?;
    let probe = prober.probe(marked).await?;
    arrival.asked.accept(&probe)?;
    // A picture that came along shows no mark.
    let arrival = Arrival { video: marked, poster: None, ..arrival };
    keep(store, prober, (arrival, probe)).await
}

async fn keep(
    store: &Store,
    prober: &Prober,
    (arrival, probe): (Arrival<'_>, Probe),
) -> Result<(Stored, Probe), Error> {
    let stored = store.put(arrival.video, &arrival.keys.video).await?;
    failpoint::pass("store.put");
    match arrival.poster {
        Some(poster) => store.put(poster, &arrival.keys.poster).await?,
        None => {
            // Named after the key: two claims may look at one result.
            let name = arrival.keys.poster.replace('/', "_");
            let made = arrival.video.with_file_name(name);
            prober.poster(arrival.video, &made).await?;
            let stored = store.put(&made, &arrival.keys.poster).await;
            // Ours, and in the store or to be made again.
            let _ = tokio::fs::remove_file(&made).await;
            stored?
        }
    };
    Ok((stored, probe))
}
