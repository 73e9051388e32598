//! The only queries of the wallet: [`lock`] takes wallets, [`load`] reads what a booking needs,
//! [`write`] holds the bulk statements, [`list`] serves the API.

pub(super) mod limits;
pub(super) mod list;
pub(super) mod load;
pub(super) mod lock;
pub(super) mod spend;
pub(super) mod write;
