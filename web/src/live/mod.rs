//! Following a batch over a socket that may be lost at any moment.
//!
//! [`wire`] is the protocol as text, [`line`] decides what to do next. Neither touches a socket or
//! a clock, so every way to lose a connection is a test.

pub mod line;
pub mod wire;
