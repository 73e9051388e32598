//! `reelmill doctor`: says what is missing on this machine, one line a check, as each one ends.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::app::{database_options, tools};
use crate::config::Config;
use crate::db::Db;
use crate::db::connect::{connect_unmigrated, is_file, reach};
use crate::db::dialect::database_now;
use crate::kernel::clock::Clock;

/// Free space below which a node should not start a batch, bytes.
const LITTLE_SPACE: u64 = 1 << 30;
/// Largest harmless difference between this machine's clock and the database's, milliseconds.
const CLOCK_SKEW_MS: i64 = 2_000;
/// Time a database has for taking a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// What a check found: fine, or what is wrong and how to mend it.
type Finding = Result<String, String>;

/// Runs every check; exits 1 when one fails.
pub(super) async fn run(config: Config) -> super::Outcome {
    let sound = check(&config, &mut |line| println!("{line}")).await;
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells each finding to `say` as soon as it is known; true when nothing is missing.
pub async fn check(config: &Config, say: &mut (dyn FnMut(&str) + Send)) -> bool {
    let mut report = Report { say, sound: true };
    for tool in tools::needed(&config.tools) {
        report.add(tool.name, tool.version().await);
    }
    report.add("fonts", fonts(config));
    report.add("data folder", data_folder(&config.server.data));
    report.add("disk", disk(&config.server.data));
    match database(config).await {
        Ok(db) => {
            report.add("database", Ok(format!("{} answers", db.backend().as_str())));
            report.add("clock", clock(config, &db).await);
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

fn disk(data: &Path) -> Finding {
    let room = rustix::fs::statvfs(data).map_err(|error| error.to_string())?;
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let shown = format!("{} MiB free", free >> 20);
    if free < LITTLE_SPACE {
        Err(format!("{shown}; at least 1024 MiB are wanted"))
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

async fn clock(config: &Config, db: &Db) -> Finding {
    if is_file(&database_options(config)) {
        return Ok(String::from("not compared, because SQLite goes by this machine's"));
    }
    let theirs = database_now(db.reader()).await.map_err(|error| error.to_string())?;
    let skew = Clock::system().now().since_ms(theirs);
    if skew.abs() > CLOCK_SKEW_MS {
        return Err(format!("it differs from the database's by {skew} ms; set both by NTP"));
    }
    Ok(format!("it differs from the database's by {skew} ms"))
}
