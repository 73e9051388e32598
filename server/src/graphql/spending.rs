//! What a wallet spent, what it may spend, and its statements.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::WorkspaceId;
use entity::values::Credits;

use super::call::{Call, ContextExt as _};
use super::error::Answer;
use super::scalars::{Date, DateTime, Long, id};
use super::words::{ModeWord, TransferKindWord};
use crate::domain::access::Action;
use crate::domain::wallet::{LimitsSeen, NewLimits, Spend, SpendAsked, StatementAsked};
use crate::kernel::language::Language;

/// What was charged in a period, three times added up.
#[derive(SimpleObject)]
#[graphql(name = "Spend")]
pub struct SpendShown {
    /// Of all.
    total: Long,
    /// Every day in order, also those without any.
    days: Vec<SpentDay>,
    /// By model, most first.
    models: Vec<SpentModel>,
    /// By template, most first.
    templates: Vec<SpentTemplate>,
}

/// One day of the asker's time zone.
#[derive(SimpleObject)]
pub struct SpentDay {
    /// Which.
    day: Date,
    /// Charged.
    credits: Long,
    /// Delivered.
    videos: Long,
}

/// One model.
#[derive(SimpleObject)]
pub struct SpentModel {
    /// Its code.
    model: String,
    /// Charged.
    credits: Long,
    /// Delivered.
    videos: Long,
}

/// One template.
#[derive(SimpleObject)]
pub struct SpentTemplate {
    /// Opaque id, `tpl_…`.
    template_id: ID,
    /// As it is called now.
    name: String,
    /// Charged.
    credits: Long,
    /// Delivered.
    videos: Long,
}

impl From<Spend> for SpendShown {
    fn from(spend: Spend) -> Self {
        let days = spend.days.into_iter().map(|row| SpentDay {
            day: Date(row.key),
            credits: row.credits.into(),
            videos: row.videos.into(),
        });
        let models = spend.models.into_iter().map(|row| SpentModel {
            model: row.key,
            credits: row.credits.into(),
            videos: row.videos.into(),
        });
        let templates = spend.templates.into_iter().map(|row| SpentTemplate {
            template_id: row.key.0.into(),
            name: row.key.1,
            credits: row.credits.into(),
            videos: row.videos.into(),
        });
        Self {
            total: spend.total.into(),
            days: days.collect(),
            models: models.collect(),
            templates: templates.collect(),
        }
    }
}

/// Which days a wallet's spend is asked for.
pub struct SpendRange {
    /// In which wallet.
    pub mode: entity::enums::Mode,
    /// First and last day.
    pub days: (Date, Date),
    /// IANA name.
    pub time_zone: String,
}

impl From<SpendRange> for SpendAsked {
    fn from(range: SpendRange) -> Self {
        let (from, to) = range.days;
        Self { mode: range.mode, from: from.0, to: to.0, time_zone: range.time_zone }
    }
}

/// Limits that the workspace set itself, and how much of them is used.
#[derive(SimpleObject)]
#[graphql(name = "SpendLimits")]
pub struct LimitsShown {
    /// Most credits launched in a UTC day; none without it.
    daily_credits: Option<Long>,
    /// Most credits launched in a UTC month; none without it.
    monthly_credits: Option<Long>,
    /// Told when less than this is available; never without it.
    low_balance: Option<Long>,
    /// Since when less than that is available; null while there is enough.
    low_since: Option<DateTime>,
    /// Launched today, less what was given back.
    used_today: Long,
    /// Launched this month, less what was given back.
    used_this_month: Long,
    /// When the day's count begins anew.
    day_ends_at: DateTime,
    /// When the month's count begins anew.
    month_ends_at: DateTime,
}

impl From<LimitsSeen> for LimitsShown {
    fn from(seen: LimitsSeen) -> Self {
        Self {
            daily_credits: seen.limits.daily.map(Long::from),
            monthly_credits: seen.limits.monthly.map(Long::from),
            low_balance: seen.limits.low_balance.map(Long::from),
            low_since: seen.low_since.map(DateTime),
            used_today: seen.used_today.into(),
            used_this_month: seen.used_this_month.into(),
            day_ends_at: seen.day_ends_at.into(),
            month_ends_at: seen.month_ends_at.into(),
        }
    }
}

/// Limits as they shall be; what is left out is no limit.
#[derive(InputObject)]
pub struct SetSpendLimitsInput {
    /// Where.
    workspace_id: ID,
    /// In which wallet.
    #[graphql(default_with = "ModeWord::Live")]
    mode: ModeWord,
    /// Most credits launched in a UTC day.
    daily_credits: Option<Long>,
    /// Most credits launched in a UTC month.
    monthly_credits: Option<Long>,
    /// Told when less than this is available.
    low_balance: Option<Long>,
}

/// The limits as they are now.
#[derive(SimpleObject)]
pub struct SetSpendLimitsPayload {
    /// With what is used of them.
    limits: LimitsShown,
}

/// Which rows a statement shall hold.
#[derive(InputObject)]
pub struct CreateStatementLinkInput {
    /// Where.
    workspace_id: ID,
    /// Of which wallet.
    #[graphql(default_with = "ModeWord::Live")]
    mode: ModeWord,
    /// From this moment on.
    from: DateTime,
    /// Up to and without this moment.
    to: DateTime,
    /// Only this kind.
    kind: Option<TransferKindWord>,
    /// Only this batch.
    batch_id: Option<ID>,
    /// `en` or `zh-CN`; the request's language without it.
    lang: Option<String>,
    /// Of the times in it: a name such as `Asia/Shanghai`.
    #[graphql(default = "UTC")]
    time_zone: String,
}

/// A way to a statement. Whoever holds it may fetch the file until it ends.
#[derive(SimpleObject)]
pub struct StatementLinkPayload {
    /// Path on this server.
    url: String,
    /// Useless from here on.
    expires_at: DateTime,
}

/// Writes.
#[derive(Default)]
pub struct SpendingMutations;

#[Object]
impl SpendingMutations {
    /// Sets what may be spent and when to tell of a low balance. For admins.
    async fn set_spend_limits(
        &self,
        ctx: &Context<'_>,
        input: SetSpendLimitsInput,
    ) -> Answer<SetSpendLimitsPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::EditLimits).await?;
        let mode = input.mode.into();
        let seen = call.services.wallet.set_limits(&scope, mode, input.read()).await?;
        Ok(SetSpendLimitsPayload { limits: seen.into() })
    }

    /// Makes a link to the ledger's rows of a period as CSV, good for ten minutes.
    async fn create_statement_link(
        &self,
        ctx: &Context<'_>,
        input: CreateStatementLinkInput,
    ) -> Answer<StatementLinkPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ReadMoney).await?;
        let link = call.services.statements.link(&scope, &input.read(call)?).await?;
        let url = format!("/statements/{}", link.token);
        Ok(StatementLinkPayload { url, expires_at: link.expires_at.into() })
    }
}

impl SetSpendLimitsInput {
    fn read(&self) -> NewLimits {
        let credits = |amount: Option<Long>| amount.map(|amount| Credits(amount.0));
        NewLimits {
            daily: credits(self.daily_credits),
            monthly: credits(self.monthly_credits),
            low_balance: credits(self.low_balance),
        }
    }
}

impl CreateStatementLinkInput {
    fn read(self, call: &Call) -> Answer<StatementAsked> {
        let spoken = call.caller().language;
        Ok(StatementAsked {
            mode: self.mode.into(),
            from: self.from.0,
            until: self.to.0,
            kind: self.kind.map(Into::into),
            batch_id: self.batch_id.map(|text| id("batchId", &text)).transpose()?,
            language: self.lang.as_deref().map_or(spoken, Language::from_header),
            time_zone: self.time_zone,
        })
    }
}
