//! One look at a draft: variables, count, formula, problems, previews.

use std::sync::Arc;

use prompt::{AxisKind, Code, Combination, Expansion, Limits, Place, Problem};

use super::{Draft, Piece, pieces, values};

/// What a draft makes.
#[derive(Clone, Debug)]
pub struct Look {
    /// What was looked at.
    pub draft: Draft,
    /// Names of the variables in order of first appearance; those last known while the text
    /// cannot be read.
    pub variables: Vec<String>,
    /// The text, coloured.
    pub pieces: Vec<Piece>,
    /// What must be put right first.
    pub problems: Vec<Problem>,
    /// What is worth knowing.
    pub notices: Vec<Problem>,
    expansion: Option<Arc<Expansion>>,
}

/// Everything of a look follows from the draft and the variables known before.
impl PartialEq for Look {
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft && self.variables == other.variables
    }
}

/// One factor of the formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// How many.
    pub len: u128,
    /// Of what.
    pub name: String,
    /// Number of the variable it is coloured as.
    pub tint: Option<usize>,
    /// What it is made of.
    pub kind: AxisKind,
}

/// Looks at a draft. `known` are the variables of the look before.
#[must_use]
pub fn look(draft: &Draft, known: &[String]) -> Look {
    let limits = Limits::default();
    let read = prompt::parse_within(&draft.source, &limits);
    let variables = match &read {
        Ok(template) => template.variables().iter().map(|v| v.name.clone()).collect(),
        Err(_) => known.to_vec(),
    };
    let (problems, notices, expansion) = match &read {
        Err(problems) => (problems.clone(), Vec::new(), None),
        Ok(template) => match prompt::compile(template, &draft.selection(&variables), &limits) {
            Err(problems) => (problems, Vec::new(), None),
            Ok(made) => {
                let said = template.notices().iter().chain(made.notices()).cloned().collect();
                (Vec::new(), said, Some(Arc::new(made)))
            }
        },
    };
    let pieces = pieces(&draft.source, read.as_ref().ok(), text_problems(&problems));
    Look { draft: draft.clone(), variables, pieces, problems, notices, expansion }
}

/// A variable that waits for its values is no mistake of the text.
fn text_problems(problems: &[Problem]) -> &[Problem] {
    if problems.iter().any(|problem| problem.code == Code::UnknownVariable) {
        &[]
    } else {
        problems
    }
}

impl Look {
    /// How many videos it makes.
    #[must_use]
    pub fn count(&self) -> Option<u128> {
        self.expansion.as_ref().map(|made| made.count())
    }

    /// How many it would make without exclusions and sample.
    #[must_use]
    pub fn space(&self) -> Option<u128> {
        self.expansion.as_ref().map(|made| made.space())
    }

    /// How many the exclusions leave.
    #[must_use]
    pub fn left(&self) -> Option<u128> {
        self.expansion.as_ref().map(|made| made.left())
    }

    /// The factors of the count, in order of the axes.
    #[must_use]
    pub fn factors(&self) -> Vec<Factor> {
        let axes = self.expansion.iter().flat_map(|made| made.axes());
        let factor = |axis: &prompt::Axis| Factor {
            len: axis.len,
            name: axis.name.clone(),
            tint: self.variables.iter().position(|name| axis.members.contains(name)),
            kind: axis.kind,
        };
        axes.map(factor).collect()
    }

    /// The video at a place.
    #[must_use]
    pub fn nth(&self, ordinal: u128) -> Option<Combination> {
        self.expansion.as_ref().and_then(|made| made.nth(ordinal))
    }

    /// Variables that have no value yet.
    #[must_use]
    pub fn missing(&self) -> Vec<&str> {
        let column = |name: &str| {
            self.draft.rows.as_ref().is_some_and(|table| table.columns.iter().any(|c| c == name))
        };
        let empty = |name: &&String| values(self.draft.text_of(name)).is_empty() && !column(name);
        self.variables.iter().filter(empty).map(String::as_str).collect()
    }

    /// Problems that are not merely values still to be typed.
    #[must_use]
    pub fn mistakes(&self) -> Vec<&Problem> {
        let missing = self.missing();
        let waits = |problem: &Problem| {
            problem.code == Code::UnknownVariable && !missing.is_empty()
                || problem.code == Code::EmptyTemplate
        };
        self.problems.iter().filter(|problem| !waits(problem)).collect()
    }

    /// What is wrong with the values of one variable.
    #[must_use]
    pub fn mistakes_of(&self, variable: &str) -> Vec<&Problem> {
        let here = |problem: &&Problem| matches!(&problem.place, Some(Place::List { name, .. }) if name == variable);
        self.problems.iter().chain(&self.notices).filter(here).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(source: &str, lists: &[(&str, &str)]) -> Draft {
        let mut draft = Draft { source: source.into(), ..Draft::default() };
        for (name, text) in lists {
            draft.set_text(name, (*text).to_owned());
        }
        draft
    }

    #[test]
    fn the_formula_is_what_is_launched() {
        let made =
            look(&draft("{style} {scene}", &[("style", "a\nb\nc"), ("scene", "1\n2\n3\n4")]), &[]);
        assert_eq!(made.count(), Some(12));
        let factors: Vec<_> = made.factors().into_iter().map(|f| (f.len, f.name, f.tint)).collect();
        assert_eq!(factors, [(3, "style".into(), Some(0)), (4, "scene".into(), Some(1))]);
        assert_eq!(made.nth(11).unwrap().prompt, "c 4");
    }

    #[test]
    fn values_still_to_be_typed_are_no_mistake() {
        let made = look(&draft("{style} {scene}", &[("style", "a")]), &[]);
        assert_eq!((made.count(), made.missing()), (None, vec!["scene"]));
        assert!(made.mistakes().is_empty(), "{:?}", made.mistakes());
        assert!(made.pieces.iter().all(|piece| piece.tint != super::super::Tint::Wrong));
    }

    #[test]
    fn an_empty_page_is_no_mistake() {
        assert!(look(&Draft::default(), &[]).mistakes().is_empty());
    }

    #[test]
    fn variables_stay_while_a_brace_is_being_typed() {
        let known = ["a".to_owned(), "b".to_owned()];
        let made = look(&draft("{a} {b", &[]), &known);
        assert_eq!(made.variables, known);
        assert!(!made.mistakes().is_empty());
    }

    #[test]
    fn a_repeated_value_is_said_where_it_stands() {
        let made = look(&draft("{a}", &[("a", "x\nx")]), &[]);
        assert_eq!(made.mistakes_of("a").len(), 1, "{:?} {:?}", made.problems, made.notices);
    }
}
