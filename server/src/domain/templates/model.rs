//! What a template is, and what can be said of one without a database.

use entity::ids::{TemplateId, UserId, WorkspaceId};
use entity::values::UnixMs;
use prompt::{Code, Combination, Expansion, Limits, Problem, Selection};

use super::error::Error;

/// Longest name, characters.
pub const MAX_NAME_CHARS: usize = 120;
/// Longest purpose, characters.
pub const MAX_PURPOSE_CHARS: usize = 200;

/// A named prompt text with variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Which.
    pub id: TemplateId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Shown.
    pub name: String,
    /// What the videos are for.
    pub purpose: Option<String>,
    /// Number of the newest version.
    pub latest_version: i64,
    /// Author.
    pub created_by: UserId,
    /// Made.
    pub created_at: UnixMs,
    /// Newest version made.
    pub updated_at: UnixMs,
    /// Hidden from lists since.
    pub archived_at: Option<UnixMs>,
}

/// One version of it; never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Of what.
    pub template_id: TemplateId,
    /// 1, 2, 3 …
    pub version: i64,
    /// The prompt text as typed.
    pub source: String,
    /// What was selected when it was saved; may be incomplete.
    pub selection: Selection,
    /// Author.
    pub created_by: UserId,
    /// Made.
    pub created_at: UnixMs,
}

/// What there is to say about a text and a selection.
#[derive(Clone, Debug)]
pub struct Check {
    /// What must be put right first.
    pub problems: Vec<Problem>,
    /// What is worth knowing.
    pub notices: Vec<Problem>,
    /// Names of the variables in order of first appearance, as far as the text could be read.
    pub variables: Vec<String>,
    /// How many videos it makes; `None` while there are problems.
    pub count: Option<u128>,
    /// The count as a sum a person can follow.
    pub formula: Option<String>,
}

/// Which prompts of an expansion are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first so many.
    First(usize),
    /// These places of the sample, from 0; places past the end are left out.
    Ordinals(Vec<u128>),
}

/// Says everything about a text and a selection at once.
#[must_use]
pub fn check(source: &str, selection: &Selection, limits: &Limits) -> Check {
    let template = match prompt::parse_within(source, limits) {
        Ok(template) => template,
        Err(problems) => return Check::failed(problems, Vec::new(), Vec::new()),
    };
    let variables = template.variables().iter().map(|known| known.name.clone()).collect();
    let mut notices = template.notices().to_vec();
    match prompt::compile(&template, selection, limits) {
        Ok(expansion) => {
            notices.extend(expansion.notices().iter().cloned());
            Check {
                problems: Vec::new(),
                notices,
                variables,
                count: Some(expansion.count()),
                formula: Some(expansion.formula()),
            }
        }
        Err(problems) => Check::failed(problems, notices, variables),
    }
}

impl Check {
    const fn failed(problems: Vec<Problem>, notices: Vec<Problem>, variables: Vec<String>) -> Self {
        Self { problems, notices, variables, count: None, formula: None }
    }
}

/// The wanted combinations of an expansion.
///
/// # Errors
/// [`Error::PreviewTooLarge`].
pub fn pick(expansion: &Expansion, which: &Which, max: usize) -> Result<Vec<Combination>, Error> {
    let wanted = match which {
        Which::First(n) => *n,
        Which::Ordinals(ordinals) => ordinals.len(),
    };
    if wanted == 0 || wanted > max {
        return Err(Error::PreviewTooLarge { max });
    }
    Ok(match which {
        Which::First(n) => expansion.iter_from(0).take(*n).collect(),
        Which::Ordinals(ordinals) => ordinals.iter().filter_map(|n| expansion.nth(*n)).collect(),
    })
}

/// Refuses what can never be launched. A variable without values is fine in a saved template: the
/// values may come with the quote.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Control`].
pub fn savable(source: &str, selection: &Selection, limits: &Limits) -> Result<(), Error> {
    storable(selection)?;
    let template = prompt::parse_within(source, limits).map_err(Error::Invalid)?;
    let Err(problems) = prompt::compile(&template, selection, limits) else { return Ok(()) };
    let unfinished =
        |problem: &Problem| matches!(problem.code, Code::UnknownVariable | Code::MissingColumn);
    if problems.iter().all(unfinished) { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Refuses a selection with a NUL anywhere, also where the language would not look at it (an
/// unused list, a column's name): PostgreSQL keeps none, neither in texts nor in JSON.
///
/// # Errors
/// [`Error::Control`].
pub fn storable(selection: &Selection) -> Result<(), Error> {
    let lists = selection.lists.iter().flat_map(|list| list.values.iter().chain([&list.name]));
    let table = selection.rows.iter();
    let cells = table.flat_map(|table| table.rows.iter().flatten().chain(&table.columns));
    let mut texts =
        lists.chain(cells).chain(selection.zip.iter().flatten()).chain(&selection.exclude);
    if texts.any(|text| text.contains('\0')) {
        return Err(Error::Control { field: "selection" });
    }
    Ok(())
}

/// A text without surrounding space, within its bounds, on one line.
///
/// # Errors
/// [`Error::Length`], [`Error::Control`].
pub fn bounded(field: &'static str, text: &str, max: usize) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > max {
        return Err(Error::Length { field, min: 1, max });
    }
    if text.chars().any(char::is_control) {
        return Err(Error::Control { field });
    }
    Ok(text.to_owned())
}
