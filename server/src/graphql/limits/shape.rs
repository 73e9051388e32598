//! Counts what a parsed query is made of: depth, aliases, root fields, directives, fields.
//!
//! Fragments are counted where they are used, each definition measured once: a chain of fragments
//! that each spread the next one twice doubles per link, and must cost nothing to refuse.

use std::collections::HashMap;

use async_graphql::parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

/// What a selection amounts to once fragments are written out (saturating).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Fields within fields.
    pub depth: usize,
    /// Fields under another name.
    pub aliases: usize,
    /// Directives on anything.
    pub directives: usize,
    /// Fields in all.
    pub fields: usize,
    /// Fields of the operation itself.
    pub root_fields: usize,
}

/// Why a document cannot be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cyclic;

/// The largest shape among the document's operations.
///
/// # Errors
/// [`Cyclic`] when a fragment contains itself.
pub fn measure(document: &ExecutableDocument) -> Result<Shape, Cyclic> {
    let mut meter = Meter { document, known: HashMap::new() };
    let mut largest = Shape::default();
    for (_, operation) in document.operations.iter() {
        let mut shape = meter.set(&operation.node.selection_set.node)?;
        shape.directives = shape.directives.saturating_add(operation.node.directives.len());
        largest = largest.largest(shape);
    }
    Ok(largest)
}

impl Shape {
    fn add(&mut self, inner: Self) {
        self.depth = self.depth.max(inner.depth);
        self.aliases = self.aliases.saturating_add(inner.aliases);
        self.directives = self.directives.saturating_add(inner.directives);
        self.fields = self.fields.saturating_add(inner.fields);
        self.root_fields = self.root_fields.saturating_add(inner.root_fields);
    }

    fn largest(self, other: Self) -> Self {
        Self {
            depth: self.depth.max(other.depth),
            aliases: self.aliases.max(other.aliases),
            directives: self.directives.max(other.directives),
            fields: self.fields.max(other.fields),
            root_fields: self.root_fields.max(other.root_fields),
        }
    }

    /// This shape as the inside of `field`.
    fn within(self, field: &Field) -> Self {
        // The schema's own description nests by nature; its size counts, its depth does not.
        let introspects = field.name.node.starts_with("__");
        Self {
            depth: if introspects { 1 } else { self.depth.saturating_add(1) },
            aliases: self.aliases.saturating_add(usize::from(field.alias.is_some())),
            fields: self.fields.saturating_add(1),
            root_fields: 1,
            ..self
        }
    }
}

struct Meter<'a> {
    document: &'a ExecutableDocument,
    /// `None` while a fragment is being measured: meeting it again is a cycle.
    known: HashMap<&'a Name, Option<Shape>>,
}

impl<'a> Meter<'a> {
    fn set(&mut self, set: &'a SelectionSet) -> Result<Shape, Cyclic> {
        let mut sum = Shape::default();
        for item in &set.items {
            sum.add(self.item(item)?);
        }
        Ok(sum)
    }

    fn item(&mut self, item: &'a Positioned<Selection>) -> Result<Shape, Cyclic> {
        let mut shape = match &item.node {
            Selection::Field(field) => {
                self.set(&field.node.selection_set.node)?.within(&field.node)
            }
            Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node)?,
            Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
        };
        shape.directives = shape.directives.saturating_add(item.node.directives().len());
        Ok(shape)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Shape, Cyclic> {
        match self.known.get(name) {
            Some(Some(shape)) => return Ok(*shape),
            Some(None) => return Err(Cyclic),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Shape::default()); // the validation names it
        };
        self.known.insert(name, None);
        let mut shape = self.set(&fragment.node.selection_set.node)?;
        shape.directives = shape.directives.saturating_add(fragment.node.directives.len());
        self.known.insert(name, Some(shape));
        Ok(shape)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn shape(query: &str) -> Result<Shape, Cyclic> {
        measure(&parse_query(query).expect("a query"))
    }

    #[test]
    fn fields_aliases_and_directives_are_counted_where_fragments_are_used() {
        let found =
            shape("query @a { one: x { ...F y @b } ...F } fragment F on T { two: z { w } v }");
        let wanted = Shape { depth: 3, aliases: 3, directives: 2, fields: 8, root_fields: 3 };
        assert_eq!(found, Ok(wanted));
    }

    #[test]
    fn the_schemas_description_is_not_deep() {
        let query = "{ __schema { types { ofType { ofType { ofType { name } } } } } }";
        assert_eq!(shape(query).map(|shape| (shape.depth, shape.fields)), Ok((1, 6)));
    }

    #[test]
    fn doubling_fragments_are_measured_at_once_and_cycles_refused() {
        let mut query = String::from("{ ...F0 } ");
        for link in 0..300 {
            let next = link + 1;
            query.push_str(&format!("fragment F{link} on T {{ ...F{next} ...F{next} }} "));
        }
        query.push_str("fragment F300 on T { x }");
        assert_eq!(shape(&query).map(|shape| shape.fields), Ok(usize::MAX));
        assert_eq!(shape("{ ...F } fragment F on T { x { ...F } }"), Err(Cyclic));
    }
}
