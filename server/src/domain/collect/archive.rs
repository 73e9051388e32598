//! Archives: a link to one, and what happens when it is used.

use bytes::Bytes;
use entity::batch_job;
use entity::enums::AccessKind;
use entity::ids::WorkspaceId;
use entity::values::UnixMs;
use entity::zip_order;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use tokio::sync::mpsc;

use super::pick::{Choice, Pick, Sum};
use super::pour::Pour;
use super::{Collect, Error, Packing, names, repo, ticket};
use crate::db::Class;
use crate::domain::access::{Action, Caller, Scope};
use crate::domain::media::Seen;
use crate::kernel::ids;
use crate::kernel::places::Place;
use crate::kernel::secret::Secret;

/// Pieces that are ready before the reader takes them.
const AHEAD: usize = 8;
/// How long an ended order still answers that it has ended, ms.
const REMEMBERED_MS: i64 = 7 * UnixMs::DAY_MS;

/// An archive that somebody wants.
#[derive(Clone, Copy, Debug)]
pub struct ZipRequest<'a> {
    /// Which videos. Those without a file are lines of the manifest.
    pub choice: Choice<'a>,
    /// Life of the link, seconds; `None` for the default.
    pub ttl_s: Option<i64>,
}

/// A way to an archive. Whoever holds it may fetch it until it ends.
#[derive(Clone, Debug)]
pub struct ZipLink {
    /// Path segment: `/zips/{token}`.
    pub token: Secret,
    /// Useless from here on.
    pub expires_at: UnixMs,
    /// What is in it now.
    pub sum: Sum,
    /// What it will be called.
    pub file_name: String,
}

/// What a token that was not over names.
struct Ordered {
    order: zip_order::Model,
    pick: Pick,
    expires_at: UnixMs,
}

/// An archive that is about to be sent.
pub struct OpenedZip {
    /// Its bytes. An error in the middle must break the transfer.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
    /// What it is called.
    pub file_name: String,
    /// The batch it was made of, for those who cannot read the name.
    pub batch: String,
}

/// The places that an archive takes while it is packed.
pub(super) struct Room {
    _everybody: Place<Packing>,
    _workspace: Place<Packing>,
}

impl Collect {
    /// A link to an archive. The scope must have been made for `ReadFiles`. Prices are in its
    /// manifest if who asks may see them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a batch elsewhere or a video of another batch;
    /// [`Error::NothingDelivered`], [`Error::Selection`], [`Error::Life`].
    pub async fn order_zip(
        &self,
        scope: &Scope,
        request: ZipRequest<'_>,
    ) -> Result<ZipLink, Error> {
        let most = self.options.max_link_ttl_s;
        let ttl_s = request.ttl_s.unwrap_or(self.options.link_ttl_s);
        if !(1..=most).contains(&ttl_s) {
            return Err(Error::Life { field: "ttlS", most });
        }
        let (pick, sum) = self.pick(scope.workspace_id(), request.choice).await?;
        let whose = (pick.workspace_id, pick.batch_id);
        let batch = repo::batch(&self.parts.db, whose).await?.ok_or(Error::NotFound)?;
        let now = self.parts.clock.now();
        let order = zip_order::Model {
            id: ids::mint(now),
            workspace_id: pick.workspace_id,
            batch_id: pick.batch_id,
            videos: pick.to_json(),
            kept_only: pick.kept_only,
            with_cost: scope.may(Action::ReadMoney),
            created_by: scope.caller().actor.label(),
            created_at: now,
            expires_at: now.plus_ms(ttl_s.saturating_mul(1000)),
        };
        let (order, forgotten) = (&order, now.plus_ms(-REMEMBERED_MS));
        self.parts
            .db
            .tx(Class::Interactive, |tx| async move {
                repo::insert_order_in_tx(&tx, order, forgotten).await?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(ZipLink {
            token: ticket::sign(&self.parts.key, order.id, order.expires_at),
            expires_at: order.expires_at,
            sum,
            file_name: file_name(&batch),
        })
    }

    /// Begins to pack what a token names.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is damaged or long over; [`Error::Expired`], written
    /// down against the first of its files; [`Error::Busy`].
    pub async fn open_zip(&self, caller: &Caller, token: &str) -> Result<OpenedZip, Error> {
        let Ordered { order, pick, expires_at } = self.ordered(caller, token).await?;
        let id = order.id;
        let room = self.room(order.workspace_id)?;
        let whose = (pick.workspace_id, pick.batch_id);
        let batch = repo::batch(&self.parts.db, whose).await?.ok_or(Error::NotFound)?;
        let (file_name, batch_id) = (file_name(&batch), batch.id.to_string());
        let (to, from) = mpsc::channel(AHEAD);
        let pour = Pour {
            db: self.parts.db.clone(),
            media: self.parts.media.clone(),
            caller: caller.clone(),
            seen: Seen {
                workspace_id: order.workspace_id,
                kind: AccessKind::Fetched,
                actor: format!("zip:{id}"),
                expires_at,
            },
            pick,
            batch,
            with_cost: order.with_cost,
            packed_at: self.parts.clock.now(),
            stall: self.options.stall,
            to,
        };
        tokio::spawn(pour.run(room));
        Ok(OpenedZip { body: whole_or_broken(from), file_name, batch: batch_id })
    }

    /// Whether [`open_zip`](Self::open_zip) would find something, without packing it; a use in vain
    /// is written down all the same.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Expired`].
    pub async fn look_at_zip(&self, caller: &Caller, token: &str) -> Result<(), Error> {
        self.ordered(caller, token).await.map(|_| ())
    }

    async fn ordered(&self, caller: &Caller, token: &str) -> Result<Ordered, Error> {
        let (id, expires_at) = ticket::verify(&self.parts.key, token).ok_or(Error::NotFound)?;
        let order = repo::order(&self.parts.db, id).await?.ok_or(Error::NotFound)?;
        let whose = (order.workspace_id, order.batch_id);
        let pick = Pick::stored(whose, order.videos.clone(), order.kept_only)?;
        if expires_at <= self.parts.clock.now() {
            self.refused(caller, (&pick, format!("zip:{id}"), expires_at)).await?;
            return Err(Error::Expired);
        }
        Ok(Ordered { order, pick, expires_at })
    }

    /// Writes down that a link was used in vain. What has no file left has no row.
    pub(super) async fn refused(
        &self,
        caller: &Caller,
        (pick, actor, expires_at): (&Pick, String, UnixMs),
    ) -> Result<(), Error> {
        let first = repo::first_asset(&self.parts.db, pick).await?;
        let (workspace_id, kind) = (pick.workspace_id, AccessKind::Refused);
        let seen = Seen { workspace_id, kind, actor, expires_at };
        Ok(self.parts.media.note(caller, seen, first.into_iter().collect()).await?)
    }

    fn room(&self, workspace_id: WorkspaceId) -> Result<Room, Error> {
        let take = |key, limit| self.packing.take(key, limit).ok_or(Error::Busy { limit });
        Ok(Room {
            _workspace: take(
                Packing::Workspace(workspace_id),
                self.options.max_zips_per_workspace,
            )?,
            _everybody: take(Packing::Everybody, self.options.max_zips)?,
        })
    }
}

/// What packing sends, up to the empty piece that says it is done. A channel that closes before
/// is an archive that broke off: it must not look like a short one.
fn whole_or_broken(
    from: mpsc::Receiver<Result<Bytes, Error>>,
) -> BoxStream<'static, Result<Bytes, Error>> {
    let next = |from: Option<mpsc::Receiver<Result<Bytes, Error>>>| async move {
        let mut from = from?;
        match from.recv().await {
            Some(Ok(piece)) if piece.is_empty() => None,
            Some(Ok(piece)) => Some((Ok(piece), Some(from))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(Error::BrokeOff), None)),
        }
    };
    stream::unfold(Some(from), next).boxed()
}

/// What an archive of a batch is called.
fn file_name(batch: &batch_job::Model) -> String {
    format!("{}.zip", names::stem(&[&batch.name]))
}
