//! What the page asks the server, checked at compile time against the committed schema.
//!
//! One file a noun. Nothing here sends anything: an operation is a value, so that what is asked
//! can be tested without a browser.

#[cynic::schema("reelmill")]
mod schema {}

pub mod account;
pub mod batches;
pub mod control;
pub mod files;
pub mod people;
pub mod quotes;
pub mod refusal;
pub mod scalars;
pub mod selection;
pub mod tables;
pub mod templates;
pub mod videos;
pub mod wallet;
