//! The wallet: against an oracle, under concurrency, and with damage that the ledger check finds.

mod checks;
mod damage;
mod guards;
mod histories;
mod oracle;
mod races;
pub mod stage;
