//! Why a command ended without doing its work. The text is read by a person at a terminal.

use std::fmt::Display;
use std::process::ExitCode;

/// A command's end without success.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The arguments could not be read.
    #[error("{0}\n\nTry `cargo xtask help`.")]
    Usage(String),
    /// Something did not work.
    #[error("{0}")]
    Broken(String),
    /// Ctrl-C or SIGTERM.
    #[error("stopped on request")]
    Interrupted,
}

impl Failure {
    /// A failure in these words.
    pub fn new(words: impl Display) -> Self {
        Self::Broken(words.to_string())
    }

    /// 2 for arguments, 130 after Ctrl-C, else 1.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Broken(_) => ExitCode::from(1),
            Self::Interrupted => ExitCode::from(130),
        }
    }
}

/// Says what was being done when an error came up.
pub trait While<T> {
    /// Turns the error into `cannot {what}: {error}`.
    fn or_fail(self, what: impl Display) -> Result<T, Failure>;
}

impl<T, E: Display> While<T> for Result<T, E> {
    fn or_fail(self, what: impl Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("cannot {what}: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_was_being_done() {
        let failed: Result<(), Failure> = Err("no such file").or_fail("read campaign.toml");
        assert_eq!(failed.unwrap_err().to_string(), "cannot read campaign.toml: no such file");
    }
}
