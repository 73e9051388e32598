//! The price of a text that nobody has saved: counted and priced as a quote would, and forgotten.

use entity::enums::{Aspect, Resolution};
use entity::values::Credits;
use prompt::Selection;

use super::error::Error;
use super::quote::{Terms, Wishes};
use super::{Batches, allowed};
use crate::domain::access::{Action, Scope};
use crate::domain::templates;

/// A text with what it is to be made into.
#[derive(Clone, Debug)]
pub struct EstimateRequest {
    /// The prompt text.
    pub source: String,
    /// Which combinations.
    pub selection: Selection,
    /// Model code; the first of the list.
    pub model: Option<String>,
    /// Length of a video; the model's own.
    pub seconds: Option<i64>,
    /// Shape; the model's first.
    pub aspect: Option<Aspect>,
    /// Lines; the model's first, which is the cheapest.
    pub resolution: Option<Resolution>,
}

/// What a launch would cost now. It binds nobody: a quote does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// How many videos.
    pub video_count: i64,
    /// The count as a sum a person can follow.
    pub formula: String,
    /// For each delivered video.
    pub price_per_video: Credits,
    /// For all of them.
    pub total: Credits,
    /// Model code.
    pub model: &'static str,
    /// Length of each video.
    pub seconds: i64,
    /// Shape of each video.
    pub aspect: Aspect,
    /// Lines of each video.
    pub resolution: Resolution,
}

impl Batches {
    /// Counts and prices a text; stores nothing.
    ///
    /// # Errors
    /// As [`Self::quote`].
    pub async fn estimate(
        &self,
        scope: &Scope,
        request: EstimateRequest,
    ) -> Result<Estimate, Error> {
        allowed(scope, Action::Quote)?;
        let EstimateRequest { source, selection, model, seconds, aspect, resolution } = request;
        let wishes = Wishes { model: model.as_deref(), seconds, aspect, resolution, seed: Some(0) };
        let terms = Terms::resolve(&wishes)?;
        templates::model::storable(&selection)?;
        let expansion = self.expansion(source, selection).await?;
        let video_count = self.countable(expansion.count())?;
        let price = self.price(scope.workspace_id(), &terms).await?;
        let price_per_video = price.for_seconds(terms.seconds);
        let total = price_per_video.checked_mul(video_count);
        Ok(Estimate {
            video_count,
            formula: expansion.formula(),
            price_per_video,
            total: total.ok_or(Error::Inconsistent("a price is out of range"))?,
            model: terms.model,
            seconds: terms.seconds,
            aspect: terms.aspect,
            resolution: terms.resolution,
        })
    }
}
