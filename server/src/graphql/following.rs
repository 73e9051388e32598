//! What a subscription tells the transport that carries it: what it follows and with which rights,
//! how far each event brings its client, and whether others could be given the same events.
//!
//! Whoever asks for one field `batchProgress` and nothing else is given events that depend on the
//! question, the batch, the rights and the language alone, so equals may share them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::Name;
use async_graphql::parser::types::{ExecutableDocument, OperationType, Selection};
use async_graphql_value::Value;
use entity::enums::Role;
use entity::ids::WorkspaceId;

use crate::domain::access::Scope;

/// The field that can be shared.
const FIELD: &str = "batchProgress";
/// Its argument that says where to resume.
const RESUME: &str = "afterRev";

/// What somebody may see in a workspace: enough to tell whether two may see the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rights {
    role: Option<Role>,
    operator: bool,
}

impl From<&Scope> for Rights {
    fn from(scope: &Scope) -> Self {
        Self { role: Some(scope.role()), operator: scope.caller().actor.is_operator() }
    }
}

/// What equal subscriptions have in common besides their question.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// Of whom the batch is.
    pub workspace: WorkspaceId,
    /// Of who follows.
    pub rights: Rights,
    /// The variable that says where to resume, if one does.
    pub resumes_by: Option<Name>,
}

/// What a connection follows; it ends when its user's rights there change.
#[derive(Default)]
pub struct Follows(Mutex<Vec<(WorkspaceId, Rights)>>);

/// One subscription. Silent for any other kind of operation.
#[derive(Default)]
pub struct Following {
    follows: Arc<Follows>,
    resume: Option<i64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The operation is the one field alone; with the variable that says where to resume.
    alone: Option<Option<Name>>,
    place: Option<(WorkspaceId, Rights)>,
    step: Option<(i64, bool)>,
}

impl Following {
    /// Of a connection; `resume` overrides where the question says to begin, and then the first
    /// event is the first change.
    #[must_use]
    pub fn new(follows: &Arc<Follows>, resume: Option<i64>) -> Self {
        Self { follows: Arc::clone(follows), resume, ..Self::default() }
    }

    /// Where the transport goes on with what it was told before, if it does.
    #[must_use]
    pub const fn resume(&self) -> Option<i64> {
        self.resume
    }

    /// Takes down what is asked for.
    pub fn read(&self, document: &ExecutableDocument) {
        self.state().alone = alone(document);
    }

    /// Takes down what is followed, and with which rights.
    pub fn begin(&self, scope: &Scope) {
        let place = (scope.workspace_id(), Rights::from(scope));
        self.follows.add(place);
        self.state().place = Some(place);
    }

    /// The event that comes next brings its client to `rev`; after the last one nothing comes.
    pub fn step(&self, rev: i64, last: bool) {
        self.state().step = Some((rev, last));
    }

    /// What the event that just came did.
    pub fn take_step(&self) -> Option<(i64, bool)> {
        self.state().step.take()
    }

    /// Whether, and among whom, its events may be shared.
    #[must_use]
    pub fn sharing(&self) -> Option<Sharing> {
        let state = self.state();
        let (workspace, rights) = state.place?;
        Some(Sharing { workspace, rights, resumes_by: state.alone.clone()? })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Follows {
    /// Everything followed so far on this connection.
    #[must_use]
    pub fn all(&self) -> Vec<(WorkspaceId, Rights)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, place: (WorkspaceId, Rights)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(&place) {
            known.push(place);
        }
    }
}

fn alone(document: &ExecutableDocument) -> Option<Option<Name>> {
    let mut operations = document.operations.iter();
    let (_, operation) = operations.next()?;
    let items = &operation.node.selection_set.node.items;
    let ([item], None, OperationType::Subscription) =
        (&items[..], operations.next(), operation.node.ty)
    else {
        return None;
    };
    let Selection::Field(field) = &item.node else { return None };
    if field.node.name.node != FIELD {
        return None;
    }
    let Some(argument) = field.node.get_argument(RESUME) else { return Some(None) };
    match &named(&argument.node)[..] {
        // Written into the text, it is part of the question like everything else.
        [] => Some(None),
        [name] if document.fragments.is_empty() && !is_used(&item.node, name, 1) => {
            Some(Some(name.clone()))
        }
        _ => None,
    }
}

/// Whether a variable stands below a selection more often than `times`.
fn is_used(selection: &Selection, name: &Name, times: usize) -> bool {
    uses(selection, name) > times
}

fn uses(selection: &Selection, name: &Name) -> usize {
    let count = |value: &_| named(value).iter().filter(|other| *other == name).count();
    let directives = selection.directives().iter().flat_map(|found| &found.node.arguments);
    let directives: usize = directives.map(|(_, value)| count(&value.node)).sum();
    let (own, below) = match selection {
        Selection::Field(field) => {
            let own = field.node.arguments.iter().map(|(_, value)| count(&value.node)).sum();
            (own, Some(&field.node.selection_set))
        }
        Selection::InlineFragment(inline) => (0, Some(&inline.node.selection_set)),
        Selection::FragmentSpread(_) => (0, None),
    };
    let below = below.into_iter().flat_map(|set| &set.node.items);
    directives + own + below.map(|item| uses(&item.node, name)).sum::<usize>()
}

/// The variables of a value.
fn named(value: &Value) -> Vec<Name> {
    let mut names = Vec::new();
    // Every variable is taken for null, so this cannot fail.
    let _ = value.clone().into_const_with(|name| {
        names.push(name);
        Ok::<_, std::convert::Infallible>(async_graphql::Value::Null)
    });
    names
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn found(query: &str) -> Option<Option<String>> {
        let document = parse_query(query).expect("a query");
        alone(&document).map(|name| name.map(|name| name.to_string()))
    }

    #[test]
    fn one_field_alone_can_be_shared_wherever_it_resumes() {
        let by = |argument: &str| {
            found(&format!(
                "subscription($a: Long) {{ batchProgress(x: 1, {argument}) {{ rev }} }}"
            ))
        };
        assert_eq!(by("afterRev: $a"), Some(Some(String::from("a"))));
        assert_eq!(by("afterRev: 7"), Some(None));
        assert_eq!(by("y: 2"), Some(None));
        for alone in [
            "subscription { batchProgress { rev } other { rev } }",
            "subscription { other { rev } }",
            "subscription { ...F } fragment F on Subscription { batchProgress { rev } }",
            "query { batchProgress { rev } }",
            "subscription A { batchProgress { rev } } subscription B { batchProgress { rev } }",
        ] {
            assert_eq!(found(alone), None, "{alone}");
        }
    }

    #[test]
    fn a_variable_that_means_something_else_too_is_not_left_out() {
        for used in [
            "subscription($a: Long) { batchProgress(afterRev: $a, other: $a) { rev } }",
            "subscription($a: Long) { batchProgress(afterRev: $a) { videos(first: $a) { id } } }",
            "subscription($a: Long) { batchProgress(afterRev: $a) { rev @skip(if: $a) } }",
        ] {
            assert_eq!(found(used), None, "{used}");
        }
    }
}
