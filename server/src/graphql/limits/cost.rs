//! What a query costs before it runs: every object asked for is 1 point, scalars are free, what
//! lies inside a list counts as often as the page asks for, and a mutation is 10 points more.
//!
//! The rule follows the schema, so a new list is charged without anybody remembering it: a field
//! with an argument `first` multiplies what it contains by it.

use std::collections::HashMap;

use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql::{Name, Value, Variables};

use crate::kernel::page::{DEFAULT_PAGE, MAX_PAGE};

/// Points of a mutation besides what it returns.
pub const MUTATION: u64 = 10;

/// The dearest of the document's operations, in points (saturating).
#[must_use]
pub fn cost(document: &ExecutableDocument, variables: &Variables, registry: &Registry) -> u64 {
    let operations = document.operations.iter();
    let costs = operations.map(|(_, operation)| {
        let mut meter = Meter {
            document,
            operation: &operation.node,
            variables,
            registry,
            known: HashMap::new(),
        };
        meter.operation()
    });
    costs.max().unwrap_or(0)
}

struct Meter<'a> {
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    registry: &'a Registry,
    /// Cost of a fragment; its own type condition names the type, so the name is key enough.
    known: HashMap<&'a Name, u64>,
}

impl<'a> Meter<'a> {
    fn operation(&mut self) -> u64 {
        let (root, extra) = match self.operation.ty {
            OperationType::Query => (Some(self.registry.query_type.as_str()), 0),
            OperationType::Mutation => (self.registry.mutation_type.as_deref(), MUTATION),
            OperationType::Subscription => (self.registry.subscription_type.as_deref(), 0),
        };
        let set = &self.operation.selection_set.node;
        let mutations = set.items.len() as u64;
        let kind = root.and_then(|name| self.registry.types.get(name));
        self.set(set, kind).saturating_add(extra.saturating_mul(mutations))
    }

    fn set(&mut self, set: &'a SelectionSet, parent: Option<&'a MetaType>) -> u64 {
        let items = set.items.iter();
        items.fold(0_u64, |sum, item| sum.saturating_add(self.item(&item.node, parent)))
    }

    fn item(&mut self, item: &'a Selection, parent: Option<&'a MetaType>) -> u64 {
        match item {
            Selection::Field(field) => self.field(&field.node, parent),
            Selection::InlineFragment(inline) => {
                let named = inline.node.type_condition.as_ref();
                let kind = named.map_or(parent, |on| self.kind(on.node.on.node.as_str()));
                self.set(&inline.node.selection_set.node, kind)
            }
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node),
        }
    }

    fn fragment(&mut self, name: &'a Name) -> u64 {
        if let Some(cost) = self.known.get(name) {
            return *cost;
        }
        let Some(fragment) = self.document.fragments.get(name) else { return 0 };
        let kind = self.kind(fragment.node.type_condition.node.on.node.as_str());
        // Cycles have been refused by `shape`.
        let cost = self.set(&fragment.node.selection_set.node, kind);
        self.known.insert(name, cost);
        cost
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a MetaType>) -> u64 {
        let meta = parent.and_then(|kind| kind.field_by_name(&field.name.node));
        let kind = meta.and_then(|meta| self.kind(MetaTypeName::concrete_typename(&meta.ty)));
        let inner = self.set(&field.selection_set.node, kind);
        let paged = meta.is_some_and(|meta| meta.args.contains_key("first"));
        let inner = if paged { inner.saturating_mul(self.first(field)) } else { inner };
        let own = u64::from(!field.selection_set.node.items.is_empty());
        inner.saturating_add(own)
    }

    /// The page size; what is no legal size is the resolver's to refuse and charged as the largest.
    fn first(&self, field: &Field) -> u64 {
        let largest = MAX_PAGE as u64;
        let Some(argument) = field.get_argument("first") else { return DEFAULT_PAGE as u64 };
        let value = argument.node.clone().into_const_with(|name| {
            self.variables.get(&name).or_else(|| self.default_of(&name)).cloned().ok_or(())
        });
        match value {
            Ok(Value::Number(number)) => number.as_u64().unwrap_or(largest).min(largest),
            Ok(Value::Null) | Err(()) => DEFAULT_PAGE as u64,
            Ok(_) => largest,
        }
    }

    fn default_of(&self, name: &Name) -> Option<&Value> {
        let mut definitions = self.operation.variable_definitions.iter();
        let definition = definitions.find(|definition| definition.node.name.node == *name)?;
        definition.node.default_value()
    }

    fn kind(&self, name: &str) -> Option<&'a MetaType> {
        self.registry.types.get(name)
    }
}
