//! The line: claims, endings, recovery, and the workers over a scripted generator.

mod claims;
mod endings;
mod files;
mod recovery;
pub mod stage;
mod workers;
