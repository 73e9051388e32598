//! What a person chose: which values, bound how, minus what, and how much of it.
//!
//! A selection is data: it is stored with a quote and a batch and must compile to the same
//! expansion for ever. The JSON is camelCase; unknown fields are refused, because a misspelt
//! `exclude` must not quietly select everything.

use serde::{Deserialize, Serialize};

/// The sample algorithm that new selections use.
pub const SAMPLE_ALGORITHM: u16 = 1;
/// The pairwise algorithm that new selections use.
pub const PAIRWISE_ALGORITHM: u16 = 1;

/// Which combinations of a template are meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Selection {
    /// Values of variables, an axis each unless zipped.
    pub lists: Vec<ValueList>,
    /// Groups of list names that move together: the first values, the second values, …
    pub zip: Vec<Vec<String>>,
    /// A table whose columns are bound together, one axis.
    pub rows: Option<Table>,
    /// Conjunctions such as `style=noir & scene=beach`; what meets one is left out.
    pub exclude: Vec<String>,
    /// Repeats of every combination, at least 1: a last, fastest axis named `take`.
    pub takes: u32,
    /// How much of what is left.
    pub sample: Sample,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            lists: Vec::new(),
            zip: Vec::new(),
            rows: None,
            exclude: Vec::new(),
            takes: 1,
            sample: Sample::All,
        }
    }
}

/// The values of one variable. They are inserted as they are and never read as template text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueList {
    /// The variable's name.
    pub name: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// A table: a header and rows of the same width.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Table {
    /// Column names.
    pub columns: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// How much of the combinations left after exclusions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Sample {
    /// All of them.
    #[default]
    All,
    /// The first n in order.
    First {
        /// How many, at least 1.
        n: u64,
    },
    /// n without repeats in an order fixed by the seed. A larger n begins with the same
    /// combinations as a smaller one.
    Random {
        /// How many, at least 1.
        n: u64,
        /// Chooses the order.
        seed: u64,
        /// The version of the shuffling: [`SAMPLE_ALGORITHM`] for new selections.
        algorithm: u16,
    },
    /// Few in which every pair of values of two different axes appears that any combination left
    /// has. A zip group counts as one axis, so do the rows of a table, and the takes.
    Pairwise {
        /// The version of the choosing: [`PAIRWISE_ALGORITHM`] for new selections.
        algorithm: u16,
    },
}
