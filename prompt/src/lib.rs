//! The template language of Reelmill: read a prompt with variables, bind them to what a person
//! selected, count the combinations exactly, and give any one of them at once.
//!
//! ```text
//! text ──parse──▶ Template ──compile(Selection)──▶ Expansion ──nth──▶ Combination
//! bytes ──csv::read──▶ Table (the rows of a selection)
//! ```
//!
//! Invariants:
//! - The same template, selection and ordinal give the same combination for ever: a batch is
//!   stored as these three, and the page shows what the server will make.
//! - Nothing is expanded to be counted. `count` is exact, `nth` takes time in the number of axes.
//!   (A pairwise sample is made to be counted; the pairs it has to show are limited.)
//! - Nothing degrades silently: what cannot be made as written is a [`Problem`] with a code, a
//!   position, and words in English and Chinese.
//! - Values are inserted as they are; they are never read as template text.
//!
//! Deliberately absent: I/O, clocks, randomness (a seed is a parameter), plans and prices (how
//! many combinations someone may launch is not this crate's to decide).
//! Everything compiles to `wasm32`.

mod compile;
pub mod csv;
mod decimal;
mod expansion;
mod limits;
mod problem;
mod selection;
mod template;
mod words;

pub use compile::compile;
pub use expansion::{Axis, AxisKind, Combination, Expansion, expand};
pub use limits::Limits;
pub use problem::{Code, Place, Problem, Severity, Span};
pub use selection::{PAIRWISE_ALGORITHM, SAMPLE_ALGORITHM, Sample, Selection, Table, ValueList};
pub use template::{Template, Variable, parse, parse_within};
