//! Time as a parameter. Leases are the exception: they use the database's clock (`db::dialect`).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entity::values::UnixMs;

/// Where "now" comes from.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that only moves when told to; clones share it.
    #[must_use]
    pub fn manual(start: UnixMs) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> UnixMs {
        match &self.0 {
            Source::System => system_now(),
            Source::Manual(ms) => UnixMs(ms.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward; a system clock is left alone.
    pub fn advance_ms(&self, ms: i64) {
        if let Source::Manual(now) = &self.0 {
            now.fetch_add(ms, Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
fn system_now() -> UnixMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixMs(since.map_or(0, |passed| i64::try_from(passed.as_millis()).unwrap_or(i64::MAX)))
}

/// RFC 3339 text of a moment, in UTC with milliseconds.
#[must_use]
pub fn rfc3339(at: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map_or_else(|_| String::from("-"), |stamp| format!("{stamp:.3}"))
}
