//! The model from outside: real fonts, real ffmpeg. A test that lacks one of them fails and says
//! how to get it.

mod files;
mod look;
mod pictures;
mod ssim;
mod support;
