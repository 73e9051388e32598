//! Whether the page is made of the sources that are there now.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::failure::{Failure, While as _};

/// What the page is made of.
const SOURCES: &[&str] = &[
    "web",
    "prompt/src",
    "prompt/Cargo.toml",
    "server/schema.graphql",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
];

/// A digest of names and contents.
///
/// # Errors
/// Something cannot be read.
pub fn of(root: &Path) -> Result<String, Failure> {
    let mut files = Vec::new();
    for source in SOURCES {
        gather(&root.join(source), &mut files)?;
    }
    files.sort_unstable();
    let mut digest = Sha256::new();
    for file in files {
        let bytes = std::fs::read(&file).or_fail(format!("read {}", file.display()))?;
        digest.update(file.to_string_lossy().as_bytes());
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    }
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).or_fail(format!("read {}", path.display()))?;
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name != "dist" && name != "node_modules" {
            gather(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_source_is_noticed_and_the_build_is_not() {
        let folder = tempfile::tempdir().unwrap();
        for source in SOURCES {
            let path = folder.path().join(source);
            let file = if source.contains('.') { path } else { path.join("a.rs") };
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "a").unwrap();
        }
        let before = of(folder.path()).unwrap();
        std::fs::create_dir_all(folder.path().join("web/dist")).unwrap();
        std::fs::write(folder.path().join("web/dist/x"), "x").unwrap();
        assert_eq!(of(folder.path()).unwrap(), before);
        std::fs::write(folder.path().join("web/a.rs"), "b").unwrap();
        assert_ne!(of(folder.path()).unwrap(), before);
    }
}
