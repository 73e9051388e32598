//! What was spent, what may be, statements, vouchers.

use super::scalars::{DateTime, Long, PlaceVariablesFields};
use super::schema;
use super::wallet::TransferKind;

/// A day of a calendar.
#[derive(cynic::Scalar, Clone, Debug, PartialEq, Eq)]
pub struct Date(pub String);

/// Variables of [`SpendPage`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SpendVariables {
    /// Where.
    pub workspace: cynic::Id,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The reader's.
    pub zone: String,
}

/// What was spent.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "SpendVariables")]
pub struct SpendPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: SpendOf,
}

/// In a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace", variables = "SpendVariables")]
pub struct SpendOf {
    /// Its live wallet.
    pub wallet: WalletSpend,
}

/// From a wallet.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Wallet", variables = "SpendVariables")]
pub struct WalletSpend {
    /// In the period.
    #[arguments(from: $from, to: $to, timeZone: $zone)]
    pub spend: Spend,
}

/// What was charged in a period.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct Spend {
    /// Of all.
    pub total: Long,
    /// Every day.
    pub days: Vec<SpentDay>,
    /// Most first.
    pub models: Vec<SpentModel>,
    /// Most first.
    pub templates: Vec<SpentTemplate>,
}

/// One day.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SpentDay {
    /// Which.
    pub day: Date,
    /// Charged.
    pub credits: Long,
    /// Delivered.
    pub videos: Long,
}

/// One model.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SpentModel {
    /// Its code.
    pub model: String,
    /// Charged.
    pub credits: Long,
    /// Delivered.
    pub videos: Long,
}

/// One template.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SpentTemplate {
    /// As it is called now.
    pub name: String,
    /// Charged.
    pub credits: Long,
    /// Delivered.
    pub videos: Long,
}

/// The limits of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Query", variables = "PlaceVariables")]
pub struct LimitsPage {
    /// Where.
    #[arguments(id: $workspace)]
    pub workspace: LimitsOf,
}

/// Of a workspace.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Workspace")]
pub struct LimitsOf {
    /// Its live wallet.
    pub wallet: WalletLimits,
}

/// Of a wallet.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Wallet")]
pub struct WalletLimits {
    /// As set.
    pub limits: SpendLimits,
}

/// Limits and what is used of them.
#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]
pub struct SpendLimits {
    /// Most a day.
    pub daily_credits: Option<Long>,
    /// Most a month.
    pub monthly_credits: Option<Long>,
    /// Told when less is available.
    pub low_balance: Option<Long>,
    /// Launched today.
    pub used_today: Long,
    /// Launched this month.
    pub used_this_month: Long,
}

/// Variables of [`SetSpendLimits`].
#[derive(cynic::QueryVariables, Debug)]
pub struct SetSpendLimitsVariables {
    /// As they shall be.
    pub input: SetSpendLimitsInput,
}

/// Limits as they shall be.
#[derive(cynic::InputObject, Debug)]
pub struct SetSpendLimitsInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// Most a day.
    pub daily_credits: Option<Long>,
    /// Most a month.
    pub monthly_credits: Option<Long>,
    /// Told when less is available.
    pub low_balance: Option<Long>,
}

/// Sets the limits.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "SetSpendLimitsVariables")]
pub struct SetSpendLimits {
    /// The answer.
    #[arguments(input: $input)]
    pub set_spend_limits: SetSpendLimitsPayload,
}

/// The limits as they are now.
#[derive(cynic::QueryFragment, Debug)]
pub struct SetSpendLimitsPayload {
    /// With what is used of them.
    pub limits: SpendLimits,
}

/// Variables of [`CreateStatementLink`].
#[derive(cynic::QueryVariables, Debug)]
pub struct CreateStatementLinkVariables {
    /// Which rows.
    pub input: CreateStatementLinkInput,
}

/// Which rows a statement shall hold.
#[derive(cynic::InputObject, Debug)]
pub struct CreateStatementLinkInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// From this moment on.
    pub from: DateTime,
    /// Up to and without this moment.
    pub to: DateTime,
    /// Only this kind.
    pub kind: Option<TransferKind>,
    /// Only this batch.
    pub batch_id: Option<cynic::Id>,
    /// `en` or `zh-CN`.
    pub lang: Option<String>,
    /// The reader's.
    pub time_zone: String,
}

/// Makes a way to a statement.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "CreateStatementLinkVariables")]
pub struct CreateStatementLink {
    /// The answer.
    #[arguments(input: $input)]
    pub create_statement_link: StatementLinkPayload,
}

/// A way to a statement.
#[derive(cynic::QueryFragment, Debug)]
pub struct StatementLinkPayload {
    /// Path on this server.
    pub url: String,
}

/// Variables of [`RedeemVoucher`].
#[derive(cynic::QueryVariables, Debug)]
pub struct RedeemVoucherVariables {
    /// Which code.
    pub input: RedeemVoucherInput,
}

/// A code that is taken.
#[derive(cynic::InputObject, Debug)]
pub struct RedeemVoucherInput {
    /// Where.
    pub workspace_id: cynic::Id,
    /// As typed.
    pub code: String,
}

/// Takes a voucher.
#[derive(cynic::QueryFragment, Debug)]
#[cynic(graphql_type = "Mutation", variables = "RedeemVoucherVariables")]
pub struct RedeemVoucher {
    /// The answer.
    #[arguments(input: $input)]
    pub redeem_voucher: RedeemVoucherPayload,
}

/// What the code brought.
#[derive(cynic::QueryFragment, Debug)]
pub struct RedeemVoucherPayload {
    /// Credits granted.
    pub credits: Long,
}
