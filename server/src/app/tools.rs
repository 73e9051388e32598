//! The external programs the line cannot do without: whether they start and have its encoder, and how to get them.
//!
//! A node without them would take orders and fail every video, so it says what is missing when it
//! starts and is not ready until they are there. Deliberately absent: installing anything.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::process::Command;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::config;

/// What every clip is encoded with.
const ENCODER: &str = "libx264";
/// Time a program has for saying its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a look at programs that all start is believed.
const SOUND_FOR: Duration = Duration::from_secs(60);
/// How long a look is believed that found one missing: somebody may be installing it.
const MISSING_FOR: Duration = Duration::from_secs(2);

/// One program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// What it is called here.
    pub name: &'static str,
    /// Debian's package of it.
    pub package: &'static str,
    /// What is started.
    pub path: PathBuf,
    /// The encoder it has to have been built with.
    pub encoder: Option<&'static str>,
}

impl Tool {
    /// Starts the program, reads what it calls itself and whether it has the encoder.
    ///
    /// # Errors
    /// Why it cannot be used, and how to get it.
    pub async fn version(&self) -> Result<String, String> {
        let text = self.says("-version").await?;
        let version = text.lines().next().map(str::to_owned);
        let version = version.ok_or_else(|| self.failed("does not start (it is silent)"))?;
        if let Some(encoder) = self.encoder {
            // A line is flags, name, description.
            let list = self.says("-encoders").await?;
            if !list.lines().any(|line| line.split_whitespace().nth(1) == Some(encoder)) {
                return Err(self.failed(&format!("was built without {encoder}")));
            }
        }
        Ok(version)
    }

    fn failed(&self, fault: &str) -> String {
        format!("{} {fault}; on Debian: apt-get install {}", self.path.display(), self.package)
    }

    async fn says(&self, question: &str) -> Result<String, String> {
        let mut command = Command::new(&self.path);
        command.arg(question).stdin(Stdio::null()).kill_on_drop(true);
        let failed = |why: String| self.failed(&format!("does not start ({why})"));
        let output = match timeout(PATIENCE, command.output()).await {
            Ok(Ok(output)) => output,
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(_) => return Err(failed(format!("no answer in {} s", PATIENCE.as_secs()))),
        };
        if !output.status.success() {
            return Err(failed(output.status.to_string()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// The programs of this configuration.
#[must_use]
pub fn needed(config: &config::Tools) -> [Tool; 2] {
    let tool = |name, path: &PathBuf, encoder| {
        let (package, path) = ("ffmpeg", path.clone());
        Tool { name, package, path, encoder }
    };
    [tool("ffmpeg", &config.ffmpeg, Some(ENCODER)), tool("ffprobe", &config.ffprobe, None)]
}

/// Looks at the programs, at most every so often. Cheap to clone.
#[derive(Clone)]
pub struct Watch {
    tools: [Tool; 2],
    seen: Arc<Mutex<Option<Seen>>>,
}

struct Seen {
    at: Instant,
    missing: Vec<Tool>,
}

impl Watch {
    /// Over the programs of this configuration.
    #[must_use]
    pub fn new(config: &config::Tools) -> Self {
        Self { tools: needed(config), seen: Arc::default() }
    }

    /// The programs that do not start. Each look that finds one says so in the log.
    pub async fn missing(&self) -> Vec<Tool> {
        let mut seen = self.seen.lock().await;
        if let Some(seen) = seen.as_ref() {
            let life = if seen.missing.is_empty() { SOUND_FOR } else { MISSING_FOR };
            if seen.at.elapsed() < life {
                return seen.missing.clone();
            }
        }
        let mut missing = Vec::new();
        for tool in &self.tools {
            if let Err(fault) = tool.version().await {
                tracing::warn!(tool.name, fault, "no video can be made without this program");
                missing.push(tool.clone());
            }
        }
        *seen = Some(Seen { at: Instant::now(), missing: missing.clone() });
        missing
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex as Shared;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Shared<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("one thread").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_missing_program_is_named_with_how_to_get_it() {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).with_ansi(false);
        let _guard = tracing::subscriber::set_default(log.finish());
        let config = config::Tools {
            ffmpeg: PathBuf::from("/nowhere/ffmpeg"),
            ffprobe: PathBuf::from("false"),
            ..config::Tools::default()
        };
        let watch = Watch::new(&config);
        for _ in 0..2 {
            let missing: Vec<_> = watch.missing().await.iter().map(|tool| tool.name).collect();
            assert_eq!(missing, ["ffmpeg", "ffprobe"]);
        }
        let text = String::from_utf8(lines.0.lock().expect("one thread").clone()).expect("text");
        assert_eq!(text.lines().count(), 2, "looked once: {text}");
        for part in
            ["WARN", "/nowhere/ffmpeg does not start (No such file", "apt-get install ffmpeg"]
        {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }
}
