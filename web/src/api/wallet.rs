//! Credits: what there is and how it came about.

use super::scalars::{DateTime, Long, PageInfo};
use super::schema;

/// Variables of [`Balance`].
#[derive(cynic::QueryVariables, Debug)]
pub struct BalanceVariables {
    /// Where.
    pub workspace: cynic::Id,
}

/// What the header shows.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "BalanceVariables")]
pub struct Balance {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: Standing,
}

/// Wallet and plan of a workspace.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
#[cynic(graphql_type = "Workspace")]
pub struct Standing {
    /// Its plan.
    pub plan: Plan,
    /// Its live wallet.
    pub wallet: Wallet,
}

/// A plan.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Plan {
    /// What workspaces name.
    pub code: String,
    /// Shown.
    pub title: String,
    /// Its limits.
    pub entitlement: Entitlement,
}

/// The limits a plan grants.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Entitlement {
    /// Most videos in one batch.
    pub max_videos_per_batch: Long,
    /// Most videos launched in a day.
    pub max_videos_per_day: Long,
    /// Most unsettled batches at once.
    pub max_open_batches: Long,
    /// Most videos in flight at once.
    pub concurrency: Long,
    /// Whether videos carry the mark.
    pub watermark: bool,
}

/// A workspace's credits.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// Can be spent now.
    pub available: Long,
    /// Frozen.
    pub held: Long,
    /// Owed.
    pub debt: Long,
    /// What the workspace set itself.
    pub limits: LowSince,
}

/// Whether little is left.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq, Eq)]
#[cynic(graphql_type = "SpendLimits")]
pub struct LowSince {
    /// Since when less than wanted is available.
    pub low_since: Option<DateTime>,
}

/// Variables of [`LedgerPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct LedgerVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// Of one kind.
    pub kind: Option<TransferKind>,
    /// Of one batch.
    pub batch: Option<cynic::Id>,
    /// The next page.
    pub after: Option<String>,
}

/// Transfers, newest first.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "LedgerVariables")]
pub struct LedgerPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: LedgerOf,
}

/// The ledger of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "LedgerVariables")]
pub struct LedgerOf {
    /// Its live wallet.
    pub wallet: WalletLedger,
}

/// The ledger of a wallet.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Wallet", variables = "LedgerVariables")]
pub struct WalletLedger {
    /// One page.
    #[arguments(first: 50, after: $after, kind: $kind, batchId: $batch)]
    pub ledger: LedgerConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "LedgerEntryConnection")]
pub struct LedgerConnection {
    /// Where it goes on.
    pub page_info: PageInfo,
    /// The transfers.
    pub nodes: Vec<LedgerEntry>,
}

/// One transfer.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct LedgerEntry {
    /// Number in this wallet.
    pub number: Long,
    /// What happened.
    pub kind: TransferKind,
    /// From.
    pub debit_account: Account,
    /// To.
    pub credit_account: Account,
    /// How much.
    pub amount: Long,
    /// Available after this transfer.
    pub available_after: Long,
    /// Held after this transfer.
    pub held_after: Long,
    /// The batch it belongs to.
    pub batch_id: Option<cynic::Id>,
    /// What happened, in the language asked for.
    pub description: String,
    /// What whoever granted or adjusted wrote.
    pub note: Option<String>,
    /// When.
    pub created_at: DateTime,
}

/// What a transfer records.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Credits came in.
    Grant,
    /// Available to held.
    Freeze,
    /// A delivered video was charged.
    Capture,
    /// Held to available.
    Release,
    /// Credits lapsed.
    Expire,
    /// An operator's correction.
    Adjust,
    /// Debt made or paid.
    Debt,
}

/// Accounts of the ledger.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// Can be spent.
    Available,
    /// Frozen.
    Held,
    /// Owed.
    Debt,
    /// Where grants come from.
    Issued,
    /// Where captures go.
    Revenue,
    /// Where lapsed credits go.
    Breakage,
    /// Corrections.
    Adjustment,
}

/// Variables of [`LotsPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct LotsVariables {
    /// Where.
    pub workspace: cynic::Id,
}

/// Grants of credits, newest first.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "LotsVariables")]
pub struct LotsPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: LotsOf,
}

/// The lots of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace")]
pub struct LotsOf {
    /// Its live wallet.
    pub wallet: WalletLots,
}

/// The lots of a wallet.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Wallet")]
pub struct WalletLots {
    /// One page.
    #[arguments(first: 20)]
    pub lots: LotConnection,
}

/// One page.
#[derive(cynic::QueryFragment, Debug)]
pub struct LotConnection {
    /// The lots.
    pub nodes: Vec<Lot>,
}

/// One grant of credits.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Lot {
    /// `lot_…`.
    pub id: cynic::Id,
    /// Where it came from.
    pub source: LotSource,
    /// Size.
    pub granted: Long,
    /// Free to be frozen.
    pub remaining: Long,
    /// Part of open holds.
    pub held: Long,
    /// Charged.
    pub consumed: Long,
    /// When the rest lapses.
    pub expires_at: Option<DateTime>,
}

/// Where a lot came from.
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LotSource {
    /// Sign-up.
    Trial,
    /// Given away.
    Promo,
    /// Part of a plan's period.
    Subscription,
    /// Bought.
    Purchase,
    /// Set right by an operator.
    Adjustment,
    /// Released from a lot that had expired.
    Grace,
}
