//! Named points at which a test can kill this process, as `kill -9` would, or hold one task.
//!
//! `REELMILL_KILL_AT=settle.committed:17` ends the process with SIGKILL when the point has been
//! passed 17 times; `REELMILL_HOLD_AT=submit.called:3:/somewhere/go` keeps the task that passes it
//! for the third time there until that file exists: a test waits for what must have happened
//! elsewhere, not for a time in which it should have. Compiled to nothing without the feature
//! `failpoints`.

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
    use std::path::{Path, PathBuf};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use tokio::runtime::{Handle, RuntimeFlavor};

    static KILL: OnceLock<Option<(String, u64)>> = OnceLock::new();
    static HOLD: OnceLock<Option<(String, u64, PathBuf)>> = OnceLock::new();
    static PASSED: AtomicU64 = AtomicU64::new(0);
    static HELD: AtomicU64 = AtomicU64::new(0);
    /// How often one that is held looks whether it may go.
    const LOOK: Duration = Duration::from_millis(20);

    pub(super) fn pass(point: &'static str) {
        if let Some((name, nth, go)) = HOLD.get_or_init(hold)
            && name == point
            && HELD.fetch_add(1, Ordering::SeqCst) + 1 == *nth
        {
            tracing::error!(point, "failpoint.holds");
            wait_for(go);
            tracing::error!(point, "failpoint.lets go");
        }
        let Some((name, nth)) = KILL.get_or_init(kill) else { return };
        if name == point && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth {
            let me = rustix::process::getpid();
            let _ = rustix::process::kill_process(me, rustix::process::Signal::KILL);
        }
    }

    /// One task is held, not what is queued behind it on its thread: a task that it woke just
    /// before waits where no other thread takes it, and may be the one that everybody waits for.
    fn wait_for(go: &Path) {
        let wait = || {
            while !go.exists() {
                std::thread::sleep(LOOK);
            }
        };
        let flavor = Handle::try_current().map(|runtime| runtime.runtime_flavor());
        match flavor {
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(wait),
            _ => wait(),
        }
    }

    fn kill() -> Option<(String, u64)> {
        let text = std::env::var("REELMILL_KILL_AT").ok()?;
        let (name, nth) = text.rsplit_once(':')?;
        Some((name.to_owned(), nth.parse().ok()?))
    }

    fn hold() -> Option<(String, u64, PathBuf)> {
        let text = std::env::var("REELMILL_HOLD_AT").ok()?;
        let (name, rest) = text.split_once(':')?;
        let (nth, go) = rest.split_once(':')?;
        Some((name.to_owned(), nth.parse().ok()?, PathBuf::from(go)))
    }
}
