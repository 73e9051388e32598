//! Bytes in, a table out: nothing panics, and a table that is given is whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use prompt::{Limits, csv};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits { max_rows: 20, max_columns: 8, ..Limits::default() };
    match csv::read(bytes, &limits) {
        Ok(sheet) => {
            let width = sheet.table.columns.len();
            assert!(0 < width && width <= limits.max_columns);
            assert!(!sheet.table.rows.is_empty() && sheet.table.rows.len() <= limits.max_rows);
            assert!(sheet.table.rows.iter().all(|row| row.len() == width));
            assert!(sheet.table.columns.iter().all(|name| !name.is_empty()));
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            assert!(problems.iter().all(|p| !p.en.is_empty() && p.place.is_some()));
        }
    }
});
