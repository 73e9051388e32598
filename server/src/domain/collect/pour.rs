//! Packing an archive while it is read.
//!
//! Videos are taken a few at a time: each file is read and compared with its asset, the ones that
//! are whole are written into the access log, then they are sent. The manifest comes last, because
//! only then is it known what is in the archive; until then it waits in a file without a name.

use std::time::Duration;

use bytes::Bytes;
use entity::asset;
use entity::batch_job;
use entity::enums::VideoState;
use entity::values::{Credits, UnixMs};
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc::Sender;

use super::Error;
use super::archive::Room;
use super::manifest::{self, Line, Problem};
use super::names::Names;
use super::pick::Pick;
use super::repo::{self, Row};
use super::zip::{DosTime, Entry, Writer};
use crate::db::Db;
use crate::domain::access::Caller;
use crate::domain::batches::model::bound_values;
use crate::domain::media::{self, Media, Seen};

/// Videos that are looked at together.
const TOGETHER: usize = 16;
/// Bytes of the manifest that are sent together.
const PIECE: usize = 64 * 1024;
const MANIFEST: &str = "manifest.csv";

/// One archive that is being read.
pub(super) struct Pour {
    pub db: Db,
    pub media: Media,
    pub caller: Caller,
    /// What is written down of every file that is sent.
    pub seen: Seen,
    pub pick: Pick,
    pub batch: batch_job::Model,
    /// Whether prices are shown.
    pub with_cost: bool,
    pub packed_at: UnixMs,
    /// How long the reader may take nothing.
    pub stall: Duration,
    pub to: Sender<Result<Bytes, Error>>,
}

/// Why packing ended early.
enum End {
    /// The reader went away, or stood still.
    Gone,
    /// Something failed: the transfer must break.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for End {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A file that was read and compared.
#[derive(Clone, Copy)]
struct Whole {
    crc: u32,
    size: u64,
}

/// A video with what was found of its file.
struct Looked {
    row: Row,
    found: Option<Result<Whole, Problem>>,
}

impl Pour {
    /// Packs to the end, or until the reader is gone; gives its places back either way.
    pub(super) async fn run(self, room: Room) {
        let _room = room;
        if let Err(End::Failed(error)) = self.pack().await {
            tracing::error!(error = ?error, batch.id = %self.batch.id, "an archive broke off");
            let _ = tokio::time::timeout(self.stall, self.to.send(Err(error))).await;
        }
    }

    async fn pack(&self) -> Result<(), End> {
        let (mut writer, mut names) = (Writer::default(), Names::default());
        let mut manifest = Spool::new()?;
        let variables = self.variables();
        manifest.write(manifest::BOM).await?;
        manifest.write(&manifest::head(&variables)).await?;
        let mut after = -1;
        loop {
            let (rows, until) = repo::rows(&self.db, &self.pick, (after, TOGETHER, false)).await?;
            let Some(until) = until else { break };
            after = until;
            let looked = self.look(rows).await?;
            let mut lines = Vec::new();
            for video in &looked {
                let file = self.send_video(video, (&mut writer, &mut names)).await?;
                lines.extend(self.line(video, (&file, &variables)));
            }
            manifest.write(&lines).await?;
        }
        self.send_manifest(&mut writer, manifest).await?;
        for piece in writer.finish() {
            self.send(piece).await?;
        }
        // An empty piece says that this was all.
        self.hand_over(Bytes::new()).await
    }

    /// Reads the files of some videos and writes down that the whole ones are about to be sent.
    async fn look(&self, rows: Vec<Row>) -> Result<Vec<Looked>, End> {
        let mut looked = Vec::with_capacity(rows.len());
        let mut sent = Vec::new();
        for row in rows {
            let found = match &row.asset {
                Some(asset) => Some(self.examine(asset).await?),
                None => None,
            };
            if let (Some(asset), Some(Ok(_))) = (&row.asset, found) {
                sent.push(asset.id);
            }
            looked.push(Looked { row, found });
        }
        self.media.note(&self.caller, self.seen.clone(), sent).await?;
        Ok(looked)
    }

    /// Whether the store has what was delivered. A store that fails breaks the archive off: it
    /// must not look as if the file were gone.
    async fn examine(&self, asset: &asset::Model) -> Result<Result<Whole, Problem>, End> {
        let store = self.media.store();
        let size = match store.length(&asset.object_key).await {
            Ok(size) => size,
            Err(media::Error::Store(object_store::Error::NotFound { .. })) => {
                return Ok(Err(Problem::Missing));
            }
            Err(other) => return Err(other.into()),
        };
        if i64::try_from(size) != Ok(asset.bytes) {
            return Ok(Err(Problem::Damaged));
        }
        let (mut digest, mut crc) = (Sha256::new(), crc32fast::Hasher::new());
        let mut body = store.read(&asset.object_key, 0..size).await?;
        while let Some(part) = body.next().await {
            let part = part?;
            digest.update(&part);
            crc.update(&part);
            // Nobody waits for it any more: a large file need not be read to its end.
            if self.to.is_closed() {
                return Err(End::Gone);
            }
        }
        if digest.finalize().as_slice() != asset.sha256.as_slice() {
            return Ok(Err(Problem::Damaged));
        }
        Ok(Ok(Whole { crc: crc.finalize(), size }))
    }

    /// Sends the file of a video, if it has a whole one; its name in the archive, or nothing.
    async fn send_video(
        &self,
        video: &Looked,
        (writer, names): (&mut Writer, &mut Names),
    ) -> Result<String, End> {
        let (Some(asset), Some(Ok(whole))) = (&video.row.asset, video.found) else {
            return Ok(String::new());
        };
        let values = bound_values(&self.batch, &video.row.video);
        let texts: Vec<&str> = values.iter().map(|(_, value)| value.as_str()).collect();
        let name = names.give(&texts, "mp4");
        let Whole { crc, size } = whole;
        let made_at = DosTime::from_unix_ms(asset.created_at.0);
        self.send(writer.begin(Entry { name: name.clone(), crc, size, made_at })).await?;
        let mut body = self.media.store().read(&asset.object_key, 0..size).await?;
        let mut left = size;
        while let Some(part) = body.next().await {
            let part = part?;
            left = left.checked_sub(part.len() as u64).ok_or(media::Error::Corrupt)?;
            self.send(part).await?;
        }
        // The header has been sent: what changed since cannot be taken back.
        if left == 0 { Ok(name) } else { Err(media::Error::Corrupt.into()) }
    }

    fn line(&self, video: &Looked, (file, variables): (&str, &[String])) -> Vec<u8> {
        let Row { video: row, asset, mark } = &video.row;
        let value = |name: &String| row.bindings.get(name).and_then(|value| value.as_str());
        let charged = row.state == VideoState::Delivered;
        let cost = if charged { self.batch.price_per_video } else { Credits::ZERO };
        let line = Line {
            index: row.ordinal + 1,
            file,
            state: row.state,
            mark: *mark,
            values: variables.iter().map(|name| value(name).unwrap_or_default()).collect(),
            seed: row.seed,
            cost: self.with_cost.then_some(cost),
            prompt: &row.prompt,
            asset: asset.as_ref(),
            video_id: row.id.to_string(),
            problem: video.found.and_then(Result::err),
        };
        manifest::line(&line, self.caller.language)
    }

    fn variables(&self) -> Vec<String> {
        let names = self.batch.variables.as_array().into_iter().flatten();
        names.filter_map(|name| name.as_str()).map(str::to_owned).collect()
    }

    async fn send_manifest(&self, writer: &mut Writer, spool: Spool) -> Result<(), End> {
        let Spool { mut file, crc, size } = spool;
        let made_at = DosTime::from_unix_ms(self.packed_at.0);
        let (name, crc) = (String::from(MANIFEST), crc.finalize());
        self.send(writer.begin(Entry { name, crc, size, made_at })).await?;
        file.rewind().await?;
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            (&mut file).take(PIECE as u64).read_to_end(&mut piece).await?;
            if piece.is_empty() {
                return Ok(());
            }
            self.send(Bytes::from(piece)).await?;
        }
    }

    async fn send(&self, piece: Bytes) -> Result<(), End> {
        if piece.is_empty() { Ok(()) } else { self.hand_over(piece).await }
    }

    async fn hand_over(&self, piece: Bytes) -> Result<(), End> {
        let sent = tokio::time::timeout(self.stall, self.to.send(Ok(piece))).await;
        if matches!(sent, Ok(Ok(()))) { Ok(()) } else { Err(End::Gone) }
    }
}

/// A file without a name, with what its entry will say of it.
struct Spool {
    file: tokio::fs::File,
    crc: crc32fast::Hasher,
    size: u64,
}

impl Spool {
    fn new() -> Result<Self, Error> {
        let file = tokio::fs::File::from_std(tempfile::tempfile()?);
        Ok(Self { file, crc: crc32fast::Hasher::new(), size: 0 })
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).await?;
        self.crc.update(bytes);
        self.size += bytes.len() as u64;
        Ok(())
    }
}
