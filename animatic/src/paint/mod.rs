//! Drawing in floats: numbers, chance, colours, canvases, outlines. Used only while the layers
//! of a shot are built; frames are put together from bytes (see `planar`).

pub mod canvas;
pub mod chance;
pub mod colour;
pub mod num;
pub mod path;

pub use canvas::{Area, Block, Canvas, Disc, Fit};
pub use chance::{Field, Rng, fbm, lattice, noise};
pub use colour::{Grade, Rgb, WHITE, from_ycc, hex};
pub use path::{Shape, oval, path, polygon, rounded, stroked};
