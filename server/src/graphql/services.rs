//! The use-cases that resolvers call. Built once, in `app`.

use super::rate::Rates;
use crate::domain::access::Access;
use crate::domain::batches::Batches;
use crate::domain::collect::Collect;
use crate::domain::media::Media;
use crate::domain::onboarding::Onboarding;
use crate::domain::plans::Plans;
use crate::domain::templates::Templates;
use crate::domain::value_lists::ValueLists;
use crate::domain::vouchers::Vouchers;
use crate::domain::wallet::{Statements, Wallet};

/// Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// People, sessions, members, workspaces.
    pub access: Access,
    /// Sign-up.
    pub onboarding: Onboarding,
    /// Plans and prices.
    pub plans: Plans,
    /// Templates.
    pub templates: Templates,
    /// Credits.
    pub wallet: Wallet,
    /// Ledgers as files.
    pub statements: Statements,
    /// Saved lists of values.
    pub value_lists: ValueLists,
    /// Codes worth credits.
    pub vouchers: Vouchers,
    /// Quotes, batches, videos.
    pub batches: Batches,
    /// Files.
    pub media: Media,
    /// Archives and shares.
    pub collect: Collect,
    /// Request rates.
    pub rates: Rates,
}
