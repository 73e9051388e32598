//! Quotes: exact count and price of one launch.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::WorkspaceId;
use prompt::Selection;

use super::call::ContextExt as _;
use super::error::{Answer, invalid_input};
use super::loaders::TemplateOf;
use super::people::Person;
use super::scalars::{DateTime, Long, id, int};
use super::selection::{SampleShown, SelectionInput, SelectionShown};
use super::templates::TemplateShown;
use super::words::{AspectWord, ModeWord, ResolutionWord};
use crate::domain::access::{Action, Scope};
use crate::domain::batches::{
    Estimate, EstimateRequest, Quote, QuoteRequest, RerunRequest, Reseed,
};
use crate::kernel::error::ApiError;
use crate::kernel::reason::Reason;

/// Exact count and price of one launch. It lives 30 minutes and reserves nothing.
pub struct QuoteShown {
    /// Where; made for reading money.
    pub scope: Scope,
    /// What was read.
    pub row: Quote,
}

/// Exact count and price of one launch. It lives 30 minutes and reserves nothing.
#[Object(name = "Quote")]
impl QuoteShown {
    /// Opaque id, `quo_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Which wallet will pay.
    async fn mode(&self) -> ModeWord {
        self.row.mode.into()
    }
    /// Of what.
    async fn template(&self, ctx: &Context<'_>) -> Answer<Option<TemplateShown>> {
        let key = TemplateOf(self.scope.workspace_id(), self.row.template_id);
        let row = ctx.call()?.loaders().one(key).await?;
        Ok(row.map(|row| TemplateShown { scope: self.scope.clone(), row }))
    }
    /// The version it pins.
    async fn template_version(&self) -> i32 {
        int(self.row.template_version)
    }
    /// Which part of the combinations it pins, with the version of the choosing.
    async fn sample(&self) -> Answer<SampleShown> {
        let stored = serde_json::from_value::<Selection>(self.row.selection.clone());
        Ok(stored.map_err(ApiError::internal)?.sample.into())
    }
    /// The combinations it pins.
    async fn selection(&self) -> Answer<SelectionShown> {
        let stored = serde_json::from_value::<Selection>(self.row.selection.clone());
        Ok(stored.map_err(ApiError::internal)?.into())
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
    /// Whether videos will carry the mark.
    async fn watermark(&self) -> bool {
        self.row.watermark
    }
    /// How many videos.
    async fn video_count(&self) -> i32 {
        int(self.row.video_count)
    }
    /// Credits for each delivered video.
    async fn price_per_video(&self) -> Long {
        self.row.price_per_video.into()
    }
    /// Credits frozen at launch.
    async fn total(&self) -> Long {
        self.row.total.into()
    }
    /// Price list it was made from.
    async fn price_version(&self) -> Long {
        self.row.price_version.into()
    }
    /// Who asked.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// When.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// Cannot be launched from here on.
    async fn expires_at(&self) -> DateTime {
        self.row.expires_at.into()
    }
}

/// What somebody wants the price of. What is left out is resolved before pricing.
#[derive(InputObject)]
pub struct CreateQuoteInput {
    /// Where.
    workspace_id: ID,
    /// From what.
    template_id: ID,
    /// Which version; the newest without it.
    template_version: Option<i32>,
    /// Which combinations; those saved with the version without it.
    selection: Option<SelectionInput>,
    /// Model code; the first of the list without it.
    model: Option<String>,
    /// Length of each video; the model's own without it.
    seconds: Option<i32>,
    /// Shape; the model's first without it.
    aspect: Option<AspectWord>,
    /// Lines; the model's cheapest without it.
    resolution: Option<ResolutionWord>,
    /// 0 to 2^31 − 1; drawn by lot without it.
    seed: Option<Long>,
    /// Which wallet will pay.
    #[graphql(default_with = "ModeWord::Live")]
    mode: ModeWord,
}

/// A text that nobody has saved, to be priced.
#[derive(InputObject)]
pub struct PriceDraftInput {
    /// Where.
    workspace_id: ID,
    /// The prompt text.
    source: String,
    /// Which combinations; an empty selection without it.
    selection: Option<SelectionInput>,
    /// Model code; the first of the list without it.
    model: Option<String>,
    /// Length of each video; the model's own without it.
    seconds: Option<i32>,
    /// Shape; the model's first without it.
    aspect: Option<AspectWord>,
    /// Lines; the model's cheapest without it.
    resolution: Option<ResolutionWord>,
}

/// What a launch would cost now. It binds nobody: `createQuote` does.
#[derive(SimpleObject)]
pub struct DraftPrice {
    /// How many videos.
    video_count: i32,
    /// The count as a sum a person can follow: `3 style × 4 scene = 12`.
    formula: String,
    /// Credits for each delivered video.
    price_per_video: Long,
    /// Credits that a launch would freeze.
    total: Long,
    /// Model code.
    model: String,
    /// Length of each video.
    seconds: i32,
    /// Shape of each video.
    aspect: AspectWord,
    /// Lines of each video.
    resolution: ResolutionWord,
}

/// Reads.
#[derive(Default)]
pub struct QuoteQueries;

#[Object]
impl QuoteQueries {
    /// Counts and prices a text that nobody has saved; stores nothing. For roles that may ask for
    /// quotes.
    async fn price_draft(&self, ctx: &Context<'_>, input: PriceDraftInput) -> Answer<DraftPrice> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Quote).await?;
        Ok(call.services.batches.estimate(&scope, input.read()?).await?.into())
    }
}

impl PriceDraftInput {
    fn read(self) -> Answer<EstimateRequest> {
        Ok(EstimateRequest {
            source: self.source,
            selection: self.selection.map(SelectionInput::read).transpose()?.unwrap_or_default(),
            model: self.model,
            seconds: self.seconds.map(i64::from),
            aspect: self.aspect.map(Into::into),
            resolution: self.resolution.map(Into::into),
        })
    }
}

impl From<Estimate> for DraftPrice {
    fn from(estimate: Estimate) -> Self {
        Self {
            video_count: int(estimate.video_count),
            formula: estimate.formula,
            price_per_video: estimate.price_per_video.into(),
            total: estimate.total.into(),
            model: estimate.model.to_owned(),
            seconds: int(estimate.seconds),
            aspect: estimate.aspect.into(),
            resolution: estimate.resolution.into(),
        }
    }
}

/// A batch to be priced again. What is left out is as it was.
#[derive(InputObject)]
pub struct RerunBatchInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    batch_id: ID,
    /// Another version of its template.
    template_version: Option<i32>,
    /// Other combinations.
    selection: Option<SelectionInput>,
    /// Another model.
    model: Option<String>,
    /// Another length.
    seconds: Option<i32>,
    /// Another shape.
    aspect: Option<AspectWord>,
    /// Other lines.
    resolution: Option<ResolutionWord>,
    /// Another seed.
    seed: Option<Long>,
    /// Draws another seed by lot. Without it, and without a seed, the same prompts begin from the
    /// same seeds.
    #[graphql(default)]
    fresh_seed: bool,
    /// Another wallet.
    mode: Option<ModeWord>,
}

/// The quote of a re-run.
#[derive(SimpleObject)]
pub struct RerunBatchPayload {
    /// Goes into `launchBatch`; at today's price.
    quote: QuoteShown,
}

/// The quote that was made.
#[derive(SimpleObject)]
pub struct CreateQuotePayload {
    /// Goes into `launchBatch`.
    quote: QuoteShown,
}

/// Writes.
#[derive(Default)]
pub struct QuoteMutations;

#[Object]
impl QuoteMutations {
    /// Counts and prices a launch.
    async fn create_quote(
        &self,
        ctx: &Context<'_>,
        input: CreateQuoteInput,
    ) -> Answer<CreateQuotePayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Quote).await?;
        let row = call.services.batches.quote(&scope, input.read()?).await?;
        Ok(CreateQuotePayload { quote: QuoteShown { scope, row } })
    }

    /// Counts and prices a batch as it would be launched again today. Nothing is launched.
    async fn rerun_batch(
        &self,
        ctx: &Context<'_>,
        input: RerunBatchInput,
    ) -> Answer<RerunBatchPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Quote).await?;
        let row = call.services.batches.rerun(&scope, input.read()?).await?;
        Ok(RerunBatchPayload { quote: QuoteShown { scope, row } })
    }
}

impl RerunBatchInput {
    fn read(self) -> Answer<RerunRequest> {
        let seed = match (self.seed, self.fresh_seed) {
            (Some(_), true) => return Err(invalid_input("freshSeed", Reason::FreshSeed)),
            (Some(seed), false) => Reseed::Given(seed.0),
            (None, true) => Reseed::Fresh,
            (None, false) => Reseed::Same,
        };
        Ok(RerunRequest {
            batch_id: id("batchId", &self.batch_id)?,
            version: self.template_version.map(i64::from),
            selection: self.selection.map(SelectionInput::read).transpose()?,
            model: self.model,
            seconds: self.seconds.map(i64::from),
            aspect: self.aspect.map(Into::into),
            resolution: self.resolution.map(Into::into),
            seed,
            mode: self.mode.map(Into::into),
        })
    }
}

impl CreateQuoteInput {
    fn read(self) -> Answer<QuoteRequest> {
        Ok(QuoteRequest {
            template_id: id("templateId", &self.template_id)?,
            version: self.template_version.map(i64::from),
            selection: self.selection.map(SelectionInput::read).transpose()?,
            model: self.model,
            seconds: self.seconds.map(i64::from),
            aspect: self.aspect.map(Into::into),
            resolution: self.resolution.map(Into::into),
            seed: self.seed.map(|seed| seed.0),
            mode: self.mode.into(),
        })
    }
}
