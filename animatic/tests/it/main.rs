//! The model from outside: real fonts, real ffmpeg. A test that lacks one of them fails and says
//! how to get it.

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
#[cfg(test)]
mod words;
