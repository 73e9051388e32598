//! The embedded storyboard model of Reelmill: the words of a prompt become a short animated
//! storyboard, a playable H.264 clip with a poster.
//!
//! The way of a request: [`Request`] → words (`lexicon`) → decisions (`spec`) → layers of each
//! shot, drawn once (`scene`, `subject`, `paint`) → frames, put together from bytes (`planar`,
//! `film`) with text over them (`card`, `text`) → ffmpeg (`encode`, `render`).
//!
//! Invariants:
//! - The same prompt, values, seed, size, fonts and ffmpeg build give the same bytes.
//! - A word that is not understood changes nothing but the text area.
//! - No text of a request reaches a command line or a filter: text is drawn glyph by glyph.
//! - A render ends soon after it is cancelled, and leaves neither a process nor a file behind.
//!
//! Absent on purpose: a database, a network, threads of its own for drawing, sound.

mod card;
mod control;
mod encode;
mod film;
mod lexicon;
mod paint;
mod planar;
mod render;
mod request;
mod scene;
mod spec;
mod subject;
mod text;

pub use card::{Notice, TextBox};
pub use control::Control;
pub use film::{Film, frames, frames_of_one_chance};
pub use lexicon::{Facet, Term, vocabulary};
pub use planar::Frame;
pub use render::{RenderError, Rendered, Tools, render_to_files};
pub use request::{
    Aspect, FPS, PROMPT_CHARS_MAX, Request, RequestError, Resolution, SECONDS_MAX, SECONDS_MIN,
    VALUE_CHARS_MAX, VALUES_MAX,
};
pub use text::{FontError, Fonts};

/// Changes whenever the same request would give other bytes.
pub const VERSION: u32 = 2;
