//! The page.
pub mod api;
pub mod board;
pub mod books;
pub mod chart;
pub mod crossing;
pub mod draft;
pub mod format;
pub mod json;
pub mod live;
pub mod palette;
pub mod route;
pub mod snippet;
pub mod words;

#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(target_arch = "wasm32")]
pub use page::{start_books, start_page, start_watch};
