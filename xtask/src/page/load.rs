//! The programs, and what a browser fetches of each before it can show anything.

use std::path::Path;

use crate::failure::{Failure, While as _};
use crate::target;

/// A program of the page.
#[derive(Clone, Copy)]
pub enum Program {
    /// Loaded first.
    Page,
    /// Loaded for batches.
    Watch,
    /// Loaded for the wallet and what is beside it.
    Books,
}

impl Program {
    /// All, the first one first.
    pub const ALL: [Self; 3] = [Self::Page, Self::Watch, Self::Books];

    /// What Trunk makes it of.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Page => "web/index.html",
            Self::Watch => "web/watch.html",
            Self::Books => "web/books.html",
        }
    }

    /// Where Trunk puts it.
    pub const fn dist(self) -> &'static str {
        match self {
            Self::Page => "web/dist/page",
            Self::Watch => "web/dist/watch",
            Self::Books => "web/dist/books",
        }
    }

    /// A document that loads it.
    const fn document(self) -> &'static str {
        match self {
            Self::Page => "index.html",
            Self::Watch => "batches.html",
            Self::Books => "wallet.html",
        }
    }
}

/// A program's document and what it names, compressed, in bytes.
///
/// # Errors
/// The page was not packed.
pub fn load_bytes(program: Program) -> Result<u64, Failure> {
    bytes_of(&target::root()?.join("server/page"), program.document())
}

fn bytes_of(folder: &Path, document: &str) -> Result<u64, Failure> {
    let path = folder.join(document);
    let html = std::fs::read_to_string(&path).or_fail(format!("read {}", path.display()))?;
    let named = named(&html).into_iter().map(str::to_owned).chain([document.to_owned()]);
    named
        .map(|name| {
            let packed = folder.join(format!("{name}.br"));
            let sent = if packed.is_file() { packed } else { folder.join(&name) };
            let size = std::fs::metadata(&sent).or_fail(format!("read {}", sent.display()))?;
            Ok(size.len())
        })
        .sum()
}

/// The files that a document's links name; what is only fetched ahead is in no link.
fn named(html: &str) -> Vec<&str> {
    let links = html.split("<link ").skip(1);
    let targets = links.filter_map(|link| {
        let tag = link.split('>').next()?;
        tag.split_once("href=\"/")?.1.split('"').next()
    });
    let mut names: Vec<_> = targets.collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_is_the_document_and_what_its_links_name() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        };
        let html = "<meta name=\"reelmill-other\" content=\"/c.js\"><link rel=\"modulepreload\" \
                    href=\"/a.js\" crossorigin><link rel=\"icon\" href=\"/b.svg\"/>\
                    <link href=\"/a.js\"><a href=\"/c.js\">";
        write("index.html", html.as_bytes());
        write("index.html.br", &[0; 7]);
        write("a.js", &[0; 1000]);
        write("a.js.br", &[0; 100]);
        write("b.svg", &[0; 20]);
        write("c.js", &[0; 9000]);
        assert_eq!(bytes_of(folder.path(), "index.html").unwrap(), 127);
        write("b.svg.br", &[0; 10]);
        assert_eq!(bytes_of(folder.path(), "index.html").unwrap(), 117);
        std::fs::remove_file(folder.path().join("a.js")).unwrap();
        std::fs::remove_file(folder.path().join("a.js.br")).unwrap();
        assert!(bytes_of(folder.path(), "index.html").is_err(), "a file that is not there");
    }
}
