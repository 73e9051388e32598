//! Many rows as a handful of parameters.
//!
//! PostgreSQL takes one array per column through `UNNEST`, SQLite one JSON text through
//! `json_each`; neither meets its limit on bound parameters (65,535 and 32,766), and the statement
//! text does not grow with the rows, so it is planned once. Statements use [`Rows::source`] in
//! their FROM clause under the alias `r`, on both databases alike.
//!
//! Arrays of optional values do not bind, so an absent id, text or number travels as a sentinel
//! that [`Rows::source`] turns back into NULL.

use sea_orm::sea_query::ArrayType;
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

/// Stands for "no number" on the way to the database; far outside every column's range.
const NO_INT: i64 = i64::MIN;
/// Stands for "no text" on the way to the database; U+FFFF is not a character.
const NO_TEXT: &str = "\u{ffff}";

/// Columns of rows to be written; every column has the same length.
#[derive(Default)]
pub struct Rows {
    columns: Vec<(&'static str, Column)>,
}

enum Column {
    Ids { values: Vec<Uuid>, optional: bool },
    Ints { values: Vec<i64>, optional: bool },
    Texts { values: Vec<String>, optional: bool, json: bool },
    Bytes { values: Vec<Vec<u8>>, optional: bool },
}

impl Rows {
    /// No columns yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A column of ids.
    #[must_use]
    pub fn ids(mut self, name: &'static str, values: Vec<Uuid>) -> Self {
        self.columns.push((name, Column::Ids { values, optional: false }));
        self
    }

    /// A column of ids or nothing.
    #[must_use]
    pub fn maybe_ids(mut self, name: &'static str, values: Vec<Option<Uuid>>) -> Self {
        let values = values.into_iter().map(Option::unwrap_or_default).collect();
        self.columns.push((name, Column::Ids { values, optional: true }));
        self
    }

    /// A column of integers.
    #[must_use]
    pub fn ints(mut self, name: &'static str, values: Vec<i64>) -> Self {
        self.columns.push((name, Column::Ints { values, optional: false }));
        self
    }

    /// A column of integers or nothing.
    #[must_use]
    pub fn maybe_ints(mut self, name: &'static str, values: Vec<Option<i64>>) -> Self {
        let values = values.into_iter().map(|value| value.unwrap_or(NO_INT)).collect();
        self.columns.push((name, Column::Ints { values, optional: true }));
        self
    }

    /// A column of texts.
    #[must_use]
    pub fn texts(mut self, name: &'static str, values: Vec<String>) -> Self {
        self.columns.push((name, Column::Texts { values, optional: false, json: false }));
        self
    }

    /// A column of texts or nothing.
    #[must_use]
    pub fn maybe_texts(mut self, name: &'static str, values: Vec<Option<String>>) -> Self {
        let values = values.into_iter().map(|v| v.unwrap_or_else(|| NO_TEXT.to_owned())).collect();
        self.columns.push((name, Column::Texts { values, optional: true, json: false }));
        self
    }

    /// A column of JSON documents, already serialised.
    #[must_use]
    pub fn json(mut self, name: &'static str, values: Vec<String>) -> Self {
        self.columns.push((name, Column::Texts { values, optional: false, json: true }));
        self
    }

    /// A column of byte strings.
    #[must_use]
    pub fn bytes(mut self, name: &'static str, values: Vec<Vec<u8>>) -> Self {
        self.columns.push((name, Column::Bytes { values, optional: false }));
        self
    }

    /// A column of byte strings or nothing; none of them may be empty.
    #[must_use]
    pub fn maybe_bytes(mut self, name: &'static str, values: Vec<Option<Vec<u8>>>) -> Self {
        let values = values.into_iter().map(Option::unwrap_or_default).collect();
        self.columns.push((name, Column::Bytes { values, optional: true }));
        self
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.len())
    }

    /// True when there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends the parameters to `values` and returns a derived table `(…) AS r` with a column per
    /// name, for use after FROM.
    #[must_use]
    pub fn source(self, backend: DbBackend, values: &mut Vec<Value>) -> String {
        match backend {
            DbBackend::Sqlite => self.json_source(values),
            _ => self.array_source(values),
        }
    }

    fn array_source(self, values: &mut Vec<Value>) -> String {
        let mut arrays = Vec::new();
        let mut names = Vec::new();
        let mut outputs = Vec::new();
        for (name, column) in self.columns {
            let at = values.len() + 1;
            outputs.push(column.postgres_output(name));
            let (value, sql_type) = column.into_array();
            values.push(value);
            arrays.push(format!("${at}::{sql_type}[]"));
            names.push(name);
        }
        format!(
            "(SELECT {} FROM UNNEST({}) AS raw({})) AS r",
            outputs.join(", "),
            arrays.join(", "),
            names.join(", ")
        )
    }

    fn json_source(self, values: &mut Vec<Value>) -> String {
        let length = self.len();
        let outputs: Vec<String> = self
            .columns
            .iter()
            .enumerate()
            .map(|(place, (name, column))| column.sqlite_output(place, name))
            .collect();
        let mut text = String::with_capacity(length * 96 + 2);
        text.push('[');
        for row in 0..length {
            text.push_str(if row == 0 { "[" } else { ",[" });
            for (place, (_, column)) in self.columns.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                column.push_json(row, &mut text);
            }
            text.push(']');
        }
        text.push(']');
        values.push(Value::from(text));
        let at = values.len();
        format!("(SELECT {} FROM json_each(${at}) AS raw) AS r", outputs.join(", "))
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Ids { values, .. } => values.len(),
            Self::Ints { values, .. } => values.len(),
            Self::Texts { values, .. } => values.len(),
            Self::Bytes { values, .. } => values.len(),
        }
    }

    fn postgres_output(&self, name: &str) -> String {
        match self {
            Self::Ids { optional: true, .. } => {
                format!("NULLIF({name}, '{}') AS {name}", Uuid::nil())
            }
            Self::Ints { optional: true, .. } => {
                format!("NULLIF({name}, '{NO_INT}'::bigint) AS {name}")
            }
            Self::Texts { optional: true, .. } => format!("NULLIF({name}, '{NO_TEXT}') AS {name}"),
            Self::Texts { json: true, .. } => format!("{name}::jsonb AS {name}"),
            Self::Bytes { optional: true, .. } => format!("NULLIF({name}, ''::bytea) AS {name}"),
            _ => name.to_owned(),
        }
    }

    fn sqlite_output(&self, place: usize, name: &str) -> String {
        let cell = format!("raw.value ->> {place}");
        match self {
            // A JSON null stays NULL through unhex, so optional cells need no sentinel here.
            Self::Ids { .. } | Self::Bytes { .. } => format!("unhex({cell}) AS {name}"),
            _ => format!("{cell} AS {name}"),
        }
    }

    fn into_array(self) -> (Value, &'static str) {
        fn array<T: Into<Value>>(kind: ArrayType, values: Vec<T>) -> Value {
            Value::Array(kind, Some(Box::new(values.into_iter().map(Into::into).collect())))
        }
        match self {
            Self::Ids { values, .. } => (array(ArrayType::Uuid, values), "uuid"),
            Self::Ints { values, .. } => (array(ArrayType::BigInt, values), "bigint"),
            Self::Texts { values, .. } => (array(ArrayType::String, values), "text"),
            Self::Bytes { values, .. } => (array(ArrayType::Bytes, values), "bytea"),
        }
    }

    fn push_json(&self, row: usize, text: &mut String) {
        use std::fmt::Write as _;
        match self {
            Self::Ids { values, optional } => match values.get(row) {
                Some(id) if !(*optional && id.is_nil()) => {
                    let _ = write!(text, "\"{}\"", id.simple());
                }
                _ => text.push_str("null"),
            },
            Self::Ints { values, optional } => match values.get(row) {
                Some(value) if !(*optional && *value == NO_INT) => {
                    let _ = write!(text, "{value}");
                }
                _ => text.push_str("null"),
            },
            Self::Texts { values, optional, .. } => match values.get(row) {
                Some(value) if !(*optional && value == NO_TEXT) => {
                    text.push_str(&serde_json::Value::from(value.as_str()).to_string());
                }
                _ => text.push_str("null"),
            },
            Self::Bytes { values, optional } => match values.get(row) {
                Some(bytes) if !(*optional && bytes.is_empty()) => {
                    text.push('"');
                    for byte in bytes {
                        let _ = write!(text, "{byte:02x}");
                    }
                    text.push('"');
                }
                _ => text.push_str("null"),
            },
        }
    }
}
