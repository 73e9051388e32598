//! The committed SDL: rewritten from the binary, or compared with it.

use std::path::PathBuf;
use std::process::Command;

use crate::failure::{Failure, While as _};
use crate::{process, server, step, target};

fn committed() -> Result<PathBuf, Failure> {
    Ok(target::root()?.join("server/schema.graphql"))
}

fn printed() -> Result<String, Failure> {
    let binary = server::build()?;
    process::read(Command::new(binary).arg("schema"))
}

/// Writes what the binary says to server/schema.graphql.
///
/// # Errors
/// It cannot be built, asked or written.
pub fn rewrite() -> Result<(), Failure> {
    let path = committed()?;
    let printed = printed()?;
    std::fs::write(&path, printed).or_fail(format!("write {}", path.display()))?;
    step::note("server/schema.graphql is what the binary says");
    Ok(())
}

/// Compares the committed file with what the binary says.
///
/// # Errors
/// They differ; the words hold the first line that does.
pub fn check() -> Result<(), Failure> {
    let path = committed()?;
    let printed = printed()?;
    let stored = std::fs::read_to_string(&path).or_fail(format!("read {}", path.display()))?;
    match first_difference(&stored, &printed) {
        None => Ok(()),
        Some(line) => Err(Failure::new(format!(
            "server/schema.graphql is not what the binary says, from line {line}; \
             run `cargo xtask schema`"
        ))),
    }
}

fn first_difference(stored: &str, printed: &str) -> Option<usize> {
    if stored == printed {
        return None;
    }
    let same = stored.lines().zip(printed.lines()).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_differs_is_named() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
    }
}
