//! Where batches are watched.

mod batch;
mod cell;
mod collect;
mod control;
mod feed;
mod gallery;
mod hands;
mod head;
mod light;
mod links;
mod list;
mod matrix;
mod share;
mod sheet;
mod sight;
mod state;
mod tools;
mod trail;

pub use batch::BatchPage;
pub use list::BatchesPage;

use crate::board::Standing;
use crate::words::Words;

/// A batch's standing in a word and a colour.
fn standing(standing: Standing) -> (fn(&'static Words) -> &'static str, &'static str) {
    match standing {
        Standing::Queued => (|w| w.watch.queued, "badge"),
        Standing::Processing => (|w| w.watch.processing, "badge busy"),
        Standing::Pilot => (|w| w.watch.pilot, "badge warm"),
        Standing::Paused => (|w| w.watch.paused, "badge warm"),
        Standing::Completed => (|w| w.watch.completed, "badge good"),
        Standing::Partial => (|w| w.watch.partial, "badge good"),
        Standing::Cancelled => (|w| w.watch.cancelled, "badge"),
        Standing::Failed => (|w| w.watch.failed, "badge bad"),
    }
}
