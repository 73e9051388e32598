//! What processes tell each other: which lanes have work, who asks too often, what changed.
//!
//! Invariant: nothing here is a record. Every part may be emptied or lost at any moment; hints are
//! found again by the sweep, revisions are read from the database, and only rate-limit buckets
//! start afresh.
//!
//! Each part is a closed enum over its implementations, so that a fleet's (Redis) is one more
//! variant and the compiler finds every place that has to know. Methods are `async` for its sake.

pub mod event_bus;
pub mod rate_limiter;
pub mod work_queue;

pub use event_bus::EventBus;
pub use rate_limiter::RateLimiter;
pub use work_queue::WorkQueue;
