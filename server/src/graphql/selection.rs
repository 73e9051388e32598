//! Selections in and out: which combinations of a template are meant.

use async_graphql::{Enum, InputObject, SimpleObject};
use prompt::{PAIRWISE_ALGORITHM, SAMPLE_ALGORITHM, Sample, Selection, Table, ValueList};

use super::error::{Answer, invalid_input};
use super::scalars::Long;
use crate::kernel::reason::Reason;

/// Which combinations of a template are meant: the product of its axes, minus exclusions, or a
/// sample of it. An axis is one list, a zip group, or the rows of a table; the last is fastest.
#[derive(InputObject)]
pub struct SelectionInput {
    /// Values of variables, an axis each unless zipped.
    #[graphql(default)]
    lists: Vec<ValueListInput>,
    /// Groups of list names that move together.
    #[graphql(default)]
    zip: Vec<Vec<String>>,
    /// A table whose columns are bound together, one axis.
    rows: Option<TableInput>,
    /// Conjunctions such as `style=noir & scene=beach`; what meets one is left out.
    #[graphql(default)]
    exclude: Vec<String>,
    /// Repeats of every combination.
    #[graphql(default = 1)]
    takes: i32,
    /// How much of what is left; everything without it.
    sample: Option<SampleInput>,
}

/// The values of one variable. They are inserted as they are.
#[derive(InputObject)]
pub struct ValueListInput {
    /// The variable's name.
    name: String,
    /// Its values, in order.
    values: Vec<String>,
}

/// A table: a header and rows of the same width.
#[derive(InputObject)]
pub struct TableInput {
    /// Column names.
    columns: Vec<String>,
    /// Cells, row by row.
    rows: Vec<Vec<String>>,
}

/// A part of the combinations.
#[derive(InputObject)]
pub struct SampleInput {
    /// Which kind; without it RANDOM with a seed, FIRST without.
    kind: Option<SampleKind>,
    /// How many; of FIRST and RANDOM alone.
    n: Option<Long>,
    /// With a seed: n at random without repeats, in an order fixed by it. Without: the first n.
    seed: Option<Long>,
}

/// A stored selection.
#[derive(SimpleObject)]
#[graphql(name = "Selection")]
pub struct SelectionShown {
    /// Values of variables.
    lists: Vec<ValueListShown>,
    /// Groups of list names that move together.
    zip: Vec<Vec<String>>,
    /// A table whose columns are bound together.
    rows: Option<TableShown>,
    /// What is left out.
    exclude: Vec<String>,
    /// Repeats of every combination.
    takes: i32,
    /// How much of what is left.
    sample: SampleShown,
}

/// The values of one variable.
#[derive(SimpleObject)]
#[graphql(name = "ValueList")]
pub struct ValueListShown {
    /// The variable's name.
    name: String,
    /// Its values, in order.
    values: Vec<String>,
}

/// A table.
#[derive(SimpleObject)]
#[graphql(name = "Table")]
pub struct TableShown {
    /// Column names.
    pub columns: Vec<String>,
    /// Cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// Kinds of samples.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum SampleKind {
    /// All combinations.
    All,
    /// The first n.
    First,
    /// n at random without repeats.
    Random,
    /// Few in which every pair of values of two different axes appears.
    Pairwise,
}

/// How much of the combinations.
#[derive(SimpleObject)]
#[graphql(name = "Sample")]
pub struct SampleShown {
    /// Which kind.
    kind: SampleKind,
    /// How many.
    n: Option<Long>,
    /// Chooses the order.
    seed: Option<Long>,
    /// Version of the shuffling or choosing.
    algorithm: Option<i32>,
}

impl SelectionInput {
    /// As the template language wants it.
    ///
    /// # Errors
    /// `INVALID_INPUT` for numbers below their range; everything else is the language's to say.
    pub fn read(self) -> Answer<Selection> {
        let sample = self.sample.map(SampleInput::read).transpose()?;
        let list = |list: ValueListInput| ValueList { name: list.name, values: list.values };
        Ok(Selection {
            lists: self.lists.into_iter().map(list).collect(),
            zip: self.zip,
            rows: self.rows.map(|table| Table { columns: table.columns, rows: table.rows }),
            exclude: self.exclude,
            // Below zero is as far outside the range as zero, which the language refuses.
            takes: u32::try_from(self.takes).unwrap_or(0),
            sample: sample.unwrap_or_default(),
        })
    }
}

impl SampleInput {
    fn read(self) -> Answer<Sample> {
        let whole = |field, number: Long| {
            let below = || invalid_input(field, Reason::BelowMinimum).with("min", 0);
            u64::try_from(number.0).map_err(|_| below())
        };
        let n = self.n.map(|n| whole("sample.n", n)).transpose()?;
        let seed = self.seed.map(|seed| whole("sample.seed", seed)).transpose()?;
        let asked = self.kind.unwrap_or(match seed {
            Some(_) => SampleKind::Random,
            None => SampleKind::First,
        });
        let only = |field, kinds: &[&str]| {
            Err(invalid_input(field, Reason::SampleKind).with("allowed", kinds.to_vec()))
        };
        let least =
            |field, min: i32| Err(invalid_input(field, Reason::BelowMinimum).with("min", min));
        Ok(match (asked, n, seed) {
            (SampleKind::All, None, None) => Sample::All,
            (SampleKind::First, Some(n), None) => Sample::First { n },
            (SampleKind::Random, Some(n), Some(seed)) => {
                Sample::Random { n, seed, algorithm: SAMPLE_ALGORITHM }
            }
            (SampleKind::Pairwise, None, None) => {
                Sample::Pairwise { algorithm: PAIRWISE_ALGORITHM }
            }
            (SampleKind::All | SampleKind::Pairwise, Some(_), _) => {
                return only("sample.n", &["FIRST", "RANDOM"]);
            }
            (SampleKind::First | SampleKind::Random, None, _) => {
                return least("sample.n", 1);
            }
            (SampleKind::Random, _, None) => return least("sample.seed", 0),
            (_, _, Some(_)) => return only("sample.seed", &["RANDOM"]),
        })
    }
}

impl From<Selection> for SelectionShown {
    fn from(selection: Selection) -> Self {
        let list = |list: ValueList| ValueListShown { name: list.name, values: list.values };
        Self {
            lists: selection.lists.into_iter().map(list).collect(),
            zip: selection.zip,
            rows: selection.rows.map(TableShown::from),
            exclude: selection.exclude,
            takes: i32::try_from(selection.takes).unwrap_or(i32::MAX),
            sample: selection.sample.into(),
        }
    }
}

impl From<Table> for TableShown {
    fn from(table: Table) -> Self {
        Self { columns: table.columns, rows: table.rows }
    }
}

impl From<Sample> for SampleShown {
    fn from(sample: Sample) -> Self {
        let long = |number: u64| Some(Long(i64::try_from(number).unwrap_or(i64::MAX)));
        let none = Self { kind: SampleKind::All, n: None, seed: None, algorithm: None };
        match sample {
            Sample::All => none,
            Sample::First { n } => Self { kind: SampleKind::First, n: long(n), ..none },
            Sample::Random { n, seed, algorithm } => Self {
                kind: SampleKind::Random,
                n: long(n),
                seed: long(seed),
                algorithm: Some(i32::from(algorithm)),
            },
            Sample::Pairwise { algorithm } => {
                Self { kind: SampleKind::Pairwise, algorithm: Some(i32::from(algorithm)), ..none }
            }
        }
    }
}
