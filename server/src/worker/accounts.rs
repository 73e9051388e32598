//! What accounts leave behind: uses of sessions to be written down, ended sessions and links, the
//! trial counts of past days. Doing it twice changes nothing.

use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::domain::access::Access;
use crate::domain::onboarding::Onboarding;
use crate::kernel::error::ApiError;

/// A session's use is written down to the minute, so this is often enough.
const EVERY: Duration = Duration::from_secs(60);

/// Sweeps once a minute until `stop`, and a last time then.
pub async fn run(access: Access, onboarding: Onboarding, stop: CancellationToken) {
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let stopping = tokio::select! {
            biased;
            () = stop.cancelled() => true,
            _ = every.tick() => false,
        };
        report("sessions and links", access.sweep().await);
        report("trial counts", onboarding.sweep().await);
        if stopping {
            return;
        }
    }
}

fn report(what: &'static str, done: Result<u64, impl Into<ApiError>>) {
    if let Err(error) = done {
        let error = error.into();
        let inside = error.internal_text().unwrap_or_else(|| error.code().as_str());
        metrics::counter!("reelmill_sweep_failures_total").increment(1);
        tracing::error!(error = inside, "sweep of {what} failed");
    }
}
