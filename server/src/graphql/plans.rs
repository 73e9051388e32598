//! Plans and models: what can be had.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use entity::ids::WorkspaceId;

use super::call::{Call, ContextExt as _};
use super::error::{Answer, invalid_input};
use super::scalars::{Long, id, int};
use super::words::{AspectWord, ResolutionWord};
use crate::domain::plans::{Entitlement, Model, Plan, SetPlan, catalogue};
use crate::kernel::reason::Reason;

/// The limits a plan grants.
#[derive(SimpleObject)]
#[graphql(name = "Entitlement")]
pub struct EntitlementShown {
    /// Models that may be used; `*` stands for every one.
    models: Vec<String>,
    /// Most videos in one batch; 1 means single videos.
    max_videos_per_batch: Long,
    /// Most videos launched in a UTC day and not given back.
    max_videos_per_day: Long,
    /// Most unsettled batches at once.
    max_open_batches: Long,
    /// Most videos in flight at once.
    concurrency: Long,
    /// Whether videos carry the mark.
    watermark: bool,
}

/// A plan of the catalogue.
#[derive(SimpleObject)]
#[graphql(name = "Plan")]
pub struct PlanShown {
    /// What workspaces name.
    code: String,
    /// Shown, in the caller's language.
    title: String,
    /// What it costs; null for a trial and for what a contract decides.
    price: Option<PlanPriceShown>,
    /// Its limits.
    entitlement: EntitlementShown,
}

/// What a plan costs.
#[derive(SimpleObject)]
#[graphql(name = "PlanPrice")]
pub struct PlanPriceShown {
    /// Minor units of the currency.
    amount_minor: Long,
    /// ISO 4217.
    currency: String,
    /// How often it is paid.
    per: BillingPeriod,
}

/// How often a plan is paid.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalogue::Per")]
pub enum BillingPeriod {
    /// One payment.
    Once,
    /// Each month.
    Month,
}

/// A model as customers see it.
#[derive(SimpleObject)]
#[graphql(name = "Model")]
pub struct ModelShown {
    /// What quotes name.
    code: String,
    /// Shown, in the caller's language.
    title: String,
    /// Lines it can make; the first is the default.
    resolutions: Vec<ResolutionWord>,
    /// Shapes it can make; the first is the default.
    aspects: Vec<AspectWord>,
    /// Shortest video, seconds.
    min_seconds: i32,
    /// Longest video, seconds.
    max_seconds: i32,
    /// Length where none is asked for, seconds.
    default_seconds: i32,
}

/// Reads.
#[derive(Default)]
pub struct PlanQueries;

#[Object]
impl PlanQueries {
    /// Every model that can be picked.
    async fn models(&self, ctx: &Context<'_>) -> Answer<Vec<ModelShown>> {
        let call = ctx.call()?;
        Ok(call.services.plans.models().iter().map(|model| model_shown(model, call)).collect())
    }

    /// Every plan that can be had.
    async fn plans(&self, ctx: &Context<'_>) -> Answer<Vec<PlanShown>> {
        let call = ctx.call()?;
        let plans = call.services.plans.catalogue().plans().iter();
        Ok(plans.map(|plan| plan_shown(plan, plan.entitlement.clone(), call)).collect())
    }
}

/// Another plan, by the operator.
#[derive(InputObject)]
pub struct SetPlanInput {
    /// Where.
    workspace_id: ID,
    /// Code of the catalogue entry.
    plan: String,
    /// For plans by contract: limits that differ, a JSON object with names of `Entitlement`.
    contract: Option<String>,
    /// Why; goes into the audit log.
    reason: String,
}

/// The limits a workspace has now.
#[derive(SimpleObject)]
pub struct SetPlanPayload {
    /// In effect from here on; launched batches keep theirs.
    entitlement: EntitlementShown,
}

/// Writes.
#[derive(Default)]
pub struct PlanMutations;

#[Object]
impl PlanMutations {
    /// Operator only: gives a workspace another plan, with a reason.
    async fn set_plan(&self, ctx: &Context<'_>, input: SetPlanInput) -> Answer<SetPlanPayload> {
        let call = ctx.call()?;
        let workspace_id: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        call.operator(workspace_id).await?;
        let contract = input.contract.map(|text| serde_json::from_str(&text)).transpose();
        let contract = contract.map_err(|_| invalid_input("contract", Reason::NotJsonObject))?;
        let SetPlanInput { plan, reason, .. } = input;
        let change = SetPlan { workspace_id, plan, contract, reason };
        let entitlement = call.services.plans.set_plan(&call.caller(), &change).await?.into();
        Ok(SetPlanPayload { entitlement })
    }
}

/// A plan with these limits, in the language of the request.
pub fn plan_shown(plan: &Plan, limits: Entitlement, call: &Call) -> PlanShown {
    let price = plan.price.as_ref().map(|price| PlanPriceShown {
        amount_minor: price.amount_minor.into(),
        currency: price.currency.clone(),
        per: price.per.into(),
    });
    PlanShown {
        code: plan.code.clone(),
        title: plan.title.in_language(call.caller().language).to_owned(),
        price,
        entitlement: limits.into(),
    }
}

fn model_shown(model: &Model, call: &Call) -> ModelShown {
    ModelShown {
        code: model.code.to_owned(),
        title: model.title.in_language(call.caller().language).to_owned(),
        resolutions: model.resolutions.iter().map(|word| (*word).into()).collect(),
        aspects: model.aspects.iter().map(|word| (*word).into()).collect(),
        min_seconds: int(model.min_s),
        max_seconds: int(model.max_s),
        default_seconds: int(model.default_s),
    }
}

impl From<Entitlement> for EntitlementShown {
    fn from(limits: Entitlement) -> Self {
        Self {
            models: limits.models,
            max_videos_per_batch: limits.max_videos_per_batch.into(),
            max_videos_per_day: limits.max_videos_per_day.into(),
            max_open_batches: limits.max_open_batches.into(),
            concurrency: limits.concurrency.into(),
            watermark: limits.watermark,
        }
    }
}
