//! Launch: one transaction that either makes the whole batch, frozen and queued, or nothing.
//!
//! Order inside it: idempotency key → role and plan → batch row (the unique index on its quote
//! decides between two launches of one quote) → wallet freeze with its shares → daily allowance →
//! open-batch counter → videos in bulk → audit → outbox. The batch row may come before the wallet
//! because nothing else can name it yet; whoever waits at its index holds nothing but its own key.

use entity::enums::Gate;
use entity::ids::{BatchId, QuoteId};
use entity::values::UnixMs;
use serde_json::json;

use super::control::{Controlled, MoneyEffect};
use super::error::Error;
use super::expand::Prepared;
use super::model::{self, Batch, Quote};
use super::repo::{self, Draw};
use super::{Batches, allowed};
use crate::db::audit::{self, Deed};
use crate::db::idempotency::{self, Claim, MAX_KEY_CHARS, Verdict};
use crate::db::outbox::{self, Message};
use crate::db::{Class, Tx};
use crate::domain::access::{Action, Scope};
use crate::domain::plans::Entitlement;
use crate::domain::templates::model::bounded;
use crate::domain::wallet::{self, Freeze};
use crate::kernel::error::ApiError;
use crate::kernel::reason::Reason;
use crate::kernel::{failpoint, ids};

/// Name of the operation in idempotency keys.
const OPERATION: &str = "launchBatch";
/// Longest name of a batch, characters.
const MAX_NAME_CHARS: usize = 120;

/// What is to be launched.
#[derive(Clone, Debug)]
pub struct LaunchRequest {
    /// What was priced.
    pub quote_id: QuoteId,
    /// Shown; the template's name when left out.
    pub name: Option<String>,
    /// Makes a repeat of this request harmless, 1 … 200 characters.
    pub idempotency_key: String,
    /// A few videos first; the rest waits for a decision.
    pub pilot: Option<PilotRequest>,
    /// When it pauses by itself.
    pub stop_loss: Option<StopLoss>,
}

/// A few videos first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PilotRequest {
    /// At most so many.
    pub max_videos: i64,
}

/// When a batch pauses by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopLoss {
    /// Failed videos in 10,000 finished ones above which it pauses, below 10,000.
    pub rate_bp: i64,
    /// Finished videos below which nothing is concluded, at least 1.
    pub min_finished: i64,
}

/// A launch about to be tried, possibly more than once.
struct Launch<'a> {
    scope: &'a Scope,
    quote: &'a Quote,
    request: &'a LaunchRequest,
    name: &'a str,
    batch_id: BatchId,
    /// Absent when the quote was used or over before the transaction began.
    prepared: Option<&'a Prepared>,
    now: UnixMs,
}

enum Outcome {
    Launched { weight: i64 },
    Replayed(BatchId),
}

impl Batches {
    /// Launches a quote. The same key with the same input returns the batch it made before.
    ///
    /// # Errors
    /// Each limit has its own; nothing is changed by a refusal.
    pub async fn launch(&self, scope: &Scope, request: LaunchRequest) -> Result<Batch, Error> {
        allowed(scope, Action::Launch)?;
        bounded("idempotencyKey", &request.idempotency_key, MAX_KEY_CHARS)?;
        request.check(self.options.max_pilot)?;
        let quote = self.get_quote(scope, request.quote_id).await?;
        let name = self.name_of(scope, &request, &quote).await?;
        let now = self.parts.clock.now();
        let prepared = self.prepare_if_fresh(scope, (&quote, request.pilot), now).await?;
        let batch_id: BatchId = ids::mint(now);
        let launch = Launch {
            scope,
            quote: &quote,
            request: &request,
            name: &name,
            batch_id,
            prepared: prepared.as_ref(),
            now,
        };
        let launch = &launch;
        let work = |tx: Tx| async move { self.launch_in_tx(&tx, launch).await };
        match self.parts.db.tx(Class::Interactive, work).await? {
            Outcome::Replayed(known) => self.get(scope, known).await,
            Outcome::Launched { weight } => {
                failpoint::pass("launch.committed");
                self.parts.queue.hint_weighed(scope.workspace_id(), weight).await;
                self.parts.bus.publish(batch_id, 1).await;
                self.get(scope, batch_id).await
            }
        }
    }

    /// As [`Self::launch`], and says what it did to the money.
    ///
    /// # Errors
    /// As for [`Self::launch`].
    pub async fn launch_reported(
        &self,
        scope: &Scope,
        request: LaunchRequest,
    ) -> Result<Controlled, Error> {
        let batch = self.launch(scope, request).await?;
        let frozen = batch.price_per_video.checked_mul(batch.total).unwrap_or_default();
        let money = MoneyEffect { frozen, ..MoneyEffect::default() };
        self.report(scope, batch.id, (money, false)).await
    }

    async fn name_of(
        &self,
        scope: &Scope,
        request: &LaunchRequest,
        quote: &Quote,
    ) -> Result<String, Error> {
        match request.name.as_deref().filter(|name| !name.trim().is_empty()) {
            Some(name) => Ok(bounded("name", name, MAX_NAME_CHARS)?),
            None => Ok(self.parts.templates.get(scope, quote.template_id).await?.name),
        }
    }

    /// Renders the videos, unless the transaction can only refuse or replay.
    async fn prepare_if_fresh(
        &self,
        scope: &Scope,
        (quote, pilot): (&Quote, Option<PilotRequest>),
        now: UnixMs,
    ) -> Result<Option<Prepared>, Error> {
        let reader = self.parts.db.reader();
        let over = now >= quote.expires_at;
        if over || repo::batch_of_quote(reader, scope.workspace_id(), quote.id).await?.is_some() {
            return Ok(None);
        }
        let most = pilot.map_or(0, |pilot| usize::try_from(pilot.max_videos).unwrap_or(0));
        self.prepare(scope, (quote, most), now).await.map(Some)
    }

    /// Whether anybody here makes videos of a model, where it must be the embedded provider.
    ///
    /// # Errors
    /// [`Error::ModelNotInPlan`].
    pub(super) fn makes(&self, model: &str, embedded_only: bool) -> Result<(), Error> {
        if embedded_only && !self.options.embedded {
            return Err(Error::ModelNotInPlan { model: model.to_owned() });
        }
        Ok(())
    }

    async fn launch_in_tx(&self, tx: &Tx, launch: &Launch<'_>) -> Result<Outcome, Error> {
        let (scope, quote, now) = (launch.scope, launch.quote, launch.now);
        match idempotency::claim_in_tx(tx, now, &launch.claim(&launch.canonical_input())).await? {
            Verdict::Fresh => {}
            Verdict::Replay(known) => return Ok(Outcome::Replayed(BatchId(known))),
            Verdict::Conflict => return Err(Error::IdempotencyConflict),
        }
        let user_id = scope.caller().actor.user_id().ok_or(Error::Forbidden)?;
        let role = repo::role_in_tx(tx, scope.workspace_id(), user_id).await?;
        if !role.is_some_and(|role| Action::Launch.allowed(role)) {
            return Err(Error::Forbidden);
        }
        let plan = self.parts.plans.entitlement_in_tx(tx, scope.workspace_id()).await?;
        model::launchable(quote, &plan, now)?;
        self.makes(&quote.model, plan.embedded_only)?;
        let prepared = launch.prepared.ok_or(Error::QuoteUsed)?;
        let wallet_id = wallet::find_in_tx(tx, scope.workspace_id(), quote.mode).await?;
        let batch = launch.batch_row((prepared, &plan), (wallet_id, user_id));
        if !repo::insert_batch_in_tx(tx, &batch).await? {
            return Err(Error::QuoteUsed);
        }
        let actor = scope.caller().actor.label();
        let freeze = Freeze {
            wallet_id,
            batch_id: batch.id,
            round: batch.round,
            price: batch.price_per_video,
            videos: &prepared.ids,
            actor: &actor,
        };
        wallet::freeze_in_tx(tx, &freeze, now).await?;
        let draw = Draw {
            workspace_id: batch.workspace_id,
            day: batch.allowance_day,
            videos: batch.total,
        };
        repo::use_allowance_in_tx(tx, draw, plan.max_videos_per_day).await?;
        repo::open_batch_in_tx(tx, scope.workspace_id(), plan.max_open_batches).await?;
        repo::insert_videos_in_tx(tx, &batch, prepared).await?;
        audit::record_in_tx(tx, now, launch.deed(&actor)).await?;
        outbox::put_in_tx(tx, now, launched_message(&batch)).await?;
        Ok(Outcome::Launched { weight: plan.weight })
    }
}

impl LaunchRequest {
    fn check(&self, max_pilot: i64) -> Result<(), Error> {
        let within = |field, number: i64, range: std::ops::RangeInclusive<i64>| {
            if range.contains(&number) {
                return Ok(());
            }
            let refusal = ApiError::invalid_input(field, Reason::OutOfRange);
            Err(Error::InvalidInput(refusal.with("min", *range.start()).with("max", *range.end())))
        };
        if let Some(pilot) = self.pilot {
            within("pilot.maxVideos", pilot.max_videos, 1..=max_pilot)?;
        }
        if let Some(stop) = self.stop_loss {
            within("stopLoss.minFinished", stop.min_finished, 1..=1_000_000)?;
            if !(0..10_000).contains(&stop.rate_bp) {
                let refusal =
                    ApiError::invalid_input("stopLoss.maxFailureRate", Reason::OutOfRange);
                return Err(Error::InvalidInput(refusal.with("min", 0).with("max", 0.9999)));
            }
        }
        Ok(())
    }
}

impl Launch<'_> {
    /// What the key stands for. Parts that came later are named only where they are used, so that
    /// a key from before means the same.
    fn canonical_input(&self) -> Vec<u8> {
        let name = self.request.name.as_deref().map(str::trim);
        let mut input = json!({ "name": name, "quoteId": self.quote.id.to_string() });
        if let Some(pilot) = self.request.pilot {
            input["pilot"] = json!({ "maxVideos": pilot.max_videos });
        }
        if let Some(stop) = self.request.stop_loss {
            input["stopLoss"] = json!({ "min": stop.min_finished, "rateBp": stop.rate_bp });
        }
        input.to_string().into_bytes()
    }

    fn claim<'a>(&'a self, input: &'a [u8]) -> Claim<'a> {
        Claim {
            workspace_id: self.scope.workspace_id(),
            operation: OPERATION,
            key: &self.request.idempotency_key,
            input,
            result_id: self.batch_id.0,
        }
    }

    fn batch_row(
        &self,
        (prepared, plan): (&Prepared, &Entitlement),
        (wallet_id, created_by): (entity::ids::WalletId, entity::ids::UserId),
    ) -> Batch {
        let quote = self.quote;
        let tally = model::Tally {
            total: quote.video_count,
            delivered: 0,
            open: quote.video_count,
            ever_claimed: false,
            cancel_requested: false,
        };
        Batch {
            id: self.batch_id,
            workspace_id: self.scope.workspace_id(),
            wallet_id,
            quote_id: quote.id,
            template_id: quote.template_id,
            template_version: quote.template_version,
            name: self.name.to_owned(),
            mode: quote.mode,
            model: quote.model.clone(),
            seconds: quote.seconds,
            aspect: quote.aspect,
            resolution: quote.resolution,
            seed: quote.seed,
            watermark: quote.watermark,
            variables: json!(prepared.variables),
            price_per_video: quote.price_per_video,
            priority: model::priority(quote.video_count),
            gate: if self.request.pilot.is_some() { Gate::Pilot } else { Gate::Open },
            paused_from: None,
            round: 1,
            state: model::batch_state(&tally),
            total: quote.video_count,
            delivered: 0,
            failed: 0,
            cancelled: 0,
            ever_claimed: false,
            cancel_requested: false,
            rev: 1,
            allowance_day: self.now.day(),
            created_by,
            created_at: self.now,
            settled_at: None,
            gate_since: self.now,
            gate_reason: None,
            pilot_total: prepared.pilot.iter().sum(),
            pilot_ended: 0,
            stop_loss_bp: self.request.stop_loss.map(|stop| stop.rate_bp),
            stop_loss_min: self.request.stop_loss.map(|stop| stop.min_finished),
            window_delivered: 0,
            window_failed: 0,
            embedded_only: plan.embedded_only,
        }
    }

    fn deed<'a>(&'a self, actor: &'a str) -> Deed<'a> {
        Deed {
            workspace_id: Some(self.scope.workspace_id()),
            actor,
            action: "batch.launch",
            subject: self.batch_id.to_string(),
            detail: json!({
                "quote": self.quote.id.to_string(),
                "mode": self.quote.mode.as_str(),
                "videos": self.quote.video_count,
                "credits": self.quote.total.0,
                "pilot": self.request.pilot.map(|pilot| pilot.max_videos),
            }),
            request_id: &self.scope.caller().request_id,
        }
    }
}

fn launched_message(batch: &Batch) -> Message {
    Message {
        workspace_id: Some(batch.workspace_id),
        topic: "batch.launched",
        payload: json!({
            "batchId": batch.id.to_string(),
            "mode": batch.mode.as_str(),
            "total": batch.total,
        }),
    }
}
