//! The claim: a lane's next videos, one batch at a time.

use entity::batch_job;
use entity::ids::{BatchId, VideoId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::counters;
use super::error::Error;
use super::model::{Fence, Held};
use super::route::{Candidate, Decision, Roomy};
use super::{Rules, write};
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{execute_exactly, now_ms, statement};
use crate::domain::batches::counts::{self, BatchDelta, Intent};
use crate::domain::batches::model::Delta;
use crate::domain::media::model::Asked;
use crate::ports::provider::Submission;

/// Who claims for whom.
#[derive(Clone, Copy, Debug)]
pub struct ClaimRequest<'a> {
    /// Whose turn it is.
    pub workspace_id: WorkspaceId,
    /// Most videos wanted.
    pub most: i64,
    /// Where they can be made, preferred first.
    pub offers: &'a [Candidate],
}

/// Videos of one batch, claimed together.
#[derive(Clone, Debug)]
pub struct ClaimedBatch {
    /// Which.
    pub batch_id: BatchId,
    /// Its new revision.
    pub rev: i64,
    /// Where its videos will be submitted.
    pub offer: &'static str,
    /// What every video must be.
    pub asked: Asked,
    /// The videos, by ordinal.
    pub videos: Vec<ClaimedVideo>,
}

/// One claimed video: SUBMITTING, its attempt row committed.
#[derive(Clone, Debug)]
pub struct ClaimedVideo {
    /// The right to write about it.
    pub held: Held,
    /// What to hand over.
    pub submission: Submission,
}

/// Takes videos of the lane's first batch with work: interactive before bulk, older before newer.
///
/// # Errors
/// [`Error::NoRoom`] when a counter refuses: roll back.
pub(super) async fn claim_in_tx(
    tx: &Tx,
    request: &ClaimRequest<'_>,
    rules: &Rules,
    now: UnixMs,
) -> Result<Option<ClaimedBatch>, Error> {
    let (lane, roomy) = counters::room_in_tx(tx, request.workspace_id, request.offers).await?;
    let room = lane.min(request.most);
    if room <= 0 || roomy.iter().all(|one| one.passed().is_some()) {
        return Err(Error::NoRoom);
    }
    let Some(batch_id) = next_batch_in_tx(tx, request.workspace_id, &roomy).await? else {
        return Ok(None);
    };
    let locked = lock_in_tx(tx, batch_id).await?;
    let Some(batch) = locked.get(batch_id).cloned() else { return Ok(None) };
    let decision = Decision::of(&roomy, &batch.model, batch.embedded_only);
    let Some((offer, rows)) = take_in_tx(tx, &batch, &decision, (rules, room)).await? else {
        return Ok(None);
    };
    let mut videos =
        rows.iter().map(|row| video(row, &batch, offer)).collect::<Result<Vec<_>, DbErr>>()?;
    videos.sort_by_key(|(ordinal, _)| *ordinal);
    let videos: Vec<ClaimedVideo> = videos.into_iter().map(|(_, video)| video).collect();
    insert_attempts_in_tx(tx, &videos, &decision.record(offer), now).await?;
    let delta = BatchDelta { batch_id, delta: Delta { claimed: true, ..Delta::default() } };
    counts::apply_in_tx(tx, locked, &[delta], now).await?;
    let taken = i64::try_from(videos.len()).unwrap_or(i64::MAX);
    counters::take_in_tx(tx, request.workspace_id, offer, taken).await?;
    Ok(Some(ClaimedBatch { batch_id, rev: batch.rev + 1, offer, asked: asked(&batch), videos }))
}

/// Locks one batch row for edges between open states.
pub(super) async fn lock_in_tx(tx: &Tx, batch_id: BatchId) -> Result<counts::LockedBatches, Error> {
    let intent = Intent { batch_id, ending: 0, undelivered: false };
    Ok(counts::lock_in_tx(tx, &[intent]).await?)
}

/// Whether the gate of batch `b` lets its video `v` be claimed. A pilot whose videos have ended is not
/// searched for more.
pub(super) const CLAIMABLE: &str =
    "(b.gate = 'OPEN' OR (b.gate = 'PILOT' AND b.pilot_ended < b.pilot_total AND v.pilot))";

async fn next_batch_in_tx(
    tx: &Tx,
    workspace_id: WorkspaceId,
    roomy: &[Roomy],
) -> Result<Option<BatchId>, DbErr> {
    let open = || roomy.iter().filter(|one| one.passed().is_none()).map(|one| one.candidate);
    let mut values: Vec<Value> = vec![workspace_id.into(), true.into(), String::new().into()];
    let models = write::placeholders(&mut values, open().map(|one| one.model.into()));
    let embedded = open().filter(|one| one.embedded).map(|one| one.model.into());
    let embedded = write::placeholders(&mut values, embedded);
    let embedded = if embedded.is_empty() { "$3" } else { embedded.as_str() };
    let sql = format!(
        "SELECT b.id FROM batch_jobs b WHERE b.workspace_id = $1 AND b.settled_at IS NULL \
         AND b.model <> $3 AND b.model IN ({models}) \
         AND (b.embedded_only <> $2 OR b.model IN ({embedded})) AND EXISTS \
         (SELECT 1 FROM batch_items v WHERE v.batch_id = b.id AND v.state = 'QUEUED' \
          AND v.not_before <= {} AND {CLAIMABLE}) \
         ORDER BY CASE b.priority WHEN 'INTERACTIVE' THEN 0 ELSE 1 END, b.id LIMIT 1",
        now_ms(tx.get_database_backend())
    );
    let found = tx.query_one_raw(statement(&**tx, sql, values)).await?;
    found.map(|row| row.try_get("", "id")).transpose()
}

/// Tries the offers in order: first for videos that did not just fail there, then for any.
async fn take_in_tx(
    tx: &Tx,
    batch: &batch_job::Model,
    decision: &Decision,
    (rules, room): (&Rules, i64),
) -> Result<Option<(&'static str, Vec<QueryResult>)>, DbErr> {
    let choosy = decision.open.len() > 1;
    let rounds: &[bool] = if choosy { &[true, false] } else { &[false] };
    for spare in rounds {
        for one in &decision.open {
            let (name, most) = (one.candidate.name, room.min(one.most()));
            let rows = take_for_in_tx(tx, batch, rules, Take { name, most, spare: *spare }).await?;
            if !rows.is_empty() {
                return Ok(Some((name, rows)));
            }
        }
    }
    Ok(None)
}

/// For whom videos are taken.
struct Take {
    name: &'static str,
    most: i64,
    /// Leave videos whose last attempt failed there.
    spare: bool,
}

/// The gate stands in the statement: a batch closed or paused since it was picked gives nothing, a
/// pilot only its own.
async fn take_for_in_tx(
    tx: &Tx,
    batch: &batch_job::Model,
    rules: &Rules,
    take: Take,
) -> Result<Vec<QueryResult>, DbErr> {
    let now = now_ms(tx.get_database_backend());
    let sql = format!(
        "UPDATE batch_items AS v SET state = 'SUBMITTING', attempt = v.attempt + 1, \
         lease_epoch = v.lease_epoch + 1, lease_owner = $1, lease_until = {now} + $2, rev = $3 \
         WHERE v.state = 'QUEUED' AND v.id IN \
         (SELECT q.id FROM batch_items q JOIN batch_jobs b ON b.id = q.batch_id \
          WHERE q.batch_id = $4 AND q.state = 'QUEUED' AND q.not_before <= {now} \
          AND (b.gate = 'OPEN' OR (b.gate = 'PILOT' AND q.pilot)) \
          AND ($6 = 0 OR NOT EXISTS (SELECT 1 FROM attempts a \
           WHERE a.video_id = q.id AND a.attempt = q.attempt AND a.provider = $7 \
           AND a.outcome = 'RETRYABLE')) ORDER BY q.ordinal LIMIT $5) \
         RETURNING id, ordinal, prompt, bindings, seed, attempt, lease_epoch"
    );
    let values: [Value; 7] = [
        rules.owner.clone().into(),
        write::ms(rules.lease).into(),
        (batch.rev + 1).into(),
        batch.id.into(),
        take.most.into(),
        i64::from(take.spare).into(),
        take.name.into(),
    ];
    tx.query_all_raw(statement(&**tx, sql, values)).await
}

fn video(
    row: &QueryResult,
    batch: &batch_job::Model,
    provider: &'static str,
) -> Result<(i64, ClaimedVideo), DbErr> {
    let fence = Fence {
        video_id: row.try_get("", "id")?,
        attempt: row.try_get("", "attempt")?,
        lease_epoch: row.try_get("", "lease_epoch")?,
    };
    let held = Held {
        fence,
        batch_id: batch.id,
        workspace_id: batch.workspace_id,
        wallet_id: batch.wallet_id,
        mode: batch.mode,
        provider,
    };
    let submission = submission(row, batch, fence)?;
    Ok((row.try_get("", "ordinal")?, ClaimedVideo { held, submission }))
}

/// What is handed over for a claimed video; also when a claim is taken over.
pub(super) fn submission(
    row: &QueryResult,
    batch: &batch_job::Model,
    fence: Fence,
) -> Result<Submission, DbErr> {
    let seed: i64 = row.try_get("", "seed")?;
    Ok(Submission {
        reference: reference(fence.video_id, fence.attempt),
        prompt: row.try_get("", "prompt")?,
        values: bindings(&row.try_get("", "bindings")?),
        seed: u64::try_from(seed).unwrap_or(0),
        seconds: batch.seconds,
        aspect: batch.aspect,
        resolution: batch.resolution,
        watermark: batch.watermark,
    })
}

/// What a batch asks of every file.
pub(super) const fn asked(batch: &batch_job::Model) -> Asked {
    Asked {
        seconds: batch.seconds,
        aspect: batch.aspect,
        resolution: batch.resolution,
        watermark: batch.watermark,
    }
}

/// Our name for one attempt, committed before it is submitted.
pub(super) fn reference(video_id: VideoId, attempt: i64) -> String {
    format!("{video_id}_{attempt}")
}

/// Sorted by name, because the two databases keep the keys of an object in different orders.
fn bindings(json: &serde_json::Value) -> Vec<(String, String)> {
    let text =
        |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs: Vec<(String, String)> = json
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    pairs.sort_unstable();
    pairs
}

async fn insert_attempts_in_tx(
    tx: &Tx,
    videos: &[ClaimedVideo],
    decision: &serde_json::Value,
    now: UnixMs,
) -> Result<(), DbErr> {
    let Some(first) = videos.first() else { return Ok(()) };
    let held = first.held;
    let mut values: Vec<Value> = vec![
        held.batch_id.into(),
        held.workspace_id.into(),
        held.provider.into(),
        false.into(),
        now.into(),
        decision.to_string().into(),
    ];
    let fences = || videos.iter().map(|video| video.held.fence);
    let source = Rows::new()
        .ids("video_id", fences().map(|fence| fence.video_id.0).collect::<Vec<Uuid>>())
        .ints("attempt", fences().map(|fence| fence.attempt).collect())
        .texts("reference", videos.iter().map(|v| v.submission.reference.clone()).collect())
        .source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "INSERT INTO attempts (video_id, attempt, batch_id, workspace_id, provider, reference, \
         late, claimed_at, decision) SELECT r.video_id, r.attempt, $1, $2, $3, r.reference, $4, $5, \
         CAST($6 AS TEXT) \
         FROM {source}"
    );
    execute_exactly(&**tx, sql, values, videos.len() as u64).await
}
