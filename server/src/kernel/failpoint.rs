//! Named points at which a test can kill this process, as `kill -9` would, or hold one task.
//!
//! `REELMILL_KILL_AT=settle.committed:17` ends the process with SIGKILL when the point has been
//! passed 17 times; `REELMILL_HOLD_AT=submit.called:3:4000` keeps the task that passes it for the
//! third time there for 4 s, and its thread with it. Compiled to nothing without the feature `failpoints`.

/// Passes the named point.
#[inline]
pub fn pass(point: &'static str) {
    #[cfg(feature = "failpoints")]
    armed::pass(point);
    #[cfg(not(feature = "failpoints"))]
    let _ = point;
}

#[cfg(feature = "failpoints")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    static KILL: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static HOLD: OnceLock<Option<(String, u64, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    static HELD: AtomicU64 = AtomicU64::new(0);

    pub(super) fn pass(point: &'static str) {
        if let Some((name, nth, ms)) = HOLD.get_or_init(hold)
            && name == point
            && HELD.fetch_add(1, Ordering::SeqCst) + 1 == *nth
        {
            tracing::error!(point, "failpoint.holds");
            std::thread::sleep(Duration::from_millis(*ms));
            tracing::error!(point, "failpoint.lets go");
        }
        let Some((name, nth)) = KILL.get_or_init(kill) else { return };
        if name == point && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        }
    }

    fn kill() -> Option<(String, u64)> {
        let text = std::env::var("REELMILL_KILL_AT").ok()?;
        let (name, nth) = text.rsplit_once(':')?;
        Some((name.to_owned(), nth.parse().ok()?))
    }

    fn hold() -> Option<(String, u64, u64)> {
        let text = std::env::var("REELMILL_HOLD_AT").ok()?;
        let (rest, ms) = text.rsplit_once(':')?;
        let (name, nth) = rest.rsplit_once(':')?;
        Some((name.to_owned(), nth.parse().ok()?, ms.parse().ok()?))
    }
}
