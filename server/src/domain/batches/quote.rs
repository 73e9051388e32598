//! Quotes: the exact count and price of one launch, made beforehand. A quote reserves nothing.

use entity::enums::{Aspect, Mode, Resolution};
use entity::ids::{QuoteId, TemplateId, WorkspaceId};
use prompt::Selection;

use super::error::Error;
use super::model::{Quote, SEEDS};
use super::{Batches, Parts, allowed, repo};
use crate::db::Class;
use crate::domain::access::{Action, Scope};
use crate::domain::plans::{Model, Price, models};
use crate::domain::templates;
use crate::kernel::error::ApiError;
use crate::kernel::ids;
use crate::kernel::reason::Reason;
use crate::kernel::secret::random_bytes;

/// What somebody wants the price of. Everything that is left out is resolved before pricing.
#[derive(Clone, Debug)]
pub struct QuoteRequest {
    /// From what.
    pub template_id: TemplateId,
    /// Which version; the newest.
    pub version: Option<i64>,
    /// Which combinations; those saved with the version.
    pub selection: Option<Selection>,
    /// Model code; the first of the list.
    pub model: Option<String>,
    /// Length of a video; the model's own.
    pub seconds: Option<i64>,
    /// Shape; the model's first.
    pub aspect: Option<Aspect>,
    /// Lines; the model's first, which is the cheapest.
    pub resolution: Option<Resolution>,
    /// Seed that videos derive theirs from, 0 … 2³¹ − 1; drawn by lot.
    pub seed: Option<i64>,
    /// Which wallet will pay.
    pub mode: Mode,
}

impl Batches {
    /// Counts and prices, and keeps the answer for its life.
    ///
    /// # Errors
    /// [`Error::TooManyCombinations`] past what any launch can have; the template's problems;
    /// [`Error::InvalidInput`]; no price.
    pub async fn quote(&self, scope: &Scope, request: QuoteRequest) -> Result<Quote, Error> {
        allowed(scope, Action::Quote)?;
        let author = scope.caller().actor.user_id().ok_or(Error::Forbidden)?;
        let parts = &self.parts;
        let template = parts.templates.get(scope, request.template_id).await?;
        if template.archived_at.is_some() {
            return Err(templates::Error::NotFound.into());
        }
        let pinned = parts.templates.version(scope, template.id, request.version).await?;
        let terms = Terms::resolve(&request.wishes())?;
        let selection = request.selection.unwrap_or(pinned.selection);
        templates::model::storable(&selection)?;
        let stored = serde_json::to_value(&selection).map_err(|_| Error::Damaged)?;
        let count = self.expansion(pinned.source, selection).await?.count();
        let video_count = self.countable(count)?;
        let now = parts.clock.now();
        let workspace_id = scope.workspace_id();
        let price = self.price(workspace_id, &terms).await?;
        let price_per_video = price.for_seconds(terms.seconds);
        let total = price_per_video.checked_mul(video_count);
        let quote = Quote {
            id: ids::mint(now),
            workspace_id,
            mode: request.mode,
            template_id: template.id,
            template_version: pinned.version,
            selection: stored,
            model: terms.model.to_owned(),
            seconds: terms.seconds,
            aspect: terms.aspect,
            resolution: terms.resolution,
            seed: terms.seed,
            watermark: parts.plans.entitlement(workspace_id).await?.watermark,
            video_count,
            price_per_video,
            total: total.ok_or(Error::Inconsistent("a price is out of range"))?,
            price_version: price.version,
            created_by: author,
            created_at: now,
            expires_at: now.plus_ms(self.options.quote_ttl_ms),
        };
        let quote = &quote;
        parts
            .db
            .tx(Class::Interactive, |tx| async move {
                repo::insert_quote_in_tx(&tx, quote).await?;
                Ok::<_, Error>(quote.clone())
            })
            .await
    }

    /// The price of a video of these terms here and now.
    pub(super) async fn price(
        &self,
        workspace_id: WorkspaceId,
        terms: &Terms,
    ) -> Result<Price, Error> {
        let Parts { plans, clock, .. } = &self.parts;
        let (model, resolution) = (terms.model, terms.resolution);
        Ok(plans.price_in_effect(workspace_id, model, resolution, clock.now()).await?)
    }

    /// A count that a launch can have.
    pub(super) fn countable(&self, count: u128) -> Result<i64, Error> {
        let limit = self.options.max_videos;
        let counted = i64::try_from(count).ok().filter(|count| *count <= limit);
        counted.ok_or(Error::TooManyCombinations { count, limit })
    }

    /// A quote of this workspace.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get_quote(&self, scope: &Scope, quote_id: QuoteId) -> Result<Quote, Error> {
        let found = repo::quote(self.parts.db.reader(), scope.workspace_id(), quote_id).await?;
        found.ok_or(Error::NotFound)
    }

    /// Several at once, in no order; what is not there is left out.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn quotes(&self, scope: &Scope, wanted: &[QuoteId]) -> Result<Vec<Quote>, Error> {
        Ok(repo::quotes(self.parts.db.reader(), scope.workspace_id(), wanted).await?)
    }

    /// The combinations that these quotes pinned. They say nothing of prices, so whoever may read
    /// a batch may read what it was made of.
    ///
    /// # Errors
    /// [`Error::Damaged`]; the database's failure.
    pub async fn selections(
        &self,
        scope: &Scope,
        wanted: &[QuoteId],
    ) -> Result<Vec<(QuoteId, Selection)>, Error> {
        let found = repo::quotes(self.parts.db.reader(), scope.workspace_id(), wanted).await?;
        let read = |quote: Quote| {
            let selection = serde_json::from_value(quote.selection).map_err(|_| Error::Damaged)?;
            Ok((quote.id, selection))
        };
        found.into_iter().map(read).collect()
    }
}

impl QuoteRequest {
    fn wishes(&self) -> Wishes<'_> {
        Wishes {
            model: self.model.as_deref(),
            seconds: self.seconds,
            aspect: self.aspect,
            resolution: self.resolution,
            seed: self.seed,
        }
    }
}

/// What somebody said of the videos they want.
pub(super) struct Wishes<'a> {
    pub model: Option<&'a str>,
    pub seconds: Option<i64>,
    pub aspect: Option<Aspect>,
    pub resolution: Option<Resolution>,
    pub seed: Option<i64>,
}

/// The same with its defaults resolved.
pub(super) struct Terms {
    pub model: &'static str,
    pub seconds: i64,
    pub aspect: Aspect,
    pub resolution: Resolution,
    pub seed: i64,
}

impl Terms {
    pub(super) fn resolve(request: &Wishes<'_>) -> Result<Self, Error> {
        let model = model_of(request.model)?;
        let seconds = request.seconds.unwrap_or(model.default_s);
        if !model.makes_seconds(seconds) {
            return Err(Error::InvalidInput(
                ApiError::invalid_input("seconds", Reason::ModelSeconds)
                    .with("model", model.code)
                    .with("min", model.min_s)
                    .with("max", model.max_s),
            ));
        }
        let aspect = one_of(model, request.aspect, model.aspects, ("aspect", Aspect::as_str))?;
        let named = ("resolution", Resolution::as_str as fn(Resolution) -> &'static str);
        let resolution = one_of(model, request.resolution, model.resolutions, named)?;
        let seed = request.seed.map_or_else(any_seed, Ok)?;
        if !SEEDS.contains(&seed) {
            return Err(Error::InvalidInput(
                ApiError::invalid_input("seed", Reason::OutOfRange)
                    .with("min", SEEDS.start)
                    .with("max", SEEDS.end - 1),
            ));
        }
        Ok(Self { model: model.code, seconds, aspect, resolution, seed })
    }
}

fn model_of(wanted: Option<&str>) -> Result<&'static Model, Error> {
    let found = match wanted {
        Some(code) => models::find(code),
        None => models::MODELS.first(),
    };
    found.ok_or_else(|| {
        let codes: Vec<&str> = models::MODELS.iter().map(|model| model.code).collect();
        let refusal = ApiError::invalid_input("model", Reason::UnknownModel);
        Error::InvalidInput(refusal.with("allowed", codes))
    })
}

/// The wanted value if the model has it; the model's first when none is wanted.
fn one_of<T: Copy + PartialEq>(
    model: &Model,
    wanted: Option<T>,
    offered: &[T],
    (field, word): (&'static str, fn(T) -> &'static str),
) -> Result<T, Error> {
    let found = match wanted {
        Some(wanted) => offered.iter().find(|known| **known == wanted),
        None => offered.first(),
    };
    found.copied().ok_or_else(|| {
        let words: Vec<&str> = offered.iter().map(|known| word(*known)).collect();
        let refusal = ApiError::invalid_input(field, Reason::NotOffered);
        Error::InvalidInput(refusal.with("model", model.code).with("allowed", words))
    })
}

fn any_seed() -> Result<i64, Error> {
    let bytes = random_bytes::<4>().map_err(|_| Error::Inconsistent("no randomness"))?;
    Ok(i64::from(u32::from_le_bytes(bytes)) % SEEDS.end)
}
