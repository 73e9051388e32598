//! The outside: video providers, and the one HTTP client that reaches them.

pub mod egress;
pub mod provider;
