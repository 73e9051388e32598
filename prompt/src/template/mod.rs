//! A template: text with variables and inline groups, read once and then only rendered.
//!
//! Invariants: every [`Part::Variable`] indexes `variables`; the groups at the top level are
//! numbered by position; a group's `count` is exact and at least 1. What a template does not
//! hold: values. They come with a selection and are never read as template text.

mod braces;
pub(crate) mod group;
mod names;
mod parse;
mod position;
pub(crate) mod readings;

use serde::Serialize;

use crate::limits::Limits;
use crate::problem::{Problem, Span};
pub(crate) use group::{Group, groups};
pub(crate) use names::{TAKE, is_name};
pub(crate) use parse::is_control;

/// A template that was read without error.
#[derive(Clone, Debug)]
pub struct Template {
    pub(crate) chars: usize,
    pub(crate) parts: Vec<Part>,
    variables: Vec<Variable>,
    notices: Vec<Problem>,
}

/// A variable and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Every place it stands at, in order: `{name}`, `{{name}}` or `__name__` as a whole.
    pub spans: Vec<Span>,
}

/// A piece of a template, in order of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text, escapes resolved.
    Text(String),
    /// The value of a variable, by its number.
    Variable(usize),
    /// An inline group.
    Group(Group),
}

/// Reads a template within the default [`Limits`].
///
/// # Errors
/// Every problem found, in order of the text.
pub fn parse(text: &str) -> Result<Template, Vec<Problem>> {
    parse_within(text, &Limits::default())
}

/// Reads a template within given limits.
///
/// # Errors
/// Every problem found, in order of the text.
pub fn parse_within(text: &str, limits: &Limits) -> Result<Template, Vec<Problem>> {
    parse::Parser::new(text, limits).template()
}

impl Template {
    /// The variables in order of first appearance.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// What is worth saying about the text.
    pub fn notices(&self) -> &[Problem] {
        &self.notices
    }
}
