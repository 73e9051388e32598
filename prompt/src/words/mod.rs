//! The words of every problem, in both languages: one function a problem, named after its code.
//!
//! Rules: say what is wrong with the thing itself in quotes, then what to do. English first, in
//! plain words; Chinese says the same, not more. A test holds that no code lacks either.

pub(crate) mod csv;
pub(crate) mod exclusion;
pub(crate) mod rows;
pub(crate) mod selection;
pub(crate) mod template;

use crate::problem::{Code, Problem};

pub(crate) fn more_problems(more: usize) -> Problem {
    Problem::error(
        Code::MoreProblems,
        format!("And {more} more. Put these right first."),
        format!("另有 {more} 个问题。请先改正以上各项。"),
    )
}

/// At most 40 characters of what a person wrote, so that a message stays a sentence.
pub(crate) fn clip(text: &str) -> String {
    const MAX: usize = 40;
    match text.char_indices().nth(MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Up to five names for a sentence.
pub(crate) fn listing<'a>(names: impl IntoIterator<Item = &'a str>, separator: &str) -> String {
    let mut names = names.into_iter();
    let mut shown: Vec<String> = names.by_ref().take(5).map(clip).collect();
    if names.next().is_some() {
        shown.push("…".to_owned());
    }
    shown.join(separator)
}
