//! What the page asks the server, checked at compile time against the committed schema.
//!
//! One file a noun. Nothing here sends anything: an operation is a value, so that what is asked
//! can be tested without a browser.

#[cynic::schema("reelmill")]
mod schema {}

pub mod account;
pub mod batches;
pub mod collect;
pub mod control;
pub mod files;
pub mod invitations;
pub mod lists;
pub mod people;
pub mod quotes;
pub mod refusal;
pub mod scalars;
pub mod selection;
pub mod sessions;
pub mod spending;
pub mod tables;
pub mod templates;
pub mod videos;
pub mod wallet;
