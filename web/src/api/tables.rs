//! CSV files, which the server reads.

use super::schema;
use super::selection::StoredTable;

/// Variables of [`ReadTable`].
#[derive(cynic::QueryVariables, Debug)]
pub struct ReadTableVariables {
    /// The file.
    pub input: ReadTableInput,
}

/// A CSV file.
#[derive(cynic::InputObject, Debug)]
pub struct ReadTableInput {
    /// Its bytes.
    pub csv_base64: String,
}

/// Reads a CSV file as the rows of a selection.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "ReadTableVariables")]
pub struct ReadTable {
    /// The answer.
    #[arguments(input: $input)]
    pub read_table: TableRead,
}

/// A table that was read.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "ReadTable")]
pub struct TableRead {
    /// Header and rows.
    pub table: StoredTable,
    /// Encoding, separator, rows left out.
    pub notices: Vec<Said>,
}

/// Something worth saying.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Problem")]
pub struct Said {
    /// In the caller's language.
    pub message: String,
}
