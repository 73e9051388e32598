//! Relay connections over keyset pages.

use async_graphql::connection::{Connection, Edge};
use async_graphql::{Context, Lookahead, OutputType};

use super::error::Answer;
use crate::kernel::page::{Page, PageArgs, encode_cursor};

/// A connection whose cursors are opaque keys.
pub type Listed<Node> = Connection<String, Node>;

/// Reads the arguments of a list.
///
/// # Errors
/// `INVALID_INPUT` (size), `INVALID_CURSOR`.
pub fn args(first: Option<i32>, after: Option<&str>) -> Answer<PageArgs> {
    PageArgs::new(first, after)
}

/// Turns a page into a connection: `key` is what the list's cursor names a row by.
pub fn listed<Row, Node: OutputType>(
    asked: &PageArgs,
    page: Page<Row>,
    key: impl Fn(&Row) -> String,
    node: impl Fn(Row) -> Node,
) -> Listed<Node> {
    let mut connection = Connection::new(asked.after.is_some(), page.has_next);
    let rows = page.rows.into_iter();
    connection.edges.extend(rows.map(|row| Edge::new(encode_cursor(&key(&row)), node(row))));
    connection
}

/// What the nodes of a list are asked for, however the list is read.
pub struct Wanted<'a>([Lookahead<'a>; 2]);

impl<'a> Wanted<'a> {
    /// Of the list being resolved.
    #[must_use]
    pub fn of(ctx: &'a Context<'a>) -> Self {
        let list = ctx.look_ahead();
        Self([list.field("nodes"), list.field("edges").field("node")])
    }

    /// Whether somebody asked for this field of the nodes, or of what lies in them.
    #[must_use]
    pub fn has(&self, path: &[&str]) -> bool {
        self.0.iter().any(|node| reaches(node, path))
    }
}

fn reaches(place: &Lookahead<'_>, path: &[&str]) -> bool {
    match path.split_first() {
        None => place.exists(),
        Some((field, rest)) => reaches(&place.field(field), rest),
    }
}
