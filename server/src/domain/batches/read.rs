//! Reads of batches and videos, in keyset pages.

use entity::attempt;
use entity::enums::{BatchState, VideoState};
use entity::ids::{BatchId, VideoId};

use super::error::Error;
use super::marks::Marked;
use super::model::{Batch, Video};
use super::{Batches, repo};
use crate::domain::access::Scope;
use crate::domain::templates;
use crate::kernel::error::ApiError;
use crate::kernel::page::{Page, PageArgs};
use crate::kernel::reason::Reason;

/// Most values a filter may name.
const MAX_FILTER_VALUES: usize = 16;

/// Which batches are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct BatchFilter {
    /// In this state.
    pub state: Option<BatchState>,
}

/// Which videos are wanted: all that is named must hold.
#[derive(Clone, Debug, Default)]
pub struct VideoFilter {
    /// In this state.
    pub state: Option<VideoState>,
    /// With these values of their variables.
    pub values: Vec<(String, String)>,
    /// Marked so.
    pub mark: Option<Marked>,
}

impl Batches {
    /// One batch.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, scope: &Scope, batch_id: BatchId) -> Result<Batch, Error> {
        let reader = self.parts.db.reader();
        repo::batch(reader, scope.workspace_id(), batch_id).await?.ok_or(Error::NotFound)
    }

    /// Several at once, in no order; what is not there is left out.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn many(&self, scope: &Scope, wanted: &[BatchId]) -> Result<Vec<Batch>, Error> {
        Ok(repo::batches(self.parts.db.reader(), scope.workspace_id(), wanted).await?)
    }

    /// Newest first. The cursor's key is the id.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`].
    pub async fn list(
        &self,
        scope: &Scope,
        filter: BatchFilter,
        page: &PageArgs,
    ) -> Result<Page<Batch>, Error> {
        let slice = (after::<BatchId>(page)?, page.fetch());
        let reader = self.parts.db.reader();
        Ok(page.cut(repo::list(reader, scope.workspace_id(), filter, slice).await?))
    }

    /// Videos of a batch in ordinal order. The cursor's key is the ordinal.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidCursor`], [`Error::InvalidInput`] for a filter of too
    /// many values.
    pub async fn videos(
        &self,
        scope: &Scope,
        batch_id: BatchId,
        (filter, page): (&VideoFilter, &PageArgs),
    ) -> Result<Page<Video>, Error> {
        if filter.values.len() > MAX_FILTER_VALUES {
            let refusal = ApiError::invalid_input("values", Reason::TooMany);
            return Err(Error::InvalidInput(refusal.with("max", MAX_FILTER_VALUES)));
        }
        if filter.values.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
            return Err(templates::Error::Control { field: "values" }.into());
        }
        let slice = (after::<i64>(page)?, page.fetch());
        self.get(scope, batch_id).await?;
        let whose = (scope.workspace_id(), batch_id);
        Ok(page.cut(repo::videos(self.parts.db.reader(), whose, filter, slice).await?))
    }

    /// One video, whatever its batch.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn video(&self, scope: &Scope, video_id: VideoId) -> Result<Video, Error> {
        let found = repo::video(self.parts.db.reader(), scope.workspace_id(), video_id).await?;
        found.ok_or(Error::NotFound)
    }

    /// The attempts of these videos, first to last.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn attempts(
        &self,
        scope: &Scope,
        videos: &[VideoId],
    ) -> Result<Vec<attempt::Model>, Error> {
        Ok(repo::attempts(self.parts.db.reader(), scope.workspace_id(), videos).await?)
    }
}

fn after<Key: std::str::FromStr>(page: &PageArgs) -> Result<Option<Key>, Error> {
    let key = page.after.as_deref().map(str::parse::<Key>).transpose();
    key.map_err(|_| Error::InvalidCursor)
}
