//! Batches: quote, launch, cancel, reads, progress.

pub mod counts;
pub mod error;
pub mod model;

pub use error::Error;
