//! The outside: what the server talks to over a seam of its own. Imports `kernel` and `entity` only.

pub mod provider;
