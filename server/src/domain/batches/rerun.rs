//! Re-run: a new quote that begins with everything a batch was made of.

use entity::enums::{Aspect, Mode, Resolution};
use entity::ids::BatchId;
use prompt::Selection;

use super::error::Error;
use super::model::Quote;
use super::{Batches, QuoteRequest, allowed};
use crate::domain::access::{Action, Scope};

/// A batch to be made again. Everything that is left out is as it was.
#[derive(Clone, Debug)]
pub struct RerunRequest {
    /// Which.
    pub batch_id: BatchId,
    /// Another version of its template.
    pub version: Option<i64>,
    /// Other combinations.
    pub selection: Option<Selection>,
    /// Another model.
    pub model: Option<String>,
    /// Another length.
    pub seconds: Option<i64>,
    /// Another shape.
    pub aspect: Option<Aspect>,
    /// Other lines.
    pub resolution: Option<Resolution>,
    /// Whether videos get other seeds than before.
    pub seed: Reseed,
    /// Another wallet.
    pub mode: Option<Mode>,
}

/// Where the seeds of a re-run come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reseed {
    /// As before: the same prompts give the same videos where the model allows.
    #[default]
    Same,
    /// Drawn by lot.
    Fresh,
    /// This one.
    Given(i64),
}

impl Batches {
    /// Prices the batch as it would be launched today. Prices, plan and watermark are today's; the
    /// old batch stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`]; what a quote is refused with.
    pub async fn rerun(&self, scope: &Scope, request: RerunRequest) -> Result<Quote, Error> {
        allowed(scope, Action::Quote)?;
        let batch = self.get(scope, request.batch_id).await?;
        let quoted = self.get_quote(scope, batch.quote_id).await?;
        let selection = match request.selection {
            Some(selection) => selection,
            None => serde_json::from_value(quoted.selection).map_err(|_| Error::Damaged)?,
        };
        let seed = match request.seed {
            Reseed::Same => Some(batch.seed),
            Reseed::Fresh => None,
            Reseed::Given(seed) => Some(seed),
        };
        let asked = QuoteRequest {
            template_id: batch.template_id,
            version: Some(request.version.unwrap_or(batch.template_version)),
            selection: Some(selection),
            model: Some(request.model.unwrap_or(batch.model)),
            seconds: Some(request.seconds.unwrap_or(batch.seconds)),
            aspect: Some(request.aspect.unwrap_or(batch.aspect)),
            resolution: Some(request.resolution.unwrap_or(batch.resolution)),
            seed,
            mode: request.mode.unwrap_or(batch.mode),
        };
        self.quote(scope, asked).await
    }
}
