//! The one place that looks inside a `DbErr`.

use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};

/// Errors that can tell whether the whole transaction may be tried again.
pub trait MayRetry {
    /// True when the database refused the transaction for reasons that pass.
    fn is_retryable(&self) -> bool;
}

impl MayRetry for DbErr {
    fn is_retryable(&self) -> bool {
        // PostgreSQL: serialization failure, deadlock. SQLite: BUSY and BUSY_SNAPSHOT.
        matches!(code(self).as_deref(), Some("40001" | "40P01" | "5" | "517"))
    }
}

/// True when a unique index refused the row.
#[must_use]
pub fn is_unique_violation(error: &DbErr) -> bool {
    matches!(code(error).as_deref(), Some("23505" | "2067" | "1555"))
}

/// Waiting time before try `tries + 1`: 5 ms doubling to 320 ms, with jitter from the clock's lowest bits.
#[must_use]
pub fn backoff(tries: u32) -> Duration {
    let base = 5_u64 << tries.min(6);
    let mut byte = [0_u8; 1];
    // Without randomness the wait is merely less spread out.
    let _ = getrandom::fill(&mut byte);
    Duration::from_millis(base / 2 + base * u64::from(byte[0]) / 512)
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(inner) | DbErr::Query(inner) | DbErr::Conn(inner)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(cause) = inner else { return None };
    cause.as_database_error().and_then(|refusal| refusal.code()).map(|code| code.into_owned())
}
