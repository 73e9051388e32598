//! The few words in which the two databases differ.

use sea_orm_migration::sea_orm::DbBackend;

const SQLITE: &[(&str, &str)] = &[
    ("{id}", "BLOB"),
    ("{int}", "INTEGER"),
    ("{text}", "TEXT"),
    ("{bytes}", "BLOB"),
    ("{bool}", "INTEGER"),
    ("{json}", "TEXT"),
    ("{strict}", " STRICT"),
    ("{fill45}", ""),
    ("{fill70}", ""),
    ("{true}", "1"),
    ("{false}", "0"),
    ("{uuid:", "x'"),
    (":uuid}", "'"),
];

const POSTGRES: &[(&str, &str)] = &[
    ("{id}", "UUID"),
    ("{int}", "BIGINT"),
    ("{text}", "TEXT"),
    ("{bytes}", "BYTEA"),
    ("{bool}", "BOOLEAN"),
    ("{json}", "JSONB"),
    ("{strict}", ""),
    // Rows that are updated once soon after they were inserted: leave room for a HOT update.
    ("{fill45}", " WITH (fillfactor = 45)"),
    ("{fill70}", " WITH (fillfactor = 70)"),
    ("{true}", "TRUE"),
    ("{false}", "FALSE"),
    ("{uuid:", "'"),
    (":uuid}", "'"),
];

/// `text` in the words of `backend`.
pub(crate) fn expand(text: &str, backend: DbBackend) -> String {
    let words = if backend == DbBackend::Sqlite { SQLITE } else { POSTGRES };
    words.iter().fold(text.to_owned(), |sql, (token, word)| sql.replace(token, word))
}
