//! From a quote to the rows of its videos: outside any transaction, and off the async threads.

use entity::ids::VideoId;
use entity::values::UnixMs;
use prompt::{Combination, Expansion, Selection};
use serde_json::{Map, Value};

use super::error::Error;
use super::model::{Quote, video_seed};
use super::{Batches, Options};
use crate::domain::access::Scope;
use crate::kernel::error::ApiError;
use crate::kernel::ids;
use crate::kernel::reason::Reason;

/// Name under which the number of a take is kept among a video's values.
const TAKE: &str = "take";

/// The videos of a launch, a column each, in ordinal order.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub ids: Vec<VideoId>,
    pub prompts: Vec<String>,
    /// JSON objects.
    pub bindings: Vec<String>,
    pub seeds: Vec<i64>,
    /// 1 where a video is of the pilot.
    pub pilot: Vec<i64>,
    /// Names of the bindings in axis order.
    pub variables: Vec<String>,
}

impl Batches {
    /// Counts what a text and a selection make. Compiling may take a while: not on this thread.
    pub(super) async fn expansion(
        &self,
        source: String,
        selection: Selection,
    ) -> Result<Expansion, Error> {
        let limits = self.options.prompt;
        off_thread(move || {
            prompt::expand(&source, &selection, &limits)
                .map_err(|problems| crate::domain::templates::Error::Invalid(problems).into())
        })
        .await
    }

    /// Renders every video of a quote, and chooses at most `pilot` of them to go first.
    pub(super) async fn prepare(
        &self,
        scope: &Scope,
        (quote, pilot): (&Quote, usize),
        now: UnixMs,
    ) -> Result<Prepared, Error> {
        let (template_id, version) = (quote.template_id, Some(quote.template_version));
        let pinned = self.parts.templates.version(scope, template_id, version).await?;
        let selection: Selection =
            serde_json::from_value(quote.selection.clone()).map_err(|_| Error::Damaged)?;
        let expansion = self.expansion(pinned.source, selection).await?;
        if i64::try_from(expansion.count()) != Ok(quote.video_count) {
            return Err(Error::Damaged);
        }
        let (seed, options) = (quote.seed, self.options);
        off_thread(move || {
            let mut made = render(&expansion, seed, (&options, now))?;
            for ordinal in expansion.pilot(pilot) {
                let place = usize::try_from(ordinal).ok().and_then(|at| made.pilot.get_mut(at));
                *place.ok_or(Error::Damaged)? = 1;
            }
            Ok(made)
        })
        .await
    }
}

fn render(
    expansion: &Expansion,
    batch_seed: i64,
    (options, now): (&Options, UnixMs),
) -> Result<Prepared, Error> {
    let count = usize::try_from(expansion.count()).map_err(|_| Error::Damaged)?;
    let with_takes = expansion.axes().last().is_some_and(|axis| axis.name == TAKE);
    let mut made = Prepared {
        ids: ids::mint_many(now, count),
        prompts: Vec::with_capacity(count),
        bindings: Vec::with_capacity(count),
        seeds: Vec::with_capacity(count),
        pilot: vec![0; count],
        variables: Vec::new(),
    };
    let mut bytes = 0_usize;
    for combination in expansion.iter_from(0) {
        if made.variables.is_empty() {
            made.variables = names(&combination, with_takes);
        }
        made.seeds.push(video_seed(batch_seed, combination.index));
        let bindings = bindings(&combination, with_takes);
        bytes += bindings.len() + combination.prompt.len();
        if bytes > options.max_prompt_bytes {
            let refusal = ApiError::invalid_input("selection", Reason::PromptsTooLarge);
            return Err(Error::InvalidInput(refusal.with("max", options.max_prompt_bytes >> 20)));
        }
        made.bindings.push(bindings);
        made.prompts.push(combination.prompt);
    }
    Ok(made)
}

fn names(combination: &Combination, with_takes: bool) -> Vec<String> {
    let take = with_takes.then(|| TAKE.to_owned());
    combination.values.iter().map(|(name, _)| name.clone()).chain(take).collect()
}

fn bindings(combination: &Combination, with_takes: bool) -> String {
    let take = with_takes.then(|| (TAKE.to_owned(), Value::from(combination.take.to_string())));
    let values = combination.values.iter();
    let object: Map<String, Value> =
        values.map(|(name, value)| (name.clone(), value.as_str().into())).chain(take).collect();
    Value::Object(object).to_string()
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(Error::Inconsistent("an expansion did not come to its end")))
}
