//! Which videos of a batch are meant: all of them, or some by their ordinals; of these all, or
//! only what is marked KEEP at the moment of looking.

use entity::ids::{BatchId, VideoId, WorkspaceId};

use super::{Collect, Error, repo};

/// Which videos a stored link means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pick {
    pub workspace_id: WorkspaceId,
    pub batch_id: BatchId,
    /// Rising; `None` for the whole batch.
    pub ordinals: Option<Vec<i64>>,
    pub kept_only: bool,
}

/// Which videos somebody chose.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Of which batch.
    pub batch_id: BatchId,
    /// Which of its videos; `None` for all of them, also those yet to come.
    pub video_ids: Option<&'a [VideoId]>,
    /// Only what is marked KEEP when somebody looks.
    pub kept_only: bool,
}

/// What a choice comes to at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Delivered videos.
    pub videos: i64,
    /// Bytes of their files.
    pub bytes: i64,
}

impl Pick {
    pub(super) fn stored(
        (workspace_id, batch_id): (WorkspaceId, BatchId),
        videos: Option<serde_json::Value>,
        kept_only: bool,
    ) -> Result<Self, Error> {
        let ordinals = videos.map(serde_json::from_value::<Vec<i64>>).transpose();
        let ordinals = ordinals.map_err(|_| Error::Damaged)?;
        Ok(Self { workspace_id, batch_id, ordinals, kept_only })
    }

    pub(super) fn to_json(&self) -> Option<serde_json::Value> {
        self.ordinals.as_ref().map(|ordinals| serde_json::Value::from(ordinals.as_slice()))
    }

    /// The next ordinals after one, at most `limit`; `None` for the whole batch.
    pub(super) fn next(&self, after: i64, limit: usize) -> Option<&[i64]> {
        let ordinals = self.ordinals.as_deref()?;
        let from = ordinals.partition_point(|ordinal| *ordinal <= after);
        let rest = ordinals.get(from..).unwrap_or_default();
        Some(rest.get(..limit).unwrap_or(rest))
    }
}

impl Collect {
    /// A choice with its ids resolved. It must hold a delivered video now.
    pub(super) async fn pick(
        &self,
        workspace_id: WorkspaceId,
        choice: Choice<'_>,
    ) -> Result<(Pick, Sum), Error> {
        let db = &self.parts.db;
        let Choice { batch_id, video_ids, kept_only } = choice;
        repo::batch(db, (workspace_id, batch_id)).await?.ok_or(Error::NotFound)?;
        let ordinals = match video_ids {
            None => None,
            Some(ids) => {
                let mut ids = ids.to_vec();
                ids.sort_unstable();
                ids.dedup();
                let most = self.options.max_selection;
                if ids.is_empty() || ids.len() > most {
                    return Err(Error::Selection { most });
                }
                let ordinals = repo::ordinals(db, (workspace_id, batch_id), &ids).await?;
                if ordinals.len() != ids.len() {
                    return Err(Error::NotFound);
                }
                Some(ordinals)
            }
        };
        let pick = Pick { workspace_id, batch_id, ordinals, kept_only };
        let sum = repo::sum(db, &pick).await?;
        if sum.videos == 0 { Err(Error::NothingDelivered) } else { Ok((pick, sum)) }
    }
}
