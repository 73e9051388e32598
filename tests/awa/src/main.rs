//! So many no-op jobs through `awa`, from being added to being completed. Arguments: address of a
//! PostgreSQL database, jobs, jobs at once.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use awa::model::insert::params_with;
use awa::model::migrations;
use awa::{
    Client, InsertOpts, JobArgs, JobEvent, JobResult, QueueConfig, QueueStorage, QueueStorageConfig,
};
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use tokio::sync::Notify;

const QUEUE: &str = "bare";
/// Jobs of one statement.
const CHUNK: u64 = 1_000;

#[derive(Debug, Serialize, Deserialize, JobArgs)]
struct Nothing {
    n: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [url, jobs, at_once] = words.as_slice() else { return Err("URL JOBS AT_ONCE".into()) };
    let jobs: u64 = jobs.parse()?;
    let pool = PgPoolOptions::new().max_connections(20).connect(url).await?;
    migrations::run(&pool).await?;
    let done = Arc::new((AtomicU64::new(0), Notify::new()));
    let told = Arc::clone(&done);
    let queue = QueueConfig { max_workers: at_once.parse()?, ..QueueConfig::default() };
    let client = Client::builder(pool.clone())
        .queue(QUEUE, queue)
        .register::<Nothing, _, _>(|_, _| async { Ok(JobResult::Completed) })
        .on_event::<Nothing, _, _>(move |event| {
            // Told after the job's end is committed.
            let completed = matches!(event, JobEvent::Completed { .. });
            if completed && told.0.fetch_add(1, Ordering::Relaxed) + 1 == jobs {
                told.1.notify_one();
            }
            std::future::ready(())
        })
        .build()?;
    client.start().await?;
    let store = QueueStorage::new(QueueStorageConfig::default())?;
    let (spent, started) = (cpu()?, Instant::now());
    for first in (0..jobs).step_by(CHUNK as usize) {
        let one = |n| {
            let options = InsertOpts { queue: QUEUE.into(), ..InsertOpts::default() };
            params_with(&Nothing { n }, options)
        };
        let chunk: Result<Vec<_>, _> = (first..jobs.min(first + CHUNK)).map(one).collect();
        store.enqueue_params_copy(&pool, &chunk?).await?;
    }
    done.1.notified().await;
    let (took, spent) = (started.elapsed(), cpu()?.saturating_sub(spent));
    let told = serde_json::json!({
        "seconds": took.as_secs_f64(), "cpuSeconds": spent.as_secs_f64(),
    });
    println!("{told}");
    client.shutdown(Duration::from_secs(5)).await;
    Ok(())
}

/// Time on the CPU, this process's and the kernel's for it.
fn cpu() -> Result<Duration, Box<dyn Error>> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let of = |time: nix::sys::time::TimeVal| time.tv_sec() * 1_000_000 + time.tv_usec();
    Ok(Duration::from_micros(u64::try_from(of(usage.user_time()) + of(usage.system_time()))?))
}
