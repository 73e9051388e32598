//! Links to delivered files.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{BatchId, VideoId, WorkspaceId};

use super::call::ContextExt as _;
use super::error::Answer;
use super::scalars::{DateTime, id};
use crate::domain::access::Action;
use crate::domain::media::{AssetLink, LinkRequest};

/// Which files somebody wants links to.
#[derive(InputObject)]
pub struct CreateAssetLinksInput {
    /// Where.
    workspace_id: ID,
    /// Of which batch.
    batch_id: ID,
    /// Which of its videos; those without a file are left out of the answer.
    video_ids: Vec<ID>,
    /// Life of the links, seconds; the server's default without it.
    ttl_s: Option<i32>,
}

/// The links.
#[derive(SimpleObject)]
pub struct CreateAssetLinksPayload {
    /// In the order asked.
    links: Vec<AssetLinkShown>,
}

/// A way to a video and its still picture. Whoever holds it may fetch them until it ends.
#[derive(SimpleObject)]
#[graphql(name = "AssetLink")]
pub struct AssetLinkShown {
    /// Of what.
    video_id: ID,
    /// The file.
    asset_id: ID,
    /// Path of the video on this server; answers to `Range`. With `?download` it is saved.
    url: String,
    /// Path of the still picture.
    poster_url: String,
    /// Useless from here on.
    expires_at: DateTime,
}

/// Writes.
#[derive(Default)]
pub struct AssetMutations;

#[Object]
impl AssetMutations {
    /// Makes links to delivered files. Each is written into the access log.
    async fn create_asset_links(
        &self,
        ctx: &Context<'_>,
        input: CreateAssetLinksInput,
    ) -> Answer<CreateAssetLinksPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ReadFiles).await?;
        let batch_id: BatchId = id("batchId", &input.batch_id)?;
        let video_ids = input.video_ids.iter().map(|text| id("videoIds", text));
        let video_ids = video_ids.collect::<Answer<Vec<VideoId>>>()?;
        let ttl_s = input.ttl_s.map(i64::from);
        let request = LinkRequest { batch_id, video_ids: &video_ids, ttl_s };
        let links = call.services.media.links(&scope, request).await?;
        Ok(CreateAssetLinksPayload { links: links.into_iter().map(Into::into).collect() })
    }
}

impl From<AssetLink> for AssetLinkShown {
    fn from(link: AssetLink) -> Self {
        Self {
            video_id: link.video_id.into(),
            asset_id: link.asset_id.into(),
            url: format!("/files/{}", link.video.reveal()),
            poster_url: format!("/files/{}", link.poster.reveal()),
            expires_at: link.expires_at.into(),
        }
    }
}
