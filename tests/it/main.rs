//! Integration suites of Reelmill, black box where possible. Every database suite runs on SQLite
//! and on PostgreSQL through [`harness::both!`]. `cargo xtask test` starts a private PostgreSQL
//! and sets `REELMILL_TEST_POSTGRES`; without it the PostgreSQL half fails and says so.

mod harness;

mod access;
mod api;
mod batches;
mod bulk;
mod control;
mod coord;
mod dependencies;
mod doctor;
mod hostile;
mod kill;
mod line;
mod logs;
mod offers;
mod operation;
mod plans;
mod records;
mod stress;
mod templates;
mod tidy;
mod value_lists;
mod vouchers;
mod wallet;
mod watermark;
