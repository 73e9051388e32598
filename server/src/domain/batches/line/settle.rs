//! The one transaction in which attempts end, for any number of videos of any wallets.
//!
//! Order: wallets locked by id → counters and batch rows locked by id → fenced video edges →
//! exactly the shares of the edges that fired → ledger, assets, attempts → wallets and batches
//! written → lane counters. An ending whose fence is lost changes nothing and leaves no gap.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::enums::{AttemptOutcome, VideoState};
use entity::ids::{AssetId, BatchId, VideoId, WorkspaceId};
use entity::values::UnixMs;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Value};
use uuid::Uuid;

use super::error::Error;
use super::model::{Answer, Ending, Fence, Turn, What, backoff, decide};
use super::{Rules, counters, detail, edges, write};
use crate::db::Tx;
use crate::db::bulk::Rows;
use crate::db::dialect::{now_ms, statement};
use crate::db::writes::Writes;
use crate::domain::batches::counts::{self, Applied, BatchDelta, Intent};
use crate::domain::batches::model::{Delta, Event};
use crate::domain::wallet::{self, Resolution, Verdict};
use crate::kernel::ids;
use crate::ports::provider::Cost;

/// Ends attempts and answers for each, in their order. All of one mode.
///
/// # Errors
/// The database's failure, or a contradiction in our own numbers: roll back.
pub async fn settle_in_tx(
    tx: &Tx,
    rules: &Rules,
    endings: &[Ending],
    now: UnixMs,
) -> Result<(Vec<Answer>, Vec<Applied>), Error> {
    let wallets: Vec<_> = endings.iter().map(|ending| ending.held.wallet_id).collect();
    let mut books = wallet::lock_in_tx(tx, &wallets).await?;
    let locked = counts::lock_in_tx(tx, &intents(endings)).await?;

    let before = attempts_before_in_tx(tx, endings, &locked).await?;
    let mut chosen = choose(endings, (&locked, &before), rules);
    words_in_tx(tx, &mut chosen).await?;
    let fired = edges_in_tx(tx, &chosen, rules, now).await?;
    let done: Vec<&Chosen<'_>> =
        chosen.iter().filter(|one| fired.contains_key(&one.fence())).collect();

    let resolutions: Vec<Resolution> = done.iter().filter_map(|one| one.resolution()).collect();
    let resolved = wallet::resolve_in_tx(tx, &mut books, &resolutions, now).await?;
    if resolved.len() != resolutions.len() {
        return Err(Error::Inconsistent("a video ended without an open share"));
    }
    records_in_tx(tx, &done, now).await?;
    let late = late_in_tx(tx, &chosen, &fired, now).await?;

    wallet::finish_in_tx(tx, books).await?;
    let deltas: Vec<BatchDelta> = done.iter().map(|one| one.delta(&fired)).collect();
    let applied = counts::apply_in_tx(tx, locked, &deltas, now).await?;
    give_back_in_tx(tx, &done).await?;
    Ok((answers(endings, &chosen, &fired, &late), applied))
}

fn intents(endings: &[Ending]) -> Vec<Intent> {
    endings
        .iter()
        .map(|ending| Intent {
            batch_id: ending.held.batch_id,
            ending: 1,
            undelivered: !matches!(ending.what, What::Delivered { .. }),
        })
        .collect()
}

/// An ending with the edge it takes.
struct Chosen<'a> {
    ending: &'a Ending,
    turn: Turn,
    to: VideoState,
    rev: i64,
    /// Which attempt of this round it was.
    nth: i64,
    /// What is kept of the words about it.
    words: Option<String>,
}

impl Chosen<'_> {
    fn fence(&self) -> Fence {
        self.ending.held.fence
    }

    fn resolution(&self) -> Option<Resolution> {
        let video_id = self.fence().video_id;
        match self.turn.event {
            Event::Delivered => Some(Resolution { video_id, verdict: Verdict::Capture }),
            Event::Failed | Event::Cancelled => {
                Some(Resolution { video_id, verdict: Verdict::Release })
            }
            _ => None,
        }
    }

    fn delta(&self, fired: &HashMap<Fence, bool>) -> BatchDelta {
        let pilot = self.to.is_terminal() && fired.get(&self.fence()).copied().unwrap_or_default();
        let mut delta = Delta { pilot_ended: pilot.into(), ..Delta::default() };
        match self.turn.event {
            Event::Delivered => delta.delivered = 1,
            Event::Failed => delta.failed = 1,
            Event::Cancelled => delta.cancelled = 1,
            _ => {}
        }
        BatchDelta { batch_id: self.ending.held.batch_id, delta }
    }

    const fn answer(&self) -> Answer {
        match self.turn.event {
            Event::Delivered => Answer::Delivered,
            Event::Failed => Answer::Failed,
            Event::Cancelled => Answer::Cancelled,
            Event::LostSight => Answer::Unknown,
            _ => Answer::Requeued,
        }
    }

    /// Wait before the next attempt; 0 leaves `not_before` alone.
    fn wait_ms(&self, rules: &Rules) -> i64 {
        match (&self.ending.what, self.turn.event) {
            (What::Retry { outcome: AttemptOutcome::Lost, .. }, _) => 0,
            (What::Retry { wait, .. }, Event::Requeued) => {
                let own = backoff(rules.backoff, rules.backoff_max, self.nth);
                write::ms(wait.map_or(own, |asked| asked.max(own)))
            }
            _ => 0,
        }
    }
}

/// Attempts of earlier rounds, where there are any, of the videos that may be tried once more.
async fn attempts_before_in_tx(
    tx: &Tx,
    endings: &[Ending],
    locked: &counts::LockedBatches,
) -> Result<HashMap<VideoId, i64>, DbErr> {
    let again = |ending: &&Ending| {
        let round = locked.get(ending.held.batch_id).map_or(1, |batch| batch.round);
        round > 1 && matches!(ending.what, What::Retry { .. })
    };
    let videos: Vec<Uuid> =
        endings.iter().filter(again).map(|ending| ending.held.fence.video_id.0).collect();
    if videos.is_empty() {
        return Ok(HashMap::new());
    }
    let mut values: Vec<Value> = Vec::new();
    let source = Rows::new().ids("id", videos).source(tx.get_database_backend(), &mut values);
    let sql = format!(
        "SELECT v.id AS id, v.attempts_before AS n FROM batch_items v JOIN {source} ON v.id = r.id"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "n")?))).collect()
}

/// Decides each ending once per fence; the same fence reported twice counts once.
fn choose<'a>(
    endings: &'a [Ending],
    (locked, before): (&counts::LockedBatches, &HashMap<VideoId, i64>),
    rules: &Rules,
) -> Vec<Chosen<'a>> {
    let mut seen = HashSet::with_capacity(endings.len());
    let mut chosen = Vec::with_capacity(endings.len());
    for ending in endings {
        let batch_id: BatchId = ending.held.batch_id;
        let Some(batch) = locked.get(batch_id) else { continue };
        let fence = ending.held.fence;
        if !seen.insert(fence) {
            continue;
        }
        let nth = fence.attempt - before.get(&fence.video_id).copied().unwrap_or_default();
        let turn = decide(&ending.what, batch.gate, nth, rules.max_attempts);
        let to = match turn.event {
            Event::Delivered => VideoState::Delivered,
            Event::Failed => VideoState::Failed,
            Event::Cancelled => VideoState::Cancelled,
            Event::LostSight => VideoState::OutcomeUnknown,
            _ => VideoState::Queued,
        };
        chosen.push(Chosen { ending, turn, to, rev: batch.rev + 1, nth, words: None });
    }
    chosen
}

/// What is kept of the words about failures: it takes the prompts to tell what they repeat.
async fn words_in_tx(tx: &Tx, chosen: &mut [Chosen<'_>]) -> Result<(), DbErr> {
    let told: Vec<Uuid> = chosen
        .iter()
        .filter(|one| matches!(one.ending.what, What::Failed { .. } | What::Retry { .. }))
        .map(|one| one.fence().video_id.0)
        .collect();
    let mut prompts: HashMap<VideoId, String> = HashMap::with_capacity(told.len());
    if !told.is_empty() {
        let mut values: Vec<Value> = Vec::new();
        let source = Rows::new().ids("id", told).source(tx.get_database_backend(), &mut values);
        let sql = format!(
            "SELECT v.id AS id, v.prompt AS prompt FROM batch_items v JOIN {source} ON v.id = r.id"
        );
        for row in tx.query_all_raw(statement(&**tx, sql, values)).await? {
            prompts.insert(row.try_get("", "id")?, row.try_get("", "prompt")?);
        }
    }
    for one in chosen {
        one.words = match &one.ending.what {
            What::Failed { detail, .. } | What::Retry { detail, .. } => {
                let prompt = prompts.get(&one.fence().video_id);
                Some(detail::kept(detail, prompt.map_or("", String::as_str)))
            }
            What::Unproven { .. } => Some(String::from(UNPROVEN)),
            _ => None,
        };
    }
    Ok(())
}

/// The fenced edges; returns the fences whose edge fired, and whether the video was of a pilot.
async fn edges_in_tx(
    tx: &Tx,
    chosen: &[Chosen<'_>],
    rules: &Rules,
    now: UnixMs,
) -> Result<HashMap<Fence, bool>, DbErr> {
    if chosen.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = tx.get_database_backend();
    let ints = |read: &dyn Fn(&Chosen<'_>) -> i64| chosen.iter().map(read).collect::<Vec<i64>>();
    let detail = |one: &Chosen<'_>| one.words.clone().filter(|_| one.turn.event == Event::Failed);
    let mut values: Vec<Value> = vec![now.into()];
    let source = Rows::new()
        .ids("vid", chosen.iter().map(|one| one.fence().video_id.0).collect::<Vec<Uuid>>())
        .ints("att", ints(&|one| one.fence().attempt))
        .ints("epoch", ints(&|one| one.fence().lease_epoch))
        .ints("rev", ints(&|one| one.rev))
        .ints("delivers", ints(&|one| i64::from(one.turn.event == Event::Delivered)))
        .ints("ends", ints(&|one| i64::from(one.to.is_terminal())))
        .ints("expired", ints(&|one| i64::from(one.ending.only_expired)))
        .ints("wait", ints(&|one| one.wait_ms(rules)))
        .texts("state", chosen.iter().map(|one| one.to.as_str().to_owned()).collect())
        .maybe_texts("code", chosen.iter().map(|one| one.turn.code.map(code_text)).collect())
        .maybe_texts("detail", chosen.iter().map(detail).collect())
        .source(backend, &mut values);
    let clock = now_ms(backend);
    // DELIVERED leaves STORING alone; the other endings leave any state in flight.
    let sql = format!(
        "UPDATE batch_items AS v SET state = r.state, rev = r.rev, lease_owner = NULL, \
         lease_until = NULL, error_code = r.code, error_detail = r.detail, \
         not_before = CASE WHEN r.wait > 0 THEN {clock} + r.wait ELSE v.not_before END, \
         ended_at = CASE WHEN r.ends = 1 THEN CAST($1 AS BIGINT) END \
         FROM {source} WHERE v.id = r.vid AND v.attempt = r.att AND v.lease_epoch = r.epoch \
         AND (v.state = 'STORING' OR (r.delivers = 0 \
              AND v.state IN ('SUBMITTING', 'RENDERING', 'OUTCOME_UNKNOWN'))) \
         AND (r.expired = 0 OR v.lease_until <= {clock} OR v.state = 'OUTCOME_UNKNOWN') \
         RETURNING id, attempt, lease_epoch, pilot"
    );
    let rows = tx.query_all_raw(statement(&**tx, sql, values)).await?;
    rows.iter().map(|row| Ok((fence(row)?, row.try_get("", "pilot")?))).collect()
}

fn fence(row: &QueryResult) -> Result<Fence, DbErr> {
    Ok(Fence {
        video_id: row.try_get("", "id")?,
        attempt: row.try_get("", "attempt")?,
        lease_epoch: row.try_get("", "lease_epoch")?,
    })
}

fn code_text(code: crate::domain::batches::failure::FailureCode) -> String {
    code.as_str().to_owned()
}

/// Assets of what was delivered, and the end of every attempt that ended.
async fn records_in_tx(tx: &Tx, done: &[&Chosen<'_>], now: UnixMs) -> Result<(), DbErr> {
    Writes::new()
        .each(ASSETS, asset_rows(done, now))
        .each(ATTEMPTS, attempt_rows(done, now))
        .run_in_tx(tx)
        .await
}

const ASSETS: &str = "INSERT INTO assets (id, video_id, batch_id, workspace_id, attempt, \
    object_key, poster_key, bytes, sha256, width, height, duration_ms, codec, created_at) \
    SELECT r.id, r.video_id, r.batch_id, r.workspace_id, r.attempt, r.object_key, r.poster_key, \
    r.bytes, r.sha256, r.width, r.height, r.duration_ms, r.codec, r.created_at FROM {rows}";

fn asset_rows(done: &[&Chosen<'_>], now: UnixMs) -> Rows {
    let delivered: Vec<_> = done
        .iter()
        .filter_map(|one| match (&one.ending.what, one.turn.event) {
            (What::Delivered { asset, .. }, Event::Delivered) => Some((&one.ending.held, asset)),
            _ => None,
        })
        .collect();
    let each = || delivered.iter();
    let ids: Vec<AssetId> = ids::mint_many(now, delivered.len());
    Rows::new()
        .ids("id", ids.iter().map(|id| id.0).collect())
        .ids("video_id", each().map(|(held, _)| held.fence.video_id.0).collect())
        .ids("batch_id", each().map(|(held, _)| held.batch_id.0).collect())
        .ids("workspace_id", each().map(|(held, _)| held.workspace_id.0).collect())
        .ints("attempt", each().map(|(held, _)| held.fence.attempt).collect())
        .texts("object_key", each().map(|(_, asset)| asset.keys.video.clone()).collect())
        .texts("poster_key", each().map(|(_, asset)| asset.keys.poster.clone()).collect())
        .ints("bytes", each().map(|(_, asset)| asset.stored.bytes).collect())
        .bytes("sha256", each().map(|(_, asset)| asset.stored.sha256.clone()).collect())
        .ints("width", each().map(|(_, asset)| asset.probe.width).collect())
        .ints("height", each().map(|(_, asset)| asset.probe.height).collect())
        .ints("duration_ms", each().map(|(_, asset)| asset.probe.duration_ms).collect())
        .texts("codec", each().map(|(_, asset)| asset.probe.codec.clone()).collect())
        .ints("created_at", each().map(|_| now.0).collect())
}

/// Words of an attempt of which nothing was proven in time.
const UNPROVEN: &str = "nothing was proven in time";

const ATTEMPTS: &str = "UPDATE attempts AS a SET outcome = r.outcome, error_code = r.code, \
    error_detail = r.detail, cost_minor = r.cost_minor, cost_currency = r.currency, \
    suspected_cost_minor = r.suspected, ended_at = r.ended_at FROM {rows} \
    WHERE a.video_id = r.video_id AND a.attempt = r.attempt AND a.outcome IS NULL";

fn attempt_rows(done: &[&Chosen<'_>], now: UnixMs) -> Rows {
    let ended: Vec<_> = done.iter().filter(|one| one.turn.event != Event::LostSight).collect();
    let each = || ended.iter().map(|one| &one.ending.what);
    let fences = || ended.iter().map(|one| one.fence());
    let outcome = |what: &What| match what {
        What::Delivered { .. } => AttemptOutcome::Delivered,
        What::Failed { .. } | What::Unproven { .. } => AttemptOutcome::Failed,
        What::Retry { outcome, .. } => *outcome,
        What::Stopped { .. } | What::LostSight => AttemptOutcome::Stopped,
    };
    let class = |what: &What| match what {
        What::Failed { class, .. } | What::Retry { class, .. } => Some((*class).to_owned()),
        What::Unproven { .. } => Some(String::from("UNPROVEN")),
        _ => None,
    };
    let cost = |what: &What| match what {
        What::Delivered { cost, .. } | What::Failed { cost, .. } => *cost,
        What::Retry { cost, .. } | What::Stopped { cost } => *cost,
        What::Unproven { .. } | What::LostSight => None,
    };
    let suspected = |what: &What| match what {
        What::Unproven { suspected } => *suspected,
        _ => None,
    };
    let currency =
        |what: &What| cost(what).or_else(|| suspected(what)).map(|cost| cost.currency.to_owned());
    Rows::new()
        .ids("video_id", fences().map(|fence| fence.video_id.0).collect())
        .ints("attempt", fences().map(|fence| fence.attempt).collect())
        .texts("outcome", each().map(|what| outcome(what).as_str().to_owned()).collect())
        .maybe_texts("code", each().map(class).collect())
        .maybe_texts("detail", ended.iter().map(|one| one.words.clone()).collect())
        .maybe_ints("cost_minor", each().map(|what| cost(what).map(|c| c.minor)).collect())
        .maybe_ints("suspected", each().map(|what| suspected(what).map(|c| c.minor)).collect())
        .maybe_texts("currency", each().map(currency).collect())
        .ints("ended_at", ended.iter().map(|_| now.0).collect())
}

/// Delivered endings whose fence was lost: marks those whose share had been released.
async fn late_in_tx(
    tx: &Tx,
    chosen: &[Chosen<'_>],
    fired: &HashMap<Fence, bool>,
    now: UnixMs,
) -> Result<HashSet<(VideoId, i64)>, DbErr> {
    let lost: Vec<(Fence, Option<Cost>)> = chosen
        .iter()
        .filter(|one| !fired.contains_key(&one.fence()))
        .filter_map(|one| match &one.ending.what {
            What::Delivered { cost, .. } => Some((one.fence(), *cost)),
            _ => None,
        })
        .collect();
    edges::mark_late_in_tx(tx, &lost, now).await
}

async fn give_back_in_tx(tx: &Tx, done: &[&Chosen<'_>]) -> Result<(), DbErr> {
    let mut lanes: BTreeMap<WorkspaceId, i64> = BTreeMap::new();
    let mut providers: BTreeMap<&'static str, i64> = BTreeMap::new();
    for one in done.iter().filter(|one| one.turn.event != Event::LostSight) {
        *lanes.entry(one.ending.held.workspace_id).or_default() += 1;
        *providers.entry(one.ending.held.provider).or_default() += 1;
    }
    counters::give_back_in_tx(tx, &lanes, &providers).await
}

/// One answer per ending; of two with the same fence the first is answered, the second was lost.
fn answers(
    endings: &[Ending],
    chosen: &[Chosen<'_>],
    fired: &HashMap<Fence, bool>,
    late: &HashSet<(VideoId, i64)>,
) -> Vec<Answer> {
    let mut by_fence: BTreeMap<Fence, Answer> = chosen
        .iter()
        .map(|one| {
            let fence = one.fence();
            let answer = if fired.contains_key(&fence) {
                one.answer()
            } else if late.contains(&(fence.video_id, fence.attempt)) {
                Answer::Late
            } else {
                Answer::FenceLost
            };
            (fence, answer)
        })
        .collect();
    let take = |ending: &Ending| by_fence.remove(&ending.held.fence).unwrap_or(Answer::FenceLost);
    endings.iter().map(take).collect()
}
