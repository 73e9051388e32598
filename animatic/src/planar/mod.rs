//! Putting frames together from bytes: layers and sprites in planar YUV, blended in integers so
//! that every machine makes the same bytes. Nothing here knows what a picture shows.

mod frame;
mod kernel;
mod layer;
mod sprite;

pub use frame::Frame;
pub use layer::{Layer, Scratch};
pub use sprite::{Ink, Sprite};
