//! The provider that does what prompts say (`tests/scripted-provider`), as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::{Failure, While as _};
use crate::process::{self, Held};
use crate::{step, target};

/// The words before the address in the line that it prints.
const LISTENS: &str = "scripted provider listens on ";

/// What keeps a trial from providers that cost something.
const EMBEDDED_ONLY: &str = ", embeddedOnly = true";

/// Answers until it is dropped.
pub struct Scripted {
    _process: Held,
    address: String,
}

impl Scripted {
    /// Builds and starts it; its book is kept in `folder`.
    ///
    /// # Errors
    /// It does not build or start.
    pub fn start(folder: &Path) -> Result<Self, Failure> {
        step::step("building the scripted provider", || {
            process::show(target::cargo()?.args(["build", "--package", "scripted-provider"]))
        })?;
        let mut command = Command::new(target::folder()?.join("debug/scripted-provider"));
        command.arg("--book").arg(folder.join("provider.book"));
        let mut held = Held::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let silent = || Failure::new("the scripted provider did not start");
        let output = held.stdout().ok_or_else(silent)?;
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix(LISTENS).map(str::to_owned));
        Ok(Self { _process: held, address: address.ok_or_else(silent)? })
    }

    /// Settings of a server whose only provider this is, and that lets trials use it, written into
    /// `folder`.
    ///
    /// # Errors
    /// They cannot be written.
    pub fn settings(&self, folder: &Path, more: &str) -> Result<PathBuf, Failure> {
        let plans = target::root()?.join("server/src/domain/plans/catalogue.toml");
        let plans = std::fs::read_to_string(&plans).or_fail("read the plans")?;
        let open = folder.join("plans.toml");
        std::fs::write(&open, plans.replace(EMBEDDED_ONLY, "")).or_fail("write the plans")?;
        let text = format!(
            "[access]\nplans = '{}'\n[line]\nretry_backoff_ms = 100\n[providers]\nembedded = false\n\
             [[providers.offers]]\nname = 'scripted'\nadapter = 'openai-videos'\n\
             model = 'animatic-1'\nprovider_model = 'any'\nbase_url = '{}/v1'\nprivate = true\n\
             find_by_reference = true\ncancel = 'running'\npoll_ms = 100\ncap = 64\n{more}",
            open.display(),
            self.address
        );
        let path = folder.join("settings.toml");
        std::fs::write(&path, text).or_fail(format!("write {}", path.display()))?;
        Ok(path)
    }
}
