//! What may be wrong with a table in itself: given as rows of a selection, or read from a file.

use std::collections::HashMap;

use super::lists::value_problem;
use crate::limits::Limits;
use crate::problem::{Place, Report};
use crate::selection::Table;
use crate::template::TAKE;
use crate::words::{rows as words, selection as selection_words, template as template_words};

/// The row number a spreadsheet shows for a row of data.
pub(super) fn shown(index: usize) -> usize {
    index + 2
}

pub(super) fn cell(row: usize, column: usize, name: Option<&str>) -> Place {
    Place::Rows {
        row: Some(shown(row)),
        column: Some(column + 1),
        name: name.map(ToOwned::to_owned),
    }
}

/// Header: not too wide, every name present, once, and not `take`.
pub(crate) fn check_columns(columns: &[String], limits: &Limits, report: &mut Report) {
    if columns.len() > limits.max_columns {
        let problem = words::too_many_columns(columns.len(), limits.max_columns);
        report.push(problem.within(Place::Rows { row: Some(1), column: None, name: None }));
        return;
    }
    let mut seen = HashMap::new();
    for (index, name) in columns.iter().enumerate() {
        let place = Place::Rows { row: Some(1), column: Some(index + 1), name: Some(name.clone()) };
        if name.trim().is_empty() {
            report.push(words::empty_column_name(index + 1).within(place));
        } else if name == TAKE {
            report.push(template_words::reserved_name(TAKE).within(place));
        } else if let Some(problem) = value_problem(name, limits) {
            report.push(problem.within(place));
        } else if let Some(first) = seen.insert(name.as_str(), index) {
            report.push(words::duplicate_column(name, first + 1).within(place));
        }
    }
}

/// The whole table. True if its cells can be used as columns.
pub(super) fn check(table: &Table, limits: &Limits, report: &mut Report) -> bool {
    let before = report.errors();
    let whole = || Place::Rows { row: None, column: None, name: None };
    check_columns(&table.columns, limits, report);
    if table.rows.is_empty() {
        report.push(words::empty_rows().within(whole()));
    } else if table.rows.len() > limits.max_rows {
        let problem = words::too_many_rows(table.rows.len(), limits.max_rows);
        report.push(problem.within(whole()));
        return false;
    }
    for (index, row) in table.rows.iter().enumerate() {
        if row.len() == table.columns.len() {
            check_cells(index, table, limits, report);
        } else {
            let column = row.len().min(table.columns.len());
            let name = table.columns.get(column).map(String::as_str);
            let problem = words::ragged_row(shown(index), row.len(), table.columns.len());
            report.push(problem.within(cell(index, column, name)));
        }
    }
    let usable = report.errors() == before;
    if usable {
        check_repeats(table, report);
    }
    usable
}

fn check_cells(index: usize, table: &Table, limits: &Limits, report: &mut Report) {
    for (column, value) in table.rows[index].iter().enumerate() {
        if let Some(problem) = value_problem(value, limits) {
            report.push(problem.within(cell(index, column, Some(&table.columns[column]))));
        }
    }
}

fn check_repeats(table: &Table, report: &mut Report) {
    let mut seen: HashMap<&[String], usize> = HashMap::new();
    for (index, row) in table.rows.iter().enumerate() {
        if let Some(first) = seen.insert(row, index) {
            let place = Place::Rows { row: Some(shown(index)), column: None, name: None };
            report.push(words::duplicate_row(shown(index), shown(first)).within(place));
        }
    }
}

/// What is worth saying once it is known which columns the template uses.
pub(super) fn note_use(table: &Table, used: &[bool], report: &mut Report) {
    let unused: Vec<&str> =
        table.columns.iter().zip(used).filter(|(_, u)| !**u).map(|(c, _)| c.as_str()).collect();
    if !unused.is_empty() {
        let place = Place::Rows { row: Some(1), column: None, name: None };
        report.push(selection_words::unused_columns(unused.iter().copied()).within(place));
    }
    let mut seen = HashMap::new();
    for (index, row) in table.rows.iter().enumerate() {
        let mut key = Vec::new();
        for (column, value) in row.iter().enumerate().filter(|(column, _)| used[*column]) {
            key.push(value.as_str());
            if value.trim().is_empty() {
                let name = &table.columns[column];
                let place = cell(index, column, Some(name));
                report.push(selection_words::empty_value(name).within(place));
            }
        }
        if let Some(first) = seen.insert(key, index)
            && !unused.is_empty()
        {
            let place = Place::Rows { row: Some(shown(index)), column: None, name: None };
            report.push(words::rows_repeat_prompt(shown(index), shown(first)).within(place));
        }
    }
}
