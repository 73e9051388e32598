//! Videos of a batch, their attempts and files.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use super::call::ContextExt as _;
use super::error::Answer;
use super::loaders::{AssetOf, AttemptsOf, ReviewOf};
use super::marks::ReviewShown;
use super::page::Wanted;
use super::scalars::{DateTime, Long, int};
use super::templates::BoundValue;
use super::words::VideoStateWord;
use crate::domain::access::Scope;
use crate::domain::batches::failure::FailureCode;
use crate::domain::batches::model::bound_values;
use crate::domain::batches::{Batch, Video};
use crate::kernel::language::Language;

/// One combination of a batch.
pub struct VideoShown {
    /// Where it was read.
    pub scope: Scope,
    /// Of what.
    pub batch: Arc<Batch>,
    /// What was read.
    pub row: Video,
}

/// One combination of a batch.
#[Object(name = "Video")]
impl VideoShown {
    /// Opaque id, `vid_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Place in the batch, from 0, in the order of the selection.
    async fn ordinal(&self) -> i32 {
        int(self.row.ordinal)
    }
    /// The prompt it is made from.
    async fn prompt(&self) -> &str {
        &self.row.prompt
    }
    /// What the prompt was made of, in the order of the axes.
    async fn values(&self) -> Vec<BoundValue> {
        let values = bound_values(&self.batch, &self.row).into_iter();
        values.map(|(name, value)| BoundValue { name, value }).collect()
    }
    /// Seed given to the model.
    async fn seed(&self) -> Long {
        self.row.seed.into()
    }
    /// Where it stands.
    async fn state(&self) -> VideoStateWord {
        self.row.state.into()
    }
    /// Submissions so far.
    async fn attempt(&self) -> i32 {
        int(self.row.attempt)
    }
    /// Revision of the batch at its newest change.
    async fn rev(&self) -> Long {
        self.row.rev.into()
    }
    /// Why it failed, and what to do next; null unless FAILED.
    async fn error(&self, ctx: &Context<'_>) -> Answer<Option<VideoError>> {
        let language = ctx.call()?.caller().language;
        let code = self.row.error_code.as_deref();
        Ok(code.map(|code| VideoError::new(code, language)))
    }
    /// Its file; null until DELIVERED. `createAssetLinks` leads to it.
    async fn asset(&self, ctx: &Context<'_>) -> Answer<Option<AssetShown>> {
        let key = AssetOf(self.scope.workspace_id(), self.row.id);
        Ok(ctx.call()?.loaders().one(key).await?.flatten().map(AssetShown))
    }
    /// Every attempt with the times of its edges, first to last.
    async fn attempts(&self, ctx: &Context<'_>) -> Answer<Vec<AttemptShown>> {
        let key = AttemptsOf(self.scope.workspace_id(), self.row.id);
        let rows = ctx.call()?.loaders().one(key).await?.unwrap_or_default();
        Ok(rows.into_iter().map(AttemptShown::from).collect())
    }
    /// What a member thinks of it; null until somebody marks it.
    async fn review(&self, ctx: &Context<'_>) -> Answer<Option<ReviewShown>> {
        let key = ReviewOf(self.scope.workspace_id(), self.row.id);
        let row = ctx.call()?.loaders().one(key).await?.flatten();
        Ok(row.map(|row| ReviewShown { scope: self.scope.clone(), row }))
    }
    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.row.ended_at.map(DateTime)
    }
}

/// Reads ahead what a page of videos is asked for.
///
/// # Errors
/// The database's failure.
pub async fn warm(ctx: &Context<'_>, scope: &Scope, rows: &[Video]) -> Answer<()> {
    let (wanted, loaders, here) = (Wanted::of(ctx), ctx.call()?.loaders(), scope.workspace_id());
    if wanted.has(&["asset"]) {
        loaders.many(rows.iter().map(|row| AssetOf(here, row.id))).await?;
    }
    if wanted.has(&["attempts"]) {
        loaders.many(rows.iter().map(|row| AttemptsOf(here, row.id))).await?;
    }
    if wanted.has(&["review"]) {
        loaders.many(rows.iter().map(|row| ReviewOf(here, row.id))).await?;
    }
    Ok(())
}

/// Why a video failed. It was not charged.
#[derive(SimpleObject)]
pub struct VideoError {
    /// For programs: a closed list.
    code: String,
    /// What happened.
    message: String,
    /// What to do next.
    next_step: String,
}

impl VideoError {
    fn new(code: &str, language: Language) -> Self {
        let known = code.parse::<FailureCode>().ok();
        let words = known.map(|code| (code.message(language), code.next_step(language)));
        // A code of another version of this server still has its name.
        let (message, next_step) = words.unwrap_or((code, ""));
        Self { code: code.to_owned(), message: message.to_owned(), next_step: next_step.to_owned() }
    }
}

/// The stored file of a delivered video.
pub struct AssetShown(pub entity::asset::Model);

/// The stored file of a delivered video.
#[Object(name = "Asset")]
impl AssetShown {
    /// Opaque id, `ast_…`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// Length of the file.
    async fn bytes(&self) -> Long {
        self.0.bytes.into()
    }
    /// SHA-256 of the file, in hexadecimal.
    async fn sha256(&self) -> String {
        self.0.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }
    /// Length of the picture, milliseconds.
    async fn duration_ms(&self) -> i32 {
        int(self.0.duration_ms)
    }
    /// Pixels.
    async fn width(&self) -> i32 {
        int(self.0.width)
    }
    /// Pixels.
    async fn height(&self) -> i32 {
        int(self.0.height)
    }
    /// Codec, as probed.
    async fn codec(&self) -> &str {
        &self.0.codec
    }
    /// Delivered.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::enums::AttemptOutcome")]
pub enum AttemptOutcome {
    /// Its file was delivered.
    Delivered,
    /// The provider refused or failed.
    Failed,
    /// Throttled, transient or expired: another attempt may follow.
    Retryable,
    /// Ended with the process that ran it.
    Lost,
    /// Stopped on request.
    Stopped,
}

/// One submission of a video to the model.
#[derive(SimpleObject)]
#[graphql(name = "Attempt")]
pub struct AttemptShown {
    /// 1, 2, 3 …
    number: i32,
    /// How it ended; null while under way.
    outcome: Option<AttemptOutcome>,
    /// Taken by a worker.
    claimed_at: DateTime,
    /// Taken by the provider.
    submitted_at: Option<DateTime>,
    /// The provider had a result.
    stored_from_at: Option<DateTime>,
    /// Ended.
    ended_at: Option<DateTime>,
}

impl From<entity::attempt::Model> for AttemptShown {
    fn from(row: entity::attempt::Model) -> Self {
        Self {
            number: int(row.attempt),
            outcome: row.outcome.map(Into::into),
            claimed_at: row.claimed_at.into(),
            submitted_at: row.submitted_at.map(DateTime),
            stored_from_at: row.stored_from_at.map(DateTime),
            ended_at: row.ended_at.map(DateTime),
        }
    }
}

/// A variable that must have a value.
#[derive(InputObject)]
pub struct ValueFilterInput {
    /// The variable.
    pub name: String,
    /// Its value.
    pub value: String,
}
