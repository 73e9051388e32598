//! Batched reads: what many objects of one reply ask for one by one is read in one query each.
//!
//! Loaders belong to a request and hold its caller: every load of a tenant's data is authorised
//! like any other read. Over HTTP a request remembers what it loaded; on a socket nothing is
//! remembered, because the next event must not show what the last one saw.

use std::collections::HashMap;
use std::hash::Hash;

use async_graphql::dataloader::{DataLoader, HashMapCache, Loader};
use entity::ids::{BatchId, QuoteId, TemplateId, UserId, VideoId, WorkspaceId};
use prompt::Selection;

use super::services::Services;
use crate::domain::access::{Action, Caller, Scope};
use crate::domain::batches::{MarkCounts, Quote};
use crate::domain::templates::Template;
use crate::domain::wallet::BatchCredits;
use crate::kernel::error::ApiError;

/// A loader that remembers as long as its request lives.
pub type Cached = DataLoader<Reads, HashMapCache>;

/// The loaders of one request.
pub struct Loaders(Cached);

/// What loads: the services in the name of a caller.
#[derive(Clone)]
pub struct Reads {
    services: Services,
    caller: Caller,
}

/// Somebody's display name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameOf(pub WorkspaceId, pub UserId);
/// A template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TemplateOf(pub WorkspaceId, pub TemplateId);
/// A quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QuoteOf(pub WorkspaceId, pub QuoteId);
/// The file of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AssetOf(pub WorkspaceId, pub VideoId);
/// The attempts of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttemptsOf(pub WorkspaceId, pub VideoId);
/// The newest mark of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReviewOf(pub WorkspaceId, pub VideoId);
/// How many videos of a batch are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarksOf(pub WorkspaceId, pub BatchId);
/// What a quote pinned of its template's combinations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SelectionOf(pub WorkspaceId, pub QuoteId);
/// The credits of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CreditsOf(pub WorkspaceId, pub BatchId);

impl Loaders {
    /// For a request of `caller`.
    #[must_use]
    pub fn new(services: &Services, caller: &Caller) -> Self {
        let reads = Reads { services: services.clone(), caller: caller.clone() };
        Self(
            DataLoader::with_cache(reads, tokio::spawn, HashMapCache::default())
                .max_batch_size(500),
        )
    }

    /// Remembers nothing from now on.
    pub fn forget_everything(&self) {
        self.0.enable_all_cache(false);
    }

    /// Loads what a page is about to ask for row by row. Batching by time alone would split a
    /// page on a busy machine; what is remembered needs no second query.
    ///
    /// # Errors
    /// What the read was refused for.
    pub async fn many<K>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> Result<HashMap<K, <Reads as Loader<K>>::Value>, ApiError>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Reads: Loader<K, Error = ApiError>,
    {
        self.0.load_many(keys).await
    }

    /// Loads one thing together with all others of its kind that are asked for at the moment.
    ///
    /// # Errors
    /// What the read was refused for.
    pub async fn one<K>(&self, key: K) -> Result<Option<<Reads as Loader<K>>::Value>, ApiError>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Reads: Loader<K, Error = ApiError>,
    {
        self.0.load_one(key).await
    }
}

impl Reads {
    async fn scope(&self, workspace: WorkspaceId, action: Action) -> Result<Scope, ApiError> {
        Ok(self.services.access.authorise(&self.caller, workspace, action).await?)
    }
}

/// Keys by workspace: nearly always one.
fn by_workspace<K, Id>(
    keys: &[K],
    split: impl Fn(&K) -> (WorkspaceId, Id),
) -> HashMap<WorkspaceId, Vec<Id>> {
    let mut groups: HashMap<WorkspaceId, Vec<Id>> = HashMap::new();
    for key in keys {
        let (workspace, id) = split(key);
        groups.entry(workspace).or_default().push(id);
    }
    groups
}

impl Loader<NameOf> for Reads {
    type Value = String;
    type Error = ApiError;

    async fn load(&self, keys: &[NameOf]) -> Result<HashMap<NameOf, String>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let names = self.services.access.names(&scope, &ids).await?;
            found.extend(names.into_iter().map(|(id, name)| (NameOf(workspace, id), name)));
        }
        Ok(found)
    }
}

impl Loader<TemplateOf> for Reads {
    type Value = Template;
    type Error = ApiError;

    async fn load(&self, keys: &[TemplateOf]) -> Result<HashMap<TemplateOf, Template>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let rows = self.services.templates.many(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| (TemplateOf(workspace, row.id), row)));
        }
        Ok(found)
    }
}

impl Loader<QuoteOf> for Reads {
    type Value = Quote;
    type Error = ApiError;

    async fn load(&self, keys: &[QuoteOf]) -> Result<HashMap<QuoteOf, Quote>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::ReadMoney).await?;
            let rows = self.services.batches.quotes(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| (QuoteOf(workspace, row.id), row)));
        }
        Ok(found)
    }
}

impl Loader<AssetOf> for Reads {
    /// Most videos under way have none; that is remembered too.
    type Value = Option<entity::asset::Model>;
    type Error = ApiError;

    async fn load(&self, keys: &[AssetOf]) -> Result<HashMap<AssetOf, Self::Value>, ApiError> {
        let mut found: HashMap<AssetOf, Self::Value> =
            keys.iter().map(|key| (*key, None)).collect();
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let rows = self.services.media.assets(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| (AssetOf(workspace, row.video_id), Some(row))));
        }
        Ok(found)
    }
}

impl Loader<AttemptsOf> for Reads {
    type Value = Vec<entity::attempt::Model>;
    type Error = ApiError;

    async fn load(
        &self,
        keys: &[AttemptsOf],
    ) -> Result<HashMap<AttemptsOf, Self::Value>, ApiError> {
        let mut found: HashMap<AttemptsOf, Self::Value> =
            keys.iter().map(|key| (*key, Vec::new())).collect();
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            for row in self.services.batches.attempts(&scope, &ids).await? {
                found.entry(AttemptsOf(workspace, row.video_id)).or_default().push(row);
            }
        }
        Ok(found)
    }
}

impl Loader<CreditsOf> for Reads {
    type Value = BatchCredits;
    type Error = ApiError;

    async fn load(&self, keys: &[CreditsOf]) -> Result<HashMap<CreditsOf, BatchCredits>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::ReadMoney).await?;
            let rows = self.services.wallet.by_batch(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| (CreditsOf(workspace, row.batch_id), row)));
        }
        Ok(found)
    }
}

impl Loader<ReviewOf> for Reads {
    /// Most videos have none; that is remembered too.
    type Value = Option<entity::video_mark::Model>;
    type Error = ApiError;

    async fn load(&self, keys: &[ReviewOf]) -> Result<HashMap<ReviewOf, Self::Value>, ApiError> {
        let mut found: HashMap<ReviewOf, Self::Value> =
            keys.iter().map(|key| (*key, None)).collect();
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let rows = self.services.batches.marks(&scope, &ids).await?;
            found
                .extend(rows.into_iter().map(|row| (ReviewOf(workspace, row.video_id), Some(row))));
        }
        Ok(found)
    }
}

impl Loader<MarksOf> for Reads {
    /// Most batches have none; that is remembered too.
    type Value = Option<MarkCounts>;
    type Error = ApiError;

    async fn load(&self, keys: &[MarksOf]) -> Result<HashMap<MarksOf, Self::Value>, ApiError> {
        let mut found: HashMap<MarksOf, Self::Value> =
            keys.iter().map(|key| (*key, None)).collect();
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let rows = self.services.batches.mark_counts(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|row| (MarksOf(workspace, row.batch_id), Some(row))));
        }
        Ok(found)
    }
}

impl Loader<SelectionOf> for Reads {
    type Value = Selection;
    type Error = ApiError;

    async fn load(
        &self,
        keys: &[SelectionOf],
    ) -> Result<HashMap<SelectionOf, Selection>, ApiError> {
        let mut found = HashMap::with_capacity(keys.len());
        for (workspace, ids) in by_workspace(keys, |key| (key.0, key.1)) {
            let scope = self.scope(workspace, Action::Read).await?;
            let rows = self.services.batches.selections(&scope, &ids).await?;
            found.extend(rows.into_iter().map(|(id, row)| (SelectionOf(workspace, id), row)));
        }
        Ok(found)
    }
}
