//! Processes and tasks that are held until somebody else has taken their videos over and ended
//! them, and then go on: whatever they write matches no row.
//!
//! What is compared are whole rows of ended attempts. Only `late` and the cost are left out, which
//! a file for a released share may still set (docs/decisions/0055-control.md).

use std::collections::BTreeMap;
use std::time::Duration;

use entity::ids::VideoId;
use sea_orm::ConnectionTrait as _;
use server::db::dialect::statement;

use super::children::Installation;
use super::{Cast, wait};
use crate::harness::world::World;

/// Where a task is held past its lease, on SQLite: until its video has ended elsewhere.
const HOLDS: [&str; 3] = ["submit.before:3", "submit.called:3", "store.put:3"];

/// Ended attempts by video and number, at one moment.
pub struct Ended(BTreeMap<(String, i64), String>);

impl Ended {
    pub async fn now(world: &World) -> Self {
        let reader = world.db.reader();
        let sql = "SELECT video_id, attempt, provider_job_id, outcome, error_code, error_detail, \
                   submitted_at, stored_from_at, ended_at FROM attempts WHERE outcome IS NOT NULL";
        let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
        let ended = rows.iter().map(|row| {
            let text = |name: &str| row.try_get::<Option<String>>("", name).expect("a text");
            let number = |name: &str| row.try_get::<Option<i64>>("", name).expect("a number");
            let video: VideoId = row.try_get("", "video_id").expect("an id");
            let words = ["provider_job_id", "outcome", "error_code", "error_detail"].map(text);
            let times = ["submitted_at", "stored_from_at", "ended_at"].map(number);
            ((video.to_string(), number("attempt").expect("one")), format!("{words:?} {times:?}"))
        });
        Self(ended.collect())
    }

    /// As soon as all of these attempts have ended.
    async fn all_of(attempts: &[(String, i64)], world: &World) -> Self {
        wait(async || {
            let ended = Self::now(world).await;
            attempts.iter().all(|attempt| ended.0.contains_key(attempt))
        })
        .await;
        Self::now(world).await
    }

    /// Nothing of it is different now.
    pub async fn assert_unchanged(&self, world: &World) {
        let now = Self::now(world).await;
        for (attempt, row) in &self.0 {
            assert_eq!(now.0.get(attempt), Some(row), "{attempt:?} was written to after its end");
        }
    }

    /// How many of the writes that matched no row, from the `since`-th on, were about these.
    fn refused(&self, house: &Installation, (log, since): (&str, usize)) -> usize {
        let writes = house.unmatched(log).into_iter().skip(since);
        writes.filter(|write| self.0.contains_key(&(write.video.clone(), write.attempt))).count()
    }
}

/// What the freezes showed.
#[derive(Default)]
pub struct Shown {
    pub ended: Vec<Ended>,
    /// Writes of those that woke that matched no row, per freeze.
    pub refused: Vec<usize>,
}

/// A worker beside the server is stopped in its tracks until the other has ended its videos, three
/// times; then it goes on.
pub async fn worker(cast: &Cast<'_>) -> Shown {
    let (house, world) = (cast.house, cast.world);
    let log = "worker";
    let worker = house.worker_told(log);
    let mut shown = Shown::default();
    for _ in 0..3 {
        cast.launch(16, &["[slow]"]).await;
        let held = "SELECT count(*) FROM batch_items WHERE lease_owner LIKE '%-1' \
                    AND state IN ('SUBMITTING', 'RENDERING', 'STORING')";
        wait(async || world.number(held).await > 3).await;
        worker.signal("-STOP");
        let attempts = held_attempts(world).await;
        let serve = house.serve(&[]);
        wait(async || world.number(held).await == 0).await;
        let (ended, since) = (Ended::all_of(&attempts, world).await, house.unmatched(log).len());
        worker.signal("-CONT");
        wait(async || ended.refused(house, (log, since)) > 0).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        serve.stop();
        ended.assert_unchanged(world).await;
        shown.refused.push(ended.refused(house, (log, since)));
        shown.ended.push(ended);
    }
    worker.stop();
    shown
}

/// What the worker holds.
async fn held_attempts(world: &World) -> Vec<(String, i64)> {
    let held = "SELECT id AS video_id, attempt FROM batch_items WHERE lease_owner LIKE '%-1' \
                AND state IN ('SUBMITTING', 'RENDERING', 'STORING')";
    attempts(world, held).await
}

/// What has begun and not ended.
async fn open_attempts(world: &World) -> Vec<(String, i64)> {
    attempts(world, "SELECT video_id, attempt FROM attempts WHERE outcome IS NULL").await
}

async fn attempts(world: &World, sql: &str) -> Vec<(String, i64)> {
    let reader = world.db.reader();
    let rows = reader.query_all_raw(statement(reader, sql, [])).await.expect("rows");
    let attempt = |row: &sea_orm::QueryResult| {
        let video: VideoId = row.try_get("", "video_id").expect("an id");
        (video.to_string(), row.try_get("", "attempt").expect("a number"))
    };
    rows.iter().map(attempt).collect()
}

/// A task of the server is held at a point past its lease while the sweep gives its video on, three
/// times; then it goes on.
pub async fn task(cast: &Cast<'_>) -> Shown {
    let (house, world) = (cast.house, cast.world);
    let mut shown = Shown::default();
    for point in HOLDS {
        cast.launch(16, &["[slow]"]).await;
        let go = house.signal_file(point);
        let hold = format!("{point}:{}", go.display());
        let serve = house.serve_told(point, &[("REELMILL_HOLD_AT", &hold)]);
        wait(async || says(house, point, "failpoint.holds")).await;
        // The one that is held is among these, or has ended already.
        let ended = Ended::all_of(&open_attempts(world).await, world).await;
        std::fs::write(&go, "").expect("a file");
        if point.starts_with("submit.before") {
            // It sees by its own clock that it is late, and hands nothing over.
            wait(async || says(house, point, "line.lease may be over")).await;
        } else {
            wait(async || ended.refused(house, (point, 0)) > 0).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        serve.stop();
        ended.assert_unchanged(world).await;
        let refused = ended.refused(house, (point, 0));
        shown.refused.push(refused);
        shown.ended.push(ended);
    }
    shown
}

fn says(house: &Installation, log: &str, words: &str) -> bool {
    house.log(log).iter().any(|line| line["message"] == words)
}
