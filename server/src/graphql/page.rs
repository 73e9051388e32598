//! Relay connections over keyset pages.

use async_graphql::OutputType;
use async_graphql::connection::{Connection, Edge};

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
