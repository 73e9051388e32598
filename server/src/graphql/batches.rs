//! Batches: launch, cancel, reads.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{BatchId, WorkspaceId};

use super::blocks::{self, VideoBlock};
use super::call::ContextExt as _;
use super::control::{self, MoneyShown};
use super::error::Answer;
use super::loaders::{CreditsOf, MarksOf, NameOf, QuoteOf, SelectionOf, TemplateOf};
use super::marks::{BatchMarks, MarkFilter};
use super::page::{Listed, Wanted, args, listed};
use super::people::Person;
use super::quotes::QuoteShown;
use super::scalars::{DateTime, Long, id, int};
use super::selection::SelectionShown;
use super::templates::TemplateShown;
use super::videos::{self, ValueFilterInput, VideoShown};
use super::wallet::BatchCreditsShown;
use super::words::{
    AspectWord, BatchStateWord, GateReasonWord, GateWord, ModeWord, ResolutionWord, VideoStateWord,
};
use crate::domain::access::{Action, Scope};
use crate::domain::batches::gate::decision_awaited;
use crate::domain::batches::model::open;
use crate::domain::batches::{
    Batch, CancelOutcome, LaunchRequest, PilotRequest, StopLoss, VideoFilter,
};

/// One launch.
pub struct BatchShown {
    /// Where it was read.
    pub scope: Scope,
    /// What was read.
    pub row: Arc<Batch>,
}

/// One launch.
#[Object(name = "Batch")]
impl BatchShown {
    /// Opaque id, `bat_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Shown.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// Which wallet pays.
    async fn mode(&self) -> ModeWord {
        self.row.mode.into()
    }
    /// Where it stands; derived from the counts.
    async fn state(&self) -> BatchStateWord {
        self.row.state.into()
    }
    /// Whether its videos may be made.
    async fn gate(&self) -> GateWord {
        self.row.gate.into()
    }
    /// Why it is paused or closed.
    async fn gate_reason(&self) -> Option<GateReasonWord> {
        self.row.gate_reason.map(Into::into)
    }
    /// Paused: the gate that resume returns to.
    async fn paused_from(&self) -> Option<GateWord> {
        self.row.paused_from.map(Into::into)
    }
    /// Since when the gate stands so.
    async fn gate_since(&self) -> DateTime {
        self.row.gate_since.into()
    }
    /// Paused or in its pilot: when it closes itself if nobody decides.
    async fn closes_at(&self, ctx: &Context<'_>) -> Answer<Option<DateTime>> {
        Ok(ctx.call()?.services.batches.closes_at(&self.row).map(DateTime))
    }
    /// The pilot, if it was launched with one.
    async fn pilot(&self) -> Option<PilotShown> {
        (self.row.pilot_total > 0).then(|| PilotShown {
            total: int(self.row.pilot_total),
            ended: int(self.row.pilot_ended),
            decision_awaited: decision_awaited(&self.row),
        })
    }
    /// The stop-loss, if it was launched with one.
    async fn stop_loss(&self) -> Option<StopLossShown> {
        StopLossShown::of(&self.row)
    }
    /// 1 is the launch, each retry the next.
    async fn round(&self) -> i32 {
        int(self.row.round)
    }
    /// How many videos are where.
    async fn counts(&self) -> BatchCounts {
        BatchCounts::from(&*self.row)
    }
    /// Somebody asked it to stop.
    async fn cancel_requested(&self) -> bool {
        self.row.cancel_requested
    }
    /// Model code.
    async fn model(&self) -> &str {
        &self.row.model
    }
    /// Length of each video.
    async fn seconds(&self) -> i32 {
        int(self.row.seconds)
    }
    /// Shape of each video.
    async fn aspect(&self) -> AspectWord {
        self.row.aspect.into()
    }
    /// Lines of each video.
    async fn resolution(&self) -> ResolutionWord {
        self.row.resolution.into()
    }
    /// Seed that videos derive theirs from.
    async fn seed(&self) -> Long {
        self.row.seed.into()
    }
    /// Whether videos carry the mark.
    async fn watermark(&self) -> bool {
        self.row.watermark
    }
    /// Credits for each delivered video; null for roles that do not see prices.
    async fn price_per_video(&self) -> Option<Long> {
        sees_money(&self.scope).then(|| self.row.price_per_video.into())
    }
    /// Where its credits are; null for roles that do not see prices.
    async fn credits(&self, ctx: &Context<'_>) -> Answer<Option<BatchCreditsShown>> {
        if !sees_money(&self.scope) {
            return Ok(None);
        }
        let key = CreditsOf(self.scope.workspace_id(), self.row.id);
        Ok(ctx.call()?.loaders().one(key).await?.map(Into::into))
    }
    /// Grows with every change of its videos; `batchProgress` resumes from it.
    async fn rev(&self) -> Long {
        self.row.rev.into()
    }
    /// From what.
    async fn template(&self, ctx: &Context<'_>) -> Answer<Option<TemplateShown>> {
        let key = TemplateOf(self.scope.workspace_id(), self.row.template_id);
        let row = ctx.call()?.loaders().one(key).await?;
        Ok(row.map(|row| TemplateShown { scope: self.scope.clone(), row }))
    }
    /// Version it was launched with.
    async fn template_version(&self) -> i32 {
        int(self.row.template_version)
    }
    /// The quote that was launched; null for roles that do not see prices.
    async fn quote(&self, ctx: &Context<'_>) -> Answer<Option<QuoteShown>> {
        if !sees_money(&self.scope) {
            return Ok(None);
        }
        let key = QuoteOf(self.scope.workspace_id(), self.row.quote_id);
        let row = ctx.call()?.loaders().one(key).await?;
        Ok(row.map(|row| QuoteShown { scope: self.scope.clone(), row }))
    }
    /// Who launched it.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// Launched.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// When no video was open any more.
    async fn settled_at(&self) -> Option<DateTime> {
        self.row.settled_at.map(DateTime)
    }
    /// The combinations it was launched with, as a form can be filled with them again.
    async fn selection(&self, ctx: &Context<'_>) -> Answer<Option<SelectionShown>> {
        let key = SelectionOf(self.scope.workspace_id(), self.row.quote_id);
        Ok(ctx.call()?.loaders().one(key).await?.map(Into::into))
    }
    /// How many of its videos are marked.
    async fn marks(&self, ctx: &Context<'_>) -> Answer<BatchMarks> {
        let key = MarksOf(self.scope.workspace_id(), self.row.id);
        Ok(ctx.call()?.loaders().one(key).await?.flatten().into())
    }
    /// Its videos in the order of the selection; of one state, with given values or with a mark if
    /// named.
    async fn videos(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        state: Option<VideoStateWord>,
        values: Option<Vec<ValueFilterInput>>,
        mark: Option<MarkFilter>,
    ) -> Answer<Listed<VideoShown>> {
        let asked = args(first, after.as_deref())?;
        let filter = VideoFilter {
            mark: mark.map(Into::into),
            ..video_filter(state, values.unwrap_or_default())
        };
        let batches = &ctx.call()?.services.batches;
        let page = batches.videos(&self.scope, self.row.id, (&filter, &asked)).await?;
        videos::warm(ctx, &self.scope, &page.rows).await?;
        Ok(listed(&asked, page, |row| row.ordinal.to_string(), |row| self.video(row)))
    }
    /// All its videos by columns, a hundred a block, at most ten blocks at once; those after an
    /// ordinal if named. A block costs one point. Fewer blocks than asked for, or a last one that is
    /// not full, say that there are no more.
    async fn video_blocks(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<i32>,
    ) -> Answer<Vec<VideoBlock>> {
        let batches = &ctx.call()?.services.batches;
        blocks::read(batches, (&self.scope, &self.row), (first, after)).await
    }
}

impl BatchShown {
    /// One of its videos.
    #[must_use]
    pub fn video(&self, row: crate::domain::batches::Video) -> VideoShown {
        VideoShown { scope: self.scope.clone(), batch: Arc::clone(&self.row), row }
    }
}

fn video_filter(state: Option<VideoStateWord>, values: Vec<ValueFilterInput>) -> VideoFilter {
    let values = values.into_iter().map(|wanted| (wanted.name, wanted.value));
    VideoFilter { state: state.map(Into::into), values: values.collect(), mark: None }
}

/// Whether prices are shown to who reads in this scope.
fn sees_money(scope: &Scope) -> bool {
    scope.may(Action::ReadMoney) || scope.caller().actor.is_operator()
}

/// Reads ahead what a page of batches is asked for.
///
/// # Errors
/// The database's failure.
pub async fn warm(ctx: &Context<'_>, scope: &Scope, rows: &[Batch]) -> Answer<()> {
    let (wanted, loaders, here) = (Wanted::of(ctx), ctx.call()?.loaders(), scope.workspace_id());
    let mut people: Vec<NameOf> = Vec::new();
    if wanted.has(&["template"]) {
        let found = loaders.many(rows.iter().map(|row| TemplateOf(here, row.template_id))).await?;
        if wanted.has(&["template", "createdBy"]) {
            people.extend(found.values().map(|template| NameOf(here, template.created_by)));
        }
    }
    if wanted.has(&["createdBy"]) {
        people.extend(rows.iter().map(|row| NameOf(here, row.created_by)));
    }
    loaders.many(people).await?;
    if wanted.has(&["marks"]) {
        loaders.many(rows.iter().map(|row| MarksOf(here, row.id))).await?;
    }
    if wanted.has(&["selection"]) {
        loaders.many(rows.iter().map(|row| SelectionOf(here, row.quote_id))).await?;
    }
    if sees_money(scope) && wanted.has(&["quote"]) {
        loaders.many(rows.iter().map(|row| QuoteOf(here, row.quote_id))).await?;
    }
    if sees_money(scope) && wanted.has(&["credits"]) {
        loaders.many(rows.iter().map(|row| CreditsOf(here, row.id))).await?;
    }
    Ok(())
}

/// The pilot of a batch: videos that are made before the rest.
#[derive(SimpleObject)]
#[graphql(name = "Pilot")]
pub struct PilotShown {
    /// How many videos.
    total: i32,
    /// How many of them have ended.
    ended: i32,
    /// All have: somebody approves or declines.
    decision_awaited: bool,
}

/// When a batch pauses by itself.
#[derive(SimpleObject)]
#[graphql(name = "StopLoss")]
pub struct StopLossShown {
    /// Share of failed among finished videos above which it pauses, 0 to 1.
    max_failure_rate: f64,
    /// Finished videos below which nothing is concluded.
    min_finished: i32,
    /// Delivered since it began to count: with the round, or with the resume after it struck.
    delivered: i32,
    /// Failed since then.
    failed: i32,
}

impl StopLossShown {
    fn of(row: &Batch) -> Option<Self> {
        let rate_bp = i32::try_from(row.stop_loss_bp?).unwrap_or(10_000);
        Some(Self {
            max_failure_rate: f64::from(rate_bp) / 10_000.0,
            min_finished: int(row.stop_loss_min?),
            delivered: int(row.delivered - row.window_delivered),
            failed: int(row.failed - row.window_failed),
        })
    }
}

/// How many videos of a batch are where.
#[derive(SimpleObject)]
pub struct BatchCounts {
    /// All of them.
    total: i32,
    /// In the store, charged.
    delivered: i32,
    /// Ended without a file, not charged.
    failed: i32,
    /// Ended by request, not charged.
    cancelled: i32,
    /// Not ended yet.
    open: i32,
}

impl From<&Batch> for BatchCounts {
    fn from(row: &Batch) -> Self {
        Self {
            total: int(row.total),
            delivered: int(row.delivered),
            failed: int(row.failed),
            cancelled: int(row.cancelled),
            open: int(open(row)),
        }
    }
}

/// A launch.
#[derive(InputObject)]
pub struct LaunchBatchInput {
    /// Where.
    workspace_id: ID,
    /// What was priced.
    quote_id: ID,
    /// Shown; the template's name without it.
    name: Option<String>,
    /// 1 to 200 characters of the client's choice: the same key with the same input answers with
    /// the batch it made before, for 7 days.
    idempotency_key: String,
    /// A few videos first: the rest waits until somebody approves or declines.
    pilot: Option<PilotInput>,
    /// When the batch pauses by itself.
    stop_loss: Option<StopLossInput>,
}

/// A few videos first, chosen so that they show as many pairs of values as so few can.
#[derive(InputObject)]
pub struct PilotInput {
    /// At most so many. They are ordinary videos, charged when delivered.
    #[graphql(default = 12)]
    max_videos: i32,
}

/// When a batch pauses by itself.
#[derive(InputObject)]
pub struct StopLossInput {
    /// Share of failed among finished videos of a round above which it pauses, 0 to 0.9999.
    max_failure_rate: f64,
    /// Finished videos below which nothing is concluded.
    #[graphql(default = 10)]
    min_finished: i32,
}

/// The batch that was launched.
#[derive(SimpleObject)]
pub struct LaunchBatchPayload {
    /// Its credits are frozen and its videos wait.
    batch: BatchShown,
    /// What the launch froze, and where it is now.
    money: MoneyShown,
}

/// A batch to be stopped.
#[derive(InputObject)]
pub struct CancelBatchInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
}

/// What the cancel did.
#[derive(SimpleObject)]
pub struct CancelBatchPayload {
    /// The batch afterwards.
    batch: BatchShown,
    /// Credits given back by this request.
    released_credits: Long,
    /// Credits still frozen for videos under way.
    still_held_credits: Long,
    /// Whether videos under way may yet be delivered, and charged.
    may_still_be_charged: bool,
    /// True when it had been cancelled before: this request changed nothing.
    already_cancelled: bool,
}

/// Writes.
#[derive(Default)]
pub struct BatchMutations;

#[Object]
impl BatchMutations {
    /// Launches a quote: freezes its total and queues its videos, or changes nothing.
    async fn launch_batch(
        &self,
        ctx: &Context<'_>,
        input: LaunchBatchInput,
    ) -> Answer<LaunchBatchPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Launch).await?;
        let done = call.services.batches.launch_reported(&scope, input.read()?).await?;
        let (batch, money) = control::shown(scope, done);
        Ok(LaunchBatchPayload { batch, money })
    }

    /// Stops a batch: what waits ends now, what is under way ends as it ends.
    async fn cancel_batch(
        &self,
        ctx: &Context<'_>,
        input: CancelBatchInput,
    ) -> Answer<CancelBatchPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Cancel).await?;
        let batch: BatchId = id("batchId", &input.batch_id)?;
        let outcome = call.services.batches.cancel(&scope, batch).await?;
        Ok(CancelBatchPayload::new(scope, outcome))
    }
}

/// A share in 10,000; what is outside 0 to 1 stays outside and is refused (the cast saturates).
fn basis_points(rate: f64) -> i64 {
    if rate.is_nan() { -1 } else { (rate * 10_000.0).round() as i64 }
}

impl LaunchBatchInput {
    fn read(self) -> Answer<LaunchRequest> {
        Ok(LaunchRequest {
            quote_id: id("quoteId", &self.quote_id)?,
            name: self.name,
            idempotency_key: self.idempotency_key,
            pilot: self.pilot.map(|pilot| PilotRequest { max_videos: pilot.max_videos.into() }),
            stop_loss: self.stop_loss.map(|stop| StopLoss {
                rate_bp: basis_points(stop.max_failure_rate),
                min_finished: stop.min_finished.into(),
            }),
        })
    }
}

impl CancelBatchPayload {
    fn new(scope: Scope, outcome: CancelOutcome) -> Self {
        Self {
            batch: BatchShown { scope, row: Arc::new(outcome.batch) },
            released_credits: outcome.released_credits.into(),
            still_held_credits: outcome.still_held_credits.into(),
            may_still_be_charged: outcome.may_still_be_charged,
            already_cancelled: outcome.already_cancelled,
        }
    }
}
