//! A progress line per step, with the time it took.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Runs one step between two lines: what is done, and how long it took.
///
/// # Errors
/// What the step failed with, after a line that says so.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    eprintln!("→ {what}");
    let started = Instant::now();
    let outcome = work();
    let took = seconds(started.elapsed());
    match outcome {
        Ok(_) => eprintln!("✓ {what} ({took})"),
        Err(_) => eprintln!("✗ {what} ({took})"),
    }
    outcome
}

/// Says something between two steps.
pub fn note(words: &str) {
    eprintln!("  {words}");
}

/// A duration as people read it: `0.4 s`, `1 min 05 s`.
pub fn seconds(time: Duration) -> String {
    let tenths = time.as_millis().div_ceil(100);
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let whole = time.as_secs();
    format!("{} min {:02} s", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        for (ms, words) in
            [(0, "0.0 s"), (340, "0.4 s"), (59_000, "59.0 s"), (65_000, "1 min 05 s")]
        {
            assert_eq!(seconds(Duration::from_millis(ms)), words);
        }
    }
}
