//! The tests of the template language, as its users see it. One binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what the tests share may panic as a test may"
)]

mod brute_force;
mod case;
mod codes;
mod csv;
mod dynamicprompts;
mod first_light;
mod give;
mod json;
mod large;
mod oracle;
mod pairwise;
mod samples;
mod syntax;
