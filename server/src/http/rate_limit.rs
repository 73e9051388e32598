//! What responses say about rates: `RateLimit-Policy`, `RateLimit` (draft-ietf-httpapi-ratelimit-headers)
//! and `Retry-After`.
//!
//! The drafted units are requests and bytes; ours are points of query cost, so the unit stands in
//! a parameter of our own.

use std::fmt::Write as _;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::graphql::{Bucket, Report};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Adds the headers of the buckets a request was charged to.
pub(super) fn tell(headers: &mut HeaderMap, report: &Report) {
    if report.buckets.is_empty() {
        return;
    }
    let (mut policy, mut limit) = (String::new(), String::new());
    for bucket in &report.buckets {
        let comma = if policy.is_empty() { "" } else { ", " };
        let window = window_s(bucket);
        let Bucket { name, burst, verdict, .. } = bucket;
        let reset = seconds(verdict.full_after_ms);
        // Writing to a string cannot fail.
        let _ = write!(policy, "{comma}\"{name}\";q={burst};w={window};reelmill-unit=\"points\"");
        let _ = write!(limit, "{comma}\"{name}\";r={};t={reset}", verdict.remaining);
    }
    set(headers, POLICY, &policy);
    set(headers, LIMIT, &limit);
    let refused = report.buckets.iter().filter(|bucket| !bucket.verdict.allowed);
    if let Some(wait) = refused.map(|bucket| seconds(bucket.verdict.retry_after_ms)).max() {
        set(headers, header::RETRY_AFTER, &wait.max(1).to_string());
    }
}

/// Seconds in which an empty bucket fills.
fn window_s(bucket: &Bucket) -> u64 {
    u64::from(bucket.burst).saturating_mul(60).div_ceil(u64::from(bucket.per_minute.max(1)))
}

/// Whole seconds, rounded up: nobody should come back too early.
fn seconds(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0).div_ceil(1000)
}

fn set(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use crate::coord::rate_limiter::Verdict;

    use super::*;

    #[test]
    fn headers_name_every_bucket_and_the_longest_wait() {
        let bucket = |name, allowed, retry_after_ms| Bucket {
            name,
            burst: 100,
            per_minute: 120,
            verdict: Verdict { allowed, remaining: 7, retry_after_ms, full_after_ms: 1_001 },
        };
        let buckets = vec![bucket("user", true, 0), bucket("ip", false, 2_500)];
        let mut headers = HeaderMap::new();
        tell(&mut headers, &Report { cost: 1, buckets });
        let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("-");
        assert_eq!(
            text("ratelimit-policy"),
            "\"user\";q=100;w=50;reelmill-unit=\"points\", \"ip\";q=100;w=50;reelmill-unit=\"points\""
        );
        assert_eq!(text("ratelimit"), "\"user\";r=7;t=2, \"ip\";r=7;t=2");
        assert_eq!(text("retry-after"), "3");
    }
}
