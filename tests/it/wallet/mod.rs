//! The wallet: against an oracle, under concurrency, and with damage that the ledger check finds.

mod histories;
mod oracle;
mod stage;
