//! Delivered files: storing, probing, posters, links, and who looked at them.
//!
//! Invariants:
//! - An object is durable before anybody hears of it: file and folders are synced, then length and
//!   SHA-256 are taken from what the store gives back, not from what was sent.
//! - Object keys are never written twice by different claims: the key carries attempt and lease
//!   epoch, so a worker that lost its lease cannot replace a delivered file.
//! - A link is a token that names asset, kind and end under a MAC. Handing one out, using it and
//!   refusing it each write a row of the access log.
//!
//! Deliberately absent: states and money. An asset row is written by the line, in the
//! transaction that captures the share.

pub mod error;
pub mod ingest;
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
use entity::ids::{AssetId, BatchId, VideoId};
use entity::values::UnixMs;
use futures_util::stream::BoxStream;

pub use error::Error;
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
        Self { db, clock, key: Arc::new(key), store, options }
    }

    /// The store, for the line and for `ledger check`.
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
        let links: Vec<AssetLink> = found
            .into_iter()
            .map(|(video_id, asset_id)| AssetLink {
                video_id,
                asset_id,
                video: link::sign(&self.key, FileKind::Video, asset_id, expires_at),
                poster: link::sign(&self.key, FileKind::Poster, asset_id, expires_at),
                expires_at,
            })
            .collect();
        let assets = links.iter().map(|link| link.asset_id).collect();
        repo::log_issued(&self.db, scope, repo::Issued { assets, expires_at, at: now }).await?;
        Ok(links)
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
    /// [`Error::LinkInvalid`], [`Error::LinkExpired`], [`Error::Range`].
    pub async fn open(&self, caller: &Caller, token: &str, used: Use<'_>) -> Result<Opened, Error> {
        let now = self.clock.now();
        let named = link::verify(&self.key, token).ok_or(Error::LinkInvalid)?;
        let asset = repo::asset(&self.db, named.asset_id).await?.ok_or(Error::LinkInvalid)?;
        let ip_sha256 =
            caller.ip.map(|ip| self.key.mac("client-address", ip.to_string().as_bytes()));
        let mut access = repo::Access {
            workspace_id: asset.workspace_id,
            asset_id: asset.id,
            kind: AccessKind::Fetched,
            expires_at: named.expires_at,
            ip_sha256,
            user_agent: caller.user_agent.chars().take(200).collect(),
            byte_range: used.range_header.map(|text| text.chars().take(100).collect()),
            at: now,
        };
        if named.expires_at <= now {
            access.kind = AccessKind::Refused;
            repo::log_used(&self.db, access).await?;
            return Err(Error::LinkExpired);
        }
        let key = match named.kind {
            FileKind::Video => &asset.object_key,
            FileKind::Poster => &asset.poster_key,
        };
        let total = self.store.length(key).await?;
        let asked = model::byte_range(used.range_header, total)?;
        let is_part = asked.is_some();
        let range = asked.unwrap_or(0..total);
        repo::log_used(&self.db, access).await?;
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
