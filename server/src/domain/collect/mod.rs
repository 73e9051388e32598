//! Collecting: archives of delivered videos, and links that show them to others.
//!
//! Invariants:
//! - What gets into an archive was read and compared with the SHA-256 of its asset before the
//!   first byte of its entry is sent; what differs or is gone is a line of the manifest.
//! - A file that is sent, linked to by a share, or refused is written into the access log first.
//! - An archive takes a place (of the process and of its workspace) from its first byte to its last,
//!   or until its reader is gone or stands still too long; memory does not grow with the files.
//! - A share's token is stored hashed. It shows videos of one batch and nothing else of the
//!   workspace, prompts only if its maker said so; when it is revoked or over, so are the links to
//!   files it gave out.
//!
//! Deliberately absent: ranges of archives, archives that are kept, shares that may be written to.

use std::time::Duration;

use entity::ids::WorkspaceId;

use crate::coord::RateLimiter;
use crate::db::Db;
use crate::domain::media::Media;
use crate::kernel::clock::Clock;
use crate::kernel::places::Places;
use crate::kernel::secret::MasterKey;

mod archive;
pub mod error;
pub mod manifest;
pub mod names;
mod pick;
mod pour;
mod repo;
mod shares;
mod ticket;
mod trail;
pub mod zip;

pub use archive::{OpenedZip, ZipLink, ZipRequest};
pub use error::Error;
pub use pick::{Choice, Sum};
pub use shares::{NewShare, OpenedShare, Share, ShareRequest, SharedVideo};
pub use trail::{BatchDeed, DeedKind};

/// Numbers of collecting.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Life of a link to an archive when nobody asks for less, seconds.
    pub link_ttl_s: i64,
    /// Longest life of a link to an archive, seconds.
    pub max_link_ttl_s: i64,
    /// Most videos of a selection.
    pub max_selection: usize,
    /// Archives packed at once.
    pub max_zips: usize,
    /// Archives of one workspace packed at once.
    pub max_zips_per_workspace: usize,
    /// How long the reader of an archive may take nothing.
    pub stall: Duration,
    /// Open shares of a workspace.
    pub max_shares: i64,
    /// Longest life of a share, days.
    pub max_share_days: i64,
    /// Openings of shares from one address, a minute.
    pub opens_per_minute: u32,
}

/// What the service is built from.
#[derive(Clone)]
pub struct Parts {
    /// The records.
    pub db: Db,
    /// Time.
    pub clock: Clock,
    /// Signs links.
    pub key: MasterKey,
    /// Files, and the log of who got them.
    pub media: Media,
    /// Who opens shares too often.
    pub limiter: RateLimiter,
}

/// Whose archives are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Packing {
    Everybody,
    Workspace(WorkspaceId),
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Collect {
    parts: Parts,
    options: Options,
    packing: Places<Packing>,
}

impl Collect {
    /// Built once, in `app`.
    #[must_use]
    pub fn new(parts: Parts, options: Options) -> Self {
        Self { parts, options, packing: Places::default() }
    }
}
