//! What every layer may use and nothing else depends on: clock, ids, error codes, language, secrets.
//!
//! Imports nothing of the crate. Time and randomness enter here and nowhere else.

pub mod clock;
pub mod error;
pub mod failpoint;
pub mod ids;
pub mod language;
pub mod page;
pub mod places;
pub mod reason;
pub mod secret;
