//! Named points at which a test can kill this process, as `kill -9` would.
//!
//! `REELMILL_KILL_AT=settle.committed:17` ends the process with SIGKILL when the point has been
//! passed 17 times. Compiled to nothing without the feature `failpoints`.

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

    static TARGET: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);

    pub(super) fn pass(point: &'static str) {
        let target = TARGET.get_or_init(|| {
            let text = std::env::var("REELMILL_KILL_AT").ok()?;
            let (name, nth) = text.rsplit_once(':')?;
            Some((name.to_owned(), nth.parse().ok()?))
        });
        let Some((name, nth)) = target else { return };
        if name == point && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        }
    }
}
