//! Small words of the statements here.

use std::time::Duration;

use sea_orm::Value;

/// Milliseconds of a duration, as the database counts.
pub(super) fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// `$n, $n+1 …` for values that are appended.
pub(super) fn placeholders(
    values: &mut Vec<Value>,
    added: impl IntoIterator<Item = Value>,
) -> String {
    let mut names = Vec::new();
    for value in added {
        values.push(value);
        names.push(format!("${}", values.len()));
    }
    names.join(", ")
}
