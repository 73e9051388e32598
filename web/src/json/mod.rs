//! JSON as a tree, and types read from it.
//!
//! `serde_json` compiles its parser into every type that is read, and the page reads a hundred:
//! that was an eighth of the page. Here one parser makes a tree, and a type takes what it knows
//! from there. Errors are fixed words, so that nothing has to be formatted or freed on the way
//! out of a type that is half read.
//!
//! Deliberately absent: writing (that is small), enums with content.

mod parse;
mod take;

use serde::de::DeserializeOwned;

pub use parse::parse;

/// Any JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Whole(i64),
    /// Any other number, as it was written.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object, in the order it was written.
    Record(Vec<(String, Json)>),
}

/// Why text is no JSON, or JSON is not of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw {
    what: &'static str,
    name: &'static str,
}

impl std::fmt::Display for Flaw {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(self.what)?;
        to.write_str(" ")?;
        to.write_str(self.name)
    }
}

impl std::error::Error for Flaw {}

impl Flaw {
    const fn new(what: &'static str, name: &'static str) -> Self {
        Self { what, name }
    }
}

impl Json {
    /// A member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Record(members) = self else { return None };
        members.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// A member of an object that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// A member of an object that is an array; none of it is an empty one.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Self::List(list)) => list,
            _ => &[],
        }
    }

    /// Whether it is a value at all.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Takes what a type knows.
    ///
    /// # Errors
    /// Something is missing or of another kind.
    pub fn take<T: DeserializeOwned>(&self) -> Result<T, Flaw> {
        T::deserialize(self)
    }
}

/// Reads text as a type.
///
/// # Errors
/// The text is no JSON, or not of the type.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Flaw> {
    parse(text)?.take()
}
