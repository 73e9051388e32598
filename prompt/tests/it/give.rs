//! Short ways to write selections.

use prompt::{Code, Problem, Selection, Table, ValueList};

pub fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|v| (*v).to_owned()).collect()
}

pub fn list(name: &str, values: &[&str]) -> ValueList {
    ValueList { name: name.to_owned(), values: strings(values) }
}

pub fn lists(lists: &[(&str, &[&str])]) -> Selection {
    let lists = lists.iter().map(|(name, values)| list(name, values)).collect();
    Selection { lists, ..Selection::default() }
}

pub fn rows(columns: &[&str], rows: &[&[&str]]) -> Selection {
    Selection { rows: Some(table(columns, rows)), ..Selection::default() }
}

pub fn table(columns: &[&str], rows: &[&[&str]]) -> Table {
    Table { columns: strings(columns), rows: rows.iter().map(|row| strings(row)).collect() }
}

/// `n` values named after their list.
pub fn many(name: &str, n: usize) -> ValueList {
    ValueList { name: name.to_owned(), values: (0..n).map(|i| format!("{name}{i}")).collect() }
}

pub fn codes(problems: &[Problem]) -> Vec<Code> {
    problems.iter().map(|p| p.code).collect()
}
