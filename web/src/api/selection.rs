//! Selections, between the API's form and the `prompt` crate's.

use prompt::{PAIRWISE_ALGORITHM, SAMPLE_ALGORITHM, Sample, Selection, Table, ValueList};

use super::scalars::Long;
use super::schema;

/// A stored selection.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Selection")]
pub struct StoredSelection {
    /// Values of variables.
    pub lists: Vec<StoredList>,
    /// Groups of list names that move together.
    pub zip: Vec<Vec<String>>,
    /// A table whose columns are bound together.
    pub rows: Option<StoredTable>,
    /// What is left out.
    pub exclude: Vec<String>,
    /// Repeats of every combination.
    pub takes: i32,
    /// How much of what is left.
    pub sample: StoredSample,
}

/// The values of one variable.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "ValueList")]
pub struct StoredList {
    /// The variable's name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// A table.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Table")]
pub struct StoredTable {
    /// Column names.
    pub columns: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// How much of the combinations.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Sample")]
pub struct StoredSample {
    /// Which kind.
    pub kind: SampleKind,
    /// How many.
    pub n: Option<Long>,
    /// Chooses the order.
    pub seed: Option<Long>,
    /// Version of the choosing.
    pub algorithm: Option<i32>,
}

/// Kinds of samples.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleKind {
    /// Everything.
    All,
    /// The first n.
    First,
    /// n at random.
    Random,
    /// Every pair.
    Pairwise,
}

impl From<StoredSelection> for Selection {
    fn from(stored: StoredSelection) -> Self {
        let list = |list: StoredList| ValueList { name: list.name, values: list.values };
        Self {
            lists: stored.lists.into_iter().map(list).collect(),
            zip: stored.zip,
            rows: stored.rows.map(|table| Table { columns: table.columns, rows: table.rows }),
            exclude: stored.exclude,
            takes: u32::try_from(stored.takes).unwrap_or(1),
            sample: stored.sample.into(),
        }
    }
}

impl From<StoredSample> for Sample {
    fn from(stored: StoredSample) -> Self {
        let whole = |number: Option<Long>| number.and_then(|n| u64::try_from(n.0).ok());
        let algorithm = stored.algorithm.and_then(|version| u16::try_from(version).ok());
        let n = whole(stored.n).unwrap_or(1);
        match stored.kind {
            SampleKind::All => Self::All,
            SampleKind::First => Self::First { n },
            SampleKind::Random => Self::Random {
                n,
                seed: whole(stored.seed).unwrap_or_default(),
                algorithm: algorithm.unwrap_or(SAMPLE_ALGORITHM),
            },
            SampleKind::Pairwise => {
                Self::Pairwise { algorithm: algorithm.unwrap_or(PAIRWISE_ALGORITHM) }
            }
        }
    }
}

/// A selection as it is sent.
#[derive(cynic::InputObject, Clone, Debug)]
pub struct SelectionInput {
    lists: Vec<ValueListInput>,
    zip: Vec<Vec<String>>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    rows: Option<TableInput>,
    exclude: Vec<String>,
    takes: i32,
    #[cynic(skip_serializing_if = "Option::is_none")]
    sample: Option<SampleInput>,
}

#[derive(cynic::InputObject, Clone, Debug)]
struct ValueListInput {
    name: String,
    values: Vec<String>,
}

#[derive(cynic::InputObject, Clone, Debug)]
struct TableInput {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

#[derive(cynic::InputObject, Clone, Debug)]
struct SampleInput {
    kind: Option<SampleKind>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    n: Option<Long>,
    #[cynic(skip_serializing_if = "Option::is_none")]
    seed: Option<Long>,
}

impl From<Selection> for SelectionInput {
    fn from(selection: Selection) -> Self {
        let list = |list: ValueList| ValueListInput { name: list.name, values: list.values };
        let table = |table: Table| TableInput { columns: table.columns, rows: table.rows };
        Self {
            lists: selection.lists.into_iter().map(list).collect(),
            zip: selection.zip,
            rows: selection.rows.map(table),
            exclude: selection.exclude,
            takes: i32::try_from(selection.takes).unwrap_or(i32::MAX),
            sample: sample(selection.sample),
        }
    }
}

fn sample(sample: Sample) -> Option<SampleInput> {
    let long = |n: u64| Some(Long(i64::try_from(n).unwrap_or(i64::MAX)));
    match sample {
        Sample::All => None,
        Sample::First { n } => {
            Some(SampleInput { kind: Some(SampleKind::First), n: long(n), seed: None })
        }
        Sample::Random { n, seed, .. } => {
            Some(SampleInput { kind: Some(SampleKind::Random), n: long(n), seed: long(seed) })
        }
        Sample::Pairwise { .. } => {
            Some(SampleInput { kind: Some(SampleKind::Pairwise), n: None, seed: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_sent_as_the_server_reads_it() {
        let selection = Selection {
            lists: vec![ValueList { name: "风格".into(), values: vec!["水墨".into()] }],
            exclude: vec!["风格=水墨".into()],
            sample: Sample::Random { n: 3, seed: 7, algorithm: SAMPLE_ALGORITHM },
            ..Selection::default()
        };
        let sent = serde_json::to_value(SelectionInput::from(selection)).unwrap();
        assert_eq!(
            sent,
            serde_json::json!({
                "lists": [{ "name": "风格", "values": ["水墨"] }],
                "zip": [], "exclude": ["风格=水墨"], "takes": 1,
                "sample": { "kind": "RANDOM", "n": 3, "seed": 7 },
            })
        );
    }

    #[test]
    fn everything_is_what_no_sample_means() {
        let sent = serde_json::to_value(SelectionInput::from(Selection::default())).unwrap();
        assert_eq!(sent.get("sample"), None);
    }
}
