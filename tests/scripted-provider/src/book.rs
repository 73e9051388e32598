//! The book: what was asked, in order, one JSON object a line.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// An append-only file and a copy of it in memory.
pub(crate) struct Book(Mutex<(File, String)>);

impl Book {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Self(Mutex::new((file, String::new()))))
    }

    /// Writes a line down, before the answer is sent.
    pub(crate) fn write(&self, entry: &Value) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let line = format!("{entry}\n");
        book.1.push_str(&line);
        if let Err(error) = book.0.write_all(line.as_bytes()) {
            // A provider without a book proves nothing.
            eprintln!("scripted-provider: the book cannot be written: {error}");
            std::process::abort();
        }
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}
