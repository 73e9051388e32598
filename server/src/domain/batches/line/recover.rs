//! What a dead or silent process left in flight, and what the sweep finds without a hint.

use std::time::Duration;

use entity::batch_job;
use entity::enums::VideoState;
use entity::ids::{BatchId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr, EntityTrait as _, QueryResult, Value};

use super::claim::{CLAIMABLE, ClaimedVideo, asked, lock_in_tx, submission};
use super::counters::IN_FLIGHT;
use super::error::Error;
use super::model::{Fence, Held};
use super::{Dispatch, edges, fenced, write};
use crate::db::bulk::Rows;
use crate::db::dialect::{execute, now_ms, statement};
use crate::db::{Class, Tx};
use crate::domain::batches::counts::{self, BatchDelta};
use crate::domain::batches::model::{Delta, Event};
use crate::domain::media::model::Asked;
use crate::kernel::failpoint;
use crate::ports::provider::{JobId, intern};

/// Most videos looked at in one round.
const MOST: i64 = 1000;
/// How long a quote that ended and was not launched can still be looked at.
const QUOTES_KEPT_MS: i64 = 7 * 86_400_000;

/// A video in flight that nobody works on any more.
#[derive(Clone, Debug)]
pub struct Found {
    /// As it was last claimed.
    pub held: Held,
    /// Where it stands.
    pub state: VideoState,
    /// The provider's name for it, if one was committed.
    pub job: Option<JobId>,
    /// Our name for the attempt.
    pub reference: String,
    /// When the attempt was claimed.
    pub claimed_at: UnixMs,
    /// Length of the video.
    pub seconds: i64,
    /// Its provider was asked to stop, or was about to be.
    pub stop_asked: bool,
}

/// A claim taken over from a process that lost its lease.
#[derive(Clone, Debug)]
pub struct TakenOver {
    /// Under the new epoch.
    pub video: ClaimedVideo,
    /// What the file must be.
    pub asked: Asked,
}

/// A lane that could be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingLane {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Its share of the line.
    pub weight: i64,
}

impl Dispatch {
    /// Videos whose lease has run out; with `own` instead those under this process's own name,
    /// which after a start cannot be anybody's.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn stranded(&self, own: bool) -> Result<Vec<Found>, Error> {
        let now = now_ms(self.db.backend());
        let sql = format!(
            "SELECT {FOUND} WHERE v.state IN {IN_FLIGHT} AND v.state <> 'OUTCOME_UNKNOWN' \
             AND (($1 = 0 AND v.lease_until <= {now}) OR ($1 = 1 AND v.lease_owner = $2)) \
             ORDER BY v.id LIMIT {MOST}"
        );
        let values: [Value; 2] = [i64::from(own).into(), self.rules.owner.clone().into()];
        self.found(sql, values.into()).await
    }

    /// Videos whose outcome is unknown and that nobody looks into at the moment.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn unknown(&self) -> Result<Vec<Found>, Error> {
        let now = now_ms(self.db.backend());
        let sql = format!(
            "SELECT {FOUND} WHERE v.state IN {IN_FLIGHT} AND v.state = 'OUTCOME_UNKNOWN' \
             AND (v.lease_until IS NULL OR v.lease_until <= {now}) ORDER BY v.id LIMIT {MOST}"
        );
        self.found(sql, Vec::new()).await
    }

    /// Videos whose outcome has been unknown for longer than the rules wait.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn unproven(&self) -> Result<Vec<Found>, Error> {
        let before = self.clock.now().plus_ms(-write::ms(self.rules.unproven_after));
        let sql = format!(
            "SELECT {FOUND} WHERE v.state IN {IN_FLIGHT} AND v.state = 'OUTCOME_UNKNOWN' \
             AND a.claimed_at <= $1 ORDER BY v.id LIMIT {MOST}"
        );
        self.found(sql, vec![before.into()]).await
    }

    async fn found(&self, sql: String, values: Vec<Value>) -> Result<Vec<Found>, Error> {
        let reader = self.db.reader();
        let rows = reader.query_all_raw(statement(reader, sql, values)).await?;
        rows.iter().map(|row| found(row).map_err(Error::from)).collect()
    }

    /// Takes the right to look into an unknown outcome for `pause`: same attempt, next epoch.
    /// `None` when somebody else has it.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn look_into(&self, found: &Found, pause: Duration) -> Result<Option<Held>, Error> {
        let owner = self.rules.owner.as_str();
        let work = |tx| async move { edges::look_in_tx(&tx, &found.held, (owner, pause)).await };
        let held = self.db.tx(Class::Money, work).await?;
        if held.is_some() {
            failpoint::pass("look.committed");
        }
        Ok(held)
    }

    /// A look found the attempt's job by our reference: its id is committed before anything is
    /// concluded from where it stands.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn named(&self, held: &Held, job: &JobId) -> Result<(), Error> {
        let work = |tx| async move { edges::name_in_tx(&tx, held, job).await };
        fenced(held, "named", self.db.tx(Class::Money, work).await)?;
        failpoint::pass("named.committed");
        Ok(())
    }

    /// OUTCOME_UNKNOWN → RENDERING, or → STORING when it has `finished`; the job id is committed.
    ///
    /// # Errors
    /// [`Error::FenceLost`]; the database's failure.
    pub async fn was_found(&self, held: &Held, job: &JobId, finished: bool) -> Result<(), Error> {
        let now = self.clock.now();
        let event = if finished { Event::FoundFinished } else { Event::FoundRunning };
        let work = |tx| async move { edges::found_in_tx(&tx, held, (job, event), now).await };
        let applied = fenced(held, "found", self.db.tx(Class::Money, work).await)?;
        failpoint::pass("found.committed");
        self.announce(&applied).await;
        Ok(())
    }

    /// What a batch asks of every file.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn asked(&self, batch_id: BatchId) -> Result<Option<Asked>, Error> {
        let found = batch_job::Entity::find_by_id(batch_id).one(self.db.reader()).await?;
        Ok(found.as_ref().map(asked))
    }

    /// Takes over a claim whose lease has run out, or with `own` one of this process's name: same
    /// attempt, next epoch. `None` when somebody was quicker, or the old holder has come back.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn take_over(&self, found: &Found, own: bool) -> Result<Option<TakenOver>, Error> {
        let now = self.clock.now();
        let work = |tx| async move { self.take_over_in_tx(&tx, (found, own), now).await };
        let taken = self.db.tx(Class::Money, work).await?;
        if taken.is_some() {
            failpoint::pass("takeover.committed");
        }
        Ok(taken)
    }

    async fn take_over_in_tx(
        &self,
        tx: &Tx,
        (found, own): (&Found, bool),
        now: UnixMs,
    ) -> Result<Option<TakenOver>, Error> {
        let locked = lock_in_tx(tx, found.held.batch_id).await?;
        let Some(batch) = locked.get(found.held.batch_id).cloned() else { return Ok(None) };
        let clock = now_ms(tx.get_database_backend());
        let sql = format!(
            "UPDATE batch_items AS v SET lease_epoch = v.lease_epoch + 1, lease_owner = $1, \
             lease_until = {clock} + $2, rev = $3 WHERE v.id = $4 AND v.attempt = $5 \
             AND v.lease_epoch = $6 AND v.state = $7 \
             AND (v.lease_until <= {clock} OR ($8 = 1 AND v.lease_owner = $1)) \
             RETURNING id, prompt, bindings, seed, attempt, lease_epoch"
        );
        let fence = found.held.fence;
        let values: [Value; 8] = [
            self.rules.owner.clone().into(),
            write::ms(self.rules.lease).into(),
            (batch.rev + 1).into(),
            fence.video_id.into(),
            fence.attempt.into(),
            fence.lease_epoch.into(),
            found.state.as_str().into(),
            i64::from(own).into(),
        ];
        let row = tx.query_one_raw(statement(&**tx, sql, values)).await?;
        let Some(row) = row else { return Ok(None) };
        let fence = Fence { lease_epoch: row.try_get("", "lease_epoch")?, ..fence };
        let held = Held { fence, ..found.held };
        let video = ClaimedVideo { held, submission: submission(&row, &batch, fence)? };
        let delta = BatchDelta { batch_id: held.batch_id, delta: Delta::default() };
        counts::apply_in_tx(tx, locked, &[delta], now).await?;
        Ok(Some(TakenOver { video, asked: asked(&batch) }))
    }

    /// Lanes with videos to claim and room to claim them, whoever was told of them.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn waiting_lanes(&self) -> Result<Vec<WaitingLane>, Error> {
        let reader = self.db.reader();
        let sql = format!(
            "SELECT l.workspace_id AS id, l.weight AS weight FROM lanes l \
             WHERE l.in_flight < l.cap AND EXISTS (SELECT 1 FROM batch_jobs b \
             WHERE b.workspace_id = l.workspace_id AND b.settled_at IS NULL \
             AND EXISTS (SELECT 1 FROM batch_items v WHERE v.batch_id = b.id \
             AND v.state = 'QUEUED' AND v.not_before <= {} AND {CLAIMABLE}))",
            now_ms(self.db.backend())
        );
        let rows = reader.query_all_raw(statement(reader, sql, [])).await?;
        let lane = |row: &QueryResult| {
            Ok(WaitingLane {
                workspace_id: row.try_get("", "id")?,
                weight: row.try_get("", "weight")?,
            })
        };
        rows.iter().map(lane).collect()
    }

    /// Of these batches, those that were asked to stop.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn to_be_stopped(&self, batches: &[BatchId]) -> Result<Vec<BatchId>, Error> {
        if batches.is_empty() {
            return Ok(Vec::new());
        }
        let reader = self.db.reader();
        let mut values = Vec::new();
        let ids = Rows::new().ids("id", batches.iter().map(|id| id.0).collect());
        let source = ids.source(self.db.backend(), &mut values);
        let sql = format!(
            "SELECT b.id FROM batch_jobs b JOIN {source} ON b.id = r.id \
             WHERE b.gate = 'CLOSED' AND b.settled_at IS NULL"
        );
        let rows = reader.query_all_raw(statement(reader, sql, values)).await?;
        rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
    }

    /// Removes idempotency rows that are no longer remembered; returns how many.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn forget_keys(&self) -> Result<u64, Error> {
        let before = self.clock.now().plus_ms(-crate::db::idempotency::KEPT_MS);
        let work = |tx: Tx| async move {
            let sql = "DELETE FROM idempotency_keys WHERE created_at < $1";
            Ok(execute(&*tx, sql, [before.into()]).await?)
        };
        self.db.tx(Class::Telemetry, work).await
    }

    /// Removes quotes that ended long ago and were never launched; returns how many.
    ///
    /// # Errors
    /// The database's failure.
    pub async fn forget_quotes(&self) -> Result<u64, Error> {
        let before = self.clock.now().plus_ms(-QUOTES_KEPT_MS);
        let work = |tx: Tx| async move {
            // A launch of such a quote is refused, so none can come in between.
            let sql = "DELETE FROM quotes WHERE expires_at < $1 AND NOT EXISTS \
                       (SELECT 1 FROM batch_jobs b WHERE b.quote_id = quotes.id)";
            Ok(execute(&*tx, sql, [before.into()]).await?)
        };
        self.db.tx(Class::Telemetry, work).await
    }

    /// Lets credits of expired lots lapse; lapses wallet by wallet inside `wallet`.
    ///
    /// # Errors
    /// The books' failure.
    pub async fn expire_credits(&self) -> Result<(), Error> {
        self.wallet.expire_due().await?;
        Ok(())
    }
}

const FOUND: &str = "v.id AS id, v.attempt AS attempt, v.lease_epoch AS epoch, v.state AS state, \
    v.batch_id AS batch_id, v.workspace_id AS workspace_id, b.wallet_id AS wallet_id, b.mode AS mode, \
    a.provider_job_id AS job, a.provider AS provider, a.reference AS reference, \
    a.claimed_at AS claimed_at, a.stop_asked_at AS stop_asked, b.seconds AS seconds FROM batch_items v JOIN batch_jobs b ON b.id = v.batch_id \
    JOIN attempts a ON a.video_id = v.id AND a.attempt = v.attempt";

fn found(row: &QueryResult) -> Result<Found, DbErr> {
    let provider = intern(&row.try_get::<String>("", "provider")?);
    let state: String = row.try_get("", "state")?;
    let state = state.parse().map_err(|_| DbErr::Type(format!("video state {state}")))?;
    Ok(Found {
        held: Held {
            fence: Fence {
                video_id: row.try_get("", "id")?,
                attempt: row.try_get("", "attempt")?,
                lease_epoch: row.try_get("", "epoch")?,
            },
            batch_id: row.try_get("", "batch_id")?,
            workspace_id: row.try_get("", "workspace_id")?,
            wallet_id: row.try_get("", "wallet_id")?,
            mode: row.try_get("", "mode")?,
            provider,
        },
        state,
        job: row.try_get::<Option<String>>("", "job")?.map(JobId),
        reference: row.try_get("", "reference")?,
        claimed_at: row.try_get("", "claimed_at")?,
        seconds: row.try_get("", "seconds")?,
        stop_asked: row.try_get::<Option<UnixMs>>("", "stop_asked")?.is_some(),
    })
}
