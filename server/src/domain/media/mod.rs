//! Delivered files: storing, probing, posters, links, and who looked at them.
//!
//! Invariants:
//! - An object is durable before anybody hears of it: file and folders are synced, then length and
//!   SHA-256 are taken from what the store gives back, not from what was sent.
//! - Object keys are never written twice by different claims: the key carries attempt and lease
//!   epoch, so a worker that lost its lease cannot replace a delivered file.
//! - A link is a token that names asset, kind and end under a MAC. Handing one out, using it and
//!   refusing it each write a row of the access log.
//! - A link that a share gave out ends with the share, also when that is revoked.
//!
//! Deliberately absent: states and money. An asset row is written by the line, in the
//! transaction that captures the share.

pub mod error;
pub mod ingest;
mod journal;
pub mod link;
pub mod model;
pub mod probe;
mod repo;
mod store;
pub mod sweep;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use entity::enums::AccessKind;
use entity::ids::{AssetId, BatchId, ShareId, VideoId, WorkspaceId};
use entity::values::UnixMs;
use futures_util::stream::BoxStream;

pub use error::Error;
use journal::{Access, Journal};
pub use link::{FileKind, Token};
pub use model::{ObjectKeys, Probe, Stored};
pub use store::Store;

use crate::db::Db;
use crate::domain::access::model::{Caller, Scope};
use crate::kernel::clock::Clock;
use crate::kernel::secret::MasterKey;

/// The use-cases around delivered files. Cheap to clone.
#[derive(Clone)]
pub struct Media {
    db: Db,
    clock: Clock,
    key: Arc<MasterKey>,
    store: Store,
    journal: Journal,
    options: Options,
}

/// Limits of links.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Life of a link when nobody asks for less, seconds.
    pub link_ttl_s: i64,
    /// Longest life that may be asked for, seconds.
    pub max_link_ttl_s: i64,
    /// Most links handed out at once.
    pub max_links: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { link_ttl_s: 3600, max_link_ttl_s: 7 * 86_400, max_links: 200 }
    }
}

/// A link that was handed out.
#[derive(Clone, Debug)]
pub struct AssetLink {
    /// Of what.
    pub video_id: VideoId,
    /// The file.
    pub asset_id: AssetId,
    /// Path segment of the video: `/files/{token}`.
    pub video: Token,
    /// Path segment of the still picture.
    pub poster: Token,
    /// Useless from here on.
    pub expires_at: UnixMs,
}

/// Which links somebody wants.
#[derive(Clone, Debug)]
pub struct LinkRequest<'a> {
    /// Of which batch.
    pub batch_id: BatchId,
    /// Which of its videos; only delivered ones get links.
    pub video_ids: &'a [VideoId],
    /// Life of the links, seconds; `None` for the default.
    pub ttl_s: Option<i64>,
}

/// An object, or a part of it, ready to be sent.
pub struct Opened {
    /// The bytes of `range`.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
    /// Which bytes these are.
    pub range: Range<u64>,
    /// A part was asked for, even if it happens to be all of it.
    pub is_part: bool,
    /// Of what.
    pub asset_id: AssetId,
    /// Length of the whole object.
    pub total: u64,
    /// Its type.
    pub content_type: &'static str,
    /// Strong validator: the SHA-256 of the video, in hexadecimal (posters: of the video + `-p`).
    pub etag: String,
}

/// What a row of the access log says besides the file and who asked.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Seen {
    /// Whose files.
    pub workspace_id: WorkspaceId,
    /// What happened.
    pub kind: AccessKind,
    /// In whose name: a member, `link`, `share:shr_…`, `zip:zip_…`.
    pub actor: String,
    /// End of the link.
    pub expires_at: UnixMs,
}

/// How a token was used.
#[derive(Clone, Debug)]
pub struct Use<'a> {
    /// `Range` header as sent.
    pub range_header: Option<&'a str>,
}

impl Media {
    /// The use-cases over `db` and `store`; links are signed under `key`.
    #[must_use]
    pub fn new(db: Db, clock: Clock, key: MasterKey, store: Store, options: Options) -> Self {
        Self { db, clock, key: Arc::new(key), store, journal: Journal::default(), options }
    }

    /// The store, for the line, for archives and for `ledger check`.
    #[must_use]
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Links to delivered videos of one batch, in the order asked; videos without a file are left
    /// out. Each is written down. The scope must have been made for `ReadFiles`.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a batch elsewhere, [`Error::TooMany`], [`Error::Ttl`].
    pub async fn links(
        &self,
        scope: &Scope,
        request: LinkRequest<'_>,
    ) -> Result<Vec<AssetLink>, Error> {
        let ttl_s = request.ttl_s.unwrap_or(self.options.link_ttl_s);
        if !(1..=self.options.max_link_ttl_s).contains(&ttl_s) {
            return Err(Error::Ttl { most: self.options.max_link_ttl_s });
        }
        if request.video_ids.len() > self.options.max_links {
            return Err(Error::TooMany { most: self.options.max_links });
        }
        let now = self.clock.now();
        let expires_at = now.plus_ms(ttl_s.saturating_mul(1000));
        let found = repo::assets(&self.db, scope, &request).await?;
        let links: Vec<AssetLink> =
            found.into_iter().map(|found| self.link(found, expires_at, None)).collect();
        let assets = links.iter().map(|link| link.asset_id).collect();
        let seen = Seen {
            workspace_id: scope.workspace_id(),
            kind: AccessKind::LinkIssued,
            actor: scope.caller().actor.label(),
            expires_at,
        };
        // A member is known by name: the address of the request is kept of strangers alone.
        let nowhere = Caller { ip: None, ..scope.caller().clone() };
        self.note(&nowhere, seen, assets).await?;
        Ok(links)
    }

    /// Links to files that a share shows. They end with the share, at the latest after the longest
    /// life of a link: whoever looks may take a while, and a share that is revoked ends them anyway.
    /// Each is written down in the share's name.
    ///
    /// # Errors
    /// The database's failure.
    pub(in crate::domain) async fn shared_links(
        &self,
        caller: &Caller,
        (workspace_id, share_id): (WorkspaceId, ShareId),
        (found, until): (Vec<(VideoId, AssetId)>, UnixMs),
    ) -> Result<Vec<AssetLink>, Error> {
        let longest = self.options.max_link_ttl_s.saturating_mul(1000);
        let expires_at = self.clock.now().plus_ms(longest).min(until);
        let share = Some(share_id);
        let links: Vec<AssetLink> =
            found.into_iter().map(|found| self.link(found, expires_at, share)).collect();
        let assets = links.iter().map(|link| link.asset_id).collect();
        let (kind, actor) = (AccessKind::LinkIssued, format!("share:{share_id}"));
        self.note(caller, Seen { workspace_id, kind, actor, expires_at }, assets).await?;
        Ok(links)
    }

    /// Writes into the access log that something happened to these files.
    ///
    /// # Errors
    /// The database's failure.
    pub(in crate::domain) async fn note(
        &self,
        caller: &Caller,
        seen: Seen,
        assets: Vec<AssetId>,
    ) -> Result<(), Error> {
        let access = Access {
            seen,
            assets,
            ip_sha256: self.address(caller),
            user_agent: caller.user_agent.chars().take(200).collect(),
            byte_range: None,
            at: self.clock.now(),
        };
        self.journal.write(&self.db, access).await
    }

    fn link(
        &self,
        (video_id, asset_id): (VideoId, AssetId),
        expires_at: UnixMs,
        share: Option<ShareId>,
    ) -> AssetLink {
        let sign = |kind| link::sign(&self.key, &link::Named { kind, asset_id, expires_at, share });
        let (video, poster) = (sign(FileKind::Video), sign(FileKind::Poster));
        AssetLink { video_id, asset_id, video, poster, expires_at }
    }

    /// The keyed hash under which a client's address is kept.
    fn address(&self, caller: &Caller) -> Option<Vec<u8>> {
        caller.ip.map(|ip| self.key.mac("client-address", ip.to_string().as_bytes()))
    }

    /// The files of these videos; videos without one, or of other workspaces, are absent. The scope
    /// must have been made for `Read`.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn assets(
        &self,
        scope: &Scope,
        videos: &[VideoId],
    ) -> Result<Vec<entity::asset::Model>, Error> {
        repo::assets_of(&self.db, scope.workspace_id(), videos).await
    }

    /// Opens what a token names, after writing the use down.
    ///
    /// # Errors
    /// [`Error::LinkInvalid`], [`Error::LinkExpired`], [`Error::LinkRevoked`], [`Error::Range`].
    pub async fn open(&self, caller: &Caller, token: &str, used: Use<'_>) -> Result<Opened, Error> {
        let now = self.clock.now();
        let named = link::verify(&self.key, token).ok_or(Error::LinkInvalid)?;
        let asset = repo::asset(&self.db, named.asset_id).await?.ok_or(Error::LinkInvalid)?;
        let shared = match named.share {
            Some(share) => Some(repo::is_open(&self.db, share, now).await?),
            None => None,
        };
        let refusal = match shared {
            _ if named.expires_at <= now => Some(Error::LinkExpired),
            Some(false) => Some(Error::LinkRevoked),
            _ => None,
        };
        let kind = if refusal.is_some() { AccessKind::Refused } else { AccessKind::Fetched };
        let access = Access {
            seen: Seen {
                workspace_id: asset.workspace_id,
                kind,
                actor: named.share.map_or_else(|| String::from("link"), |id| format!("share:{id}")),
                expires_at: named.expires_at,
            },
            assets: vec![asset.id],
            ip_sha256: self.address(caller),
            user_agent: caller.user_agent.chars().take(200).collect(),
            byte_range: used.range_header.map(|text| text.chars().take(100).collect()),
            at: now,
        };
        if let Some(refusal) = refusal {
            self.journal.write(&self.db, access).await?;
            return Err(refusal);
        }
        let key = match named.kind {
            FileKind::Video => &asset.object_key,
            FileKind::Poster => &asset.poster_key,
        };
        let total = self.store.length(key).await?;
        let asked = model::byte_range(used.range_header, total)?;
        let is_part = asked.is_some();
        let range = asked.unwrap_or(0..total);
        self.journal.write(&self.db, access).await?;
        let body = self.store.read(key, range.clone()).await?;
        let digest: String = asset.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        let (content_type, etag) = match named.kind {
            FileKind::Video => ("video/mp4", digest),
            FileKind::Poster => ("image/jpeg", format!("{digest}-p")),
        };
        Ok(Opened { body, range, is_part, total, asset_id: asset.id, content_type, etag })
    }

    /// Removes objects that no asset names and that are older than `older_than_ms`; returns how
    /// many.
    ///
    /// # Errors
    /// The store's or the database's failure.
    pub async fn sweep_orphans(&self, older_than_ms: i64) -> Result<u64, Error> {
        sweep::orphans(&self.db, &self.store, self.clock.now().plus_ms(-older_than_ms)).await
    }
}
