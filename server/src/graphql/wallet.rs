//! Wallets: balance, lots, ledger; grants and adjustments by the operator.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::credit_ledger::Model as Transfer;
use entity::credit_lot::Model as Lot;
use entity::ids::WorkspaceId;

use super::call::ContextExt as _;
use super::error::Answer;
use super::page::{Listed, args, listed};
use super::scalars::{Date, DateTime, Long, id};
use super::spending::{LimitsShown, SpendRange, SpendShown};
use super::words::{AccountWord, LedgerEventWord, LotSourceWord, ModeWord, TransferKindWord};
use crate::domain::access::Scope;
use crate::domain::wallet::{
    AdjustOrder, Balance, BatchCredits, GrantOrder, LedgerEvent, LedgerFilter, event,
};

/// A workspace's credits in one mode.
pub struct WalletShown {
    /// Where; made for reading money.
    pub scope: Scope,
    /// What it holds.
    pub balance: Balance,
}

/// A workspace's credits in one mode.
#[Object(name = "Wallet")]
impl WalletShown {
    /// Live or test; the two never meet.
    async fn mode(&self) -> ModeWord {
        self.balance.mode.into()
    }
    /// Credits that can be spent now.
    async fn available(&self) -> Long {
        self.balance.available.into()
    }
    /// Credits frozen for videos that have not ended.
    async fn held(&self) -> Long {
        self.balance.held.into()
    }
    /// Credits owed; paid first by the next grant.
    async fn debt(&self) -> Long {
        self.balance.debt.into()
    }
    /// Limits that the workspace set itself, and how much of them is used.
    async fn limits(&self, ctx: &Context<'_>) -> Answer<LimitsShown> {
        let wallet = &ctx.call()?.services.wallet;
        Ok(wallet.limits(&self.scope, self.balance.mode).await?.into())
    }
    /// What was charged from the first to the last day, at most 366, in a time zone such as
    /// `Asia/Shanghai`.
    async fn spend(
        &self,
        ctx: &Context<'_>,
        from: Date,
        to: Date,
        #[graphql(default = "UTC")] time_zone: String,
    ) -> Answer<SpendShown> {
        let range = SpendRange { mode: self.balance.mode, days: (from, to), time_zone };
        let wallet = &ctx.call()?.services.wallet;
        Ok(wallet.spend(&self.scope, &range.into()).await?.into())
    }
    /// Grants of credits, newest first.
    async fn lots(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<LotShown>> {
        let asked = args(first, after.as_deref())?;
        let wallet = &ctx.call()?.services.wallet;
        let page = wallet.lots(&self.scope, self.balance.mode, &asked).await?;
        Ok(listed(&asked, page, |row| row.id.to_string(), LotShown))
    }
    /// Transfers with running balances, newest first; of one kind or one batch if named.
    async fn ledger(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        kind: Option<TransferKindWord>,
        batch_id: Option<ID>,
    ) -> Answer<Listed<LedgerEntry>> {
        let asked = args(first, after.as_deref())?;
        let batch_id = batch_id.map(|text| id("batchId", &text)).transpose()?;
        let filter = LedgerFilter { kind: kind.map(Into::into), batch_id };
        let wallet = &ctx.call()?.services.wallet;
        let page = wallet.ledger(&self.scope, self.balance.mode, (filter, &asked)).await?;
        Ok(listed(&asked, page, |row| row.wseq.to_string(), LedgerEntry))
    }
}

/// One grant of credits.
pub struct LotShown(pub Lot);

/// One grant of credits.
#[Object(name = "Lot")]
impl LotShown {
    /// Opaque id, `lot_…`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Where it came from.
    async fn source(&self) -> LotSourceWord {
        self.0.source.into()
    }
    /// Size.
    async fn granted(&self) -> Long {
        self.0.granted.into()
    }
    /// Free to be frozen.
    async fn remaining(&self) -> Long {
        self.0.remaining.into()
    }
    /// Part of open holds.
    async fn held(&self) -> Long {
        self.0.held.into()
    }
    /// Charged.
    async fn consumed(&self) -> Long {
        self.0.consumed.into()
    }
    /// Lapsed.
    async fn expired(&self) -> Long {
        self.0.expired.into()
    }
    /// When the remaining credits lapse; never without it. Held ones do not.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }
    /// Granted.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// One transfer; append-only for ever.
pub struct LedgerEntry(pub Transfer);

/// One transfer; append-only for ever.
#[Object]
impl LedgerEntry {
    /// Number in this wallet, without gaps.
    async fn number(&self) -> Long {
        self.0.wseq.into()
    }
    /// What happened.
    async fn kind(&self) -> TransferKindWord {
        self.0.kind.into()
    }
    /// From.
    async fn debit_account(&self) -> AccountWord {
        self.0.debit_account.into()
    }
    /// To.
    async fn credit_account(&self) -> AccountWord {
        self.0.credit_account.into()
    }
    /// How much.
    async fn amount(&self) -> Long {
        self.0.amount.into()
    }
    /// Running balance: available after this transfer.
    async fn available_after(&self) -> Long {
        self.0.available_after.into()
    }
    /// Running balance: held after this transfer.
    async fn held_after(&self) -> Long {
        self.0.held_after.into()
    }
    /// The lot that moved.
    async fn lot_id(&self) -> Option<ID> {
        self.0.lot_id.map(ID::from)
    }
    /// The batch it belongs to.
    async fn batch_id(&self) -> Option<ID> {
        self.0.batch_id.map(ID::from)
    }
    /// The video whose share moved.
    async fn video_id(&self) -> Option<ID> {
        self.0.video_id.map(ID::from)
    }
    /// Who: `usr_…`, `operator:usr_…`, `cli` or `system`.
    async fn actor(&self) -> &str {
        &self.0.actor
    }
    /// As stored: a note, or a mark of the server's own; see `event` and `note`.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// What happened, more closely than the kind.
    async fn event(&self) -> LedgerEventWord {
        LedgerEvent::of(&self.0).into()
    }
    /// The event in words of the request's language.
    async fn description(&self, ctx: &Context<'_>) -> Answer<&str> {
        Ok(LedgerEvent::of(&self.0).words(ctx.call()?.caller().language))
    }
    /// What whoever granted or adjusted wrote.
    async fn note(&self) -> Option<&str> {
        event::note(&self.0)
    }
    /// When.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// Where a batch's credits are, over all its rounds.
#[derive(SimpleObject)]
#[graphql(name = "BatchCredits")]
pub struct BatchCreditsShown {
    /// Still frozen.
    held: Long,
    /// Charged for delivered videos.
    captured: Long,
    /// Given back.
    released: Long,
}

impl From<BatchCredits> for BatchCreditsShown {
    fn from(credits: BatchCredits) -> Self {
        let BatchCredits { held, captured, released, .. } = credits;
        Self { held: held.into(), captured: captured.into(), released: released.into() }
    }
}

/// Credits to be granted by the operator.
#[derive(InputObject)]
pub struct GrantCreditsInput {
    /// To whom.
    workspace_id: ID,
    /// In which wallet.
    #[graphql(default_with = "ModeWord::Live")]
    mode: ModeWord,
    /// How many.
    amount: Long,
    /// Where from.
    #[graphql(default_with = "LotSourceWord::Promo")]
    source: LotSourceWord,
    /// The business object it stands for, 1 to 100 bytes without a colon; the same reference is
    /// granted once, by the API or by command.
    reference: String,
    /// When what is left lapses; never without it.
    expires_at: Option<DateTime>,
    /// Why; goes into ledger and audit log.
    reason: String,
}

/// A correction by the operator.
#[derive(InputObject)]
pub struct AdjustCreditsInput {
    /// Whose.
    workspace_id: ID,
    /// In which wallet.
    #[graphql(default_with = "ModeWord::Live")]
    mode: ModeWord,
    /// Credits added, or taken back when below zero; what is missing becomes debt.
    delta: Long,
    /// Why; goes into ledger and audit log.
    reason: String,
    /// 1 to 200 characters of the operator's choice: the same key with the same input books nothing
    /// more and answers with the wallet as it is, for 7 days.
    idempotency_key: String,
}

/// The wallet's numbers after an operator's deed.
#[derive(SimpleObject)]
pub struct CreditsPayload {
    /// Live or test.
    mode: ModeWord,
    /// Credits that can be spent now.
    available: Long,
    /// Credits frozen.
    held: Long,
    /// Credits owed.
    debt: Long,
}

/// Writes.
#[derive(Default)]
pub struct WalletMutations;

#[Object]
impl WalletMutations {
    /// Operator only: grants credits, with a reason.
    async fn grant_credits(
        &self,
        ctx: &Context<'_>,
        input: GrantCreditsInput,
    ) -> Answer<CreditsPayload> {
        let call = ctx.call()?;
        call.operator(id("workspaceId", &input.workspace_id)?).await?;
        Ok(call.services.wallet.grant(&call.caller(), &input.read()?).await?.into())
    }

    /// Operator only: adds or takes back credits, with a reason.
    async fn adjust_credits(
        &self,
        ctx: &Context<'_>,
        input: AdjustCreditsInput,
    ) -> Answer<CreditsPayload> {
        let call = ctx.call()?;
        call.operator(id("workspaceId", &input.workspace_id)?).await?;
        Ok(call.services.wallet.adjust(&call.caller(), &input.read()?).await?.into())
    }
}

impl GrantCreditsInput {
    fn read(self) -> Answer<GrantOrder> {
        Ok(GrantOrder {
            workspace_id: id::<WorkspaceId>("workspaceId", &self.workspace_id)?,
            mode: self.mode.into(),
            source: self.source.into(),
            reference: self.reference,
            amount: entity::values::Credits(self.amount.0),
            expires_at: self.expires_at.map(|at| at.0),
            reason: self.reason,
        })
    }
}

impl AdjustCreditsInput {
    fn read(self) -> Answer<AdjustOrder> {
        Ok(AdjustOrder {
            workspace_id: id::<WorkspaceId>("workspaceId", &self.workspace_id)?,
            mode: self.mode.into(),
            delta: self.delta.0,
            reason: self.reason,
            idempotency_key: self.idempotency_key,
        })
    }
}

impl From<Balance> for CreditsPayload {
    fn from(balance: Balance) -> Self {
        Self {
            mode: balance.mode.into(),
            available: balance.available.into(),
            held: balance.held.into(),
            debt: balance.debt.into(),
        }
    }
}
