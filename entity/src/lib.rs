//! The tables of Reelmill as SeaORM entities, their stored enums, id newtypes and number newtypes.
//!
//! Nothing here decides anything: state changes are guarded statements in the server's `repo` files,
//! and the schema itself (constraints, partial indexes, triggers) lives in `migration`.
//! Deliberately absent: relations, active-model hooks, serde on rows. An API type is never a row.

pub mod access_log;
pub mod asset;
pub mod attempt;
pub mod audit;
pub mod batch_item;
pub mod batch_job;
pub mod credit_hold;
pub mod credit_hold_item;
pub mod credit_hold_lot;
pub mod credit_ledger;
pub mod credit_lot;
pub mod credit_wallet;
pub mod daily_allowance;
pub mod enums;
pub mod idempotency_key;
pub mod ids;
pub mod lane;
pub mod membership;
pub mod model_price;
pub mod one_time_link;
pub mod open_batch;
pub mod outbox;
pub mod provider_counter;
pub mod provider_key;
pub mod quote;
pub mod session;
pub mod share_link;
pub mod spend_limit;
pub mod template;
pub mod template_version;
pub mod trial_allowance;
pub mod user;
pub mod value_list;
pub mod values;
pub mod video_mark;
pub mod voucher;
pub mod voucher_use;
pub mod workspace;
pub mod zip_order;
