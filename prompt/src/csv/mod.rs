//! CSV as people really send it: with or without a byte-order mark, in UTF-8, UTF-16 or GB18030,
//! separated by commas, semicolons or tabs, with line breaks in quotes.
//!
//! What is certain is simply read and named in a notice; what is not is an error naming row and
//! column as a spreadsheet shows them (the header is row 1). Cells are kept as they are, column
//! names are trimmed. Full-width commas are text.

mod encoding;
mod records;
mod separator;
mod utf16;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::problem::{Place, Problem, Report};
use crate::selection::Table;
use crate::template::is_control;
use crate::words::template::control_character;
use crate::words::{csv as words, rows as rows_words};
use records::Record;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet {
    /// Its header and rows.
    pub table: Table,
    /// What is worth saying: encoding, separator, rows left out.
    pub notices: Vec<Problem>,
}

/// Reads a CSV file.
///
/// # Errors
/// Every problem found; bytes that are no text end the reading.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Sheet, Vec<Problem>> {
    let mut report = Report::new(limits.max_problems);
    if bytes.len() > limits.max_csv_bytes {
        let problem = words::too_large(bytes.len(), limits.max_csv_bytes);
        report.push(problem.within(Place::File));
        return Err(report.finish().err().unwrap_or_default());
    }
    let text = match encoding::decode(bytes) {
        Ok(decoded) => {
            if let Some(name) = decoded.notice {
                report.push(words::encoding(name).within(Place::File));
            }
            decoded.text
        }
        Err(broken) => {
            let (row, column) = records::place_of_end(&broken.before);
            report.push(words::undecodable(row, column, broken.encoding).within(at(row, column)));
            return Err(report.finish().err().unwrap_or_default());
        }
    };
    let table = table(&text, limits, &mut report);
    report.finish().map(|notices| Sheet { table, notices })
}

pub(crate) fn at(row: usize, column: usize) -> Place {
    Place::Rows { row: Some(row), column: Some(column), name: None }
}

fn table(text: &str, limits: &Limits, report: &mut Report) -> Table {
    let separator = separator::guess(text);
    if separator != ',' {
        report.push(words::separator(separator).within(Place::File));
    }
    let mut records = records::Records::new(text, separator);
    // Lines before the header that hold nothing are skipped like any others.
    let Some(header) = records.by_ref().find(|record| !record.is_blank()) else {
        report.push(words::empty().within(Place::File));
        return Table::default();
    };
    note_broken(&header, report);
    let columns: Vec<String> =
        header.cells.iter().map(|cell| cell.text.trim().to_owned()).collect();
    if columns.len() == 1 && columns[0].contains(['，', '；']) {
        report.push(words::fullwidth_separator().within(at(header.row, 1)));
    }
    crate::compile::check_columns(&columns, limits, report);
    let mut table = Table { columns, rows: Vec::new() };
    let mut blank = 0;
    for record in records {
        if record.is_blank() {
            blank += 1;
        } else if table.rows.len() == limits.max_rows {
            let problem = rows_words::too_many_rows(table.rows.len() + 1, limits.max_rows);
            report.push(problem.within(Place::File));
            break;
        } else {
            add_row(record, &mut table, report);
        }
    }
    if blank > 0 {
        report.push(words::blank_rows(blank).within(Place::File));
    }
    if table.rows.is_empty() && report.errors() == 0 {
        report.push(rows_words::empty_rows().within(Place::File));
    }
    table
}

fn add_row(record: Record, table: &mut Table, report: &mut Report) {
    note_broken(&record, report);
    let (cells, columns) = (record.cells.len(), table.columns.len());
    if cells != columns {
        let column = cells.min(columns);
        let place = Place::Rows {
            row: Some(record.row),
            column: Some(column + 1),
            name: table.columns.get(column).cloned(),
        };
        report.push(rows_words::ragged_row(record.row, cells, columns).within(place));
    }
    for (index, cell) in record.cells.iter().enumerate() {
        if let Some(hidden) = cell.text.chars().find(|c| is_control(*c)) {
            let name = table.columns.get(index).cloned();
            let place = Place::Rows { row: Some(record.row), column: Some(index + 1), name };
            report.push(control_character(hidden).within(place));
        }
    }
    table.rows.push(record.cells.into_iter().map(|cell| cell.text).collect());
}

/// Reports cells whose quotes make no sense.
fn note_broken(record: &Record, report: &mut Report) {
    for (index, cell) in record.cells.iter().enumerate() {
        let place = at(record.row, index + 1);
        match cell.fault {
            None => {}
            Some(records::Fault::UnclosedQuote) => {
                report.push(words::unclosed_quote(record.row, index + 1).within(place));
            }
            Some(records::Fault::TextAfterQuote) => {
                report.push(words::text_after_quote(record.row, index + 1).within(place));
            }
        }
    }
}
