//! Share links: made, listed, revoked by members; opened by whoever has one.

use entity::ids::{AssetId, BatchId, ShareId, VideoId};
use entity::share_link;
use entity::values::UnixMs;
use serde_json::json;

use super::pick::{Choice, Pick};
use super::repo::{self, Row};
use super::{Collect, Error};
use crate::coord::rate_limiter::{Key, Policy, Subject};
use crate::db::Class;
use crate::domain::access::Note;
use crate::domain::access::{Action, Caller, Scope};
use crate::domain::batches::model::bound_values;
use crate::domain::media::AssetLink;
use crate::kernel::ids;
use crate::kernel::page::{Page, PageArgs};
use crate::kernel::secret::{Secret, random_token, sha256};

/// A share, as stored.
pub type Share = share_link::Model;

/// Longest text that is looked up as a token; ours have 43 characters.
const MAX_TOKEN: usize = 100;

/// A share that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct ShareRequest<'a> {
    /// Which videos.
    pub choice: Choice<'a>,
    /// Whether prompts are shown with them.
    pub show_prompts: bool,
    /// Its life, days.
    pub days: i64,
}

/// A share that was made. The token is shown this once.
#[derive(Clone, Debug)]
pub struct NewShare {
    /// What was stored.
    pub share: Share,
    /// Path segment: `/s/{token}`.
    pub token: Secret,
}

/// A share that is being looked at.
#[derive(Clone, Debug)]
pub struct OpenedShare {
    /// What was found.
    pub share: Share,
    /// Name of its batch.
    pub name: String,
    /// Who looks.
    caller: Caller,
    batch: entity::batch_job::Model,
}

/// One video as a share shows it.
#[derive(Clone, Debug)]
pub struct SharedVideo {
    /// Its place in the batch, from 0.
    pub ordinal: i64,
    /// Its values, or nothing for a text without variables.
    pub name: String,
    /// If the share's maker said so.
    pub prompt: Option<String>,
    /// Its file.
    pub asset: entity::asset::Model,
    /// The way there.
    pub link: AssetLink,
}

impl Collect {
    /// Makes a link that shows videos of one batch until it ends or is revoked.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NothingDelivered`], [`Error::Selection`], [`Error::Life`],
    /// [`Error::ShareLimit`], [`Error::Forbidden`].
    pub async fn share(&self, scope: &Scope, request: ShareRequest<'_>) -> Result<NewShare, Error> {
        let created_by = member(scope)?;
        let most = self.options.max_share_days;
        if !(1..=most).contains(&request.days) {
            return Err(Error::Life { field: "days", most });
        }
        let (pick, sum) = self.pick(scope.workspace_id(), request.choice).await?;
        let (now, token) = (self.parts.clock.now(), random_token()?);
        let share = Share {
            id: ids::mint(now),
            workspace_id: pick.workspace_id,
            batch_id: pick.batch_id,
            token_sha256: sha256(token.reveal().as_bytes()),
            videos: pick.to_json(),
            kept_only: pick.kept_only,
            show_prompts: request.show_prompts,
            created_by,
            created_at: now,
            expires_at: now.plus_ms(request.days.saturating_mul(UnixMs::DAY_MS)),
            revoked_at: None,
            revoked_by: None,
            opened: 0,
            last_opened_at: None,
        };
        let (row, limit) = (&share, self.options.max_shares);
        let detail = json!({
            "batch": row.batch_id.to_string(), "videos": sum.videos, "days": request.days,
            "prompts": row.show_prompts, "keptOnly": row.kept_only,
        });
        let detail = &detail;
        self.parts
            .db
            .tx(Class::Interactive, |tx| async move {
                if !repo::insert_share_in_tx(&tx, row, limit).await? {
                    return Err(Error::ShareLimit { limit });
                }
                let note = Note {
                    workspace_id: Some(row.workspace_id),
                    action: "share.create",
                    subject: row.id.to_string(),
                    detail: detail.clone(),
                };
                Ok::<_, Error>(scope.caller().note_in_tx(&tx, now, note).await?)
            })
            .await?;
        Ok(NewShare { share, token })
    }

    /// The workspace's shares, newest first, also those that are over; of one batch if named. The
    /// cursor's key is the id.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`], [`Error::Forbidden`].
    pub async fn shares(
        &self,
        scope: &Scope,
        (batch_id, page): (Option<BatchId>, &PageArgs),
    ) -> Result<Page<Share>, Error> {
        member(scope)?;
        let after = page.after.as_deref().map(str::parse::<ShareId>).transpose();
        let slice = (after.map_err(|_| Error::InvalidCursor)?, page.fetch());
        let whose = (scope.workspace_id(), batch_id);
        Ok(page.cut(repo::shares(&self.parts.db, whose, slice).await?))
    }

    /// Takes a share back: it shows nothing any more, and neither do the links it gave out. Twice
    /// is once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn revoke_share(&self, scope: &Scope, id: ShareId) -> Result<Share, Error> {
        let by = member(scope)?;
        let workspace_id = scope.workspace_id();
        let now = self.parts.clock.now();
        self.parts
            .db
            .tx(Class::Interactive, |tx| async move {
                if !repo::revoke_in_tx(&tx, (workspace_id, id), (Some(by), now)).await? {
                    return Ok(());
                }
                let note = Note {
                    workspace_id: Some(workspace_id),
                    action: "share.revoke",
                    subject: id.to_string(),
                    detail: json!({}),
                };
                Ok::<_, Error>(scope.caller().note_in_tx(&tx, now, note).await?)
            })
            .await?;
        repo::share(&self.parts.db, workspace_id, id).await?.ok_or(Error::NotFound)
    }

    /// Looks at a share; needs nobody to be signed in.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Revoked`] and [`Error::Expired`], both written down against
    /// the first of its files; [`Error::TooFast`].
    pub async fn open_share(&self, caller: &Caller, token: &str) -> Result<OpenedShare, Error> {
        self.slow_down(caller).await?;
        if token.len() > MAX_TOKEN {
            return Err(Error::NotFound);
        }
        let digest = sha256(token.as_bytes());
        let share = repo::share_of_token(&self.parts.db, digest).await?.ok_or(Error::NotFound)?;
        let refusal = if share.revoked_at.is_some() {
            Some(Error::Revoked)
        } else if share.expires_at <= self.parts.clock.now() {
            Some(Error::Expired)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            let actor = format!("share:{}", share.id);
            self.refused(caller, (&pick(&share)?, actor, share.expires_at)).await?;
            return Err(refusal);
        }
        let whose = (share.workspace_id, share.batch_id);
        let batch = repo::batch(&self.parts.db, whose).await?.ok_or(Error::NotFound)?;
        Ok(OpenedShare { name: batch.name.clone(), share, caller: caller.clone(), batch })
    }

    /// The delivered videos of an opened share in the batch's order, each with links of its own.
    /// The cursor's key is the ordinal up to which was looked.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`].
    pub async fn shared_videos(
        &self,
        opened: &OpenedShare,
        page: &PageArgs,
    ) -> Result<Page<SharedVideo>, Error> {
        let after = page.after.as_deref().map(str::parse::<i64>).transpose();
        let after = after.map_err(|_| Error::InvalidCursor)?;
        let pick = pick(&opened.share)?;
        let (mut at, mut found) = (after.unwrap_or(-1), Vec::new());
        let wanted = page.first + 1;
        while found.len() < wanted {
            let asked = (at, wanted - found.len(), true);
            let (rows, until) = repo::rows(&self.parts.db, &pick, asked).await?;
            let Some(until) = until else { break };
            at = until;
            found.extend(rows.into_iter().filter(|row| row.asset.is_some()));
        }
        let page_of = page.cut(found);
        let links = self.hand_out(opened, &page_of.rows).await?;
        if after.is_none() {
            let (id, now) = (opened.share.id, self.parts.clock.now());
            let counted =
                |tx| async move { Ok::<_, Error>(repo::opened_in_tx(&tx, id, now).await?) };
            self.parts.db.tx(Class::Telemetry, counted).await?;
        }
        let rows = page_of.rows.into_iter().zip(links);
        let rows = rows.filter_map(|(row, link)| shown(opened, row, link)).collect();
        Ok(Page { rows, has_next: page_of.has_next })
    }

    async fn hand_out(&self, opened: &OpenedShare, rows: &[Row]) -> Result<Vec<AssetLink>, Error> {
        let share = &opened.share;
        let files = |row: &Row| row.asset.as_ref().map(|asset| (row.video.id, asset.id));
        let files: Vec<(VideoId, AssetId)> = rows.iter().filter_map(files).collect();
        let whose = (share.workspace_id, share.id);
        let media = &self.parts.media;
        Ok(media.shared_links(&opened.caller, whose, (files, share.expires_at)).await?)
    }

    /// Counts openings by address, so that nobody tries tokens.
    async fn slow_down(&self, caller: &Caller) -> Result<(), Error> {
        let Some(ip) = caller.ip else { return Ok(()) };
        let per_minute = self.options.opens_per_minute;
        let policy = Policy { burst: per_minute, per_minute };
        let key = Key::new("share", Subject::Ip(ip));
        let verdict = self.parts.limiter.take(key, policy, 1).await;
        if verdict.allowed {
            return Ok(());
        }
        let retry_after_s = verdict.retry_after_ms.saturating_add(999).div_euclid(1000).max(1);
        Err(Error::TooFast { retry_after_s })
    }
}

/// The person who may share.
fn member(scope: &Scope) -> Result<entity::ids::UserId, Error> {
    if !scope.may(Action::Share) {
        return Err(Error::Forbidden);
    }
    scope.caller().actor.user_id().ok_or(Error::Forbidden)
}

fn pick(share: &Share) -> Result<Pick, Error> {
    Pick::stored((share.workspace_id, share.batch_id), share.videos.clone(), share.kept_only)
}

fn shown(opened: &OpenedShare, row: Row, link: AssetLink) -> Option<SharedVideo> {
    let values = bound_values(&opened.batch, &row.video);
    let values: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
    Some(SharedVideo {
        ordinal: row.video.ordinal,
        name: values.join(" · "),
        prompt: opened.share.show_prompts.then_some(row.video.prompt),
        asset: row.asset?,
        link,
    })
}
