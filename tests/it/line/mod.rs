//! The line: claims, endings, recovery, and the workers over a scripted generator.

mod claims;
mod cog;
mod costs;
mod endings;
mod fences;
mod files;
mod journal;
mod offers;
mod recovery;
mod rotten;
pub mod stage;
mod unknown;
mod workers;
