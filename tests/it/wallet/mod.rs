//! The wallet: against an oracle, under concurrency, and with damage that the ledger check finds.

mod damage;
mod histories;
mod oracle;
mod stage;
