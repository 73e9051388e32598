//! `reelmill doctor`: says what is missing on this machine, one line a check.

use std::path::Path;
use std::process::ExitCode;

use crate::app::database_options;
use crate::config::Config;
use crate::db::connect::connect_unmigrated;
use crate::db::dialect::database_now;
use crate::kernel::clock::Clock;

/// Free space below which a node should not start a batch, bytes.
const LITTLE_SPACE: u64 = 1 << 30;
/// Largest harmless difference between this machine's clock and the database's, milliseconds.
const CLOCK_SKEW_MS: i64 = 2_000;

/// What a check found: fine, or what is wrong and how to mend it.
type Finding = Result<String, String>;

/// Runs every check; exits 1 when one fails.
pub(super) async fn run(config: Config) -> super::Outcome {
    let checks = [
        ("ffmpeg", program(&config.tools.ffmpeg, "ffmpeg").await),
        ("ffprobe", program(&config.tools.ffprobe, "ffmpeg").await),
        ("fonts", fonts(&config)),
        ("data folder", data_folder(&config.server.data)),
        ("disk", disk(&config.server.data)),
        ("database, clock", database(&config).await),
    ];
    let mut sound = true;
    for (name, finding) in checks {
        match finding {
            Ok(fact) => println!("ok       {name}: {fact}"),
            Err(fault) => {
                sound = false;
                println!("MISSING  {name}: {fault}");
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn program(path: &Path, package: &str) -> Finding {
    let output = tokio::process::Command::new(path).arg("-version").output().await;
    let output = output.map_err(|error| {
        format!("{} does not start ({error}); on Debian: apt-get install {package}", path.display())
    })?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().next().map(str::to_owned).ok_or_else(|| format!("{} says nothing", path.display()))
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

async fn database(config: &Config) -> Finding {
    let db =
        connect_unmigrated(&database_options(config)).await.map_err(|error| error.to_string())?;
    let theirs = database_now(db.reader()).await.map_err(|error| error.to_string())?;
    let skew = Clock::system().now().since_ms(theirs);
    let kind = db.backend().as_str();
    if skew.abs() > CLOCK_SKEW_MS {
        return Err(format!("{kind} answers, but its clock differs by {skew} ms"));
    }
    Ok(format!("{kind} answers; clocks differ by {skew} ms"))
}
