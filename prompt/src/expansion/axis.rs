//! Axes, where their values come from, and the arithmetic between an index and its digits.

use serde::{Deserialize, Serialize};

use crate::template::{Group, Part, groups, readings};

/// One thing that varies on its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Axis {
    /// What it is called: the variable, `a+b` for a zip group, `row`, `#1` for the first inline
    /// group, `take`.
    pub name: String,
    /// What it is made of.
    pub kind: AxisKind,
    /// The names it gives values to, as exclusions may name them.
    pub members: Vec<String>,
    /// How many entries it has.
    #[serde(with = "crate::decimal")]
    pub len: u128,
}

/// What an axis is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AxisKind {
    /// One value list.
    List,
    /// Lists that move together.
    Zip,
    /// The rows of a table.
    Rows,
    /// An inline group of the template.
    Variants,
    /// Repeats.
    Take,
}

/// Where an axis gets its values from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Columns of equal length, bound together.
    Columns(Vec<Column>),
    /// An inline group, by its number.
    Group(usize),
    /// Repeats.
    Take,
}

/// A name and its value at each entry of an axis.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) values: Vec<String>,
}

/// Which column of which axis a variable takes its value from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Binding {
    pub(crate) axis: usize,
    pub(crate) column: usize,
}

/// The axes and how the template hangs on them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) parts: Vec<Part>,
    pub(crate) axes: Vec<Axis>,
    pub(crate) sources: Vec<Source>,
    /// By variable number.
    pub(crate) variables: Vec<Binding>,
    /// By group number: the axis.
    pub(crate) group_axes: Vec<usize>,
    /// Bytes to reserve for a prompt.
    pub(crate) typical_bytes: usize,
}

impl Layout {
    /// To be called once axes, sources and variables are in place.
    pub(crate) fn name_values(&mut self) {
        let is_group =
            |(axis, source): (usize, &Source)| matches!(source, Source::Group(_)).then_some(axis);
        self.group_axes = self.sources.iter().enumerate().filter_map(is_group).collect();
        let mut first = String::new();
        self.write_prompt(&vec![0; self.axes.len()], &mut first);
        self.typical_bytes = first.len() + first.len() / 4 + 16;
    }

    /// All values a variable can have.
    pub(crate) fn values(&self, variable: usize) -> &[String] {
        match self.variables.get(variable).map(|b| (&self.sources[b.axis], b.column)) {
            Some((Source::Columns(columns), column)) => &columns[column].values,
            _ => &[],
        }
    }

    fn value(&self, variable: usize, digits: &[u128]) -> &str {
        let entry = self.variables.get(variable).map_or(0, |b| digits[b.axis]);
        self.values(variable).get(entry as usize).map_or("", String::as_str)
    }

    /// Digits of an index, last axis fastest.
    pub(crate) fn digits(&self, mut index: u128) -> Vec<u128> {
        let mut digits = vec![0; self.axes.len()];
        for (digit, axis) in digits.iter_mut().zip(&self.axes).rev() {
            (index, *digit) = div_rem(index, axis.len);
        }
        digits
    }

    /// Moves digits to the next index.
    pub(crate) fn next(&self, digits: &mut [u128]) {
        for (digit, axis) in digits.iter_mut().zip(&self.axes).rev() {
            *digit += 1;
            if *digit < axis.len {
                return;
            }
            *digit = 0;
        }
    }

    /// The index of digits.
    pub(crate) fn index(&self, digits: &[u128]) -> u128 {
        digits.iter().zip(&self.axes).fold(0, |index, (digit, axis)| index * axis.len + digit)
    }

    pub(crate) fn write_prompt(&self, digits: &[u128], out: &mut String) {
        let value = |variable: usize, out: &mut String| out.push_str(self.value(variable, digits));
        let mut axes = self.group_axes.iter();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Variable(variable) => value(*variable, out),
                Part::Group(group) => {
                    let digit = axes.next().map_or(0, |axis| digits[*axis]);
                    readings::write_group(group, digit, &value, out);
                }
            }
        }
    }

    pub(crate) fn values_at(&self, digits: &[u128]) -> Vec<(String, String)> {
        let mut values = Vec::with_capacity(self.axes.len());
        for ((source, axis), digit) in self.sources.iter().zip(&self.axes).zip(digits) {
            match source {
                Source::Columns(columns) => {
                    values.extend(columns.iter().map(|column| {
                        (column.name.clone(), column.values[*digit as usize].clone())
                    }))
                }
                Source::Group(number) => {
                    values.push((axis.name.clone(), self.reading(*number, digits, *digit)));
                }
                Source::Take => {}
            }
        }
        values
    }

    fn reading(&self, number: usize, digits: &[u128], digit: u128) -> String {
        let group: Option<&Group> = groups(&self.parts).nth(number);
        let value = |variable: usize, out: &mut String| out.push_str(self.value(variable, digits));
        let mut text = String::new();
        if let Some(group) = group {
            readings::write_group(group, digit, &value, &mut text);
        }
        text
    }

    /// Which take, from 1.
    pub(crate) fn take(&self, digits: &[u128]) -> u32 {
        match (self.sources.last(), digits.last()) {
            (Some(Source::Take), Some(digit)) => *digit as u32 + 1,
            _ => 1,
        }
    }
}

/// Division of 128 bits is ten times as slow as of 64, and is hardly ever needed.
pub(super) fn div_rem(n: u128, by: u128) -> (u128, u128) {
    match (u64::try_from(n), u64::try_from(by)) {
        (Ok(n), Ok(by)) => (u128::from(n / by), u128::from(n % by)),
        _ => (n / by, n % by),
    }
}
