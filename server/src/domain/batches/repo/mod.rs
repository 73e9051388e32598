//! The only queries of batches, but for [`super::counts`] and the line's. Every read starts from
//! its workspace.

mod marks;
mod reads;
mod writes;

pub(super) use marks::{all_of_batch_in_tx, mark_counts, mark_in_tx, marks, unmark_in_tx};
pub(super) use reads::{
    attempts, batch, batch_of_quote, batches, changed, in_flight, list, quote, quotes, video,
    videos,
};
pub(super) use writes::{
    Draw, cancel_queued_in_tx, failed_in_tx, insert_batch_in_tx, insert_quote_in_tx,
    insert_videos_in_tx, open_batch_in_tx, queue_failed_in_tx, role_in_tx, use_allowance_in_tx,
};
