//! The model from outside: real fonts, real ffmpeg. A test that lacks one of them fails and says
//! how to get it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what the tests share may panic as a test may"
)]

#[cfg(test)]
mod files;
#[cfg(test)]
mod look;
#[cfg(test)]
mod pictures;
#[cfg(test)]
mod ssim;
#[cfg(test)]
mod support;
