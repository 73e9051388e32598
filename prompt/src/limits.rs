//! What this crate refuses to work on. Every number is a plan's or an operator's to change.

use serde::{Deserialize, Serialize};

/// The limits of one parse, compile or read. Going over one is an error with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Characters of a template.
    pub max_template_chars: usize,
    /// Groups within groups.
    pub max_depth: usize,
    /// Readings that the options of one inline group may have together.
    pub max_variants: usize,
    /// Values of one list.
    pub max_values_per_list: usize,
    /// Characters of one value, one cell or one exclusion.
    pub max_value_chars: usize,
    /// Axes, and lists given.
    pub max_axes: usize,
    /// Rows of one table.
    pub max_rows: usize,
    /// Columns of one table.
    pub max_columns: usize,
    /// Repeats of every combination.
    pub max_takes: u32,
    /// Exclusions.
    pub max_exclusions: usize,
    /// Nodes of the decision diagram that counts exclusions exactly.
    pub max_nodes: usize,
    /// Pairs of values that a pairwise sample has to show.
    pub max_pairs: usize,
    /// Characters of the longest prompt that could come out.
    pub max_prompt_chars: usize,
    /// Bytes of a CSV file.
    pub max_csv_bytes: usize,
    /// Problems reported at once.
    pub max_problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_template_chars: 10_000,
            max_depth: 8,
            max_variants: 4_000,
            max_values_per_list: 10_000,
            max_value_chars: 2_000,
            max_axes: 32,
            max_rows: 50_000,
            max_columns: 64,
            max_takes: 1_000,
            max_exclusions: crate::compile::MAX_RULES,
            max_nodes: 100_000,
            max_pairs: 100_000,
            max_prompt_chars: 20_000,
            max_csv_bytes: 8 * 1024 * 1024,
            max_problems: 50,
        }
    }
}
