//! `reelmill doctor`: says what is missing on this machine, one line a check, as each one ends.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::app::{database_options, tools};
use crate::config::Config;
use crate::db::Db;
use crate::db::connect::{connect_unmigrated, is_file, reach};
use crate::db::dialect::{database_now, newest_in_file};
use crate::kernel::clock::{Clock, rfc3339};

/// Time a database has for taking a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// What is still fine.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Free space below which a node should not start a batch, bytes.
    pub free_bytes: u64,
    /// Largest harmless difference of this machine's clock, milliseconds.
    pub skew_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { free_bytes: 1 << 30, skew_ms: 2_000 }
    }
}

/// What a check found: fine, or what is wrong and how to mend it.
type Finding = Result<String, String>;

/// Runs every check; exits 1 when one fails.
pub(super) async fn run(config: Config) -> super::Outcome {
    let sound = check(&config, Limits::default(), &mut |line| println!("{line}")).await;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells each finding to `say` as soon as it is known; true when nothing is missing.
pub async fn check(config: &Config, limits: Limits, say: &mut (dyn FnMut(&str) + Send)) -> bool {
    let mut report = Report { say, sound: true };
    for tool in tools::needed(&config.tools) {
        report.add(tool.name, tool.version().await);
    }
    report.add("fonts", fonts(config));
    report.add("data folder", data_folder(&config.server.data));
    report.add("disk", disk(&config.server.data, limits));
    match database(config).await {
        Ok(db) => {
            report.add("database", Ok(format!("{} answers", db.backend().as_str())));
            report.add("clock", clock(config, limits, &db).await);
        }
        Err(fault) => report.add("database", Err(fault)),
    }
    report.sound
}

struct Report<'a> {
    say: &'a mut (dyn FnMut(&str) + Send),
    sound: bool,
}

impl Report<'_> {
    fn add(&mut self, name: &str, finding: Finding) {
        match finding {
            Ok(fact) => (self.say)(&format!("ok       {name}: {fact}")),
            Err(fault) => {
                self.sound = false;
                (self.say)(&format!("MISSING  {name}: {fault}"));
            }
        }
    }
}

fn fonts(config: &Config) -> Finding {
    let loaded = if config.tools.fonts.is_empty() {
        animatic::Fonts::system()
    } else {
        animatic::Fonts::load(&config.tools.fonts)
    };
    let loaded = loaded.map_err(|error| error.to_string())?;
    let missing: String = ['A', '海', '灯'].into_iter().filter(|&c| !loaded.covers(c)).collect();
    if missing.is_empty() {
        Ok(String::from("Latin and Chinese are covered"))
    } else {
        Err(format!(
            "no glyph for {missing}; on Debian: apt-get install fonts-smiley-sans fonts-droid-fallback"
        ))
    }
}

fn data_folder(data: &Path) -> Finding {
    let probe = || -> std::io::Result<()> {
        std::fs::create_dir_all(data)?;
        let file = tempfile::NamedTempFile::new_in(data)?;
        file.as_file().sync_all()
    };
    probe().map_err(|error| format!("{} cannot be written: {error}", data.display()))?;
    Ok(format!("{} can be written", data.display()))
}

fn disk(data: &Path, limits: Limits) -> Finding {
    let room = rustix::fs::statvfs(data).map_err(|error| error.to_string())?;
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let shown = format!("{} MiB free", free >> 20);
    if free < limits.free_bytes {
        Err(format!("{shown}; at least {} MiB are wanted", limits.free_bytes >> 20))
    } else {
        Ok(shown)
    }
}

/// One connection first: a pool would try for half a minute and not say why.
async fn database(config: &Config) -> Result<Db, String> {
    let options = database_options(config);
    reach(&options, CONNECT).await.map_err(|error| error.to_string())?;
    connect_unmigrated(&options).await.map_err(|error| error.to_string())
}

async fn clock(config: &Config, limits: Limits, db: &Db) -> Finding {
    if is_file(&database_options(config)) {
        return clock_and_records(limits, db).await;
    }
    let theirs = database_now(db.reader()).await.map_err(|error| error.to_string())?;
    let skew = Clock::system().now().since_ms(theirs);
    if skew.abs() > limits.skew_ms {
        return Err(format!("it differs from the database's by {skew} ms; set both by NTP"));
    }
    Ok(format!("it differs from the database's by {skew} ms"))
}

/// SQLite goes by this machine's clock, so what can be told is whether it went back since the
/// newest record was written.
async fn clock_and_records(limits: Limits, db: &Db) -> Finding {
    let newest = newest_in_file(db.reader()).await.map_err(|error| error.to_string())?;
    let Some(newest) = newest else {
        return Ok(String::from("there is no record yet to compare it with"));
    };
    let behind = newest.since_ms(Clock::system().now());
    if behind > limits.skew_ms {
        let written = rfc3339(newest);
        return Err(format!(
            "it went back: it is {behind} ms before the newest record, of {written}; set it by NTP"
        ));
    }
    Ok(format!("it is not before the newest record, of {}", rfc3339(newest)))
}
