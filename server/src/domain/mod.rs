//! The nouns of Reelmill. One folder each, with the same files in each:
//! `mod.rs` (use-cases), `model.rs` (pure decisions), `repo.rs` (the only queries), `error.rs`.
//!
//! Who may import whom, only to the left:
//! `access` ← `offers`; `access` ← `plans` ← `templates`, `media` ← `wallet` ← `batches`, `onboarding`;
//! `batches` ← `collect`.

pub mod access;
pub mod batches;
pub mod collect;
pub mod media;
pub mod offers;
pub mod onboarding;
pub mod plans;
pub mod templates;
pub mod value_lists;
pub mod vouchers;
pub mod wallet;
