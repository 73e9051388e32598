//! Text is drawn by us, glyph by glyph: no prompt reaches a filter or a command line.
//!
//! Absent on purpose: shaping and right-to-left writing, which Chinese and English do not need.

mod clean;
mod fonts;
pub mod wrap;
pub mod write;

pub use clean::clean;
pub(crate) use fonts::Pen;
pub use fonts::{FontError, Fonts};
