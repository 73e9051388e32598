//! What the template language reports, as API types.

use async_graphql::{Enum, SimpleObject};
use prompt::{Place, Problem, Severity, Span};
use serde::Serialize;

use super::scalars::int;
use crate::kernel::language::Language;

/// How much a problem matters.
#[derive(Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[graphql(name = "Severity", remote = "prompt::Severity")]
pub enum SeverityWord {
    /// Nothing can be made until this is put right.
    Error,
    /// It can be made, but is probably not what was meant.
    Warning,
    /// Worth knowing.
    Notice,
}

/// A stretch of the template text. Lines and columns count from 1, bytes and UTF-16 units from 0.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "Span")]
pub struct SpanShown {
    /// First byte.
    start: i32,
    /// The byte after the last.
    end: i32,
    /// Line of the first character.
    line: i32,
    /// Column of the first character, in characters.
    column: i32,
    /// First UTF-16 unit: what `setSelectionRange` counts in.
    utf16_start: i32,
    /// The UTF-16 unit after the last.
    utf16_end: i32,
}

/// What part of a selection or table a place is in.
#[derive(Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlaceKind {
    /// The template as a whole.
    Template,
    /// The lists and groups together.
    Axes,
    /// A value list.
    List,
    /// A zip group.
    Zip,
    /// The rows of a table.
    Rows,
    /// An exclusion.
    Exclusion,
    /// The exclusions together.
    Exclusions,
    /// A file as a whole.
    File,
    /// The number of takes.
    Takes,
    /// The sample.
    Sample,
}

/// Where in a selection or table a problem is. Numbers count from 1; the header of a table is
/// row 1.
#[derive(SimpleObject, Serialize)]
#[serde(rename_all = "camelCase")]
#[graphql(name = "Place")]
pub struct PlaceShown {
    /// Which part.
    kind: PlaceKind,
    /// Number of the list, zip group or exclusion.
    number: Option<i32>,
    /// Name of the list or column.
    name: Option<String>,
    /// Number of the value.
    value: Option<i32>,
    /// Row of the table.
    row: Option<i32>,
    /// Column of the table.
    column: Option<i32>,
    /// Character within the exclusion.
    character: Option<i32>,
}

// The one shape of a problem: as a type of the schema, and as JSON in `extensions.problems`.
/// One thing that is wrong with a template, a selection or a table, or worth saying.
#[derive(SimpleObject, Serialize)]
#[graphql(name = "Problem")]
#[serde(rename_all = "camelCase")]
pub struct ProblemShown {
    /// What it is, for programs: a closed list of codes.
    code: &'static str,
    /// How much it matters.
    severity: SeverityWord,
    /// What it is, in the caller's language.
    message: String,
    /// Where in the template, if there.
    span: Option<SpanShown>,
    /// Where in the selection or table, if there.
    place: Option<PlaceShown>,
}

impl ProblemShown {
    fn new(problem: &Problem, language: Language) -> Self {
        let words = match language {
            Language::En => &problem.en,
            Language::Zh => &problem.zh,
        };
        Self {
            code: problem.code.as_str(),
            severity: problem.severity.into(),
            message: words.clone(),
            span: problem.span.map(SpanShown::from),
            place: problem.place.clone().map(PlaceShown::from),
        }
    }
}

/// Problems as API types.
#[must_use]
pub fn shown(problems: &[Problem], language: Language) -> Vec<ProblemShown> {
    problems.iter().map(|problem| ProblemShown::new(problem, language)).collect()
}

impl From<Span> for SpanShown {
    fn from(span: Span) -> Self {
        Self {
            start: count(span.start),
            end: count(span.end),
            line: count(span.line),
            column: count(span.column),
            utf16_start: count(span.utf16_start),
            utf16_end: count(span.utf16_end),
        }
    }
}

impl From<Place> for PlaceShown {
    fn from(place: Place) -> Self {
        let at = |kind| Self {
            kind,
            number: None,
            name: None,
            value: None,
            row: None,
            column: None,
            character: None,
        };
        match place {
            Place::List { list, name, value } => Self {
                number: Some(count(list)),
                name: Some(name),
                value: value.map(count),
                ..at(PlaceKind::List)
            },
            Place::Zip { group } => Self { number: Some(count(group)), ..at(PlaceKind::Zip) },
            Place::Rows { row, column, name } => {
                Self { name, row: row.map(count), column: column.map(count), ..at(PlaceKind::Rows) }
            }
            Place::Exclusion { rule, character } => Self {
                number: Some(count(rule)),
                character: character.map(count),
                ..at(PlaceKind::Exclusion)
            },
            Place::Template => at(PlaceKind::Template),
            Place::Axes => at(PlaceKind::Axes),
            Place::Exclusions => at(PlaceKind::Exclusions),
            Place::File => at(PlaceKind::File),
            Place::Takes => at(PlaceKind::Takes),
            Place::Sample => at(PlaceKind::Sample),
        }
    }
}

fn count(number: usize) -> i32 {
    int(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Kept so that a new severity of the language breaks this build.
const _: fn(Severity) -> SeverityWord = SeverityWord::from;
