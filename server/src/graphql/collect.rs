//! Archives of delivered videos, and links that show them to others.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::ids::{BatchId, ShareId, VideoId, WorkspaceId};

use super::call::ContextExt as _;
use super::error::Answer;
use super::page::{Listed, args, listed};
use super::people::Person;
use super::scalars::{DateTime, Long, id, int};
use crate::domain::access::{Action, Scope};
use crate::domain::collect::{
    Choice, OpenedShare, Share, ShareRequest, SharedVideo, ZipLink, ZipRequest,
};

/// Which videos go into an archive.
#[derive(InputObject)]
pub struct CreateZipLinkInput {
    /// Where.
    workspace_id: ID,
    /// Of which batch.
    batch_id: ID,
    /// Which of its videos, at most 10,000; all of them without it. Those without a file are lines
    /// of the manifest.
    video_ids: Option<Vec<ID>>,
    /// Only what is marked KEEP when the archive is fetched.
    #[graphql(default)]
    kept_only: bool,
    /// Life of the link, seconds; the server's default without it. An archive that has begun ends
    /// when it ends.
    ttl_s: Option<i32>,
}

/// A way to an archive. Whoever holds it may fetch it until it ends.
#[derive(SimpleObject)]
pub struct CreateZipLinkPayload {
    /// Path on this server. It is packed while it is fetched, so it knows no `Range`.
    url: String,
    /// What it will be called.
    file_name: String,
    /// Delivered videos in it now.
    videos: i32,
    /// Bytes of these.
    bytes: Long,
    /// Useless from here on.
    expires_at: DateTime,
}

/// What a link is to show.
#[derive(InputObject)]
pub struct CreateShareLinkInput {
    /// Where.
    workspace_id: ID,
    /// Of which batch.
    batch_id: ID,
    /// Which of its videos, at most 10,000; all of them, also those yet to come, without it.
    video_ids: Option<Vec<ID>>,
    /// Only what is marked KEEP when the link is opened.
    #[graphql(default)]
    kept_only: bool,
    /// Whether prompts are shown.
    #[graphql(default)]
    show_prompts: bool,
    /// Its life, days.
    #[graphql(default = 14)]
    days: i32,
}

/// The link that was made.
#[derive(SimpleObject)]
pub struct CreateShareLinkPayload {
    /// What it shows.
    link: ShareLinkShown,
    /// Path on this server. It is shown this once: what is stored is its hash.
    url: String,
}

/// A link to be withdrawn.
#[derive(InputObject)]
pub struct RevokeShareLinkInput {
    /// Where.
    workspace_id: ID,
    /// Which.
    share_id: ID,
}

/// The link that was withdrawn.
#[derive(SimpleObject)]
pub struct RevokeShareLinkPayload {
    /// As it is now.
    link: ShareLinkShown,
}

/// A link to be opened.
#[derive(InputObject)]
pub struct OpenShareLinkInput {
    /// What stands after `/s/`.
    token: String,
}

/// What a share shows.
#[derive(SimpleObject)]
pub struct OpenShareLinkPayload {
    /// Its videos.
    gallery: SharedGallery,
}

/// A link that shows videos of a batch to whoever has it.
pub struct ShareLinkShown {
    /// Where it was read.
    pub scope: Scope,
    /// What was read.
    pub row: Share,
}

/// A link that shows videos of a batch to whoever has it.
#[Object(name = "ShareLink")]
impl ShareLinkShown {
    /// Opaque id, `shr_…`.
    async fn id(&self) -> ID {
        self.row.id.into()
    }
    /// Of which batch.
    async fn batch_id(&self) -> ID {
        self.row.batch_id.into()
    }
    /// How many videos were chosen; null for the whole batch.
    async fn chosen(&self) -> Option<i32> {
        let chosen = self.row.videos.as_ref()?.as_array()?.len();
        i32::try_from(chosen).ok()
    }
    /// Shows only what is marked KEEP.
    async fn kept_only(&self) -> bool {
        self.row.kept_only
    }
    /// Shows prompts.
    async fn show_prompts(&self) -> bool {
        self.row.show_prompts
    }
    /// Who made it.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<Option<Person>> {
        Person::load(ctx, &self.scope, self.row.created_by).await
    }
    /// Made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
    /// Useless from here on.
    async fn expires_at(&self) -> DateTime {
        self.row.expires_at.into()
    }
    /// Withdrawn.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.row.revoked_at.map(DateTime)
    }
    /// How often it was opened.
    async fn opened(&self) -> Long {
        self.row.opened.into()
    }
    /// The last time.
    async fn last_opened_at(&self) -> Option<DateTime> {
        self.row.last_opened_at.map(DateTime)
    }
}

/// What a share shows of a batch: delivered videos, read-only.
pub struct SharedGallery(OpenedShare);

/// What a share shows of a batch: delivered videos, read-only.
#[Object]
impl SharedGallery {
    /// Name of the batch.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// Useless from here on.
    async fn expires_at(&self) -> DateTime {
        self.0.share.expires_at.into()
    }
    /// Its videos in the order of the batch. Each look is written into the access log.
    async fn videos(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Answer<Listed<SharedVideoShown>> {
        let asked = args(first, after.as_deref())?;
        let page = ctx.call()?.services.collect.shared_videos(&self.0, &asked).await?;
        Ok(listed(&asked, page, |row| row.ordinal.to_string(), Into::into))
    }
}

/// A video as a share shows it.
#[derive(SimpleObject)]
#[graphql(name = "SharedVideo")]
pub struct SharedVideoShown {
    /// Its place in the batch, from 0.
    ordinal: i32,
    /// Its values; empty for a text without variables.
    name: String,
    /// The prompt; null unless the link's maker chose to show it.
    prompt: Option<String>,
    /// Length of the picture, milliseconds.
    duration_ms: i32,
    /// Pixels.
    width: i32,
    /// Pixels.
    height: i32,
    /// Path of the video on this server; answers to `Range`. It ends with the share.
    url: String,
    /// Path of the still picture.
    poster_url: String,
    /// Paths are useless from here on; open the link again.
    expires_at: DateTime,
}

impl From<SharedVideo> for SharedVideoShown {
    fn from(video: SharedVideo) -> Self {
        Self {
            ordinal: int(video.ordinal),
            name: video.name,
            prompt: video.prompt,
            duration_ms: int(video.asset.duration_ms),
            width: int(video.asset.width),
            height: int(video.asset.height),
            url: format!("/files/{}", video.link.video.reveal()),
            poster_url: format!("/files/{}", video.link.poster.reveal()),
            expires_at: video.link.expires_at.into(),
        }
    }
}

/// Writes.
#[derive(Default)]
pub struct CollectMutations;

#[Object]
impl CollectMutations {
    /// Makes a link to a ZIP of delivered videos with a manifest. Each file that is fetched by it
    /// is written into the access log.
    async fn create_zip_link(
        &self,
        ctx: &Context<'_>,
        input: CreateZipLinkInput,
    ) -> Answer<CreateZipLinkPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::ReadFiles).await?;
        let (batch_id, chosen) = chosen(&input.batch_id, input.video_ids.as_deref())?;
        let choice = Choice { batch_id, video_ids: chosen.as_deref(), kept_only: input.kept_only };
        let request = ZipRequest { choice, ttl_s: input.ttl_s.map(i64::from) };
        Ok(call.services.collect.order_zip(&scope, request).await?.into())
    }

    /// Makes a link that shows delivered videos of a batch to whoever has it, until it ends or is
    /// revoked.
    async fn create_share_link(
        &self,
        ctx: &Context<'_>,
        input: CreateShareLinkInput,
    ) -> Answer<CreateShareLinkPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Share).await?;
        let (batch_id, chosen) = chosen(&input.batch_id, input.video_ids.as_deref())?;
        let choice = Choice { batch_id, video_ids: chosen.as_deref(), kept_only: input.kept_only };
        let (show_prompts, days) = (input.show_prompts, i64::from(input.days));
        let request = ShareRequest { choice, show_prompts, days };
        let made = call.services.collect.share(&scope, request).await?;
        let url = format!("/s/{}", made.token.reveal());
        Ok(CreateShareLinkPayload { link: ShareLinkShown { scope, row: made.share }, url })
    }

    /// Withdraws a link at once, with the links to files it gave out.
    async fn revoke_share_link(
        &self,
        ctx: &Context<'_>,
        input: RevokeShareLinkInput,
    ) -> Answer<RevokeShareLinkPayload> {
        let call = ctx.call()?;
        let workspace: WorkspaceId = id("workspaceId", &input.workspace_id)?;
        let scope = call.scope(workspace, Action::Share).await?;
        let share: ShareId = id("shareId", &input.share_id)?;
        let row = call.services.collect.revoke_share(&scope, share).await?;
        Ok(RevokeShareLinkPayload { link: ShareLinkShown { scope, row } })
    }

    /// Opens a link that somebody shared; nobody needs to be signed in.
    async fn open_share_link(
        &self,
        ctx: &Context<'_>,
        input: OpenShareLinkInput,
    ) -> Answer<OpenShareLinkPayload> {
        let call = ctx.call()?;
        let opened = call.services.collect.open_share(&call.caller(), &input.token).await?;
        Ok(OpenShareLinkPayload { gallery: SharedGallery(opened) })
    }
}

fn chosen(batch: &ID, videos: Option<&[ID]>) -> Answer<(BatchId, Option<Vec<VideoId>>)> {
    let read = |videos: &[ID]| videos.iter().map(|text| id("videoIds", text)).collect();
    let videos = videos.map(read).transpose()?;
    Ok((id("batchId", batch)?, videos))
}

impl From<ZipLink> for CreateZipLinkPayload {
    fn from(link: ZipLink) -> Self {
        Self {
            url: format!("/zips/{}", link.token.reveal()),
            file_name: link.file_name,
            videos: int(link.sum.videos),
            bytes: link.sum.bytes.into(),
            expires_at: link.expires_at.into(),
        }
    }
}
