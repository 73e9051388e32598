//! Who is asking, and what they may do.

pub mod model;

pub use model::{Action, Actor, Caller, Scope};
