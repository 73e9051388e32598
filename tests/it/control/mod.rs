//! Control over a running batch: gates, pilots, stop-loss, rounds; what each does to the money, and
//! who wins when two decide at once.

mod pause;
